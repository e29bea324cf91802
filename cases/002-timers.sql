-- SPDX-License-Identifier: Apache-2.0
-- The next limit of a case is a timer (timers/001-timers.sql); alarm_at repeats it, as the events tell it.
DROP INDEX case_alarm;

-- The counties whose cases of older programs have got their timers.
CREATE TABLE case_timers (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
