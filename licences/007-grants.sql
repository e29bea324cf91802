-- SPDX-License-Identifier: Apache-2.0
-- The public register of decisions to grant (Licensing Law art. 40). Everything here follows from cases and their documents; a night
-- enters what was decided the day before, and an erasure or restriction takes the row away.
-- large: granted
CREATE TABLE granted (
    county           BIGINT NOT NULL,
    number           BIGINT NOT NULL,  -- from 1
    case_number      BIGINT NOT NULL,
    decision         TEXT NOT NULL,    -- number of the paper: 平许〔2014〕000123号
    decision_sought  TEXT NOT NULL,    -- folded, for searching
    item             TEXT NOT NULL,
    item_name        TEXT NOT NULL,
    item_name_en     TEXT NOT NULL,
    organ            BIGINT NOT NULL,
    listed           TEXT NOT NULL,    -- the holder: an enterprise in full, a person's name in part
    credit_code      TEXT NOT NULL,    -- of an enterprise; '' of a person
    sought           TEXT NOT NULL,    -- an enterprise's name folded; '' of a person
    decided_day      BIGINT NOT NULL,  -- days since 1970-01-01
    valid_from_day   BIGINT NOT NULL,
    valid_to_day     BIGINT NOT NULL,  -- 0: without end
    published_day    BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX granted_day ON granted (county, decided_day, number);
CREATE INDEX granted_sought ON granted (county, sought, number);
CREATE INDEX granted_decision ON granted (county, decision_sought, number);
CREATE UNIQUE INDEX granted_case ON granted (county, case_number);
-- The last day whose decisions have been entered, and the last number.
CREATE TABLE granted_until (
    county BIGINT NOT NULL,
    day    BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (county)
);
