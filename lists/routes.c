// SPDX-License-Identifier: Apache-2.0
/* Changes made from a list: a view is named or forgotten, an action is taken on the rows that were chosen. */
#include "lists/room.h"

#include <string.h>

enum { VIEWS_MOST = 20, QUERY_MOST = 1000, ROWS_AT_ONCE = 100 };

/* NULL with *error set: there is none of this name, or its page is not open to the actor. */
static const ListSpec *list_of(const Request *r, const char *name, GError **error)
{
    for (const Room *const *room = r->context.rooms; room && *room; room++)
        for (const ListSpec *const *list = (*room)->lists; list && *list; list++) {
            if (strcmp((*list)->name, name) != 0)
                continue;
            const Route *route = (*room)->routes;
            while (strcmp(route->method, "GET") != 0 || strcmp(route->path, (*list)->path) != 0)
                route++;
            bool is_open = route->demand == ANYONE || identity_has_role(r->context.actor, route->demand);
            return is_open ? *list : refuse(error, NOT_ALLOWED, "http.not_your_role", NULL);
        }
    return refuse(error, NOT_FOUND, "lists.no_such_list", NULL);
}

static const ListSpec *list_at(const Request *r, GError **error)
{
    for (const Room *const *room = r->context.rooms; *room; room++)
        for (const ListSpec *const *list = (*room)->lists; list && *list; list++)
            if (strcmp((*list)->path, r->route) == 0)
                return *list;
    return fault(error, "no list at %s", r->route);
}

json_t *list_page(Request *r, GError **error)
{
    const ListSpec *list = list_at(r, error);
    return list ? list_show(r, list, error) : NULL;
}

json_t *list_find(Request *r, GError **error)
{
    g_auto(ListAsk) ask = { 0 };
    const ListSpec *list = list_at(r, error);
    if (!list || !list_ask(r, list, r->fields, &ask, error))
        return NULL;
    g_autofree char *path = list_address(list, ask.asked);
    return answer_redirect(r, path);
}

/* ---- views ---- */

/* Signs that turn the text round or are not seen would make one view look like another. */
static char *check_name(const char *text, GError **error)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (g_unichar_type(g_utf8_get_char(at)) == G_UNICODE_FORMAT)
            return refuse(error, NOT_FITTING, "lists.view_name", NULL);
    return g_strdup(text);
}

const Field list_view_fields[] = {
    { "name", FIELD_TEXT, 1, 40, true, .label = "lists.name_view", .hint = "lists.name_hint", .check = check_name },
    { "query", FIELD_TEXT, 0, QUERY_MOST, .look = LOOK_HIDDEN, .value = "query" },
    { 0 },
};

static const Field views_fields[] = { { "query", FIELD_TEXT, 0, QUERY_MOST, .look = LOOK_NONE }, { 0 } };
static const Field forget_fields[] = { { "name", FIELD_TEXT, 1, 40, true }, { 0 } };

/* The query as a view keeps it: without place and format. A view that asks what the list does not answer is refused with the
 * name of what it asks; every other trouble is told as it is. NULL with *error set; owned by the caller. */
static char *fitting(const Request *r, const ListSpec *list, const char *query, GError **error)
{
    g_auto(ListAsk) ask = { 0 };
    g_autoptr(GError) why = NULL;
    g_autoptr(json_t) fields = fields_of_query(list->fields, query, &why);
    g_autofree char *lasting = fields ? list_query(list, fields) : NULL;
    if (fields && list_ask(r, list, fields, &ask, &why))
        return g_steal_pointer(&lasting);
    if (!trouble_is(&why, NOT_FITTING, error))
        return NULL;
    g_autoptr(json_t) details = trouble_details(why);
    const char *culprit = json_text(details, "field");
    return refuse_field(error, "query", "lists.view_unfit", "culprit", *culprit ? culprit : query, NULL);
}

static char *path_of(const ListSpec *list, const char *query)
{
    return g_strconcat(list->path, *query ? "?" : "", query, NULL);
}

static json_t *save(Request *r, GError **error)
{
    const ListSpec *list = list_of(r, r->path[0], error);
    const char *name = json_text(r->fields, "name");
    g_autofree char *query = list ? fitting(r, list, json_text(r->fields, "query"), error) : NULL;
    size_t i, others = 0;
    json_t *view;
    g_autoptr(json_t) views = query ? view_rows(&r->context, list->name, error) : NULL;
    json_array_foreach(views, i, view)
        others += strcmp(json_text(view, "name"), name) != 0;
    if (!views)
        return NULL;
    if (others >= VIEWS_MOST)
        return refuse_field(error, "name", "lists.too_many_views", NULL);
    g_autofree char *path = path_of(list, query);
    return view_save(&r->context, list->name, name, query, error) ? answer_redirect(r, path) : NULL;
}

/* The page that names a view again when it was refused, with the conditions in the form and the way back to the list. */
static json_t *show_views(Request *r, GError **error)
{
    const ListSpec *list = list_of(r, r->path[0], error);
    g_autofree char *query = list ? fitting(r, list, json_text(r->fields, "query"), error) : NULL;
    json_t *views = query ? list_views(r, list, error) : NULL;
    if (!views)
        return NULL;
    g_autofree char *path = path_of(list, query);
    return json_pack("{s:s, s:s, s:o}", "query", query, "list_path", path, "views", views);
}

static json_t *forget(Request *r, GError **error)
{
    const ListSpec *list = list_of(r, r->path[0], error);
    bool forgot = list && view_remove(&r->context, list->name, json_text(r->fields, "name"), error);
    return forgot ? answer_redirect(r, list->path) : NULL;
}

/* ---- actions on many rows ---- */

static const Field act_fields[] = { { "rows", FIELD_LIST, 0, 60, .look = LOOK_NONE }, { 0 } };

static const ListAction *action_of(const Request *r, const ListSpec *list, GError **error)
{
    const ListAction *action = list->actions;
    while (action && action->name && strcmp(action->name, r->path[1]) != 0)
        action++;
    if (!action || !action->name)
        return refuse(error, NOT_FOUND, "lists.no_such_action", NULL);
    return identity_has_role(r->context.actor, action->roles) ? action : refuse(error, NOT_ALLOWED, "http.not_your_role", NULL);
}

static bool read_row(const char *row, int64_t *key, int64_t *seen, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(row, "~", 2);
    *key = *seen = 0;
    return (*parts && g_ascii_string_to_signed(parts[0], 10, INT64_MIN, INT64_MAX, key, NULL) &&
            (!parts[1] || g_ascii_string_to_signed(parts[1], 10, 0, INT64_MAX, seen, NULL))) ||
           refuse(error, NOT_FOUND, "lists.no_row", NULL);
}

/* The row by its name, with the address of its own page. */
static json_t *row_told(const ListSpec *list, const char *row, int64_t key)
{
    g_autofree char *name = text_grouped(DECIMAL(key));
    g_autoptr(json_t) columns = json_pack("{s:s}", list->key, DECIMAL(key));
    g_autofree char *path = list_row_path(list, columns);
    return json_pack("{s:s, s:s, s:s}", "row", row, "row_name", name, "path", path);
}

/* NULL with an error: a fault, after which nothing of this may stay. */
static json_t *act_on(const Request *r, const ListSpec *list, const ListAction *action, const char *row, GError **error)
{
    int64_t key, seen;
    g_autoptr(GError) why = NULL;
    bool is_row = read_row(row, &key, &seen, &why), done = is_row && action->act(r, key, seen, &why);
    if (!done && trouble_status(why) >= FAULT) {
        g_propagate_error(error, g_steal_pointer(&why));
        return NULL;
    }
    json_t *told = is_row ? row_told(list, row, key) : json_pack("{s:s, s:s}", "row", row, "row_name", row);
    json_object_set_new(told, "done", json_boolean(done));
    if (done)
        return told;
    g_autoptr(json_t) details = trouble_details(why);
    g_autofree char *detail = view_sentence(r->view, r->language, json_text(details, "reason"), details);
    json_object_set(told, "reason", json_object_get(details, "reason"));
    json_object_set_new(told, "detail", json_string(detail));
    return told;
}

/* A person who has chosen nothing is shown the way back, where he can. */
static bool may_act(const Request *r, const json_t *rows, GError **error)
{
    if (json_array_size(rows) > ROWS_AT_ONCE)
        return refuse_field(error, "rows", "lists.too_many_rows", NULL);
    return json_array_size(rows) || answer_is_page(r) || refuse_field(error, "rows", "lists.no_rows", NULL);
}

static json_t *act(Request *r, GError **error)
{
    size_t i;
    json_t *row;
    int64_t count = 0;
    const ListSpec *list = list_of(r, r->path[0], error);
    const ListAction *action = list ? action_of(r, list, error) : NULL;
    const json_t *rows = json_object_get(r->fields, "rows");
    g_autoptr(json_t) told = json_array();
    if (!action || !may_act(r, rows, error))
        return NULL;
    json_array_foreach((json_t *)rows, i, row) {
        json_t *one = act_on(r, list, action, json_string_value(row), error);
        if (!one)
            return NULL;
        count += json_flag(one, "done");
        json_array_append_new(told, one);
    }
    int64_t all = (int64_t)json_array_size(rows);
    return json_pack("{s:s, s:s, s:b, s:I, s:I, s:O}", "list_action", action->name, "list_path", list->path, "none", all == 0, "done",
                     (json_int_t)count, "refused", (json_int_t)(all - count), "rows", told);
}

const Route list_routes[] = {
    { "GET", "/desk/lists/{list}/views", ANY_ROLE, show_views, "lists/view", views_fields, NULL, NULL, "The names given to what a list was asked" },
    { "POST", "/desk/lists/{list}/views", ANY_ROLE, save, "lists/done", list_view_fields, NULL, "/desk/lists/{list}/views",
      "Name what a list is asked, to find it again" },
    { "POST", "/desk/lists/{list}/views/forget", ANY_ROLE, forget, "lists/done", forget_fields, NULL, NULL, "Forget such a name" },
    { "POST", "/desk/lists/{list}/actions/{action}", ANY_ROLE, act, "lists/done", act_fields, NULL, NULL,
      "Take an action on many rows of a list, each judged for itself: which were done, and why others were not" },
    { 0 },
};
