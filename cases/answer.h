// SPDX-License-Identifier: Apache-2.0
/* Pieces of a case's answer that lists share. */
#pragma once

#include "cases/cases.h"

/* Number, item, state, clock, applicant and place: what a row of a list shows. Takes over `applicant`. Of the clock that
 * matters now: is_counting (it runs), light, due_day, left, remaining or over {days, unit}. */
bool answer_head(json_t *answer, const Context *context, const Case *self, json_t *applicant, GError **error);

/* Room.tells_today: the applicant's name by the kind of the applicant. */
bool case_tells_today(const Context *context, const json_t *document, json_t *known, GError **error);
/* The item's steps for a case's page: [{kind, progress: done|now|later, organ_name, organ_name_en, division_name, division_name_en}] (progress.c). Owned by the
 * caller; NULL with an error. */
json_t *steps_json(const Context *context, const Case *self, const Item *item, GError **error);
