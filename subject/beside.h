// SPDX-License-Identifier: Apache-2.0
/* Kinds of subjects beside a case; a part of subject.h. */
#pragma once

#include "subject/subject.h"

/* Rules by which the system takes away, from any of these states, what a subject beside a case tells of persons: it is erased with its case,
 * or restricted in its use (PIPL art. 47). */
#define SUBJECT_PRIVACY "《个人信息保护法》第四十七条"
#define SUBJECT_ERASED_AS(as, states) \
    { .name = (as), .event = LEDGER_ERASED, .from = (states), .relations = BY_SYSTEM, .to = SUBJECT_STAYS, .needs = NEED_REASON, .law = SUBJECT_PRIVACY }
#define SUBJECT_RESTRICTED_AS(as, states) \
    { .name = (as), .event = LEDGER_RESTRICTED, .from = (states), .relations = BY_SYSTEM, .to = SUBJECT_STAYS, .needs = NEED_REASON | NEED_DAY, \
      .effect = subject_restrict, .law = SUBJECT_PRIVACY }
/* Notes it at SubjectKind.restricted. */
SubjectEffect subject_restrict;

/* "KIND/NUMBER" of all that is beside the case, the oldest first. Owned by the caller. */
GPtrArray *subject_beside_of(const Context *context, int64_t case_number, GError **error);
/* The first text by which a decision on the case, under that item, cites what is beside it for the same item (SubjectKind.cited), or NULL. Owned
 * by the caller. */
bool subject_cited(const Context *context, int64_t case_number, const char *item, char **out, GError **error);
