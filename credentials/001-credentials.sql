-- SPDX-License-Identifier: Apache-2.0
-- How the staff prove who they are, beside the password whose hash the register keeps. Instants are milliseconds since 1970.

-- Passwords that were, so that none of them is chosen again soon.
CREATE TABLE credential_old (
    county BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    hash TEXT NOT NULL,                -- Argon2id
    PRIMARY KEY (county, staff, ended_at)
);

-- One-time codes of a telephone (TOTP, RFC 6238).
-- sealed: credential_code.secret
CREATE TABLE credential_code (
    county BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    secret TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    used BIGINT NOT NULL,              -- the step of time whose code was taken last; none of it or before is taken again
    PRIMARY KEY (county, staff)
);

-- Recovery codes (恢复码), each good once in place of a one-time code.
CREATE TABLE credential_recovery (
    county BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    hash TEXT NOT NULL,                -- SHA-256, with the account's number as salt
    PRIMARY KEY (county, staff, hash)
);

-- Browsers in which somebody has signed in.
CREATE TABLE credential_device (
    county BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    hash TEXT NOT NULL,                -- SHA-256 of the browser's mark, hexadecimal
    name TEXT NOT NULL,                -- browser and system, as the browser told them
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (county, staff, hash)
);

-- Settings of the county; no row: as the program has it.
CREATE TABLE credential_setting (
    county BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (county, name)
);
