// SPDX-License-Identifier: Apache-2.0
/* The members of a Case as one table, so that the row, the events' "change" and the rebuilding from the
 * ledger can never tell different stories. */
#pragma once

#include "cases/cases.h"

enum member_kind { NUMBER, WORD, TEXT };

typedef struct Member {
    const char *name;         /* of the column and of the event's member */
    enum member_kind kind;
    size_t place;             /* offsetof in Case: int64_t (NUMBER, WORD) or char * (TEXT) */
    const char *const *words; /* WORD: stored as text, held as its index */
    unsigned part;            /* enum case_part: when its column is written; 0: never again */
} Member;

enum { CASE_MEMBERS = 35 };
extern const Member case_members[CASE_MEMBERS];

/* An empty case: nothing but texts of no length, from which the first event's change starts. */
void members_empty(Case *self);
void case_copy(const Case *from, Case *to); /* `to` holds nothing yet */
/* The members of `after` that differ from `before`, as they go into an event: canonical JSON. */
void members_write(GString *out, const Case *before, const Case *after);
/* Puts an event's "change" over a case; false when a member is unknown or of the wrong kind. */
bool members_apply(Case *self, const json_t *change);
/* One member as JSON. */
json_t *member_json(const Case *self, const Member *member);
int64_t *member_number(Case *self, const Member *member);
char **member_text(Case *self, const Member *member);
/* Index of a word in a NULL-ended or counted list; -1 when it is none of them. */
int64_t member_word(const Member *member, const char *word);

/* Marks in one line: "at,day,holder,extra,stop,why;…". */
char *marks_write(const ClockMark *marks, size_t count);
/* Appends the marks of a line; false when it does not parse or there are too many. */
bool marks_read(Case *self, const char *line);
