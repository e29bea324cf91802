// SPDX-License-Identifier: Apache-2.0
/* The bulletin as plain text, each figure with its key in brackets. */
#include "indicators/report.h"

enum { LABEL = 24, CELL = 13 }; /* columns of a terminal */

static void put_line(GString *out, const char *line)
{
    g_string_append(g_string_append(out, line), "\n");
}

/* Chinese characters stand in two columns of a terminal. */
static int width_of(const char *text)
{
    int width = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        width += g_unichar_iszerowidth(g_utf8_get_char(at)) ? 0 : g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    return width;
}

static void put_blanks(GString *out, int count)
{
    for (int i = 0; i < count; i++)
        g_string_append_c(out, ' ');
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

static int label_width(const json_t *grid)
{
    int width = LABEL;
    const json_t *rows = json_object_get(grid, "rows");
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (json_flag(json_array_get(rows, i), "is_shown"))
            width = MAX(width, width_of(json_text(json_array_get(rows, i), "label")));
    return width;
}

static void put_cells(GString *out, int width, const char *label, const json_t *cells, const char *member)
{
    g_string_append(out, label);
    put_blanks(out, width - width_of(label));
    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *cell = json_array_get(cells, i);
        if (!json_flag(cell, "is_shown"))
            continue;
        put_blanks(out, MAX(CELL - width_of(json_text(cell, member)), 1));
        g_string_append(out, json_text(cell, member));
    }
    g_string_append(out, "\n");
}

static void put_grid(GString *out, const json_t *grid)
{
    const json_t *rows = json_object_get(grid, "rows"), *total = json_object_get(grid, "total");
    g_string_append_printf(out, "\n%s [%s]\n", json_text(grid, "caption"), json_text(grid, "name"));
    int width = label_width(grid);
    put_cells(out, width, json_text(grid, "first"), json_object_get(grid, "columns"), "title");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (json_flag(row, "is_shown"))
            put_cells(out, width, json_text(row, "label"), json_object_get(row, "cells"), "text");
    }
    if (json_is_object(total))
        put_cells(out, width, json_text(total, "label"), json_object_get(total, "cells"), "text");
}

/* ---- the whole ---- */

static void put_section(GString *out, const json_t *section)
{
    const json_t *grids = json_object_get(section, "grids");
    put_line(g_string_append(out, "\n"), json_text(section, "heading"));
    put_pieces(out, json_object_get(section, "pieces"));
    for (size_t i = 0; i < json_array_size(grids); i++)
        put_grid(out, json_array_get(grids, i));
}

static void put_chapter(GString *out, const json_t *chapter)
{
    const json_t *sections = json_object_get(chapter, "sections");
    put_line(g_string_append(out, "\n"), json_text(chapter, "heading"));
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

GBytes *bulletin_text(const json_t *bulletin)
{
    GString *out = g_string_new(NULL);
    const json_t *chapters = json_object_get(bulletin, "chapters");
    put_line(out, json_text(bulletin, "mark"));
    put_line(out, json_text(bulletin, "issue"));
    g_string_append_printf(out, "%s    %s\n\n", json_text(bulletin, "organ"), json_text(bulletin, "made"));
    put_line(out, json_text(bulletin, "title"));
    put_line(out, json_text(bulletin, "period"));
    for (size_t i = 0; i < json_array_size(chapters); i++)
        put_chapter(out, json_array_get(chapters, i));
    put_missing(out, bulletin);
    return g_string_free_to_bytes(out);
}
