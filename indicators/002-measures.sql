-- SPDX-License-Identifier: Apache-2.0
-- Counters of the measures that rooms declare (Measures in subject/subject.h), one row for each value. Everything here follows
-- from the ledger's events; pinghu verify adds it up anew. The keys and grains are those of the table counter, which holds the
-- measures of cases.
-- recomputed: measured
CREATE TABLE measured (
    county   BIGINT NOT NULL,
    measure  TEXT NOT NULL,      -- "licences.issued"
    grain    TEXT NOT NULL,      -- which keys are filled: see indicators/counter.c
    start    BIGINT NOT NULL,    -- day (since 1970-01-01), or the first of its month or year
    division BIGINT NOT NULL,
    organ    BIGINT NOT NULL,
    item     TEXT NOT NULL,
    channel  TEXT NOT NULL,
    value    BIGINT NOT NULL,
    PRIMARY KEY (county, measure, grain, start, division, organ, item, channel)
);
-- The measures that have been counted since the ledger's first event; any other is counted from there when the county is opened.
CREATE TABLE counted_measure (
    county  BIGINT NOT NULL,
    measure TEXT NOT NULL,
    PRIMARY KEY (county, measure)
);
