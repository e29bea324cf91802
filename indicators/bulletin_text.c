// SPDX-License-Identifier: Apache-2.0
/* The bulletin as plain text, each figure with its key in brackets. */
#include "indicators/report.h"

enum { LABEL = 24, CELL = 13 }; /* columns of a terminal */

/* Chinese characters stand in two columns of a terminal. */
static int width_of(const char *text)
{
    int width = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        width += g_unichar_iszerowidth(g_utf8_get_char(at)) ? 0 : g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    return width;
}

static void put_pieces(GString *out, const json_t *pieces)
{
    for (size_t i = 0; i < json_array_size(pieces); i++) {
        const json_t *piece = json_array_get(pieces, i);
        g_string_append(out, json_text(piece, "text"));
        if (*json_text(piece, "key"))
            g_string_append_printf(out, "[%s]", json_text(piece, "key"));
    }
    g_string_append(out, "\n");
}

/* ---- tables ---- */

static void put_cell(GString *out, size_t column, int width, const char *text)
{
    int blanks = (column ? CELL : width) - width_of(text);
    if (column)
        g_string_append_printf(out, "%*s%s", MAX(blanks, 1), "", text);
    else
        g_string_append_printf(out, "%s%*s", text, MAX(blanks, 0), "");
}

static void put_grid(GString *out, const json_t *grid)
{
    int width = LABEL;
    size_t i, column;
    json_t *row, *cell;
    g_autoptr(json_t) table = bulletin_table(grid);
    json_array_foreach(json_object_get(table, "rows"), i, row)
        width = MAX(width, width_of(json_string_value(json_array_get(row, 0))));
    g_string_append_printf(out, "\n%s [%s]\n", json_text(grid, "caption"), json_text(grid, "name"));
    json_array_foreach(json_object_get(table, "columns"), column, cell)
        put_cell(out, column, width, json_text(cell, "title"));
    json_array_foreach(json_object_get(table, "rows"), i, row) {
        g_string_append_c(out, '\n');
        json_array_foreach(row, column, cell)
            put_cell(out, column, width, json_string_value(cell));
    }
    g_string_append_c(out, '\n');
}

/* ---- the whole ---- */

static void put_section(GString *out, const json_t *section)
{
    const json_t *grids = json_object_get(section, "grids");
    g_string_append_printf(out, "\n%s\n", json_text(section, "heading"));
    put_pieces(out, json_object_get(section, "pieces"));
    for (size_t i = 0; i < json_array_size(grids); i++)
        put_grid(out, json_array_get(grids, i));
}

static void put_chapter(GString *out, const json_t *chapter)
{
    const json_t *sections = json_object_get(chapter, "sections");
    g_string_append_printf(out, "\n%s\n", json_text(chapter, "heading"));
    for (size_t i = 0; i < json_array_size(sections); i++)
        put_section(out, json_array_get(sections, i));
}

static void put_missing(GString *out, const json_t *bulletin)
{
    const json_t *missing = json_object_get(bulletin, "missing"), *labels = json_object_get(bulletin, "labels");
    if (!json_array_size(missing))
        return;
    g_string_append_printf(out, "\n%s\n%s\n", json_text(labels, "missing_title"), json_text(labels, "missing_lead"));
    for (size_t i = 0; i < json_array_size(missing); i++) {
        const json_t *figures = json_object_get(json_array_get(missing, i), "figures");
        g_string_append_printf(out, "- %s:", json_text(json_array_get(missing, i), "room_name"));
        for (size_t f = 0; f < json_array_size(figures); f++)
            g_string_append_printf(out, "%s %s[%s]", f ? ";" : "", json_text(json_array_get(figures, f), "name"),
                                   json_text(json_array_get(figures, f), "key"));
        g_string_append(out, "\n");
    }
}

static void put_definitions(GString *out, const json_t *bulletin)
{
    size_t i;
    json_t *figure;
    g_string_append_printf(out, "\n%s\n", json_text(json_object_get(bulletin, "labels"), "definition"));
    json_array_foreach(json_object_get(bulletin, "annex"), i, figure)
        if (!json_is_null(json_object_get(figure, "value")))
            g_string_append_printf(out, "- %s[%s]: %s\n", json_text(figure, "name"), json_text(figure, "key"), json_text(figure, "definition"));
}

GBytes *bulletin_text(const json_t *bulletin)
{
    GString *out = g_string_new(NULL);
    const json_t *chapters = json_object_get(bulletin, "chapters");
    g_string_append_printf(out, "%s\n%s\n%s    %s\n\n%s\n%s\n", json_text(bulletin, "mark"), json_text(bulletin, "issue"),
                           json_text(bulletin, "organ"), json_text(bulletin, "made"), json_text(bulletin, "title"),
                           json_text(bulletin, "period"));
    for (size_t i = 0; i < json_array_size(chapters); i++)
        put_chapter(out, json_array_get(chapters, i));
    put_missing(out, bulletin);
    put_definitions(out, bulletin);
    return g_string_free_to_bytes(out);
}
