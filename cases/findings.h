// SPDX-License-Identifier: Apache-2.0
/* Findings of officers at the steps of a case, and the fields that a correction notice opens again. */
#pragma once

#include "cases/life.h"

/* ---- findings.c ---- */

/* Case.findings: {step: {name: value}}, as form_check gives them; NULL: nothing was found yet. Owned by the caller. */
json_t *findings_of(const Case *self);
/* Effect of the actions that end a step: checks what was found and keeps it. Refuses every fault at its field; CONFLICT "cases.findings_first" where
 * the step asks something and the action was taken without its form, "cases.no_findings" where something was found that nothing asks for. */
SubjectEffect findings_take;
/* A copy of an action's fields, with those "answers" alone that no other officer is asked. Owned by the caller. */
json_t *findings_part(const Item *item, size_t step, const json_t *fields);
/* Puts for the staff "findings": [{kind (of the step), lines (form_said)}] where there are any. */
void findings_put(const Context *context, const Case *self, const Item *item, json_t *answer);
/* Appends the fields of the awaited step, for those that need TAKES_ANSWERS, and again, with none required, for TAKES_SOME_ANSWERS; or those of all steps
 * from it on. The item has a form and the case has answers. */
void findings_add_fields(const Request *r, const Case *self, const Item *item, GArray *fields, const FormKept *kept, json_t *answer);
void findings_add_all_fields(const Request *r, const Case *self, const Item *item, GArray *fields, const FormKept *kept, json_t *answer);

/* ---- reopened.c ---- */

/* Case.asked_fields: {name: remark}; NULL: no field was asked for. Owned by the caller. */
json_t *reopened_of(const Case *self);
/* Effects of asking for a correction and of supplying it: fields "ask" and "remark" {name: [text]} name the fields and say what is wrong with each; "answers"
 * are the new ones, which alone may differ. */
SubjectEffect reopened_ask, reopened_supply;
/* Does an action ask for fields? */
bool reopened_is_asked(const SubjectInput *input);
/* Opens what another applicant fills in anew, while fields are asked for: what is in `answers` and not in `others`. */
void reopened_person(Case *next, const json_t *answers, const json_t *others);
/* Appends the fields that are asked for to the list of a notice: [{name, name_en, remark, is_field}]. */
void reopened_append(const Case *next, const Item *item, json_t *list);
/* Adds to a line of the history the fields that were asked for ("fields" [{label, label_en, remark}]), or whose answers were corrected (the same
 * without remark). */
void reopened_tell(const SubjectTurn *turn, const Event *event, json_t *line);
/* Appends to the form of a notice the fields that it may ask for, and to that of supplying those that are asked for. The item has a form and the case has
 * answers. */
void reopened_add_choice(const Request *r, const Case *self, const Item *item, GArray *fields, const FormKept *kept);
void reopened_add_fields(const Request *r, const Case *self, const Item *item, bool clear, GArray *fields, const FormKept *kept, json_t *answer);
