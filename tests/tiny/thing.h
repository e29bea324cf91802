// SPDX-License-Identifier: Apache-2.0
/* A kind of subject that only the test's room has: a thing that somebody owns, is finished, and can be forgotten. */
#pragma once

#include "lists/lists.h"
#include "subject/subject.h"
#include "timers/timers.h"

typedef struct Thing {
    int64_t number;
    int64_t case_number; /* beside which it is; 0: none */
    char *label, *owner; /* the owner is personal */
    int64_t state;
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Thing;

extern const SubjectKind thing_kind;
extern const ListSpec thing_list;
extern const DocumentKind thing_documents[];
#define THING_WAIT "tiny.wait" /* the timer that finishes a thing by itself */
bool thing_waited(const Context *context, const char *subject, Instant at, GError **error);

extern const Field thing_list_fields[], thing_begin_fields[], thing_act_fields[];
json_t *thing_list_show(Request *r, GError **error);
json_t *thing_begin(Request *r, GError **error);
json_t *thing_show(Request *r, GError **error);
json_t *thing_act(Request *r, GError **error);
