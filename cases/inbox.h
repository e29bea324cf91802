// SPDX-License-Identifier: Apache-2.0
/* The lists of cases: those of the desks (what waits there, what was taken in there, all), and the one behind a figure. */
#pragma once

#include "cases/cases.h"
#include "lists/lists.h"

extern const Field inbox_fields[], case_list_fields[];
extern const ListSpec inbox_list, figure_list;
/* As list_show, and "is_clerk": may he take in applications?, "may_find": and look for applicants? */
json_t *inbox_show(Request *r, GError **error);
/* As list_show, and {of, from_day, to_day, is_decided: it counts on the day of the decision, division, organ, item (each an
 * object, absent where all are meant), taken_in, hours {hour, next}}. A row has also handling, accepted_day, spent {days, unit}, limit {…}
 * and, once decided, decided_day and judged: kept, late or overdue; its light counts the statutory limit too. */
json_t *case_list_show(Request *r, GError **error);

/* ---- shared by both ---- */

extern const ListColumn case_columns[];
void case_select(GString *sql);
void *case_read(const DbRows *rows, GError **error); /* a Case */
void case_let_go(void *data);
/* ListSpec.tell: "handling" (case_handling). */
void case_tell_handling(const Request *r, json_t *row);
/* As answer_head; due_day is the day by which the lists are sorted. */
json_t *case_row_json(const Request *r, const void *data, GError **error);
