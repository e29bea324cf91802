// SPDX-License-Identifier: Apache-2.0
/* A question put to a list: its fields become values of columns. It is refused when it names no tab, no order or no place. */
#include "lists/room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char last_text[] = "\U0010FFFF"; /* sorts behind every text */
const char *const list_formats[] = { "csv", "xlsx", "json", NULL };
const char *const list_matches[] = { "begins", "contains", "person", NULL };

void list_ask_clear(ListAsk *self)
{
    g_clear_pointer(&self->texts, g_string_chunk_free);
    g_clear_pointer(&self->asked, json_decref);
    g_clear_pointer(&self->seen.all, g_free);
    for (size_t i = 0; i < self->range_count; i++)
        g_clear_pointer(&self->ranges[i].followed, g_array_unref);
}

/* ---- columns and values ---- */

const ListColumn *list_column(const ListSpec *self, const char *name)
{
    for (const ListColumn *column = self->columns; column->name; column++)
        if (strcmp(column->name, name) == 0)
            return column;
    return NULL;
}

bool list_is_text(const ListColumn *self)
{
    return self->kind == LIST_TEXT || self->kind == LIST_FOLDED || self->kind == LIST_WORD || self->kind == LIST_DAY;
}

bool list_is_day(const ListColumn *self)
{
    return self->kind == LIST_DAY || self->kind == LIST_DAY_NUMBER || self->kind == LIST_INSTANT;
}

size_t list_order_columns(const ListSpec *self, const ListOrder *order, const ListColumn *columns[static LIST_PARTS])
{
    size_t count = 0;
    for (; order->columns[count]; count++)
        columns[count] = list_column(self, order->columns[count]);
    if (!count || strcmp(order->columns[count - 1], self->key) != 0)
        columns[count++] = list_column(self, self->key);
    return count;
}

ListValue list_end(const ListColumn *column, bool last)
{
    return (ListValue){ list_is_text(column), last ? INT64_MAX : INT64_MIN, last ? last_text : "" };
}

static int compare(const ListValue *a, const ListValue *b)
{
    if (a->is_text)
        return strcmp(a->text, b->text);
    return a->number < b->number ? -1 : a->number > b->number;
}

int list_compare(const ListPlace *a, const ListPlace *b)
{
    int order = 0;
    for (size_t i = 0; i < a->count && order == 0; i++)
        order = compare(&a->parts[i], &b->parts[i]);
    return order;
}

/* ---- places, as addresses hold them: values with "~" between ---- */

char *list_place_text(const ListPlace *self)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < self->count; i++) {
        if (i)
            g_string_append_c(out, '~');
        if (!self->parts[i].is_text)
            g_string_append_printf(out, "%" PRId64, self->parts[i].number);
        else /* what the escaping leaves alone may be "~" */
            for (const char *at = self->parts[i].text; *at; at++)
                g_string_append_printf(out, *at == '~' || *at == '%' ? "%%%02X" : "%c", *at);
    }
    return g_string_free(out, FALSE);
}

static bool read_value(const ListAsk *ask, const ListColumn *column, const char *text, ListValue *out)
{
    char *rest;
    g_autofree char *plain = g_uri_unescape_string(text, NULL);
    *out = (ListValue){ .is_text = list_is_text(column) };
    if (out->is_text) {
        out->text = plain ? g_string_chunk_insert(ask->texts, plain) : NULL;
        return plain != NULL;
    }
    errno = 0;
    out->number = strtoll(text, &rest, 10);
    return rest != text && !*rest && !errno;
}

bool list_place_read(const ListAsk *ask, const char *text, ListPlace *out)
{
    const ListColumn *columns[LIST_PARTS];
    size_t count = list_order_columns(ask->spec, ask->order, columns);
    g_auto(GStrv) parts = g_strsplit(text, "~", -1);
    bool fits = g_strv_length(parts) == count;
    for (size_t i = 0; i < count && fits; i++)
        fits = read_value(ask, columns[i], parts[i], &out->parts[i]);
    out->count = fits ? count : 0;
    return fits;
}

/* ---- tab and order ---- */

const char *list_tab_field(const ListSpec *self)
{
    return self->tab_field ? self->tab_field : "list";
}

/* Where none is named, the first that is offered to the actor, or else the first. */
static bool read_tab(ListAsk *self, const Actor *actor, const json_t *fields, GError **error)
{
    const char *field = list_tab_field(self->spec), *name = json_text(fields, field);
    const ListTab *tab = self->spec->tabs;
    while (tab->name && (*name ? strcmp(tab->name, name) != 0 : tab->roles && !identity_has_role(actor, tab->roles)))
        tab++;
    self->tab = tab->name || *name ? tab : self->spec->tabs;
    return tab->name || !*name || refuse_field(error, field, "lists.no_tab", NULL);
}

const ListOrder *list_order(const ListSpec *self, const char *name)
{
    for (const ListOrder *order = self->orders; order->name; order++)
        if (strcmp(order->name, name) == 0)
            return order;
    return NULL;
}

bool list_offers(const ListSpec *self, const ListTab *tab, const ListOrder *order)
{
    return !tab->orders || (tab->orders & 1u << (order - self->orders));
}

static bool read_order(ListAsk *self, const char *sort, GError **error)
{
    bool descending = *sort == '-';
    self->order = *sort ? list_order(self->spec, sort + descending) : self->spec->orders;
    while (!*sort && !list_offers(self->spec, self->tab, self->order))
        self->order++;
    if (!self->order || !list_offers(self->spec, self->tab, self->order))
        return refuse_field(error, "sort", "lists.no_order", NULL);
    self->descending = *sort ? descending : self->order->descending;
    return true;
}

/* ---- filters ---- */

static ListValue value_of(const ListColumn *column, const ListFilter *filter, const json_t *given)
{
    if (list_is_text(column))
        return (ListValue){ .is_text = true, .text = json_string_value(given) };
    int64_t number = json_is_boolean(given) ? json_is_true(given) : json_integer_value(given);
    Day day = json_is_string(given) ? day_parse(json_string_value(given)) : 0;
    if (column->kind == LIST_DAY_NUMBER)
        number = day;
    if (column->kind == LIST_INSTANT)
        number = filter->compare == LIST_UNTIL ? instant_at(day + 1, 0) - 1 : instant_at(day, 0);
    return (ListValue){ .number = number };
}

/* By the code: a town's villages stand behind it, and nothing else does. */
static int64_t last_within(int64_t division)
{
    enum { VILLAGES = 1000, TOWNS = 1000 * VILLAGES };
    static const int64_t below[] = { [COUNTY_LEVEL] = TOWNS - 1, [TOWN_LEVEL] = VILLAGES - 1, [VILLAGE_LEVEL] = 0 };
    return division + below[division_level(division)];
}

static ListRange range_of(const ListColumn *column, const ListFilter *filter, ListValue value)
{
    ListRange range = { column, list_end(column, false), list_end(column, true) };
    if (filter->compare != LIST_UNTIL)
        range.least = value;
    if (filter->compare == LIST_EQUAL || filter->compare == LIST_UNTIL)
        range.most = value;
    if (filter->compare == LIST_WITHIN)
        range.most.number = last_within(value.number);
    for (const ListSpan *span = filter->spans; span && span->choice; span++)
        if (g_strcmp0(span->choice, value.text) == 0) {
            range.least.text = span->first;
            range.most.text = span->last;
        }
    return range;
}

/* The ranges of a column narrow each other. list_check lets no list have more filters than fit. */
static void add_range(ListAsk *self, const ListRange *range)
{
    ListRange *slot = &self->span;
    if (range->followed || range->column != list_column(self->spec, self->order->columns[0])) {
        for (slot = self->ranges; slot->column && slot->column != range->column;)
            slot++;
        self->range_count += !slot->column;
    }
    if (!slot->column)
        *slot = *range;
    if (compare(&range->least, &slot->least) > 0)
        slot->least = range->least;
    if (compare(&range->most, &slot->most) < 0)
        slot->most = range->most;
}

const ListColumn *list_filter_column(const ListAsk *self, const ListFilter *filter)
{
    return list_column(self->spec, filter->column ? filter->column : self->order->columns[0]);
}

bool list_named(const Request *r, const ListColumn *column, int64_t number, json_t **found, GError **error)
{
    g_autoptr(GError) why = NULL;
    *found = column->kind == LIST_ORGAN ? identity_organ(r->context.db, r->context.county, number, &why)
                                        : identity_division(r->context.db, r->context.county, number, &why);
    return *found || trouble_is(&why, NOT_FOUND, error);
}

static bool find(const Request *r, const ListFilter *filter, const ListColumn *column, const json_t *given, json_t **found,
                 GError **error)
{
    g_autoptr(GError) why = NULL;
    if (!filter->find)
        return list_named(r, column, json_integer_value(given), found, error);
    *found = filter->find(r->context.db, r->context.county, json_string_value(given), &why);
    return *found || trouble_is(&why, NOT_FOUND, error);
}

/* A list of what does not exist would look like an empty one. */
static bool name_exists(const Request *r, const ListColumn *column, const ListFilter *filter, const json_t *given, GError **error)
{
    g_autoptr(json_t) found = NULL;
    bool is_division = column->kind == LIST_DIVISION;
    const char *none = column->kind == LIST_ORGAN ? "lists.no_organ" : is_division ? "lists.no_division" : filter->none;
    return !none || (find(r, filter, column, given, &found, error) && (found || refuse_field(error, filter->field, none, NULL)));
}

/* Nothing lies between a first day and a last one before it. */
static bool spans_fit(const ListAsk *self, const json_t *fields, GError **error)
{
    for (const ListFilter *filter = self->spec->filters; filter && filter->field; filter++) {
        const ListColumn *column = list_filter_column(self, filter);
        const ListRange *range = column == self->span.column ? &self->span : self->ranges;
        if (filter->compare != LIST_FROM || !json_object_get(fields, filter->field))
            continue;
        while (range->column != column)
            range++;
        if (compare(&range->least, &range->most) > 0)
            return refuse_field(error, filter->field, "lists.from_after_to", NULL);
    }
    return true;
}

static bool read_filters(ListAsk *self, const Request *r, const json_t *fields, GError **error)
{
    for (const ListFilter *filter = self->spec->filters; filter && filter->field; filter++) {
        const json_t *given = json_object_get(fields, filter->field);
        const ListColumn *column = list_filter_column(self, filter);
        if (!given)
            continue;
        if (!name_exists(r, column, filter, given, error))
            return false;
        ListRange range = range_of(column, filter, value_of(column, filter, given));
        bool read = list_add_followed(r, filter, &range, error);
        add_range(self, &range);
        if (!read)
            return false;
    }
    return spans_fit(self, fields, error);
}

/* ---- what is typed ---- */

static ListRange beginning_with(const ListAsk *self, const ListColumn *column, const char *text)
{
    g_autofree char *most = g_strconcat(text, last_text, NULL);
    return (ListRange){ column, { true, 0, g_string_chunk_insert(self->texts, text) }, { true, 0, g_string_chunk_insert(self->texts, most) } };
}

bool list_ask_begins(const Context *context, ListAsk *self, const ListOrder *order, GError **error)
{
    const ListColumn *column = list_column(self->spec, order->columns[0]);
    g_autofree char *hash = column->hashed ? list_hash(context->db, context->county, column->hashed, self->typed, error) : NULL;
    self->order = order;
    self->descending = false;
    self->match = list_matches[0];
    self->span = beginning_with(self, column, self->typed);
    if (hash && *hash)
        self->hashed = beginning_with(self, column, hash);
    return hash || !column->hashed;
}

/* Each word as a pattern in which only the percent signs at its ends are signs. */
void list_ask_contains(ListAsk *self)
{
    g_auto(GStrv) words = g_strsplit(self->typed, " ", -1);
    self->match = list_matches[1];
    for (size_t i = 0; words[i] && self->word_count < WORDS_MOST; i++) {
        g_autoptr(GString) pattern = g_string_new("%");
        for (const char *at = words[i]; *at; at++)
            g_string_append_printf(pattern, strchr("%_\\", *at) ? "\\%c" : "%c", *at);
        g_string_append_c(pattern, '%');
        self->words[self->word_count++] = g_string_chunk_insert(self->texts, pattern->str);
    }
}

void list_ask_person(ListAsk *self, const SoughtWay *way)
{
    self->order = self->spec->orders;
    while (strcmp(self->order->columns[0], self->spec->key) != 0)
        self->order++;
    self->descending = self->order->descending;
    self->match = list_matches[2];
    self->way = *way;
}

static bool read_typed(const Context *context, ListAsk *self, const char *typed, const char *match, GError **error)
{
    const ListSearch *search = &self->spec->search;
    if (!*typed)
        return true;
    bool is_number = search->number && search->number(typed, &self->one.number);
    self->is_one = is_number || (!search->begins[0] && !search->contains);
    if (!is_number)
        self->one.number = INT64_MIN; /* no row's key: where only keys are searched, any other text finds nothing */
    if (self->is_one)
        return true;
    g_autofree char *folded = list_fold(typed);
    self->typed = g_string_chunk_insert(self->texts, folded);
    bool begins = self->order->columns[0] && list_is_text(list_column(self->spec, self->order->columns[0]));
    if (strcmp(match, list_matches[0]) == 0 && begins)
        return list_ask_begins(context, self, self->order, error);
    if (strcmp(match, list_matches[1]) == 0 && search->contains)
        list_ask_contains(self);
    return true;
}

/* A key, which names nobody, stays as it was typed. */
static bool read_search(ListAsk *self, const Request *r, const json_t *fields, GError **error)
{
    g_autofree char *typed = NULL, *hidden = NULL;
    if (!list_reveal(r, self->spec, fields, "q", &typed, error))
        return false;
    if (g_utf8_strlen(typed, -1) > LIST_TYPED)
        return refuse_field(error, "q", "http.too_long", "most", DECIMAL(LIST_TYPED), NULL);
    self->search = g_string_chunk_insert(self->texts, typed);
    if (!read_typed(&r->context, self, self->search, json_text(fields, "match"), error))
        return false;
    if (!self->typed)
        return true;
    hidden = list_hide(r, self->spec, typed, error);
    return hidden && json_object_set_new(self->asked, "q", json_string(hidden)) == 0;
}

static bool read_place(const ListAsk *self, const Request *r, const json_t *fields, const char *name, ListPlace *out, GError **error)
{
    g_autofree char *text = NULL;
    return list_reveal(r, self->spec, fields, name, &text, error) &&
           (!*text || list_place_read(self, text, out) || refuse_field(error, name, "lists.no_place", NULL));
}

/* ---- who sees what ---- */

void list_grant(ListSeen *self, size_t scope, const int64_t *values)
{
    struct ListOpened opened = { .scope = &self->tab->scopes[scope] };
    for (size_t i = 0; values && opened.scope->equal[i]; i++)
        opened.values[i] = values[i];
    for (size_t i = 0; i < self->count; i++)
        if (self->all[i].scope == opened.scope && memcmp(self->all[i].values, opened.values, sizeof opened.values) == 0)
            return;
    self->is_full = self->count == OPENED_MOST;
    if (!self->is_full)
        self->all[self->count++] = opened;
}

bool list_sees_own_organs(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    const Actor *actor = r->context.actor;
    (void)asked, (void)error;
    for (size_t i = 0; i < actor->post_count; i++)
        list_grant(seen, 0, &actor->posts[i].organ);
    return true;
}

bool list_sees_own_organs_or_all(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    if (!identity_has_role(r->context.actor, SUPERVISOR | AUDITOR))
        return list_sees_own_organs(r, asked, seen, error);
    list_grant(seen, 1, NULL);
    return true;
}

bool list_is_found(const ListOpened *opened, const ListRange *range)
{
    const ListScope *scope = opened->scope;
    return g_strv_contains(scope->equal, range->column->name) ||
           (g_strcmp0(scope->narrow, range->column->name) == 0 && !range->followed && compare(&range->least, &range->most) == 0);
}

bool list_looks(const ListAsk *self, const ListOpened *opened)
{
    bool looks = self->word_count || opened->scope->also;
    for (size_t i = 0; i < self->range_count; i++)
        looks = looks || !list_is_found(opened, &self->ranges[i]);
    return looks;
}

/* Could rows that are opened lie within what is asked? */
static bool may_fit(const ListAsk *self, const ListOpened *opened)
{
    for (size_t i = 0; opened->scope->equal[i]; i++)
        for (size_t k = 0; k < self->range_count; k++) {
            const ListRange *range = &self->ranges[k];
            bool is_meant = strcmp(range->column->name, opened->scope->equal[i]) == 0;
            if (is_meant && !list_has(range, opened->values[i]))
                return false;
        }
    return true;
}

static bool open_rows(ListAsk *self, const Request *r, const json_t *fields, GError **error)
{
    const ListTab *tab = self->tab;
    ListSeen *seen = &self->seen;
    seen->tab = tab;
    if (!tab->sees)
        list_grant(seen, 0, NULL);
    else if (!tab->sees(r, fields, seen, error))
        return false;
    for (size_t i = seen->count; i-- > 0;)
        if (!may_fit(self, &seen->all[i]))
            seen->all[i] = seen->all[--seen->count];
    return !seen->is_full || fault(error, "the tab %s opens more than %d sets of rows to one person", tab->name ? tab->name : "", OPENED_MOST);
}

bool list_ask(const Request *r, const ListSpec *self, json_t *fields, ListAsk *out, GError **error)
{
    enum { TEXTS = 512 };
    *out = (ListAsk){ .spec = self, .texts = g_string_chunk_new(TEXTS), .seen.all = g_new(ListOpened, OPENED_MOST), .exact = json_flag(fields, "exact") };
    if (!read_tab(out, r->context.actor, fields, error) || !read_order(out, json_text(fields, "sort"), error) ||
        (self->complete && !self->complete(r, fields, error)))
        return false;
    out->asked = json_copy(fields);
    return read_search(out, r, fields, error) && read_filters(out, r, fields, error) && read_place(out, r, fields, "after", &out->after, error) &&
           read_place(out, r, fields, "before", &out->before, error) && open_rows(out, r, fields, error);
}
