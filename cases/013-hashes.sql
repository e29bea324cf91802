-- SPDX-License-Identifier: Apache-2.0
-- Applicants are found by keyed hashes (lists/lists.h) of the number of their paper, their telephone, their name, its characters and
-- its pinyin, and a case by the place and day of its receipt. Nobody reads back what they stand for; they are made anew from case_now.
-- large: case_hash
-- recomputed: case_hash
CREATE TABLE case_hash (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,  -- of the case
    hash   BIGINT NOT NULL,  -- 64 bits of it
    PRIMARY KEY (county, number, hash)
);
CREATE INDEX case_hash_found ON case_hash (county, hash, number);

-- The counties in which the cases of older programs have theirs.
CREATE TABLE case_hash_filled (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
