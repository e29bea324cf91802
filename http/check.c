// SPDX-License-Identifier: Apache-2.0
/* Holds the tables of routes against the pages and words in the program, when it starts. */
#include "http/state.h"

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
    g_autofree char *room = route_room(route), *key = g_strjoin(".", room, "fields", field->name, NULL);
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
