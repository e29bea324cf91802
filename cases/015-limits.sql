-- SPDX-License-Identifier: Apache-2.0
-- The counties whose limits in calendar days end no more on a rest day (民法典 art. 203; reschedule.c): older programs let them.
CREATE TABLE case_limits (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
