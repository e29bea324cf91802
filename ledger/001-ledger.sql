-- SPDX-License-Identifier: Apache-2.0
-- Every action of a county, one after the other. Nothing here is ever changed or removed.
-- append-only: event
-- recomputed: event
-- large: event
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
    commitment BYTEA NOT NULL,   -- to who did it and what was decided: HMAC-SHA-256 with the subject's salt
    leaf       BYTEA NOT NULL,   -- RFC 9162 hash of what is public of it
    hash       BYTEA NOT NULL,   -- SHA-256 over the hash before and this row
    PRIMARY KEY (county, number),
    UNIQUE (county, subject, sequence)
);

-- Nodes of the county's hash tree over the leaves, of level 1 and more: each the root of 256 whole nodes of the
-- level below it.
-- append-only: ledger_node
-- recomputed: ledger_node
-- recomputed: ledger_edge
-- large: ledger_node
CREATE TABLE ledger_node (
    county BIGINT NOT NULL,
    level  BIGINT NOT NULL,
    number BIGINT NOT NULL,      -- in its level, from 0, without gap
    hash   BYTEA NOT NULL,
    PRIMARY KEY (county, level, number)
);

-- Where the ledger stands: all that the next event needs.
CREATE TABLE ledger_edge (
    county BIGINT NOT NULL,
    size   BIGINT NOT NULL,      -- number of events
    hash   BYTEA NOT NULL,       -- of the last event
    peaks  BYTEA NOT NULL,       -- roots of the whole subtrees, the largest first
    PRIMARY KEY (county)
);

-- What ties the public leaves of a subject to what was decided. It is on the applicant's receipt; when it is erased
-- nobody can tell any more what the commitments stand for, and the tree holds. What comes after gets a new one.
-- large: ledger_salt
CREATE TABLE ledger_salt (
    county  BIGINT NOT NULL,
    subject TEXT NOT NULL,
    since   BIGINT NOT NULL,     -- sequence of the first event it holds for
    salt    BYTEA NOT NULL,      -- 16 random bytes; none: erased
    PRIMARY KEY (county, subject, since)
);
