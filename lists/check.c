// SPDX-License-Identifier: Apache-2.0
/* A list's description held against the tables: every name in it is a column, and each order has an index behind each way
 * in which rows are found. */
#include "lists/room.h"

#include <string.h>

/* ---- the description ---- */

static bool check_name(const ListSpec *self, const char *column, const char *where, GError **error)
{
    return list_column(self, column) || fault(error, "list %s: %s names the column %s, which it does not describe", self->name, where, column);
}

static bool check_columns(const ListSpec *self, GError **error)
{
    for (const ListColumn *column = self->columns; column->name; column++)
        if (!schema_has_column(self->table, column->from ? column->from : column->name))
            return fault(error, "list %s: the table %s has no column %s", self->name, self->table, column->name);
    return true;
}

static bool check_filters(const ListSpec *self, bool large, GError **error)
{
    size_t count = 0;
    for (const ListFilter *filter = self->filters; filter && filter->field; filter++) {
        if (filter->column && !check_name(self, filter->column, "a filter", error))
            return false;
        if (!field_in(self->fields, filter->field))
            return fault(error, "list %s: its route has no field %s", self->name, filter->field);
        if (large && filter->column && !self->bound)
            return fault(error, "list %s: the filter %s needs a bound of the list", self->name, filter->field);
        if (++count > RANGES_MOST)
            return fault(error, "list %s: it has more than %d filters", self->name, RANGES_MOST);
    }
    return true;
}

static bool check_orders(const ListSpec *self, GError **error)
{
    for (const ListOrder *order = self->orders; order->name; order++)
        for (size_t i = 0; order->columns[i]; i++)
            if (!check_name(self, order->columns[i], order->name, error) || (order->head && !check_name(self, order->head, order->name, error)))
                return false;
    return true;
}

/* Typed text is folded before it is compared, so it would never meet a capital letter of another column. */
static bool check_searched(const ListSpec *self, const char *column, GError **error)
{
    return check_name(self, column, "the search", error) &&
           (list_column(self, column)->kind == LIST_FOLDED ||
            fault(error, "list %s: the search looks into the column %s, whose text is not folded", self->name, column));
}

static bool check_search(const ListSpec *self, GError **error)
{
    for (const char *const *begins = self->search.begins; *begins; begins++) {
        const ListOrder *order = list_order(self, *begins);
        if (!order)
            return fault(error, "list %s: the search names the order %s, which it does not have", self->name, *begins);
        if (!check_searched(self, order->columns[0], error))
            return false;
    }
    if (self->search.sought && (!schema_has_table(self->search.sought) || !self->search.of_persons))
        return fault(error, "list %s: persons are sought in %s, which is no table, or it does not say that they are", self->name, self->search.sought);
    return !self->search.contains || check_searched(self, self->search.contains, error);
}

/* The condition's words that stand outside quotes are columns, but for those of the language. */
static bool check_only(const ListSpec *self, const char *only, GError **error)
{
    g_autoptr(GRegex) quoted = g_regex_new("'[^']*'", 0, 0, NULL);
    g_autofree char *bare = only ? g_regex_replace_literal(quoted, only, -1, 0, "", 0, NULL) : g_strdup("");
    g_auto(GStrv) words = g_regex_split_simple("[^a-z_0-9]+", bare, 0, 0);
    for (size_t i = 0; words[i]; i++)
        if (g_ascii_isalpha(*words[i]) && !schema_has_column(self->table, words[i]))
            return fault(error, "list %s: the condition %s names the column %s, which is none", self->name, only, words[i]);
    return true;
}

static bool check_way(const ListSpec *self, const ListScope *scope, const ListOrder *order, const char *narrow, GError **error)
{
    WantedIndex wanted = { .only = scope->only };
    size_t count = 0;
    for (; scope->equal[count]; count++)
        wanted.equal[count] = scope->equal[count];
    wanted.equal[count] = narrow;
    wanted.parts = list_order_columns(self, order, wanted.order);
    g_autofree char *equal = g_strjoinv(", ", (char **)(uintptr_t)wanted.equal);
    return schema_has_index(self->table, &wanted) ||
           fault(error, "list %s: no index of %s has county, %s and then what the order %s needs%s%s", self->name, self->table,
                 *equal ? equal : "nothing else", order->name, scope->only ? ", where " : "", scope->only ? scope->only : "");
}

static bool check_scope(const ListSpec *self, const ListTab *tab, const ListScope *scope, bool large, GError **error)
{
    if (!check_only(self, scope->only, error) || !check_only(self, scope->also, error) ||
        (scope->narrow && !check_name(self, scope->narrow, "a scope", error)))
        return false;
    if (large && scope->also && !self->bound)
        return fault(error, "list %s: the condition %s needs a bound of the list", self->name, scope->also);
    for (size_t i = 0; scope->equal[i]; i++)
        if (!check_name(self, scope->equal[i], "a tab", error))
            return false;
    for (const ListOrder *order = self->orders; large && order->name; order++)
        if (list_offers(self, tab, order) && (!check_way(self, scope, order, NULL, error) ||
                                              (scope->narrow && !check_way(self, scope, order, scope->narrow, error))))
            return false;
    return true;
}

static bool check_tabs(const ListSpec *self, bool large, GError **error)
{
    for (const ListTab *tab = self->tabs; tab == self->tabs || tab->name; tab++) {
        for (size_t i = 0; i < LIST_SCOPES && (i == 0 || tab->scopes[i].only || tab->scopes[i].equal[0]); i++)
            if (!check_scope(self, tab, &tab->scopes[i], large, error))
                return false;
        if (!tab->name)
            break;
    }
    return true;
}

bool list_check(const ListSpec *self, GError **error)
{
    if (!schema_has_table(self->table))
        return fault(error, "list %s: there is no table %s", self->name, self->table);
    bool large = schema_is_large(self->table);
    return check_columns(self, error) && check_name(self, self->key, "the key", error) && check_filters(self, large, error) &&
           check_orders(self, error) && check_search(self, error) && check_tabs(self, large, error);
}
