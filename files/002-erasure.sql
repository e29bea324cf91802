-- SPDX-License-Identifier: Apache-2.0
-- The same bytes may be papers of several subjects: they go with the last.
CREATE INDEX paper_hash ON paper (county, hash);

-- Bytes whose papers were erased, until they are removed (papers.c). In a store they stand here for some minutes after that, so that
-- no upload of the same bytes that was under way relies on them.
CREATE TABLE paper_gone (
    county     BIGINT NOT NULL,
    hash       TEXT NOT NULL,
    removed_at BIGINT NOT NULL, -- milliseconds since 1970 in UTC; 0: not yet
    PRIMARY KEY (county, hash)
);
