// SPDX-License-Identifier: Apache-2.0
/* How far a case has come along the steps of its item, without those that its applicant's answers leave out. */
#include "cases/answer.h"
#include "cases/life.h"

static const char *progress_of(const Case *self, size_t step)
{
    if ((int64_t)step < self->step || self->state == DELIVERED || self->state == CLOSED)
        return "done";
    if (self->state >= DELIVERED || self->state == DRAFT)
        return "later";
    return (int64_t)step == self->step ? "now" : "later";
}

json_t *steps_json(const Context *context, const Case *self, const Item *item, GError **error)
{
    g_autoptr(json_t) steps = json_array(), answers = item->form ? answers_of(self) : NULL;
    for (size_t i = 0; i < item->step_count; i++) {
        if (!answers_ask(item, answers, "steps", step_kind_names[item->steps[i].kind]))
            continue;
        StepHolder holder = catalogue_step_holder(item, i, context->county, self->place);
        g_autoptr(json_t) organ = identity_organ(context->db, context->county, holder.organ, error);
        g_autoptr(json_t) division = organ ? identity_division(context->db, context->county, holder.division, error) : NULL;
        if (!division)
            return NULL;
        json_array_append_new(steps, json_pack("{s:s, s:s, s:O*, s:O*, s:O*, s:O*}", "kind", step_kind_names[item->steps[i].kind],
            "progress", progress_of(self, i), "organ_name", json_object_get(organ, "name"), "organ_name_en", json_object_get(organ, "name_en"),
            "division_name", json_object_get(division, "name"), "division_name_en", json_object_get(division, "name_en")));
    }
    return g_steal_pointer(&steps);
}
