-- SPDX-License-Identifier: Apache-2.0
-- Passkeys (通行密钥; W3C Web Authentication level 2) of the staff: public keys, with nothing in them to be kept secret. One that was removed
-- stays, so that it is not enrolled again by the same answer.
CREATE TABLE passkey (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    name TEXT NOT NULL,                -- as its owner calls it
    credential TEXT NOT NULL,          -- as the authenticator calls it, base64url
    public_key TEXT NOT NULL,          -- SubjectPublicKeyInfo (DER), base64url
    algorithm BIGINT NOT NULL,         -- by its COSE number
    count BIGINT NOT NULL,             -- of uses, as the authenticator counts; 0: it does not count
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,           -- 0: never
    removed_at BIGINT NOT NULL,        -- 0: in use
    PRIMARY KEY (county, number),
    UNIQUE (county, credential)
);
CREATE INDEX passkey_staff ON passkey (county, staff);
