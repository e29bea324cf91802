// SPDX-License-Identifier: Apache-2.0
/* Rows of case_now. */
#pragma once

#include "cases/cases.h"
#include "lists/lists.h"

/* The numbers of all cases that somebody must act on by a date, in order: array of int64_t, owned by the caller. */
GArray *case_limited(Db *db, int64_t county, GError **error);
/* The same of the others that were decided on that day or later. */
GArray *case_decided_since(Db *db, int64_t county, Day day, GError **error);
/* The same of all that were ever accepted and have a limit in calendar days. */
GArray *case_in_calendar_days(Db *db, int64_t county, GError **error);
/* A case came to its end on that day. */
bool case_over_insert(const Context *context, Day day, int64_t number, GError **error);
/* The numbers of the cases that came to their end on a day, in order; and the first such day after another, DAY_NONE: there is none. */
GArray *case_over_on(Db *db, int64_t county, Day day, GError **error);
bool case_next_over(Db *db, int64_t county, Day after, Day *day, GError **error);
/* The new dates of an existing row, among them the end of its special procedure, and whether the limit has passed and the promise was kept. */
bool case_move(const Context *context, const Case *self, GError **error);
/* Does a case but that one name its applicant as this party? */
bool case_names_party(const Context *context, int64_t party, int64_t but, bool *names, GError **error);
typedef bool CaseEach(const Case *self, void *data);
/* Tells the newest 50 other cases and drafts of the same applicant, as far as number, item, borrowed, and state; it ends when `each` returns false. */
bool case_each_of_party(const Context *context, const Case *self, CaseEach *each, void *data, GError **error);
/* In a write: keeps what the actor looks for under a token, and forgets what was kept before that instant. */
bool case_asked_keep(const Context *context, const char *token, const json_t *question, Instant before, GError **error);
/* *question, owned by the caller: what the actor has kept under it since then; NULL where there is none. */
bool case_asked_find(const Context *context, const char *token, Instant since, json_t **question, GError **error);
/* The first `most` drafts below a number that were not looked at before: [{number, events}], owned by the caller. */
json_t *case_old_drafts(const Context *context, int64_t below, int64_t most, GError **error);
/* Drafts below that number have been ended. */
bool case_drafts_ended(const Context *context, int64_t below, GError **error);
/* Removes the row of a draft. */
bool case_remove(const Context *context, int64_t number, GError **error);
/* Tells the cases of the same item and organ that are under review and were accepted on the day of that one or before, but not itself, as
 * far as number, accepted_on and marks, borrowed, the first day first; it ends when `each` returns false. */
bool case_each_open(const Context *context, const Case *self, CaseEach *each, void *data, GError **error);
/* How many cases of the same item and organ were granted on that day or later. */
bool case_granted_since(const Context *context, const Case *self, Day from, int64_t *count, GError **error);
/* Tells the newest `most` cases that have all hashes of a way, as far as they say nothing of a person: number, channel, place, organ, item, its
 * names and the mark of the receipt, borrowed. *count is how many it told; it ends when `each` returns false. */
bool case_each_sought(const Context *context, const SoughtWay *way, int64_t most, CaseEach *each, void *data, int64_t *count, GError **error);
