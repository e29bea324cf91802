-- SPDX-License-Identifier: Apache-2.0
-- What each payment notice is now. Everything here but events follows from the ledger's events and can be rebuilt from them. Money is
-- in fen, days are counted since 1970-01-01.
-- large: fee
CREATE TABLE fee (
    county       BIGINT NOT NULL,
    number       BIGINT NOT NULL,  -- county, day and serial of the day: the payment reference
    case_number  BIGINT NOT NULL,
    item         TEXT NOT NULL,
    item_name    TEXT NOT NULL,
    item_name_en TEXT NOT NULL,
    organ        BIGINT NOT NULL,
    division     BIGINT NOT NULL,
    line         TEXT NOT NULL,    -- of the item's fee line; '': nothing is due
    line_en      TEXT NOT NULL,
    basis        TEXT NOT NULL,
    unit         TEXT NOT NULL,
    unit_en      TEXT NOT NULL,
    amount       BIGINT NOT NULL,  -- of one unit
    quantity     BIGINT NOT NULL,
    total        BIGINT NOT NULL,
    is_reducible BIGINT NOT NULL,
    state        TEXT NOT NULL,
    made_day     BIGINT NOT NULL,
    paid_day     BIGINT NOT NULL,  -- 0: not yet
    channel      TEXT NOT NULL,    -- '', 'cash', 'card', 'bank', 'online'
    receipt      TEXT NOT NULL,
    received     BIGINT NOT NULL,  -- what came and is another amount; 0: nothing
    events       BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX fee_case ON fee (county, case_number, number);
CREATE INDEX fee_organ ON fee (county, organ, number);
CREATE INDEX fee_due ON fee (county, organ, number) WHERE state = 'due';
CREATE INDEX fee_due_all ON fee (county, number) WHERE state = 'due';
-- The register by days.
CREATE INDEX fee_made ON fee (county, made_day, state, channel, organ, total, received);
CREATE INDEX fee_paid ON fee (county, paid_day, state, channel, organ, total) WHERE paid_day <> 0;
