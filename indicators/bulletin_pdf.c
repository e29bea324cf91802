// SPDX-License-Identifier: Apache-2.0
/* The bulletin on paper: figures carry the numbers of the annex, which names their keys. */
#include "indicators/report.h"

enum { LABEL_SHARE = 5, CELL_SHARE = 2 };

static void add(json_t *blocks, const char *kind, json_t *what)
{
    json_t *block = json_object();
    json_object_set_new(block, kind, what);
    json_array_append_new(blocks, block);
}

static json_t *text_of(const json_t *object, const char *member)
{
    return json_string(json_text(object, member));
}

/* ---- prose ---- */

static json_t *pieces_of(const json_t *pieces)
{
    json_t *made = json_array();
    for (size_t i = 0; i < json_array_size(pieces); i++) {
        const json_t *piece = json_array_get(pieces, i);
        json_array_append_new(made, json_pack("{s:o, s:I}", "text", text_of(piece, "text"), "note", (json_int_t)json_number(piece, "number")));
    }
    return made;
}

/* ---- tables ---- */

static json_t *column(json_t *title, int share, bool is_number)
{
    return json_pack("{s:o, s:i, s:b}", "title", title, "share", share, "is_number", is_number);
}

static json_t *columns_of(const json_t *grid)
{
    const json_t *columns = json_object_get(grid, "columns");
    json_t *made = json_array();
    json_array_append_new(made, column(text_of(grid, "first"), LABEL_SHARE, false));
    for (size_t i = 0; i < json_array_size(columns); i++)
        if (json_flag(json_array_get(columns, i), "is_shown"))
            json_array_append_new(made, column(text_of(json_array_get(columns, i), "title"), CELL_SHARE, true));
    return made;
}

static void append_row(json_t *rows, const json_t *row)
{
    const json_t *cells = json_object_get(row, "cells");
    json_t *made = json_array();
    json_array_append_new(made, text_of(row, "label"));
    for (size_t i = 0; i < json_array_size(cells); i++)
        if (json_flag(json_array_get(cells, i), "is_shown"))
            json_array_append_new(made, text_of(json_array_get(cells, i), "text"));
    json_array_append_new(rows, made);
}

json_t *bulletin_table(const json_t *grid)
{
    json_t *made = json_array();
    const json_t *rows = json_object_get(grid, "rows"), *total = json_object_get(grid, "total");
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (json_flag(json_array_get(rows, i), "is_shown"))
            append_row(made, json_array_get(rows, i));
    if (json_is_object(total))
        append_row(made, total);
    return json_pack("{s:o, s:o, s:o}", "caption", text_of(grid, "caption"), "columns", columns_of(grid), "rows", made);
}

static json_t *annex_of(const json_t *bulletin)
{
    const json_t *annex = json_object_get(bulletin, "annex"), *labels = json_object_get(bulletin, "labels");
    json_t *rows = json_array(), *columns = json_array();
    json_array_append_new(columns, column(text_of(labels, "number"), 1, true));
    json_array_append_new(columns, column(text_of(labels, "name"), 5, false));
    json_array_append_new(columns, column(text_of(labels, "value"), 3, true));
    json_array_append_new(columns, column(text_of(labels, "definition"), 9, false));
    json_array_append_new(columns, column(text_of(labels, "key"), 5, false));
    for (size_t i = 0; i < json_array_size(annex); i++) {
        const json_t *figure = json_array_get(annex, i);
        g_autofree char *number = g_strdup_printf("%" PRId64, json_number(figure, "number"));
        json_array_append_new(rows, json_pack("[s, o, o, o, o]", number, text_of(figure, "name"), text_of(figure, "text"),
                                              text_of(figure, "definition"), text_of(figure, "key")));
    }
    return json_pack("{s:o, s:o, s:o}", "caption", text_of(labels, "annex_lead"), "columns", columns, "rows", rows);
}

/* ---- blocks ---- */

static void add_chapter(json_t *blocks, const json_t *chapter)
{
    const json_t *sections = json_object_get(chapter, "sections");
    add(blocks, "heading", text_of(chapter, "heading"));
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i), *grids = json_object_get(section, "grids");
        add(blocks, "subheading", text_of(section, "heading"));
        if (json_flag(section, "says"))
            add(blocks, "pieces", pieces_of(json_object_get(section, "pieces")));
        for (size_t g = 0; g < json_array_size(grids); g++)
            add(blocks, "table", bulletin_table(json_array_get(grids, g)));
    }
}

/* One line for each room: 项目: … */
static void add_missing(json_t *blocks, const json_t *bulletin)
{
    const json_t *missing = json_object_get(bulletin, "missing"), *labels = json_object_get(bulletin, "labels");
    if (!json_array_size(missing))
        return;
    add(blocks, "heading", text_of(labels, "missing_title"));
    add(blocks, "note", text_of(labels, "missing_lead"));
    for (size_t i = 0; i < json_array_size(missing); i++) {
        const json_t *figures = json_object_get(json_array_get(missing, i), "figures");
        g_autoptr(GString) line = g_string_new(json_text(json_array_get(missing, i), "room_name"));
        g_string_append(line, json_text(labels, "colon"));
        for (size_t f = 0; f < json_array_size(figures); f++)
            g_string_append_printf(line, "%s%s [%" PRId64 "]", f ? json_text(labels, "comma") : "",
                                   json_text(json_array_get(figures, f), "name"), json_number(json_array_get(figures, f), "number"));
        add(blocks, "note", json_string(line->str));
    }
}

GBytes *bulletin_pdf(const json_t *bulletin, GError **error)
{
    json_t *blocks = json_array();
    const json_t *chapters = json_object_get(bulletin, "chapters"), *labels = json_object_get(bulletin, "labels");
    for (size_t i = 0; i < json_array_size(chapters); i++)
        add_chapter(blocks, json_array_get(chapters, i));
    add_missing(blocks, bulletin);
    add(blocks, "heading", text_of(labels, "annex_title"));
    add(blocks, "table", annex_of(bulletin));
    add(blocks, "note", text_of(labels, "note"));
    g_autoptr(json_t) paper = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "mark", text_of(bulletin, "mark"), "issue", text_of(bulletin, "issue"),
                                        "organ", text_of(bulletin, "organ"), "day", text_of(bulletin, "made"), "title",
                                        text_of(bulletin, "title"), "period", text_of(bulletin, "period"), "blocks", blocks);
    return view_bulletin_pdf(paper, error);
}
