// SPDX-License-Identifier: Apache-2.0
/* The pages round a form: what was typed, to be looked at once more before it is done; and that it is done, with the number
 * and what happens next. */
#include "http/state.h"

#include <string.h>

enum { STEPS_MOST = 9 };

bool form_waits(const RequestState *self)
{
    bool is_form =
        self->route && self->route->form && self->wants_page && self->body_kind == FORM_BODY;
    return is_form && (self->changes_rows || (self->route->check && !self->is_confirmed)) &&
           !self->answer;
}

json_t *typed_of(const RequestState *self)
{
    size_t i;
    json_t *text, *typed = json_array();
    for (const Field *field = self->route ? self->route->fields : NULL; field && field->name; field++)
        json_array_foreach(json_object_get(self->given, field->name), i, text) {
            g_autofree char *label = field_label(self, field->name);
            if ((field->kind == FIELD_TEXT || field->kind == FIELD_LONG_TEXT) && field->look != LOOK_HIDDEN && *json_string_value(text))
                json_array_append_new(typed, json_pack("{s:s, s:O}", "label", label, "value", text));
        }
    return typed;
}

/* A word of the page over its answer; NULL when there is none. */
static json_t *said(const RequestState *self, const Route *shown, const char *word, const json_t *answer)
{
    g_autofree char *key = g_strconcat(shown->done, ".", word, NULL);
    g_autofree char *text = view_sentence(self->site->view, self->request.language, key, answer);
    return strcmp(text, key) != 0 ? json_string(text) : NULL;
}

/* "next_1", "next_2" … */
static json_t *next_steps(const RequestState *self, const Route *shown, const json_t *answer)
{
    json_t *steps = json_array(), *step;
    for (int i = 1; i <= STEPS_MOST; i++) {
        g_autofree char *word = g_strdup_printf("next_%d", i);
        if ((step = said(self, shown, word, answer)) != NULL)
            json_array_append_new(steps, step);
    }
    return steps;
}

json_t *done_of(const RequestState *self, const Route *shown, const json_t *answer)
{
    g_autofree char *path = shown->redirect ? route_fill(self, shown->redirect, answer) : NULL;
    return json_pack("{s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o, s:s*}", "title", said(self, shown, "title", answer), "label",
                     said(self, shown, "label", answer), "number", said(self, shown, "number", answer), "note", said(self, shown, "note", answer),
                     "button", said(self, shown, "button", answer), "heading", said(self, shown, "next", answer), "steps",
                     next_steps(self, shown, answer), "path", path);
}
