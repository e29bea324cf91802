// SPDX-License-Identifier: Apache-2.0
/* The columns and indexes of a table, as the migrations in the program make them. */
#include "lists/room.h"

#include <string.h>

/* Until it returns true; NULL: at once. */
typedef bool TakeMatch(const GMatchInfo *found, const void *data);

/* Takes over `pattern`, of statements that name the table: the other migrations are passed over by a search that costs little. */
static bool any_match(const char *table, char *pattern, TakeMatch *take, const void *data)
{
    bool taken = false;
    g_autofree char *owned = pattern;
    (void)owned;
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_DOTALL, 0, NULL);
    for (size_t i = 0; i < embedded_count && !taken; i++) {
        g_autoptr(GMatchInfo) found = NULL;
        if (!g_str_has_suffix(embedded[i].name, ".sql") || !strstr(embedded[i].bytes, table))
            continue;
        for (g_regex_match(regex, embedded[i].bytes, 0, &found); g_match_info_matches(found) && !taken; g_match_info_next(found, NULL))
            taken = !take || take(found, data);
    }
    return taken;
}

bool schema_has_table(const char *table)
{
    return any_match(table, g_strdup_printf("^CREATE TABLE %s \\(", table), NULL, NULL);
}

bool schema_is_large(const char *table)
{
    return any_match(table, g_strdup_printf("^-- large: %s$", table), NULL, NULL);
}

bool schema_has_column(const char *table, const char *column)
{
    return any_match(table, g_strdup_printf("^CREATE TABLE %s \\((?:(?!^\\);).)*^ +%s +[A-Z]+\\b|^ALTER TABLE %s ADD COLUMN %s ",
                                     table, column, table, column), NULL, NULL);
}

static size_t count_equal(const WantedIndex *self, char *const *columns)
{
    size_t count = 0;
    while (self->equal[count] && columns[count + 1] && g_strv_contains(self->equal, columns[count + 1]))
        count++;
    return self->equal[count] ? SIZE_MAX : count;
}

static bool serves(const GMatchInfo *found, const void *data)
{
    const WantedIndex *wanted = data;
    g_autofree char *list = g_match_info_fetch(found, 1), *only = g_match_info_fetch(found, 2);
    g_auto(GStrv) columns = g_regex_split_simple(" *, *", list, 0, 0);
    size_t count = g_strv_length(columns), equal = count_equal(wanted, columns);
    if (strcmp(columns[0], "county") != 0 || equal == SIZE_MAX || count < 1 + equal + wanted->parts)
        return false;
    for (size_t i = 0; i < wanted->parts; i++)
        if (strcmp(columns[1 + equal + i], wanted->order[i]->name) != 0)
            return false;
    return !only || !*only || g_strcmp0(only, wanted->only) == 0;
}

bool schema_has_index(const char *table, const WantedIndex *wanted)
{
    return any_match(table, g_strdup_printf("^CREATE (?:UNIQUE )?INDEX \\w+ ON %s \\(([^)]*)\\)(?: WHERE ([^;]*))?;", table), serves, wanted) ||
           any_match(table, g_strdup_printf("^CREATE TABLE %s \\((?:(?!^\\);).)*PRIMARY KEY \\(([^)]*)\\)()", table), serves, wanted) ||
           any_match(table, g_strdup_printf("^CREATE TABLE %s \\((?:(?!^\\);).)*UNIQUE \\(([^)]*)\\)()", table), serves, wanted);
}
