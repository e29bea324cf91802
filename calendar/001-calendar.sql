-- SPDX-License-Identifier: Apache-2.0
-- Calendars as the State Council announced them, each change a version of its own.
CREATE TABLE calendar_version (
    county  BIGINT NOT NULL,
    version BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    source  TEXT NOT NULL,
    rows    TEXT NOT NULL,  -- the table as it was given: date,kind,name
    PRIMARY KEY (county, version)
);
