// SPDX-License-Identifier: Apache-2.0
/* Rows of case_now. */
#pragma once

#include "cases/cases.h"

bool case_insert(const Context *context, const Case *self, GError **error);
/* Of an existing row the parts that are unwritten. */
bool case_update(const Context *context, const Case *self, GError **error);
/* Numbers of cases whose alarm has come, soonest first. */
json_t *case_due_alarms(Db *db, int64_t county, Instant now, int64_t most, GError **error);

/* The numbers of all cases that somebody must act on by a date, in order: array of int64_t, owned by the caller. */
GArray *case_limited(Db *db, int64_t county, GError **error);
/* The new dates of an existing row, and whether the limit has passed. */
bool case_move(const Context *context, const Case *self, GError **error);

/* Where a list goes on: after this row (due_at, number). */
typedef struct CasePlace {
    Instant due_at;
    int64_t number;
} CasePlace;

/* The next `most` cases that wait at a desk for each of the post's roles, most urgent first; appended to `out`
 * (case_clear each). */
bool case_desk_page(Db *db, int64_t county, const Post *post, const CasePlace *after, int64_t most,
                    GArray *out, GError **error);
/* What was handed in at the town's or village's desk, also from home; of a department what the centre took in for it,
 * at its counters or from home. Newest first, below `before` (INT64_MAX: all). */
bool case_place_page(Db *db, int64_t county, const Post *post, int64_t before, int64_t most, GArray *out,
                     GError **error);
/* All cases, newest first, below `before`. */
bool case_all_page(Db *db, int64_t county, int64_t before, int64_t most, GArray *out, GError **error);
/* All cases in the order of their numbers, after `after`; of a damaged one what can be read. */
bool case_page_after(Db *db, int64_t county, int64_t after, int64_t most, GArray *out, GError **error);
/* How many wait at a desk, counted up to `most`. */
bool case_desk_count(Db *db, int64_t county, const Post *post, int64_t most, int64_t *count, GError **error);
