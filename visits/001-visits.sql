-- SPDX-License-Identifier: Apache-2.0
-- What each site check is now. Everything here but events follows from the ledger's events and can be rebuilt from them.
-- sealed: visit.personal
-- large: visit
CREATE TABLE visit (
    county           BIGINT NOT NULL,
    number           BIGINT NOT NULL,  -- county, day and serial of the day
    case_number      BIGINT NOT NULL,
    organ            BIGINT NOT NULL,
    item             TEXT NOT NULL,
    item_name        TEXT NOT NULL,
    item_name_en     TEXT NOT NULL,
    demanded         TEXT NOT NULL,    -- the article by which the item demands it; ''
    state            TEXT NOT NULL,
    appoint_day       BIGINT NOT NULL,  -- days since 1970-01-01; 0: none, here and below
    late             BIGINT NOT NULL,
    officer          BIGINT NOT NULL,  -- of the staff
    companion        BIGINT NOT NULL,
    writer           BIGINT NOT NULL,
    day              BIGINT NOT NULL,
    half             TEXT NOT NULL,
    finding          TEXT NOT NULL,
    mend_day          BIGINT NOT NULL,
    signature        TEXT NOT NULL,
    rounds           BIGINT NOT NULL,
    is_restricted    BIGINT NOT NULL,
    personal         TEXT NOT NULL DEFAULT '',
    events           BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX visit_case ON visit (county, case_number, number);
-- An organ's visits, those that wait first by their next day.
CREATE INDEX visit_organ ON visit (county, organ, number);
CREATE INDEX visit_waiting ON visit (county, organ, appoint_day, number) WHERE state IN ('to_appoint', 'to_make', 'to_sign', 'to_mend');
