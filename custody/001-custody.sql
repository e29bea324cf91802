-- SPDX-License-Identifier: Apache-2.0
-- Originals that a desk keeps for a case (原件保管). Everything here but events follows from the ledger's events and can be rebuilt from
-- them. Which originals, who left them and who received them stand sealed in personal.
-- large: custody
-- sealed: custody.personal
CREATE TABLE custody (
    county        BIGINT NOT NULL,
    number        BIGINT NOT NULL,  -- county, day and serial of the day
    case_number   BIGINT NOT NULL,
    item          TEXT NOT NULL,
    item_name     TEXT NOT NULL,
    item_name_en  TEXT NOT NULL,
    organ         BIGINT NOT NULL,  -- that decides the case
    desk_organ    BIGINT NOT NULL,  -- whose clerks keep them
    desk_division BIGINT NOT NULL,
    is_person     BIGINT NOT NULL,
    pieces        BIGINT NOT NULL,
    since_day     BIGINT NOT NULL,  -- days since 1970-01-01
    back_day      BIGINT NOT NULL,  -- 0: not yet
    state         TEXT NOT NULL,
    is_restricted BIGINT NOT NULL,
    personal      TEXT NOT NULL,
    events        BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
-- What a case still has with a desk, and what a desk keeps and has kept.
CREATE INDEX custody_case ON custody (county, case_number, number) WHERE state = 'in_custody';
CREATE INDEX custody_kept ON custody (county, desk_organ, desk_division, since_day, number) WHERE state = 'in_custody';
CREATE INDEX custody_back ON custody (county, desk_organ, desk_division, since_day, number) WHERE state = 'handed_back';
