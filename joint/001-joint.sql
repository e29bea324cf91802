-- SPDX-License-Identifier: Apache-2.0
-- Applications for several items at once, and the cases that are their parts. Everything here but events follows from the ledger's events
-- and can be rebuilt from them.
-- sealed: joint.personal
-- large: joint
-- large: joint_part
CREATE TABLE joint (
    county       BIGINT NOT NULL,
    number       BIGINT NOT NULL,  -- county, day and serial of the day
    service      TEXT NOT NULL,    -- code of data/joint.csv
    name         TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    organ        BIGINT NOT NULL,  -- that leads
    case_number  BIGINT NOT NULL,  -- the first part
    materials    TEXT NOT NULL,    -- a JSON list of the papers handed in for all; ''
    stage        BIGINT NOT NULL,
    stages       BIGINT NOT NULL,
    state        TEXT NOT NULL,
    accepted_day BIGINT NOT NULL,  -- days since 1970-01-01; 0: none, here and below
    due_day      BIGINT NOT NULL,
    extended     BIGINT NOT NULL,
    late         BIGINT NOT NULL,
    personal     TEXT NOT NULL DEFAULT '',
    events       BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX joint_organ ON joint (county, organ, number);
CREATE TABLE joint_part (
    county       BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    joint        BIGINT NOT NULL,  -- the whole
    case_number  BIGINT NOT NULL,
    organ        BIGINT NOT NULL,
    stage        BIGINT NOT NULL,
    item         TEXT NOT NULL,
    item_name    TEXT NOT NULL,
    item_name_en TEXT NOT NULL,
    state        TEXT NOT NULL,
    events       BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX joint_part_joint ON joint_part (county, joint, number);
CREATE INDEX joint_part_case ON joint_part (county, case_number);
