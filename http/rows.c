// SPDX-License-Identifier: Apache-2.0
/* Tables of rows in forms. A cell is called "wells.2.depth": its table, the number of its row from
 * 1, its column. A row is added or taken away by a button that sends the whole form as it stands
 * and gets it back so, which needs no script. */
#include "http/state.h"

#include <string.h>

/* The number of the row of a cell of the table, and its column; 0: it is no cell of it. */
static unsigned row_of(const char *table, const char *given, const char **column)
{
    char *end;
    size_t length = strlen(table);
    if (strncmp(given, table, length) != 0 || given[length] != '.' ||
        !g_ascii_isdigit(given[length + 1]))
        return 0;
    guint64 row = g_ascii_strtoull(given + length + 1, &end, 10);
    *column = end + 1;
    return *end == '.' && row <= ROWS_MOST ? (unsigned)row : 0;
}

unsigned rows_given(const json_t *given, const char *table)
{
    unsigned most = 0;
    const char *name, *column;
    json_t *values;
    json_object_foreach((json_t *)(uintptr_t)given, name, values) most =
        MAX(most, row_of(table, name, &column));
    return most;
}

bool rows_hold(const Field *field, const char *given)
{
    const char *column = "";
    return field->kind == FIELD_ROWS && row_of(field->name, given, &column) &&
           field_in(field->columns, column);
}

char *rows_cell(const char *table, unsigned row, const char *column)
{
    return g_strdup_printf("%s.%u.%s", table, row, column);
}

/* The rows behind the one that goes move up. */
static void take_away(json_t *given, const char *table, unsigned gone)
{
    const char *name, *column;
    json_t *values;
    g_autoptr(json_t) rest = json_object();
    json_object_foreach(given, name, values)
    {
        unsigned row = row_of(table, name, &column);
        g_autofree char *moved = row > gone ? rows_cell(table, row - 1, column) : g_strdup(name);
        if (row != gone || !row)
            json_object_set(rest, moved, values);
    }
    json_object_clear(given);
    json_object_update(given, rest);
}

void rows_change(json_t *given, const char *asked)
{
    const char *last = strrchr(asked, '.');
    if (*asked == '+' && !json_object_get(given, asked + 1))
        given_add(given, asked + 1, "");
    if (*asked != '-' || !last)
        return;
    g_autofree char *table = g_strndup(asked + 1, (size_t)(last - asked - 1));
    take_away(given, table, (unsigned)g_ascii_strtoull(last + 1, NULL, 10));
}
