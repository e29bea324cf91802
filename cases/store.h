// SPDX-License-Identifier: Apache-2.0
/* Rows of case_now. */
#pragma once

#include "cases/cases.h"

typedef struct CaseAlarm {
    int64_t number;
    Instant at;
} CaseAlarm;
/* The alarms of all cases that have one: array of CaseAlarm, owned by the caller. */
GArray *case_alarms_kept(Db *db, int64_t county, GError **error);
/* Whether the open cases of the county have their timers. */
bool case_timers_made(Db *db, int64_t county, bool *made, GError **error);
bool case_timers_put(Db *db, int64_t county, GError **error);

/* The numbers of all cases that somebody must act on by a date, in order: array of int64_t, owned by the caller. */
GArray *case_limited(Db *db, int64_t county, GError **error);
/* The new dates of an existing row, and whether the limit has passed. */
bool case_move(const Context *context, const Case *self, GError **error);

bool case_read_page(DbRows *query, GArray *out, GError **error); /* appends Cases; ends and frees the rows, which may be NULL */

/* ---- the list behind a figure (list_store.c) ---- */

typedef struct CaseAsk {
    enum case_measure of;        /* below SPENT_DAYS: what counts cases, not days */
    Day from, to;                /* both included, of the measure's own day */
    int64_t first, last;         /* divisions in which cases were taken in, both included */
    unsigned channels;           /* bit set of enum channel; 0: all */
    const char *item;            /* code; "": all */
    const int64_t *organs;       /* that decide, rising, of an item all that ever did; none: all */
    size_t organ_count;
    bool is_of_hour;             /* accepted within `hour` of the day, 0 to 23 */
    int64_t hour;
} CaseAsk;
/* Does the measure count on the day of the decision? */
bool case_counts_decided(enum case_measure of);
/* The next `most` cases, latest day first, behind the case `after` (NULL: from the beginning). Each case is found by an
 * index; what it costs does not depend on how many there are but on the days between `from` and `to`. */
bool case_list_page(Db *db, int64_t county, const CaseAsk *ask, const Case *after, int64_t most, GArray *out, GError **error);
/* How many there are, counted up to `most`. */
bool case_list_count(Db *db, int64_t county, const CaseAsk *ask, int64_t most, int64_t *count, GError **error);
