-- SPDX-License-Identifier: Apache-2.0
-- Sessions: the token itself is never kept, only its hash.
CREATE TABLE http_session (
    county     BIGINT NOT NULL,
    hash       TEXT NOT NULL,    -- SHA-256 of the token, hexadecimal
    actor_kind BIGINT NOT NULL,
    actor      BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,  -- to the minute
    PRIMARY KEY (county, hash)
);
CREATE INDEX http_session_actor ON http_session (county, actor_kind, actor);
-- What has been done under which key, so that asking again does it once.
CREATE TABLE http_done (
    county BIGINT NOT NULL,
    day    BIGINT NOT NULL,
    key    TEXT NOT NULL,        -- who asks and his key
    digest TEXT NOT NULL,        -- of route and body
    answer TEXT NOT NULL,
    PRIMARY KEY (county, day, key)
);
-- Failed attempts, by what was attempted.
CREATE TABLE http_failure (
    county   BIGINT NOT NULL,
    key      TEXT NOT NULL,
    count    BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    PRIMARY KEY (county, key)
);
