// SPDX-License-Identifier: Apache-2.0
/* The demo city of another county than the one of the tables in data: the same places by number, with names that are
 * nobody's. */
#include "demo/room.h"

#include <string.h>

enum { OF_TABLE = 330482 };

int64_t demo_division(const Demo *self, int64_t in_table)
{
    return in_table - division_county(OF_TABLE) + division_county(self->context.county);
}

/* ---- names ---- */

static const struct {
    const char *kind, *name_en;
} kinds[] = { { "街道", "Subdistrict" }, { "镇", "Town" }, { "开发区", "Development Zone" }, { "居委会", "Community" }, { "村委会", "Village" } };

static const char *kind_en(const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].name_en;
    return "Place";
}

static void append_quoted(GString *out, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);
    g_string_append_printf(out, "\"%s\",", doubled);
}

/* 示例3镇, 示例47居委会: by the place's row. */
static void append_names(GString *out, const Demo *self, const char *kind, size_t row)
{
    g_autofree char *name = row ? g_strdup_printf("示例%zu%s", row, kind) : g_strdup(self->settings.name);
    g_autofree char *name_en = row ? g_strdup_printf("Example %s %zu", kind_en(kind), row) : g_strdup(self->settings.name_en);
    append_quoted(out, name);
    append_quoted(out, name_en);
}

/* ---- the table ---- */

enum { CODE, LEVEL, KIND, PARENT, CENTRE };
static const char *const columns[] = { "code", "level", "kind", "parent", "centre", "name", "name_en", "origin", NULL };

static void append_row(GString *out, const Demo *self, const CsvTable *table, size_t row)
{
    const char *parent = csv_cell(table, row, PARENT);
    g_string_append_printf(out, "%" PRId64 ",%s,%s,", demo_division(self, g_ascii_strtoll(csv_cell(table, row, CODE), NULL, 10)),
                           csv_cell(table, row, LEVEL), csv_cell(table, row, KIND));
    append_names(out, self, csv_cell(table, row, KIND), row);
    if (*parent)
        g_string_append_printf(out, "%" PRId64, demo_division(self, g_ascii_strtoll(parent, NULL, 10)));
    g_string_append_printf(out, ",%s,made up\n", csv_cell(table, row, CENTRE));
}

char *demo_divisions(const Demo *self, GError **error)
{
    const Embedded *file = embedded_find("data/divisions.csv");
    if (self->context.county == OF_TABLE)
        return g_strndup(file->bytes, file->size);
    g_autoptr(CsvTable) table = csv_read(file->bytes, file->size, columns, error);
    GString *out = table ? g_string_new("code,level,kind,name,name_en,parent,centre,origin\n") : NULL;
    for (size_t row = 0; table && row < csv_rows(table); row++)
        append_row(out, self, table, row);
    return out ? g_string_free(out, FALSE) : NULL;
}

/* Names, marks and superior departments of the table's own county come last, and stay empty. */
enum { COLUMNS_KEPT = 17 };
static const char *const organ_columns[] = {
    "number", "code", "name", "name_en", "short_name", "kind", "valid_from", "valid_to", "successor", "address", "address_en", "telephone",
    "hours", "hours_en", "origin", "nature", "is_demo", "full_name", "full_name_en", "mark", "superior", "superior_en", "court", NULL,
};

char *demo_organs(const Demo *self, GError **error)
{
    const Embedded *file = embedded_find("data/organs.csv");
    if (self->context.county == OF_TABLE)
        return g_strndup(file->bytes, file->size);
    g_autoptr(CsvTable) table = csv_read(file->bytes, file->size, organ_columns, error);
    g_autofree char *head = g_strjoinv(",", (char **)(uintptr_t)organ_columns);
    GString *out = table ? g_string_append_c(g_string_new(head), '\n') : NULL;
    for (size_t row = 0; table && row < csv_rows(table); row++) {
        for (size_t i = 0; i < COLUMNS_KEPT; i++)
            append_quoted(out, csv_cell(table, row, i));
        g_string_append(out, ",,,,,\n");
    }
    return out ? g_string_free(out, FALSE) : NULL;
}
