// SPDX-License-Identifier: Apache-2.0
/* The pages round a form: what was typed, to be looked at once more before it is done; and that it is done, with the number
 * and what happens next. */
#include "http/state.h"

#include <string.h>

enum { STEPS_MOST = 9 };

bool form_waits(const RequestState *self)
{
    return self->route && self->route->check && self->wants_page && self->body_kind == FORM_BODY && !self->is_confirmed && !self->answer;
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

bool http_shows_parts(const Request *r)
{
    return r->state->http->settings.shows_parts;
}

/* A secret is never written into a page, and a file does not come twice. */
static bool can_wait(const Route *route)
{
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->kind == FIELD_SECRET || field->kind == FIELD_FILES)
            return false;
    return route->form != NULL;
}

static bool check_words(const View *view, const Route *route, const Field *field, GError **error)
{
    g_autofree char *room = g_strndup(route->page, strcspn(route->page, "/")), *key = g_strjoin(".", room, "fields", field->name, NULL);
    g_autofree char *own = g_strjoin(".", field->room, "fields", field->name, NULL);
    const char *const words[] = { field->label, field->hint, field->missing, field->empty, field->option_label };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i] && !view_has_word(view, words[i]))
            return fault(error, "%s %s: field %s names the word %s, which no word file has", route->method, route->path, field->name, words[i]);
    return field->label || view_has_word(view, key) || (field->room && view_has_word(view, own)) ||
           fault(error, "%s %s: field %s has no word %s", route->method, route->path, field->name, key);
}

static bool check_table(const View *view, const Route *table, GError **error)
{
    for (const Route *route = table; route && route->method; route++) {
        if (route->check && !can_wait(route))
            return fault(error, "%s %s: what was typed cannot be shown once more, for there is no form or a secret or file in it", route->method, route->path);
        if (route->page && !view_has_page(view, route->page))
            return fault(error, "%s %s: there is no page %s", route->method, route->path, route->page);
        for (const Field *field = route->page ? route->fields : NULL; field && field->name; field++)
            if (!check_words(view, route, field, error))
                return false;
    }
    return true;
}

bool http_check(const View *view, const Room *const *rooms, GError **error)
{
    for (; *rooms; rooms++)
        if (!check_table(view, (*rooms)->routes, error) || !check_table(view, (*rooms)->region_routes, error))
            return false;
    return true;
}
