-- SPDX-License-Identifier: Apache-2.0
-- Reforms (机构改革、区划调整): what is to become of an organ or a division on a day. A timer carries each out at the first minute of its day.
CREATE TABLE reform (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    day BIGINT NOT NULL,               -- days since 1970-01-01: the first on which it holds
    act TEXT NOT NULL CHECK (act IN ('end', 'merge', 'rename', 'found')),
    about TEXT NOT NULL CHECK (about IN ('organ', 'division')),
    target BIGINT NOT NULL,            -- number of the organ, code of the division
    other BIGINT NOT NULL,             -- merge: the successor; found: the one whose office it shares; 0: none
    name TEXT NOT NULL,                -- rename and found; '' otherwise
    name_en TEXT NOT NULL,
    short_name TEXT NOT NULL,          -- of an organ
    code TEXT NOT NULL,                -- of an organ that is founded
    document TEXT NOT NULL,            -- the document that orders it
    was TEXT NOT NULL,                 -- the name that it had; '' until the day has come
    was_en TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'withdrawn')),
    made_at BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);

-- 1: its last day is over, and its work has gone to the successor where it has one.
ALTER TABLE organ ADD COLUMN ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1));
ALTER TABLE division ADD COLUMN ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1));
ALTER TABLE division ADD COLUMN valid_to_day TEXT; -- its last day; null: still there
ALTER TABLE division ADD COLUMN successor BIGINT;  -- null: none
