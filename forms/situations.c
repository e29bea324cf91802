// SPDX-License-Identifier: Apache-2.0
/* Every combination of answers to a situation's questions is gone through, so that no applicant is the first to find the one that leads nowhere. */
#include "forms/define.h"

#include <string.h>

enum { STEPS_MOST = 15 * FORM_COMBINATIONS_MOST };

typedef struct Trial {
    const ItemForm *form;
    json_t *answers, *nowhere;
    int64_t combinations, steps; /* each question that was tried is a step, so that dead ends are bounded too */
    bool *fields, *rules, *options; /* what some combination has reached; FORM_OPTIONS_MOST options for each field */
} Trial;

static size_t question_after(const ItemForm *self, size_t from)
{
    while (from < self->fields->len && !form_field_at(self, from)->is_situation)
        from++;
    return from;
}

/* The end of a combination is reached. */
static void note_end(Trial *self)
{
    FormAnswers after = { self->form, NULL, self->answers, DAY_NONE };
    self->combinations++;
    for (guint i = 0; i < self->form->rules->len; i++)
        self->rules[i] |= expression_holds(g_array_index(self->form->rules, FormRule, i).when, form_value, &after);
}

static void try_from(Trial *self, size_t from);

static void try_answer(Trial *self, size_t at, json_t *answer)
{
    const char *name = form_field_at(self->form, at)->name;
    json_object_set_new(self->answers, name, answer);
    try_from(self, at + 1);
    json_object_del(self->answers, name);
}

static void try_question(Trial *self, size_t at)
{
    const FormField *field = form_field_at(self->form, at);
    FormAnswers after = { self->form, NULL, self->answers, DAY_NONE };
    bool any = field->kind == FORM_FLAG;
    self->fields[at] = true;
    for (size_t i = 0; i < field->option_count; i++) {
        if (!expression_holds(field->options[i].when, form_value, &after))
            continue;
        any = self->options[at * FORM_OPTIONS_MOST + i] = true;
        try_answer(self, at, json_string(field->options[i].code));
    }
    if (field->kind == FORM_FLAG) {
        try_answer(self, at, json_true());
        if (!field->required)
            try_answer(self, at, json_false());
    }
    if (!any && json_array_size(self->nowhere) < FORM_OPTIONS_MOST)
        json_array_append_new(self->nowhere, json_pack("{s:s, s:o}", "field", field->name, "answers", json_deep_copy(self->answers)));
}

static void try_from(Trial *self, size_t from)
{
    FormAnswers after = { self->form, NULL, self->answers, DAY_NONE };
    size_t at = question_after(self->form, from);
    if (self->combinations > FORM_COMBINATIONS_MOST || ++self->steps > STEPS_MOST)
        return;
    if (at == self->form->fields->len)
        note_end(self);
    else if (form_is_asked(form_field_at(self->form, at), &after))
        try_question(self, at);
    else
        try_from(self, at + 1);
}

/* ---- what was never reached ---- */

static bool is_question(const void *data, const char *name)
{
    const FormField *field = form_field(data, name);
    return field && field->is_situation;
}

static json_t *never_reached(const Trial *self)
{
    json_t *never = json_array();
    for (guint i = 0; i < self->form->fields->len; i++) {
        const FormField *field = form_field_at(self->form, i);
        if (field->is_situation && !self->fields[i])
            json_array_append_new(never, json_pack("{s:s, s:s}", "about", "fields", "name", field->name));
        for (size_t option = 0; field->is_situation && self->fields[i] && option < field->option_count; option++)
            if (!self->options[i * FORM_OPTIONS_MOST + option])
                json_array_append_new(never, json_pack("{s:s, s:s, s:s}", "about", "options", "name", field->name, "option", field->options[option].code));
    }
    for (guint i = 0; i < self->form->rules->len; i++) {
        const FormRule *rule = &g_array_index(self->form->rules, FormRule, i);
        if (!self->rules[i] && expression_names_only(rule->when, is_question, self->form))
            json_array_append_new(never, json_pack("{s:s, s:s}", "about", form_about_names[rule->about], "name", json_text(rule->said, "name")));
    }
    return never;
}

json_t *form_try_situations(const ItemForm *self)
{
    guint fields = self->fields->len;
    g_autofree bool *reached = g_new0(bool, fields + 1), *rules = g_new0(bool, self->rules->len + 1);
    g_autofree bool *all = g_new0(bool, (gsize)fields * FORM_OPTIONS_MOST + 1);
    g_autoptr(json_t) answers = json_object();
    Trial trial = { .form = self, .answers = answers, .nowhere = json_array(), .fields = reached, .rules = rules, .options = all };
    try_from(&trial, 0);
    bool too_many = trial.combinations > FORM_COMBINATIONS_MOST || trial.steps > STEPS_MOST;
    return json_pack("{s:I, s:b, s:o, s:o}", "combinations", MIN(trial.combinations, FORM_COMBINATIONS_MOST), "too_many", too_many, "nowhere", trial.nowhere,
                     "never", too_many ? json_array() : never_reached(&trial));
}
