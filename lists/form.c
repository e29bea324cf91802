// SPDX-License-Identifier: Apache-2.0
/* The page of a list beside its rows: heads that sort, the filters as a form, the same rows as files. */
#include "lists/inside.h"

#include <string.h>

static LinkBase base_of(const ListAsk *ask)
{
    return (LinkBase){ ask->spec->path, ask->spec->fields };
}

/* ---- orders ---- */

static const ListOrder *order_of_column(const ListAsk *ask, const char *column)
{
    for (const ListOrder *order = ask->spec->orders; order->name; order++) {
        bool offered = !ask->tab->orders || (ask->tab->orders & 1u << (order - ask->spec->orders));
        if (offered && strcmp(order->columns[0], column) == 0)
            return order;
    }
    return NULL;
}

/* Where the list stands in this order already, the head turns it round. */
static void put_sort(json_t *head, const ListAsk *ask, const json_t *asked, const ListOrder *order)
{
    const LinkBase base = base_of(ask);
    bool is_here = order == ask->order, descending = is_here ? !ask->descending : order->descending;
    g_autofree char *sort = g_strconcat(descending ? "-" : "", order->name, NULL);
    json_object_set_new(head, "sort", list_link(&base, asked, "sort", sort));
    if (is_here)
        json_object_set_new(head, "sorted", json_string(ask->descending ? "descending" : "ascending"));
    json_object_set_new(head, "descending", json_boolean(is_here && ask->descending));
    json_object_set_new(head, "ascending", json_boolean(is_here && !ask->descending));
}

/* Once by itself as "heads.due", for a table that a room writes, and once in a row for ours. */
static void put_heads(json_t *answer, const Request *r, const ListAsk *ask, const json_t *asked)
{
    json_t *columns = json_array(), *heads = json_object();
    for (const ListColumn *column = ask->spec->columns; column->name; column++) {
        const ListOrder *order = order_of_column(ask, column->name);
        bool is_right = column->kind == LIST_INTEGER || column->kind == LIST_MONEY;
        if (ask->spec->reader && !order)
            continue; /* the room writes its table itself */
        g_autofree char *label = list_label(r, ask->spec, column->name);
        json_t *head = json_pack("{s:s, s:b}", "label", label, "is_right", is_right);
        if (order)
            put_sort(head, ask, asked, order);
        json_object_set_new(heads, column->name, head);
        if (column->where == LIST_SHOWN)
            json_array_append(columns, head);
    }
    json_object_set_new(answer, "columns", columns);
    json_object_set_new(answer, "heads", heads);
}

/* Narrow screens show no heads: there the order is a field. */
static json_t *sort_choices(const Request *r, const ListAsk *ask)
{
    json_t *choices = json_array();
    for (const ListOrder *order = ask->spec->orders; order->name; order++) {
        if (order_of_column(ask, order->columns[0]) != order)
            continue;
        g_autofree char *label = list_label(r, ask->spec, order->columns[0]);
        for (int descending = 0; descending < 2; descending++) {
            g_autofree char *value = g_strconcat(descending ? "-" : "", order->name, NULL);
            g_autofree char *text = g_strconcat(label, descending ? " ↓" : " ↑", NULL);
            bool is_here = order == ask->order && ask->descending == descending;
            json_array_append_new(choices, json_pack("{s:s, s:s, s:b}", "value", value, "text", text, "chosen", is_here));
        }
    }
    return choices;
}

/* ---- filters ---- */

static void append_choice(json_t *options, const char *value, const char *text, const char *chosen)
{
    json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", value, "text", text, "chosen", strcmp(value, chosen) == 0));
}

static json_t *coded_choices(const Request *r, const ListAsk *ask, const ListFilter *filter, const Field *field, const char *chosen)
{
    json_t *options = json_array();
    const ListColumn *column = list_column(ask->spec, filter->column);
    for (size_t i = 0; field->choices[i]; i++) {
        g_autofree char *text = view_code(r->view, r->language, column->words ? column->words : column->name, field->choices[i]);
        append_choice(options, field->choices[i], text, chosen);
    }
    return options;
}

/* Makes choices of reference data, which is shared and stays unchanged. */
static json_t *named_choices(const Request *r, const json_t *all, const char *key, const char *chosen)
{
    size_t i;
    json_t *one, *options = json_array();
    json_array_foreach((json_t *)all, i, one) {
        const char *name = view_name(r->language, one);
        g_autofree char *number = g_strdup_printf("%" PRId64, json_number(one, key));
        append_choice(options, json_is_string(json_object_get(one, key)) ? json_text(one, key) : number, name, chosen);
    }
    return options;
}

static bool put_options(json_t *shown, const Request *r, const ListAsk *ask, const ListFilter *filter, const Field *field, const char *chosen,
                        GError **error)
{
    const ListColumn *column = list_column(ask->spec, filter->column);
    bool is_organ = column->kind == LIST_ORGAN, is_named = is_organ || column->kind == LIST_DIVISION;
    if (field->kind == FIELD_CHOICE)
        json_object_set_new(shown, "options", coded_choices(r, ask, filter, field, chosen));
    if (!is_named)
        return true;
    g_autoptr(json_t) all = is_organ ? identity_organs(r->context.db, r->context.county, error)
                                     : identity_places(r->context.db, r->context.county, error);
    if (all)
        json_object_set_new(shown, "options", named_choices(r, all, is_organ ? "number" : "code", chosen));
    return all != NULL;
}

static bool put_filter(json_t *filters, const Request *r, const ListAsk *ask, const ListFilter *filter, const json_t *asked, GError **error)
{
    const Field *field = field_in(ask->spec->fields, filter->field);
    const json_t *given = json_object_get(asked, field->name);
    g_autofree char *number = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(given));
    const char *value = json_is_integer(given) ? number : json_text(asked, field->name);
    g_autofree char *label = list_label(r, ask->spec, field->name);
    json_t *shown = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "name", field->name, "label", label, "value", value, "is_flag",
                              field->kind == FIELD_FLAG, "is_checked", json_is_true(given), "is_day", field->kind == FIELD_DAY);
    json_array_append_new(filters, shown);
    if (!put_options(shown, r, ask, filter, field, value, error))
        return false;
    bool has_options = json_object_get(shown, "options") != NULL;
    json_object_set_new(shown, "is_choice", json_boolean(has_options));
    json_object_set_new(shown, "is_text", json_boolean(!has_options && field->kind != FIELD_DAY && field->kind != FIELD_FLAG));
    return true;
}

/* The fields of the filters stand on a page where one is set, or where they were asked for: their choices are many. */
static bool put_filters(json_t *answer, const Request *r, const ListAsk *ask, const json_t *asked, GError **error)
{
    bool any = false;
    const LinkBase base = base_of(ask);
    const ListFilter *filter = ask->spec->filters;
    for (; filter && filter->field; filter++)
        any = any || json_object_get(asked, filter->field);
    json_object_set_new(answer, "is_filtered", json_boolean(any || *json_text(asked, "q")));
    if (!any && !json_flag(asked, "filter")) {
        json_object_set_new(answer, "open_filters", list_link(&base, asked, "filter", "true"));
        return true;
    }
    json_t *filters = json_array();
    json_object_set_new(answer, "has_filters", json_true());
    json_object_set_new(answer, "filters", filters);
    json_object_set_new(answer, "sorts", sort_choices(r, ask));
    for (filter = ask->spec->filters; filter && filter->field; filter++)
        if (!put_filter(filters, r, ask, filter, asked, error))
            return false;
    return true;
}

/* Where nothing but the key can be typed, the field says so. */
static void put_search(json_t *answer, const Request *r, const ListAsk *ask, const json_t *asked)
{
    const ListSearch *search = &ask->spec->search;
    bool has_words = search->begins[0] || search->contains;
    g_autofree char *label = has_words ? view_sentence(r->view, r->language, "lists.search", NULL) : list_label(r, ask->spec, ask->spec->key);
    json_object_set_new(answer, "may_search", json_boolean(search->number || has_words));
    json_object_set_new(answer, "search_label", json_string(label));
    json_object_set_new(answer, "q", json_string(json_text(asked, "q")));
}

/* ---- files ---- */

static void put_files(json_t *answer, const ListAsk *ask, const json_t *asked)
{
    json_t *files = json_array();
    const LinkBase base = base_of(ask);
    g_autoptr(json_t) link = list_link(&base, asked, "format", NULL);
    const char *rows = json_string_value(link);
    for (size_t i = 0; list_formats[i]; i++) {
        g_autofree char *name = g_ascii_strup(list_formats[i], -1);
        g_autofree char *path = g_strconcat(rows, strchr(rows, '?') ? "&" : "?", "format=", list_formats[i], NULL);
        json_array_append_new(files, json_pack("{s:s, s:s}", "name", name, "path", path));
    }
    json_object_set_new(answer, "files", files);
}

/* ---- views and actions ---- */

/* The query of the list's address, without the place on the list. Owned by the caller. */
static char *query_of(const ListAsk *ask, const json_t *asked)
{
    const LinkBase base = { "", ask->spec->fields };
    g_autoptr(json_t) link = list_link(&base, asked, "page", NULL);
    const char *query = json_string_value(link);
    return g_strdup(*query ? query + 1 : "");
}

static bool put_views(json_t *answer, const Request *r, const ListAsk *ask, const json_t *asked, GError **error)
{
    size_t i;
    json_t *view;
    if (r->context.actor->kind != STAFF)
        return true;
    json_t *views = view_rows(&r->context, ask->spec->name, error);
    if (!views)
        return false;
    json_array_foreach(views, i, view) {
        g_autofree char *path = g_strdup_printf("%s?%s", ask->spec->path, json_text(view, "query"));
        json_object_set_new(view, "path", json_string(path));
    }
    bool is_filtered = json_flag(answer, "is_filtered");
    if (!is_filtered && !json_array_size(views)) {
        json_decref(views);
        return true;
    }
    g_autofree char *action = g_strdup_printf("/desk/lists/%s/views", ask->spec->name), *query = query_of(ask, asked);
    json_object_set_new(answer, "has_views", json_boolean(json_array_size(views)));
    json_object_set_new(answer, "views", views);
    json_object_set_new(answer, "views_action", json_string(action));
    json_object_set_new(answer, "may_name", json_boolean(is_filtered));
    json_object_set_new(answer, "view_query", json_string(query));
    return true;
}

static void put_actions(json_t *answer, const Request *r, const ListAsk *ask)
{
    json_t *actions = json_array();
    for (const ListAction *action = ask->spec->actions; action && action->name; action++) {
        g_autofree char *path = g_strdup_printf("/desk/lists/%s/actions/%s", ask->spec->name, action->name);
        if (identity_has_role(r->context.actor, action->roles))
            json_array_append_new(actions, json_pack("{s:s, s:s}", "list_action", action->name, "path", path));
    }
    json_object_set_new(answer, "may_act", json_boolean(json_array_size(actions) && !json_flag(answer, "none")));
    json_object_set_new(answer, "list_actions", actions);
}

bool list_put_form(json_t *answer, const Request *r, const ListAsk *ask, const json_t *asked, GError **error)
{
    g_autofree char *all = ask->tab->name ? g_strdup_printf("%s?list=%s", ask->spec->path, ask->tab->name) : g_strdup(ask->spec->path);
    g_autofree char *key = g_strdup_printf("%s.%s", ask->spec->room, ask->spec->name);
    g_autofree char *title = view_sentence(r->view, r->language, key, NULL);
    json_object_set_new(answer, "title", json_string(title));
    json_object_set_new(answer, "action", json_string(ask->spec->path));
    json_object_set_new(answer, "unfiltered", json_string(all));
    json_object_set_new(answer, "has_tabs", json_boolean(json_array_size(json_object_get(answer, "lists")) > 1));
    put_heads(answer, r, ask, asked);
    put_files(answer, ask, asked);
    put_search(answer, r, ask, asked);
    put_actions(answer, r, ask);
    return put_filters(answer, r, ask, asked, error) && put_views(answer, r, ask, asked, error);
}
