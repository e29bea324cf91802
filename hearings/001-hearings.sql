-- SPDX-License-Identifier: Apache-2.0
-- What each hearing is now. Everything here but events follows from the ledger's events and can be rebuilt from them. What is to be heard,
-- the third parties and the minutes stand sealed in personal.
-- large: hearing
-- sealed: hearing.personal
CREATE TABLE hearing (
    county       BIGINT NOT NULL,
    number       BIGINT NOT NULL,  -- county, day and serial of the day
    case_number  BIGINT NOT NULL,
    item         TEXT NOT NULL,
    item_name    TEXT NOT NULL,
    item_name_en TEXT NOT NULL,
    organ        BIGINT NOT NULL,
    ground       TEXT NOT NULL,
    basis        TEXT NOT NULL,
    state        TEXT NOT NULL,
    ask_by_day   BIGINT NOT NULL,  -- days since 1970-01-01; 0: none
    asked_by     TEXT NOT NULL,
    hold_by_day  BIGINT NOT NULL,
    day          BIGINT NOT NULL,
    time         TEXT NOT NULL,
    place        TEXT NOT NULL,
    chair        BIGINT NOT NULL,
    closed       TEXT NOT NULL,
    objected     BIGINT NOT NULL,
    personal     TEXT NOT NULL,
    events       BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
-- Those announced to everybody (art. 46), and those of an organ, by their day.
CREATE INDEX hearing_announced ON hearing (county, day, number) WHERE state = 'called' AND closed = '';
CREATE INDEX hearing_open ON hearing (county, organ, day, number) WHERE state IN ('told', 'asked', 'called');
CREATE INDEX hearing_organ ON hearing (county, organ, day, number);
