// SPDX-License-Identifier: Apache-2.0
/* The page of a list beside its rows: heads that sort, the filters as a form, the same rows as files. */
#include "lists/room.h"

#include <string.h>

/* ---- orders ---- */

static const char *head_of(const ListOrder *order)
{
    return order->head ? order->head : order->columns[0];
}

static const ListOrder *order_of_column(const ListAsk *ask, const char *column)
{
    for (const ListOrder *order = ask->spec->orders; order->name; order++)
        if (list_offers(ask->spec, ask->tab, order) && strcmp(head_of(order), column) == 0)
            return order;
    return NULL;
}

/* Where the list stands in this order already, the head turns it round. */
static void put_sort(json_t *head, const ListAsk *ask, const ListOrder *order)
{
    bool is_here = order == ask->order, descending = is_here ? !ask->descending : order->descending;
    g_autofree char *sort = g_strconcat(descending ? "-" : "", order->name, NULL);
    const char *here = ask->descending ? "descending" : "ascending";
    json_object_update_new(head, json_pack("{s:o, s:s*, s:b, s:b}", "sort", list_link(ask->spec, ask->asked, "sort", sort), "sorted",
                                           is_here ? here : NULL, "descending", is_here && ask->descending, "ascending",
                                           is_here && !ask->descending));
}

/* A page that writes its table itself shows the heads that orders have. */
static bool shows_head(const ListSpec *spec, const ListColumn *column)
{
    const ListOrder *order = spec->orders;
    while (order->name && strcmp(head_of(order), column->name) != 0)
        order++;
    return order->name || (!spec->reader && column->where == LIST_SHOWN);
}

/* Once by itself as "heads.due", for a table that a room writes, and once in a row for ours. */
static void put_heads(json_t *answer, const Request *r, const ListAsk *ask)
{
    json_t *columns = json_array(), *heads = json_object();
    for (const ListColumn *column = ask->spec->columns; column->name; column++) {
        if (!shows_head(ask->spec, column))
            continue;
        const ListOrder *order = order_of_column(ask, column->name);
        bool is_right = column->kind == LIST_INTEGER || column->kind == LIST_MONEY;
        g_autofree char *label = list_label(r, ask->spec, column->name);
        json_t *head = json_pack("{s:s, s:b}", "label", label, "is_right", is_right);
        if (order)
            put_sort(head, ask, order);
        json_object_set_new(heads, column->name, head);
        if (column->where == LIST_SHOWN)
            json_array_append(columns, head);
    }
    json_object_set_new(answer, "columns", columns);
    json_object_set_new(answer, "heads", heads);
}

/* ---- filters ---- */

enum { FORM_FIELDS = RANGES_MOST + 3 };

/* The list's own fields as those of a form. Choices that are no codes stand in `known`. */
typedef struct FilterForm {
    Field fields[FORM_FIELDS + 1];
    size_t count;
    json_t *known;
} FilterForm;

/* Narrow screens show no heads: there the order is a field. */
static void add_sort(FilterForm *self, const Request *r, const ListAsk *ask)
{
    json_t *sorts = json_array();
    g_autofree char *here = g_strconcat(ask->descending ? "-" : "", ask->order->name, NULL);
    for (const ListOrder *order = ask->spec->orders; order->name; order++) {
        if (order_of_column(ask, head_of(order)) != order)
            continue;
        g_autofree char *label = list_label(r, ask->spec, head_of(order));
        for (int descending = 0; descending < 2; descending++)
            json_array_append_new(sorts, json_pack("{s:s+, s:s+}", "value", descending ? "-" : "", order->name, "name", label, descending ? " ↓" : " ↑"));
    }
    json_object_set_new(self->known, "sorts", sorts);
    json_object_set_new(self->known, "sort", json_string(here));
    self->fields[self->count++] = (Field){ .name = "sort", .look = LOOK_FIRST, .label = "lists.order", .options = "sorts.value", .value = "sort" };
}

static bool add_filter(FilterForm *self, const Request *r, const ListAsk *ask, const ListFilter *filter, GError **error)
{
    const ListColumn *column = list_filter_column(ask, filter);
    bool is_organ = column->kind == LIST_ORGAN;
    Field *field = &self->fields[self->count++];
    *field = *field_in(ask->spec->fields, filter->field);
    field->value = field->name;
    if (!field->codes)
        field->codes = column->words ? column->words : column->name;
    if (!is_organ && column->kind != LIST_DIVISION)
        return true;
    field->options = is_organ ? "organs.number" : "places.code";
    json_t *all = is_organ ? identity_organs(r->context.db, r->context.county, error) : identity_places(r->context.db, r->context.county, error);
    json_object_set_new(self->known, is_organ ? "organs" : "places", all);
    return all != NULL;
}

/* Where nothing but the key can be typed, the field says so. */
static void add_search(FilterForm *self, const ListAsk *ask, const char *key_label)
{
    const ListSearch *search = &ask->spec->search;
    bool has_words = search->begins[0] || search->contains;
    if (search->number || has_words)
        self->fields[self->count++] = (Field){ .name = "q", .most = LIST_TYPED, .look = LOOK_SEARCH, .label = has_words ? "lists.search" : key_label, .value = "q" };
}

/* Rows beside a question that did not fit would look like its answer. */
static void hide_rows(json_t *answer, const ListSpec *spec)
{
    static const char *const ways[] = { "more", "previous", "searched", "exact" };
    json_object_set_new(answer, spec->rows ? spec->rows : "rows", json_array());
    json_object_set_new(answer, "none", json_true());
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
        json_object_del(answer, ways[i]);
}

/* The fields of the filters stand on a page where one is set, or where they were asked for: their choices are many. */
static bool put_filters(json_t *answer, const Request *r, const ListAsk *ask, GError **error)
{
    const char *tab_field = list_tab_field(ask->spec);
    g_autoptr(json_t) known = json_copy(ask->asked);
    bool is_question = !ask->spec->search.of_persons;
    g_autofree char *key_label = g_strdup_printf("%s.fields.%s", ask->spec->room, ask->spec->key);
    FilterForm form = { .fields = { { .name = "list", .look = LOOK_HIDDEN, .value = "list" } }, .count = 1, .known = known };
    if (ask->spec->tab_field)
        form.fields[0] = *field_in(ask->spec->fields, tab_field);
    if (ask->tab->name)
        json_object_set_new(known, tab_field, json_string(ask->tab->name));
    const ListFilter *filter = ask->spec->filters;
    bool any = false;
    add_search(&form, ask, key_label);
    for (; filter && filter->field; filter++)
        any = any || json_object_get(ask->asked, filter->field);
    bool open = any || (r->refused && g_str_has_suffix(ask->spec->path, r->refused)) || json_flag(ask->asked, "filter");
    for (filter = ask->spec->filters; open && filter && filter->field; filter++)
        if (!add_filter(&form, r, ask, filter, error))
            return false;
    if (open)
        add_sort(&form, r, ask);
    else
        json_object_set_new(answer, "open_filters", list_link(ask->spec, ask->asked, "filter", "true"));
    const char *button = view_word(r->view, r->language, open ? "lists.show" : "lists.search");
    json_object_set_new(answer, "filters", json_object());
    json_object_set_new(known, "q", json_string(ask->search));
    if (form.count > 1)
        form_put(r, &(Form){ .action = ask->spec->path, .name = is_question ? "filters" : strrchr(ask->spec->path, '/') + 1, .button = button,
                             .second = true, .is_question = is_question, .fields = form.fields },
                 known, json_object_get(answer, "filters"));
    json_object_set_new(answer, "is_filtered", json_boolean(any || *json_text(ask->asked, "q")));
    if (json_flag(json_object_get(json_object_get(answer, "filters"), "form"), "is_tried"))
        hide_rows(answer, ask->spec);
    return true;
}

/* ---- files ---- */

static void put_files(json_t *answer, const ListAsk *ask)
{
    json_t *files = json_array();
    for (size_t i = 0; list_formats[i]; i++) {
        g_autofree char *name = g_ascii_strup(list_formats[i], -1);
        json_array_append_new(files, json_pack("{s:s, s:o}", "name", name, "path", list_link(ask->spec, ask->asked, "format", list_formats[i])));
    }
    json_object_set_new(answer, "files", files);
}

/* ---- views and actions ---- */

json_t *list_views(const Request *r, const ListSpec *list, GError **error)
{
    size_t i;
    json_t *view, *views = view_rows(&r->context, list->name, error);
    json_array_foreach(views, i, view) {
        g_autofree char *path = g_strdup_printf("%s?%s", list->path, json_text(view, "query"));
        json_object_set_new(view, "path", json_string(path));
        json_object_set_new(view, "hidden", json_pack("[{s:s, s:O}]", "name", "name", "value", json_object_get(view, "name")));
    }
    return views;
}

static bool put_views(json_t *answer, const Request *r, const ListAsk *ask, GError **error)
{
    if (r->context.actor->kind != STAFF)
        return true;
    g_autoptr(json_t) views = list_views(r, ask->spec, error);
    bool is_filtered = json_flag(answer, "is_filtered");
    if (!is_filtered && !json_array_size(views))
        return views != NULL;
    g_autofree char *action = g_strdup_printf("/desk/lists/%s/views", ask->spec->name), *query = list_query(ask->spec, ask->asked);
    json_object_update_new(answer, json_pack("{s:b, s:O, s:s}", "has_views", json_array_size(views) > 0, "views", views, "views_action",
                                             action));
    if (is_filtered) {
        g_autoptr(json_t) first = json_pack("{s:s}", "query", query);
        json_object_set_new(answer, "naming", json_object());
        form_put(r, &(Form){ .action = action, .name = "views", .button = view_word(r->view, r->language, "lists.save_view"), .second = true,
                             .fields = list_view_fields }, first, json_object_get(answer, "naming"));
    }
    return true;
}

bool list_may_act(const Request *r, const ListSpec *list)
{
    const ListAction *action = list->actions;
    while (action && action->name && !identity_has_role(r->context.actor, action->roles))
        action++;
    return action && action->name;
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

bool list_put_form(json_t *answer, const Request *r, const ListAsk *ask, GError **error)
{
    g_autoptr(json_t) tab = json_pack("{s:s*}", list_tab_field(ask->spec), ask->tab->name);
    g_autofree char *all = list_address(ask->spec, tab);
    g_autofree char *key = g_strdup_printf("%s.%s", ask->spec->room, ask->spec->name);
    g_autofree char *title = view_sentence(r->view, r->language, key, NULL);
    json_object_update_new(answer, json_pack("{s:s, s:s, s:b}", "title", title, "unfiltered", all, "has_tabs",
                                             json_array_size(json_object_get(answer, "lists")) > 1));
    put_heads(answer, r, ask);
    put_files(answer, ask);
    put_actions(answer, r, ask);
    return put_filters(answer, r, ask, error) && put_views(answer, r, ask, error);
}
