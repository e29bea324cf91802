// SPDX-License-Identifier: Apache-2.0
/* Bulletins: a red head, chapters of prose in which figures carry numbered notes, and tables of many columns. */
#include "view/sheet.h"

static const double GAP = 8, CELL = 3; /* points round tables, and round what stands in a cell */

static const Style mark_style = { .size = 34, .pitch = 50, .is_red = true };
static const Style issue_style = { .size = 12, .pitch = 22 };
static const Style title_style = { .size = 18, .pitch = 30 };
static const Style heading_style = { .size = 14, .pitch = 28 };
static const Style subheading_style = { .size = 12, .pitch = 24 };
static const Style body_style = { .size = 12, .pitch = 21 };
static const Style cell_style = { .size = 8, .pitch = 11.5 };
static const Style head_style = { .size = 8, .pitch = 11.5, .grey = 0.3 };
static const Style small_style = { .size = 8.5, .pitch = 13, .grey = 0.3 };

/* ---- the head ---- */

static void draw_head(Sheet *sheet)
{
    const json_t *paper = sheet->paper;
    const double red[] = { 0.72, 0.09, 0.09 }, width = RIGHT - LEFT, thick = 2;
    sheet->y += sheet_place(sheet, &mark_style, json_text(paper, "mark"), TO_CENTRE, LEFT, sheet->y, width);
    sheet->y += sheet_place(sheet, &issue_style, json_text(paper, "issue"), TO_CENTRE, LEFT, sheet->y, width);
    sheet_place(sheet, &issue_style, json_text(paper, "day"), TO_RIGHT, LEFT, sheet->y, width);
    sheet->y += sheet_place(sheet, &issue_style, json_text(paper, "organ"), TO_LEFT, LEFT, sheet->y, width);
    cairo_set_source_rgb(sheet->cairo, red[0], red[1], red[2]);
    cairo_rectangle(sheet->cairo, LEFT, sheet->y, width, thick);
    cairo_fill(sheet->cairo);
    sheet->y += 2 * GAP;
    sheet_write(sheet, &title_style, json_text(paper, "title"), TO_CENTRE);
    sheet->y += sheet_place(sheet, &issue_style, json_text(paper, "period"), TO_CENTRE, LEFT, sheet->y, width);
}

/* ---- prose ---- */

/* Small and raised: the number of a note behind its figure. */
static void raise_note(PangoAttrList *list, size_t from, size_t to)
{
    const double size = 6.5, rise = 4;
    PangoAttribute *attributes[] = { pango_attr_size_new_absolute((int)(size * PANGO_SCALE)), pango_attr_rise_new((int)(rise * PANGO_SCALE)) };
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        attributes[i]->start_index = (guint)from;
        attributes[i]->end_index = (guint)to;
        pango_attr_list_insert(list, attributes[i]);
    }
}

static void flow_pieces(Sheet *sheet, const json_t *pieces)
{
    g_autoptr(GString) text = g_string_new(NULL);
    PangoAttrList *raised = pango_attr_list_new();
    for (size_t i = 0; i < json_array_size(pieces); i++) {
        const json_t *piece = json_array_get(pieces, i);
        g_string_append(text, json_text(piece, "text"));
        size_t from = text->len;
        if (json_number(piece, "note"))
            g_string_append_printf(text, "[%" PRId64 "]", json_number(piece, "note"));
        if (text->len > from)
            raise_note(raised, from, text->len);
    }
    g_autoptr(PangoLayout) layout = sheet_set(sheet, &body_style, text->str, RIGHT - LEFT);
    pango_layout_set_attributes(layout, raised);
    pango_attr_list_unref(raised);
    if (!g_str_is_ascii(text->str))
        pango_layout_set_indent(layout, (int)(2 * body_style.size * PANGO_SCALE));
    sheet_flow(sheet, &body_style, layout, TO_LEFT);
}

/* A heading stays with what follows it. */
static void flow_heading(Sheet *sheet, const Style *style, const char *text)
{
    const double following = 4 * body_style.pitch;
    sheet_make_room(sheet, style->pitch + following);
    sheet_write(sheet, style, text, TO_LEFT);
}

/* ---- tables ---- */

static Columns columns_of(const json_t *columns)
{
    int64_t shares = 0, before = 0;
    Columns made = { .count = MIN(json_array_size(columns), (size_t)COLUMNS), .padding = CELL, .style = &cell_style, .head_style = &head_style,
                     .titles = columns };
    for (size_t i = 0; i < made.count; i++)
        shares += json_number(json_array_get(columns, i), "share");
    for (size_t i = 0; i < made.count; i++) {
        const json_t *column = json_array_get(columns, i);
        made.left[i] = LEFT + (RIGHT - LEFT) * (double)before / (double)MAX(shares, 1);
        made.align[i] = json_flag(column, "is_number") ? TO_RIGHT : TO_LEFT;
        before += json_number(column, "share");
    }
    made.left[made.count] = RIGHT;
    return made;
}

static void flow_table(Sheet *sheet, const json_t *table)
{
    const double three_rows = 60;
    Columns columns = columns_of(json_object_get(table, "columns"));
    sheet_make_room(sheet, small_style.pitch + three_rows);
    sheet->y += GAP / 2;
    sheet_write(sheet, &small_style, json_text(table, "caption"), TO_LEFT);
    sheet_rows(sheet, &columns, json_object_get(table, "rows"));
    sheet->y += GAP;
}

/* ---- the whole ---- */

static void draw_block(Sheet *sheet, const json_t *block)
{
    if (json_object_get(block, "heading"))
        flow_heading(sheet, &heading_style, json_text(block, "heading"));
    else if (json_object_get(block, "subheading"))
        flow_heading(sheet, &subheading_style, json_text(block, "subheading"));
    else if (json_object_get(block, "pieces"))
        flow_pieces(sheet, json_object_get(block, "pieces"));
    else if (json_object_get(block, "table"))
        flow_table(sheet, json_object_get(block, "table"));
    else
        sheet_write(sheet, &small_style, json_text(block, "note"), TO_LEFT);
}

static bool draw_bulletin(Sheet *sheet, GError **error)
{
    (void)error;
    const json_t *blocks = json_object_get(sheet->paper, "blocks");
    draw_head(sheet);
    for (size_t i = 0; i < json_array_size(blocks); i++)
        draw_block(sheet, json_array_get(blocks, i));
    sheet_draw_foot(sheet);
    return true;
}

GBytes *view_bulletin_pdf(const json_t *paper, GError **error)
{
    return sheet_pdf(paper, draw_bulletin, error);
}
