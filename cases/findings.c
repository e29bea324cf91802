// SPDX-License-Identifier: Apache-2.0
/* Findings of officers (Case.findings): the item's form has fields for those who take its steps, asked with the action that ends the step. Only a
 * case whose applicant filled in the form asks them: on paper the officer's part is filled in where the applicant's is. */
#include "cases/findings.h"

#include <string.h>

static const char *step_of(const Case *self, const Item *item)
{
    return step_kind_names[item->steps[self->step].kind];
}

json_t *findings_of(const Case *self)
{
    return self->findings && *self->findings ? json_loads(self->findings, 0, NULL) : NULL;
}

/* ---- the action ---- */

/* One that refuses needs not answer all: there is nothing to grant. */
static bool is_free(const SubjectTurn *turn)
{
    return life_action(turn) == REFUSE;
}

static bool keep(const SubjectTurn *turn, const json_t *found, Case *next)
{
    g_autoptr(json_t) before = findings_of(next), all = before ? json_incref(before) : json_object();
    if (!json_object_size(found))
        return true;
    json_object_set(all, step_of(turn->present, life_item(turn)), (json_t *)(uintptr_t)found);
    g_free(next->findings);
    next->findings = json_canonical(all);
    next->unwritten |= APPLICANT_PART;
    return true;
}

/* A turn without the fields of a form is one of many at once, as a joint acceptance: nobody was asked. */
static bool is_unasked(const SubjectTurn *turn, const json_t *answers)
{
    const Item *item = life_item(turn);
    return !json_object_get(turn->input->fields, "answers") && !is_free(turn) && form_has_step(item->form, step_of(turn->present, item), answers);
}

bool findings_take(const SubjectTurn *turn, void *record, GError **error)
{
    const Case *present = turn->present;
    const Item *item = life_item(turn);
    const json_t *given = json_object_get(turn->input->fields, "answers");
    g_autoptr(json_t) answers = item->form && turn->context->actor->kind == STAFF ? answers_of(present) : NULL, errors = NULL, found = NULL;
    if (!answers)
        return !json_object_size(given) || refuse(error, CONFLICT, "cases.no_findings", NULL);
    if (is_unasked(turn, answers))
        return refuse(error, CONFLICT, "cases.findings_first", "number", DECIMAL(present->number), NULL);
    found = form_check_on(item->form, step_of(present, item), day_of(turn->context->now), answers, given, &errors);
    if (is_free(turn))
        answers_drop_open(errors);
    if (json_array_size(errors))
        return form_refuse(errors, error);
    if (!found)
        found = form_fitting_step(item->form, step_of(present, item), DAY_NONE, answers, given);
    return keep(turn, found, record);
}

json_t *findings_part(const Item *item, size_t step, const json_t *fields)
{
    json_t *own = json_copy((json_t *)(uintptr_t)fields);
    const json_t *given = json_object_get(fields, "answers");
    if (item->form && json_object_size(given))
        json_object_set_new(own, "answers", form_part(item->form, step_kind_names[item->steps[step].kind], given));
    return own;
}

/* ---- what everybody may know of them ---- */

/* On papers each stands in one line. */
static void join_lines(json_t *one, const char *name)
{
    if (!strchr(json_text(one, name), '\n'))
        return;
    g_auto(GStrv) lines = g_strsplit(json_text(one, name), "\n", -1);
    g_autofree char *joined = g_strjoinv(" ", lines);
    json_object_set_new(one, name, json_string(joined));
}

json_t *case_findings_public(const Case *self, const Item *item)
{
    size_t at;
    json_t *one, *list = json_array();
    g_autoptr(json_t) findings = item->form ? findings_of(self) : NULL;
    for (size_t i = 0; findings && i < item->step_count; i++) {
        const char *step = step_kind_names[item->steps[i].kind];
        g_autoptr(json_t) said = form_said(item->form, step, json_object_get(findings, step));
        json_array_foreach(said, at, one) {
            if (!json_flag(one, "is_public"))
                continue;
            static const char *const left_out[] = { "field", "group", "group_en", "is_public" };
            for (size_t name = 0; name < G_N_ELEMENTS(left_out); name++)
                json_object_del(one, left_out[name]);
            join_lines(one, "said");
            join_lines(one, "said_en");
            json_array_append(list, one);
        }
    }
    return list;
}

/* ---- the page ---- */

void findings_put(const Context *context, const Case *self, const Item *item, json_t *answer)
{
    g_autoptr(json_t) findings = item->form && context->actor->kind == STAFF && !self->restricted_until ? findings_of(self) : NULL;
    json_t *found = json_array();
    for (size_t i = 0; findings && i < item->step_count; i++) {
        const char *step = step_kind_names[item->steps[i].kind];
        g_autoptr(json_t) said = form_said(item->form, step, json_object_get(findings, step));
        if (json_array_size(said))
            json_array_append_new(found, json_pack("{s:s, s:O}", "kind", step, "lines", said));
    }
    if (json_array_size(found))
        json_object_set(answer, "findings", found);
    json_decref(found);
}

void findings_add_fields(const Request *r, const Case *self, const Item *item, GArray *fields, const FormKept *kept, json_t *answer)
{
    bool is_awaited = self->state == RECEIVED || self->state == REVIEW;
    g_autoptr(json_t) answers = answers_of(self), findings = findings_of(self);
    FormAsking asking = { .step = step_of(self, item), .earlier = answers, .answers = json_object_get(findings, step_of(self, item)), .need = TAKES_ANSWERS };
    if (!is_awaited)
        return;
    form_add_fields(r, item->form, &asking, fields, kept, answer);
    asking.is_free = true;
    asking.need = TAKES_SOME_ANSWERS;
    form_add_fields(r, item->form, &asking, fields, kept, answer);
}

void findings_add_all_fields(const Request *r, const Case *self, const Item *item, GArray *fields, const FormKept *kept, json_t *answer)
{
    g_autoptr(json_t) answers = answers_of(self);
    for (size_t i = (size_t)self->step; i < item->step_count; i++) {
        const FormAsking asking = { .step = step_kind_names[item->steps[i].kind], .earlier = answers };
        form_add_fields(r, item->form, &asking, fields, kept, answer);
    }
}
