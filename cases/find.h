// SPDX-License-Identifier: Apache-2.0
/* Finding a case by its applicant, or by a lost receipt: a right of its own (the route's), for a reason that the security log has. */
#pragma once

#include "cases/cases.h"

enum { FINDS_PERSONS = CLERK | REVIEWER | SUPERVISOR | AUDITOR };
extern const Field find_fields[];                /* number, asked, page_number */
/* To the case of that number; what was found for the question that `asked` names, which the actor has kept for half an hour ({is_over}: he has none any
 * more); without either the page that asks, {may_find, towns}. */
json_t *find_show(Request *r, GError **error);
extern const Field find_person_fields[];         /* name, id_number, telephone, item, from, to, place, reason, page_number */
/* Prepares; a browser is sent to the address of its question, else it is the answer: {cases [rows as lists have them, and received_day, path], none, found_by (a word of codes.found_by), page_number, has_more, is_cut:
 * older ones were not looked at, is_common: the name is what many are called}, of the cases that the actor may see, 25 on a page. What was typed is kept sealed, for half an hour. */
json_t *find_person(Request *r, GError **error);
