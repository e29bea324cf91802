// SPDX-License-Identifier: Apache-2.0
/* Holds the tables of routes against the pages and words in the program, when it starts. */
#include "http/state.h"

bool http_shows_parts(const Request *r)
{
    return r->state->http->settings.shows_parts;
}

/* A secret is never written into a page, a file does not come twice, and of a table no cell is
 * carried along. */
static bool can_wait(const Route *route)
{
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->kind == FIELD_SECRET || field->kind == FIELD_FILES || field->kind == FIELD_ROWS)
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
            return fault(error,
                         "%s %s: what was typed cannot be shown once more, for there is no form or "
                         "a secret, file or table in it",
                         route->method, route->path);
        if (route->page && !view_has_page(view, route->page))
            return fault(error, "%s %s: there is no page %s", route->method, route->path, route->page);
        for (const Field *field = route->page ? route->fields : NULL; field && field->name; field++)
            if (!check_words(view, route, field, error))
                return false;
    }
    return true;
}

/* ---- forms that pages name ---- */

static void add_routes(GPtrArray *all, const Route *table)
{
    for (; table && table->method; table++)
        g_ptr_array_add(all, (Route *)(uintptr_t)table);
}

/* A page may stand behind several addresses, each of which makes some of its forms. */
static bool is_made(const GPtrArray *routes, const char *page, const char *form)
{
    for (guint i = 0; i < routes->len; i++) {
        const Route *shown = routes->pdata[i];
        for (guint j = 0; g_strcmp0(shown->page, page) == 0 && j < routes->len; j++) {
            g_autofree char *made = form_name(routes->pdata[j], shown);
            if (g_strcmp0(made, form) == 0)
                return true;
        }
    }
    return false;
}

static bool check_forms(const View *view, const GPtrArray *routes, GError **error)
{
    for (guint i = 0; i < routes->len; i++) {
        const Route *shown = routes->pdata[i];
        const GPtrArray *forms = shown->page ? view_forms(view, shown->page) : NULL;
        for (guint j = 0; forms && j < forms->len; j++)
            if (!is_made(routes, shown->page, forms->pdata[j]))
                return fault(error, "%s %s: the page %s shows the form %s, which no route has there", shown->method, shown->path, shown->page,
                             (char *)forms->pdata[j]);
    }
    return true;
}

bool http_check(const View *view, const Room *const *rooms, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    for (; *rooms; rooms++) {
        if (!check_table(view, (*rooms)->routes, error) || !check_table(view, (*rooms)->region_routes, error))
            return false;
        add_routes(all, (*rooms)->routes);
        add_routes(all, (*rooms)->region_routes);
    }
    return check_forms(view, all, error);
}
