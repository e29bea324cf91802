// SPDX-License-Identifier: Apache-2.0
/* From the fields of an item back to the cells of a table. */
#include "catalogue/row.h"

static char *write_cell(const Column *column, const json_t *value);

static char *write_entry(const Column *column, const json_t *entry)
{
    GString *text = g_string_new(NULL);
    size_t written = 0; /* up to the last part that is there */
    for (size_t i = 0; column->parts[i].name; i++) {
        const json_t *part = json_object_get(entry, column->parts[i].name);
        g_autofree char *cell = write_cell(&column->parts[i], part);
        g_string_append_printf(text, "%s%s", i ? ";" : "", cell);
        if (part)
            written = text->len;
    }
    g_string_truncate(text, written);
    return g_string_free(text, FALSE);
}

/* The text of which the column's `read` makes the value. */
static char *write_cell(const Column *column, const json_t *value)
{
    size_t i;
    json_t *entry;
    GString *text;
    if (json_is_boolean(value))
        return g_strdup(column->choices[json_is_true(value)]);
    if (!json_is_array(value)) {
        char *plain = json_as_text(value);
        return plain ? plain : g_strdup("");
    }
    text = g_string_new(NULL);
    json_array_foreach((json_t *)value, i, entry) {
        g_autofree char *written = write_entry(column, entry);
        g_string_append_printf(text, "%s%s", i ? column->between : "", written);
    }
    return g_string_free(text, FALSE);
}

char **item_write_row(const json_t *fields)
{
    static const struct { size_t days, unit; const char *name; } limits[] = {
        { STATUTORY_DAYS, STATUTORY_UNIT, "statutory" }, { PROMISED_DAYS, PROMISED_UNIT, "promised" },
    };
    char **cells = g_new0(char *, ITEM_COLUMNS + 1);
    g_autoptr(json_t) parted = json_copy((json_t *)fields);
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        const json_t *limit = json_object_get(fields, limits[i].name);
        json_object_set(parted, item_table[limits[i].days].name, json_object_get(limit, "days"));
        json_object_set(parted, item_table[limits[i].unit].name, json_object_get(limit, "unit"));
    }
    for (size_t i = 0; i < ITEM_SINGLES; i++) {
        const char *name = item_table[item_singles[i]].name;
        const json_t *one = json_object_get(fields, name);
        json_object_set_new(parted, name, one ? json_pack("[O]", one) : NULL);
    }
    json_object_del(parted, item_table[ORGAN].name);
    for (size_t i = 0; i < ITEM_COLUMNS; i++)
        cells[i] = write_cell(&item_table[i], json_object_get(parted, item_table[i].name));
    return cells;
}
