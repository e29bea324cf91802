-- SPDX-License-Identifier: Apache-2.0
-- Timers: what is to happen by itself at an instant. A subject has at most one of a kind. Instants are milliseconds since
-- 1970 in UTC.

-- large: timer
CREATE TABLE timer (
    county   BIGINT NOT NULL,
    subject  TEXT NOT NULL,   -- "case/330482140903000123"
    kind     TEXT NOT NULL,   -- as its room declares it
    at       BIGINT NOT NULL, -- from when on it is due
    next_try BIGINT NOT NULL, -- when it is taken: `at`, and later each time it has failed
    tries    BIGINT NOT NULL, -- how often it has failed
    trouble  TEXT NOT NULL,   -- why it failed last
    PRIMARY KEY (county, subject, kind)
);
-- What is due, soonest first.
CREATE INDEX timer_due ON timer (county, next_try, subject, kind);
