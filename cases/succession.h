// SPDX-License-Identifier: Apache-2.0
/* Cases follow reforms (identity/identity.h): on the day on which their organ, or the place where they were handed in, goes into another,
 * running ones go with it. */
#pragma once

#include "cases/cases.h"

#define CASE_SUCCESSION "case.succession"
/* TimerKind.run, for subject "organ/NUMBER" or "division/CODE": looks at the next cases, and comes again until it has seen all. */
bool succession_goes_on(const Context *context, const char *subject, Instant at, GError **error);
/* Room.listens: begins the walk; an organ without successor cannot end while it has running cases, CONFLICT "cases.organ_runs". */
Listener succession_hear;

/* An event of the system, which leaves all else of the case as it is: organ and place become those that act today. */
SubjectGuard succession_is_due;
SubjectEffect succession_take;
/* Hands in: the item is in force today and has an organ, else CONFLICT "cases.item_ended"; a draft from before a reform goes where it led. */
SubjectGuard succession_lets_in;

/* ---- succession_store.c ---- */
typedef struct SuccessionRow {
    int64_t number, organ, place, state;
} SuccessionRow;
/* The cases behind `after`, at most `most`: array of SuccessionRow, owned by the caller. */
GArray *succession_rows(const Context *context, int64_t after, int64_t most, GError **error);
bool succession_after(const Context *context, const char *subject, int64_t *after, GError **error); /* 0: from the first */
bool succession_note(const Context *context, const char *subject, int64_t after, GError **error);   /* 0: it is done */
