// SPDX-License-Identifier: Apache-2.0
/* A page of a list: which rows a question means, its rows, totals, tabs and addresses. */
#include "lists/room.h"

#include <string.h>

enum { PARTS_EXPECTED = 24 * 1024 }; /* bytes set aside for the rows of a page */

/* ---- reading a page ---- */

ListRangeOfRows list_range_of_rows(const ListAsk *ask, bool is_back, const ListPlace *from)
{
    return (ListRangeOfRows){ .ask = ask, .descending = ask->descending != is_back, .from = from ? *from : (ListPlace){ 0 } };
}

static void turn_round(GArray *rows)
{
    for (guint i = 0, k = rows->len; i + 1 < k; i++) {
        ListRow row = g_array_index(rows, ListRow, i);
        g_array_index(rows, ListRow, i) = g_array_index(rows, ListRow, --k);
        g_array_index(rows, ListRow, k) = row;
    }
}

/* The row behind the last one of the page is only known to be there. */
static bool all_kept(const GArray *rows, int64_t shown)
{
    bool kept = true;
    for (guint i = 0; i < MIN(rows->len, shown); i++)
        kept = kept && g_array_index(rows, ListRow, i).part;
    return kept;
}

/* Mostly all parts are kept, and then no row is read. */
static bool read_rows(const Context *context, ListRangeOfRows *wanted, int64_t shown, GArray *rows, GError **error)
{
    wanted->parts_alone = wanted->parts;
    if (!list_read(context, wanted, shown + 1, rows, error))
        return false;
    if (!wanted->parts || all_kept(rows, shown))
        return true;
    g_array_set_size(rows, 0);
    wanted->parts_alone = false;
    return list_read(context, wanted, shown + 1, rows, error);
}

bool list_page_read(const Context *context, const ListAsk *ask, int64_t most, ListPage *out, GError **error)
{
    bool is_back = ask->before.count > 0;
    ListRangeOfRows wanted = list_range_of_rows(ask, is_back, is_back ? &ask->before : &ask->after);
    out->is_back = is_back;
    if (!list_edge(context, &wanted, &out->edge, error))
        return false;
    wanted.to = out->edge;
    wanted.r = out->r;
    wanted.parts = out->parts;
    if (!read_rows(context, &wanted, most, out->rows, error))
        return false;
    out->goes_on = out->rows->len > most;
    if (out->goes_on)
        g_array_set_size(out->rows, (guint)most);
    if (is_back)
        turn_round(out->rows);
    return true;
}

/* The first way in which a person may be meant who has a row. */
static bool choose_person(const Context *context, ListAsk *ask, GError **error)
{
    int64_t any = 0;
    SoughtWays ways = { 0 };
    const char *table = ask->spec->search.sought;
    const Sought typed = { .name = ask->search, .id_number = "", .telephone = "" };
    if (table && ask->typed && !sought_ways(context, table, &typed, &ways, error))
        return false;
    for (size_t i = 0; i < ways.count && !any; i++) {
        ListAsk trial = *ask;
        list_ask_person(&trial, &ways.ways[i]);
        const ListRangeOfRows all = list_range_of_rows(&trial, false, NULL);
        if (!list_count(context, &all, 1, &any, error))
            return false;
        if (any)
            *ask = trial;
    }
    return true;
}

/* The text typed is taken for the first meaning that finds rows: the beginning of an order's texts, a person, else words. */
bool list_choose_match(const Context *context, ListAsk *ask, GError **error)
{
    const ListSpec *spec = ask->spec;
    ListAsk last = *ask;
    for (const char *const *begins = spec->search.begins; ask->typed && !ask->match && *begins; begins++) {
        int64_t any;
        ListAsk trial = *ask;
        bool asked = list_ask_begins(context, &trial, list_order(spec, *begins), error);
        const ListRangeOfRows all = list_range_of_rows(&trial, false, NULL);
        if (!asked || !list_count(context, &all, 1, &any, error))
            return false;
        if (any)
            *ask = trial;
        last = trial;
    }
    if (!ask->match && !choose_person(context, ask, error))
        return false;
    if (ask->typed && !ask->match && spec->search.begins[0] && !spec->search.contains)
        *ask = last;
    if (ask->typed && !ask->match && spec->search.contains)
        list_ask_contains(ask);
    if (ask->match)
        json_object_set_new(ask->asked, "match", json_string(ask->match));
    if (ask->match && ask->match != list_matches[1])
        json_object_set_new(ask->asked, "sort", json_string(ask->order->name));
    return true;
}

/* ---- rows ---- */

/* A page writes a name in its reader's language; a file has both. */
static json_t *cells_of(const Request *r, const ListSpec *spec, const json_t *row, const char *path)
{
    json_t *cells = json_array();
    for (const ListColumn *column = spec->columns; column->name; column++) {
        if (column->where != LIST_SHOWN)
            continue;
        g_autofree char *key = g_strconcat(column->name, "_en", NULL), *label = list_label(r, spec, column->name);
        g_autofree char *text = list_cell(r, column, row), *grouped = column->kind == LIST_NUMBER ? text_grouped(text) : NULL;
        const char *english = r->language == ENGLISH ? json_text(row, key) : "", *shown = grouped ? grouped : text;
        bool is_number = column->kind == LIST_INTEGER || column->kind == LIST_MONEY;
        bool is_code = column->kind == LIST_NUMBER || list_is_day(column) || strcmp(column->name, spec->key) == 0;
        if (*english)
            shown = english;
        json_array_append_new(cells, json_pack("{s:s, s:s, s:b, s:b, s:b, s:b, s:s*}", "label", label, "text", shown, "is_head",
                                               column->is_head, "is_right", is_number, "is_number", is_number || is_code, "is_blank",
                                               !*shown, "href", column->is_head && *path ? path : NULL));
    }
    return cells;
}

/* A row that says how many events it has is chosen as it was seen, lest a change in between be overlooked. */
static void put_choice(json_t *shown, const ListPlace *at)
{
    const json_t *seen = json_object_get(shown, "seen");
    const char *digits = DECIMAL(at->parts[at->count - 1].number);
    g_autofree char *name = text_grouped(digits);
    json_object_set_new(shown, "row_key", seen ? json_sprintf("%s~%" JSON_INTEGER_FORMAT, digits, json_integer_value(seen)) : json_string(digits));
    json_object_set_new(shown, "row_name", json_string(name));
}

/* On a page the row's address says which list it stands in. */
static json_t *row_json(const Request *r, const ListAsk *ask, const ListRow *row, const char *from, GError **error)
{
    const ListSpec *spec = ask->spec;
    g_autofree char *own = spec->reader ? NULL : list_row_path(spec, row->data);
    if (!spec->reader && !list_dress(r, spec, row->data, error))
        return NULL;
    json_t *shown = spec->reader ? spec->reader->show(r, row->data, error) : json_incref(row->data);
    if (!shown)
        return NULL;
    g_autofree char *bare = own ? g_steal_pointer(&own) : list_row_path(spec, shown), *path = g_strconcat(bare, from, NULL);
    if (*bare)
        json_object_set_new(shown, "path", json_string(path));
    if (!answer_is_page(r))
        return shown;
    if (spec->actions)
        put_choice(shown, &row->at);
    if (!spec->reader)
        json_object_set_new(shown, "cells", cells_of(r, spec, shown, *bare ? path : ""));
    return shown;
}

static bool make_part(const Request *r, const ListAsk *ask, ListRow *row, const char *from, bool may_act, GError **error)
{
    g_autoptr(json_t) shown = row_json(r, ask, row, from, error);
    if (!shown)
        return false;
    json_object_set_new(shown, "may_act", json_boolean(may_act));
    row->part = part_make(r, ROW_PARTS, row->made_of, ask->spec->reader->part, shown, error);
    return row->part != NULL;
}

static bool put_parts(const Request *r, const ListAsk *ask, const ListPage *page, const char *from, bool may_act, GError **error)
{
    g_autoptr(GString) html = g_string_sized_new(PARTS_EXPECTED);
    for (guint i = 0; i < page->rows->len; i++) {
        ListRow *row = &g_array_index(page->rows, ListRow, i);
        if (!row->part && !make_part(r, ask, row, from, may_act, error))
            return false;
        g_string_append_len(html, json_string_value(row->part), (gssize)json_string_length(row->part));
    }
    part_put(r, "rows", json_stringn_nocheck(html->str, html->len));
    return true;
}

static bool put_rows(json_t *answer, const Request *r, const ListAsk *ask, const ListPage *page, const char *from, GError **error)
{
    json_t *rows = json_array();
    json_object_set_new(answer, ask->spec->rows ? ask->spec->rows : "rows", rows);
    json_object_set_new(answer, "none", json_boolean(page->rows->len == 0));
    if (page->parts)
        return put_parts(r, ask, page, from, list_may_act(r, ask->spec), error);
    for (guint i = 0; i < page->rows->len; i++) {
        json_t *row = row_json(r, ask, &g_array_index(page->rows, ListRow, i), from, error);
        if (!row)
            return false;
        json_array_append_new(rows, row);
    }
    return true;
}

/* ---- addresses ---- */

static bool put_place(json_t *answer, const char *name, const Request *r, const ListAsk *ask, const char *field, const ListPlace *place,
                      GError **error)
{
    g_autofree char *text = list_place_text(place), *hidden = list_hide(r, ask->spec, text, error);
    return hidden && json_object_set_new(answer, name, list_link(ask->spec, ask->asked, field, hidden)) == 0;
}

/* Onward from the page's end, or from where looking through ended; back from its beginning, but not from the first page. */
static bool put_ways(json_t *answer, const Request *r, const ListAsk *ask, const ListPage *page, GError **error)
{
    bool is_back = page->is_back;
    const ListPlace *from = is_back ? &ask->before : &ask->after, *first = from, *last = from;
    if (page->rows->len) {
        first = &g_array_index(page->rows, ListRow, 0).at;
        last = &g_array_index(page->rows, ListRow, page->rows->len - 1).at;
    }
    if (page->edge.count && !page->goes_on)
        json_object_set_new(answer, "searched", json_integer(ask->spec->bound));
    if ((page->goes_on || page->edge.count) && !put_place(answer, is_back ? "previous" : "more", r, ask, is_back ? "before" : "after",
                                                          page->goes_on ? (is_back ? first : last) : &page->edge, error))
        return false;
    return !from->count || put_place(answer, is_back ? "more" : "previous", r, ask, is_back ? "after" : "before", is_back ? last : first, error);
}

/* ---- totals and tabs ---- */

/* Counts to 500, or as far as rows are looked through; to the end where that is asked for. */
static bool put_number(json_t *into, const char *name, const char *capped_name, const Request *r, const ListAsk *ask, GError **error)
{
    int64_t count;
    ListRangeOfRows all = list_range_of_rows(ask, false, NULL);
    if ((!ask->exact && !list_edge(&r->context, &all, &all.to, error)) ||
        !list_count(&r->context, &all, ask->exact ? INT64_MAX : COUNTED + 1, &count, error))
        return false;
    json_object_update_new(into, json_pack("{s:I, s:b}", name, ask->exact ? count : MIN(count, COUNTED), capped_name,
                                           !ask->exact && (count > COUNTED || all.to.count)));
    return true;
}

static bool put_total(json_t *answer, const Request *r, const ListAsk *ask, const ListPage *page, GError **error)
{
    bool is_whole = !page->goes_on && !page->edge.count && !ask->after.count && !ask->before.count;
    json_object_update_new(answer, json_pack("{s:i, s:b}", "total", (int)page->rows->len, "total_capped", false));
    if (!is_whole && !put_number(answer, "total", "total_capped", r, ask, error))
        return false;
    if (json_flag(answer, "total_capped"))
        json_object_set_new(answer, "exact", list_link(ask->spec, ask->asked, "exact", "true"));
    return true;
}

/* A tab begins anew: filters of one may be none of another's. */
static bool put_tabs(json_t *answer, const Request *r, const ListAsk *ask, GError **error)
{
    const ListSpec *spec = ask->spec;
    const char *field = list_tab_field(spec);
    json_t *tabs = json_array();
    bool is_filtered = ask->span.column || ask->range_count || ask->word_count || ask->is_one;
    json_object_set_new(answer, "lists", tabs);
    for (const ListTab *tab = spec->tabs; tab->name; tab++) {
        if (tab->roles && !identity_has_role(r->context.actor, tab->roles))
            continue;
        g_auto(ListAsk) all = { 0 };
        g_autoptr(json_t) asked = json_pack("{s:s}", field, tab->name);
        g_autofree char *path = list_address(spec, asked);
        json_t *shown = json_pack("{s:s, s:s, s:b}", field, tab->name, "path", path, "is_here", tab == ask->tab);
        json_array_append_new(tabs, shown);
        if (tab->counted && tab == ask->tab && !is_filtered)
            json_object_update_new(shown, json_pack("{s:O, s:O}", "count", json_object_get(answer, "total"), "count_capped",
                                                    json_object_get(answer, "total_capped")));
        else if (tab->counted && (!list_ask(r, spec, asked, &all, error) || !put_number(shown, "count", "count_capped", r, &all, error)))
            return false;
    }
    if (ask->tab->name)
        json_object_set_new(answer, field, json_string(ask->tab->name));
    return true;
}

/* ---- the answer ---- */

/* The beginning of all rows' `made_of`; NULL: the page has no parts. Owned by the caller. */
static char *parts_of(const Request *r, const ListSpec *spec, const char *from)
{
    if (!spec->reader || !spec->reader->part || !answer_is_page(r))
        return NULL;
    return g_strdup_printf("%s%s/%d/%d", spec->name, from, list_may_act(r, spec), day_of(r->context.now));
}

static json_t *answer_of(Request *r, const ListAsk *ask, GError **error)
{
    g_autoptr(json_t) answer = json_object();
    g_autoptr(GArray) rows = list_rows_new();
    g_autofree char *from = ask->spec->is_walked && answer_is_page(r) ? list_path_from(ask, "") : g_strdup("");
    g_autofree char *parts = parts_of(r, ask->spec, from);
    ListPage page = { .rows = rows, .r = r, .parts = parts };
    if (!list_page_read(&r->context, ask, ask->spec->page ? ask->spec->page : LIST_ROWS, &page, error) ||
        !put_rows(answer, r, ask, &page, from, error) || !put_total(answer, r, ask, &page, error) ||
        !put_tabs(answer, r, ask, error) || !put_ways(answer, r, ask, &page, error))
        return NULL;
    if (answer_is_page(r) && !list_put_form(answer, r, ask, error))
        return NULL;
    return g_steal_pointer(&answer);
}

/* The security log has what the staff take along, and that they look for a person, but not for whom, before they see it. */
static bool note(const Request *r, const ListAsk *ask, bool exports, GError **error)
{
    bool searches = ask->spec->search.of_persons && *json_text(r->fields, "q") && !ask->is_one;
    const SecurityEntry file = { SECURITY_EXPORT, .purpose = ask->spec->name };
    const SecurityEntry search = { SECURITY_SEARCH, .often = SECURITY_COUNTED, .purpose = ask->spec->name };
    return r->context.actor->kind != STAFF ||
           ((!exports || http_security(r, &file, error)) && (!searches || http_security(r, &search, error)));
}

json_t *list_show(Request *r, const ListSpec *self, GError **error)
{
    g_auto(ListAsk) ask = { 0 };
    bool exports = json_object_get(r->fields, "format") && !r->refused;
    if (!list_ask(r, self, r->fields, &ask, error) || !list_choose_match(&r->context, &ask, error) || !note(r, &ask, exports, error))
        return NULL;
    return exports ? list_export(r, &ask, error) : answer_of(r, &ask, error);
}
