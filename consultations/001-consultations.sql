-- SPDX-License-Identifier: Apache-2.0
-- What other organs are asked beside cases. Everything here but events follows from the ledger's events and can be rebuilt from them.
-- sealed: consultation.personal
-- large: consultation
CREATE TABLE consultation (
    county           BIGINT NOT NULL,
    number           BIGINT NOT NULL,  -- county, day and serial of the day
    case_number      BIGINT NOT NULL,
    organ            BIGINT NOT NULL,  -- that asks
    asked            BIGINT NOT NULL,  -- that is asked
    item             TEXT NOT NULL,
    item_name        TEXT NOT NULL,
    item_name_en     TEXT NOT NULL,
    materials        TEXT NOT NULL,    -- a JSON list of the papers that the organ asked may read; ''
    state            TEXT NOT NULL,
    due_day          BIGINT NOT NULL,  -- days since 1970-01-01; 0: none, here and below
    late             BIGINT NOT NULL,
    answered_day     BIGINT NOT NULL,
    is_restricted    BIGINT NOT NULL,
    personal         TEXT NOT NULL DEFAULT '',
    events           BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
-- What holds a decision.
CREATE INDEX consultation_case ON consultation (county, case_number, number) WHERE state = 'awaited';
-- What an organ is asked, what waits first by its day; and what it has asked.
CREATE INDEX consultation_waiting ON consultation (county, asked, due_day, number) WHERE state = 'awaited';
CREATE INDEX consultation_asked ON consultation (county, asked, number);
CREATE INDEX consultation_organ ON consultation (county, organ, number);
