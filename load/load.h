// SPDX-License-Identifier: Apache-2.0
/* Records from other systems (历史办件迁入): a file of cases and their dated steps, judged by the same state machine as what
 * happens here, or of licences that go on being valid; kept as events that say where they were read. docs/load.md tells what
 * such files hold. */
#pragma once

#include "base/base.h"
#include "cases/cases.h"
#include "db/db.h"
#include "licences/licences.h"

extern const Room load_room;

typedef struct LoadCounts {
    int64_t cases, steps;    /* loaded now; of licences no steps */
    int64_t there;           /* cases that an earlier run of the same file had loaded */
    int64_t faulty, faults;  /* cases left out; faults told */
} LoadCounts;

typedef struct LoadProgress {
    bool checking;           /* nothing is kept yet */
    int64_t cases;           /* read in this pass */
    size_t done, all;        /* lines, of all passes */
} LoadProgress;

/* The functions that are told of a file while it is loaded, on the caller's own thread; each may be NULL. */
typedef struct LoadTold {
    /* `details` as trouble_details, with "line" (a number) and "column" ("" where there is none). In the order of lines. */
    void (*fault)(void *data, const json_t *details);
    /* A case has its number; the tracking code is told once, of those that go on, else "". */
    void (*numbered)(void *data, const char *before, int64_t number, const char *code);
    void (*went_on)(void *data, const LoadProgress *progress);
    void *data;
} LoadTold;

typedef struct LoadSettings {
    const char *file;        /* a table or JSON Lines; its last name stands in the ledger */
    const char *sheet;       /* of a workbook; NULL: the first that is shown */
    const char *source;      /* the system it comes from, within which its numbers are unique; "" when there is but one */
    bool licences;           /* a table of licences, not of cases */
    bool checks;             /* judges only: nothing is kept */
    bool rest;               /* what is good is loaded although other cases are not */
    LoadTold told;
} LoadSettings;

/* Loads a file on behalf of `world` (without db, actor and now), as seen at `now`. Without `rest` nothing is loaded unless
 * all of it is good. Some thousand cases share a commit; an interrupted run of the same file is taken up where it stopped.
 * Refuses NOT_FOUND "load.no_file"; NOT_FITTING "load.wrong" with "faults", "faulty", "cases" when there was a fault, also when the
 * rest was loaded; CONFLICT "load.again" when all of it had been loaded. *out is filled whatever comes. */
bool load_file(Store *store, const Context *world, Instant now, const LoadSettings *settings, LoadCounts *out, GError **error);
