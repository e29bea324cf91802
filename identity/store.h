// SPDX-License-Identifier: Apache-2.0
/* Shared by this room's files: rows on their way into and out of the store. */
#pragma once

#include "identity/identity.h"

/* In a write, once for a county: the numbers of parties that an older program kept in clear become their keyed hashes. */
bool identity_hash_parties(const Context *context, GError **error);

bool division_exists(Db *db, int64_t county, int64_t division, bool *exists, GError **error);
/* Adds or renews a row, given as the statement's parameters. */
bool division_put(const Context *context, const DbArg *row, GError **error);
bool organ_put(const Context *context, const DbArg *row, GError **error);
/* 0 when it has none. */
bool organ_successor(Db *db, int64_t county, int64_t organ, int64_t *successor, bool *exists,
                     GError **error);

/* ---- reforms: rows (reform_store.c) ---- */

/* [{number, day_number, act, about, target, other, name, name_en, short_name, code, document, was, was_en, state, made_at}], the latest day first. */
json_t *plans_read(Db *db, int64_t county, GError **error);
json_t *plan_read(Db *db, int64_t county, int64_t number, GError **error); /* NOT_FOUND */
bool plan_put(const Context *context, PlannedReform *self, GError **error);       /* numbers it */
bool plan_set(const Context *context, int64_t number, const char *state, const char *was, const char *was_en, GError **error);
/* [{number, valid_to_day, other}] of the organs with a last day that no reform has or is to carry out. */
json_t *organs_to_end(const Context *context, GError **error);
enum { REFORM_AHEAD_MOST = 3660 /* days to the day of a reform, at most */ };
/* The day from which a plan ends the organ, DAY_NONE: none does; and its successor, 0: none. */
bool plan_end_of(const Context *context, int64_t organ, Day *day, int64_t *successor, GError **error);
/* The change that the day brings to the row; plan_found_row makes it at once, and plan_open_row lets a division be chosen from its day on. */
bool plan_end_row(const Context *context, const PlannedReform *self, GError **error);
bool plan_rename_row(const Context *context, const PlannedReform *self, GError **error);
bool plan_found_row(const Context *context, const PlannedReform *self, GError **error);
bool plan_open_row(const Context *context, const PlannedReform *self, GError **error);

/* ---- reforms: what they do (reform.c) ---- */

/* TimerKind.run, for subject "reform/NUMBER". */
#define REFORM_TIMER "identity.reform"
bool plan_comes(const Context *context, const char *subject, Instant at, GError **error);
/* Organs that a table gave a last day, also of an older program: those whose day is over end now, the others are planned to. */
bool plan_adopt(const Context *context, GError **error);
/* A post of a successor is one of those that it follows too: after each post those that go with it. NULL with an error;
 * owned by the caller. */
GArray *posts_followed(Db *db, int64_t county, const GArray *posts, GError **error);
