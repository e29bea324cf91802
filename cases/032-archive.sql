-- SPDX-License-Identifier: Apache-2.0
-- The days on which cases came to an end, whichever it was: by them their files are handed to the archive.
-- large: case_over
CREATE TABLE case_over (
    county BIGINT NOT NULL,
    day    BIGINT NOT NULL, -- days since 1970-01-01
    number BIGINT NOT NULL,
    PRIMARY KEY (county, day, number)
);
-- The counties whose older cases have been entered.
CREATE TABLE case_over_filled (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
