-- SPDX-License-Identifier: Apache-2.0
-- Counters: how many cases, of which kind, on which day. Everything here follows from the ledger's events; pinghu verify
-- adds it up anew. Each turn of a case is counted once in every grain; a coarser grain leaves keys empty (0, '') and
-- lies on the first day of a month, so that a few hundred rows answer for millions of cases.
-- recomputed: counter
CREATE TABLE counter (
    county   BIGINT NOT NULL,
    grain    TEXT NOT NULL,      -- which keys are filled: see indicators/counter.c
    start    BIGINT NOT NULL,    -- day (since 1970-01-01) of acceptance or decision, or the first of its month
    division BIGINT NOT NULL,    -- where the case was taken in, or the town around it
    organ    BIGINT NOT NULL,    -- that decides
    item     TEXT NOT NULL,
    channel  TEXT NOT NULL,
    hour     BIGINT NOT NULL,    -- of the day, in which it was accepted

    accepted       BIGINT NOT NULL,
    open           BIGINT NOT NULL,
    ended          BIGINT NOT NULL,
    overdue        BIGINT NOT NULL,
    passed_up      BIGINT NOT NULL,
    returned       BIGINT NOT NULL,
    decided        BIGINT NOT NULL,
    granted        BIGINT NOT NULL,
    refused        BIGINT NOT NULL,
    on_time        BIGINT NOT NULL,
    rated          BIGINT NOT NULL,
    satisfied      BIGINT NOT NULL,
    spent_days     BIGINT NOT NULL,
    statutory_days BIGINT NOT NULL,
    promised_days  BIGINT NOT NULL,
    PRIMARY KEY (county, grain, start, division, organ, item, channel, hour)
);
