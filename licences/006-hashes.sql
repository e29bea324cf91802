-- SPDX-License-Identifier: Apache-2.0
-- Holders are found by keyed hashes (lists/lists.h) of their name, its characters and its pinyin, and of the number of their paper; they
-- are made anew from licence.
-- large: licence_hash
-- recomputed: licence_hash
CREATE TABLE licence_hash (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,  -- of the licence
    hash   BIGINT NOT NULL,  -- 64 bits of it
    PRIMARY KEY (county, number, hash)
);
CREATE INDEX licence_hash_found ON licence_hash (county, hash, number);

-- The counties in which the licences of older programs have theirs.
CREATE TABLE licence_hash_filled (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
