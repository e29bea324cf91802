-- SPDX-License-Identifier: Apache-2.0
-- What each promise is now. Everything here but events follows from the ledger's events and can be rebuilt from them.
-- large: promise
CREATE TABLE promise (
    county       BIGINT NOT NULL,
    number       BIGINT NOT NULL,  -- county, day and serial of the day
    case_number  BIGINT NOT NULL,
    item         TEXT NOT NULL,
    item_name    TEXT NOT NULL,
    item_name_en TEXT NOT NULL,
    organ        BIGINT NOT NULL,  -- that decides the case, and checks
    division     BIGINT NOT NULL,  -- where the case was handed in
    promise      TEXT NOT NULL,    -- 'follows' (容缺) or 'vouched' (告知承诺)
    materials    TEXT NOT NULL,    -- JSON list of the papers' names
    is_ticked    BIGINT NOT NULL,  -- given from home
    state        TEXT NOT NULL,
    due_day      BIGINT NOT NULL,  -- days since 1970-01-01; 0: none yet
    events       BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX promise_case ON promise (county, case_number, number);
CREATE INDEX promise_organ ON promise (county, organ, number);
-- What waits for a paper or to be checked, by the day.
CREATE INDEX promise_due ON promise (county, organ, due_day, number) WHERE state IN ('given', 'checking');
CREATE INDEX promise_due_all ON promise (county, due_day, number) WHERE state IN ('given', 'checking');
