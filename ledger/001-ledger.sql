-- SPDX-License-Identifier: Apache-2.0
-- Every action of a county, one after the other. Nothing here is ever changed or removed.
-- append-only: event
CREATE TABLE event (
    county     BIGINT NOT NULL,
    number     BIGINT NOT NULL,  -- in the county's ledger, from 1, without gap
    subject    TEXT NOT NULL,    -- what it is about: case/330482140903000123
    sequence   BIGINT NOT NULL,  -- of this subject, from 1, without gap
    kind       TEXT NOT NULL,    -- what happened: case.accepted
    item       TEXT NOT NULL,    -- item code, or empty
    organ      BIGINT NOT NULL,  -- for whom it was done, or 0
    division   BIGINT NOT NULL,  -- where it was done, or 0
    actor_kind BIGINT NOT NULL,  -- 0 visitor, 1 holder of a case number, 2 staff, 3 the system
    actor      BIGINT NOT NULL,
    at         BIGINT NOT NULL,  -- milliseconds since 1970-01-01 UTC
    payload    TEXT NOT NULL,    -- canonical JSON: what the action decided; no personal data
    hash       BYTEA NOT NULL,   -- SHA-256 over the hash before and this row
    PRIMARY KEY (county, number),
    UNIQUE (county, subject, sequence)
);
