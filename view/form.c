// SPDX-License-Identifier: Apache-2.0
/* Official forms (申请表): a title and one table of boxes, filled in or to be filled in by hand. */
#include "view/sheet.h"

/* Points of 1/72 inch. A form leaves less margin than a letter. */
static const double FORM_LEFT = 57, FORM_RIGHT = 538, LABEL = 102, LABEL_OF_BOTH = 118, CELL = 4, GAP = 6;

static const Style title_style = { .size = 20, .pitch = 32 };
static const Style second_title_style = { .size = 12, .pitch = 20 };
static const Style cell_style = { .size = 10.5, .pitch = 15.5 };
static const Style heading_style = { .size = 12, .pitch = 18 };
static const Style note_style = { .size = 9, .pitch = 13.5, .grey = 0.2 };

/* Cells of which every second is a value, behind its label. */
static Columns columns_of_pairs(const Sheet *sheet, size_t pairs, size_t lines)
{
    double width = (FORM_RIGHT - FORM_LEFT) / (double)pairs, label = *json_text(sheet->paper, "title_en") ? LABEL_OF_BOTH : LABEL;
    Columns made = { .count = 2 * pairs, .padding = CELL, .style = &cell_style, .is_boxed = true, .is_centred = true, .least = (int)lines };
    for (size_t i = 0; i < pairs; i++) {
        made.left[2 * i] = FORM_LEFT + width * (double)i;
        made.left[2 * i + 1] = made.left[2 * i] + label;
        made.align[2 * i] = TO_CENTRE;
    }
    made.left[2 * pairs] = FORM_RIGHT;
    return made;
}

static void draw_pairs(Sheet *sheet, const json_t *row)
{
    enum { PAIRS_MOST = 2 };
    size_t i;
    json_t *pair, *pairs = json_object_get(row, "pairs");
    g_autoptr(json_t) texts = json_array(), rows = json_pack("[O]", texts);
    Columns columns = columns_of_pairs(sheet, CLAMP(json_array_size(pairs), (size_t)1, (size_t)PAIRS_MOST), (size_t)json_number(row, "lines"));
    json_array_foreach(pairs, i, pair)
        json_array_extend(texts, pair);
    sheet_rows(sheet, &columns, rows);
}

static void draw_wide(Sheet *sheet, const Style *style, enum align align, const char *text, int64_t lines)
{
    g_autoptr(json_t) rows = json_pack("[[s]]", text);
    const Columns columns = { .count = 1, .left = { FORM_LEFT, FORM_RIGHT }, .align = { align }, .padding = CELL, .style = style, .is_boxed = true,
                              .is_centred = true, .least = (int)lines };
    sheet_rows(sheet, &columns, rows);
}

static void put_shares(Columns *columns, const json_t *titles)
{
    int64_t shares = 0, before = 0;
    for (size_t i = 0; i < columns->count; i++)
        shares += json_number(json_array_get(titles, i), "share");
    for (size_t i = 0; i <= columns->count; i++) {
        columns->left[i] =
            FORM_LEFT + (FORM_RIGHT - FORM_LEFT) * (double)before / (double)MAX(shares, 1);
        before += json_number(json_array_get(titles, i), "share");
    }
    for (size_t i = 0; i < columns->count; i++)
        columns->align[i] = TO_CENTRE;
}

/* A caption and the head stay with the first rows. */
static void draw_table(Sheet *sheet, const json_t *table)
{
    const double first_rows = 5 * cell_style.pitch;
    const json_t *titles = json_object_get(table, "columns");
    Columns columns = { .count = CLAMP(json_array_size(titles), (size_t)1, (size_t)COLUMNS), .padding = CELL, .style = &cell_style, .head_style = &cell_style,
                        .titles = titles, .is_boxed = true, .is_centred = true, .least = 1 };
    put_shares(&columns, titles);
    sheet_make_room(sheet, cell_style.pitch + first_rows);
    draw_wide(sheet, &cell_style, TO_LEFT, json_text(table, "caption"), 1);
    sheet_rows(sheet, &columns, json_object_get(table, "rows"));
}

/* A heading stays with what follows it. */
static void draw_heading(Sheet *sheet, const char *text)
{
    const double following = 3 * cell_style.pitch;
    sheet_make_room(sheet, heading_style.pitch + following);
    draw_wide(sheet, &heading_style, TO_CENTRE, text, 1);
}

static double least_height(const json_t *row)
{
    return (double)MAX(json_number(row, "lines"), 1) * cell_style.pitch + 2 * CELL;
}

/* Nobody signs on a page that says nothing: what stays with a row goes to the next page with it. */
static void draw_row(Sheet *sheet, const json_t *row, const json_t *next)
{
    if (json_flag(next, "stays"))
        sheet_make_room(sheet, least_height(row) + least_height(next));
    if (json_object_get(row, "heading"))
        draw_heading(sheet, json_text(row, "heading"));
    else if (json_object_get(row, "table"))
        draw_table(sheet, json_object_get(row, "table"));
    else if (json_object_get(row, "pairs"))
        draw_pairs(sheet, row);
    else
        draw_wide(sheet, &cell_style, TO_LEFT, json_text(row, "text"), json_number(row, "lines"));
}

static void draw_notes(Sheet *sheet, const json_t *notes)
{
    const Columns columns = { .count = 1, .left = { FORM_LEFT, FORM_RIGHT }, .style = &note_style };
    size_t i;
    json_t *note;
    g_autoptr(json_t) rows = json_array();
    json_array_foreach((json_t *)(uintptr_t)notes, i, note)
        json_array_append_new(rows, json_pack("[O]", note));
    sheet->y += GAP;
    sheet_make_room(sheet, 2 * note_style.pitch);
    sheet_rows(sheet, &columns, rows);
}

static bool draw_form(Sheet *sheet, GError **error)
{
    (void)error;
    size_t i;
    json_t *one;
    sheet->outset = LEFT - FORM_LEFT;
    sheet_write(sheet, &title_style, json_text(sheet->paper, "title"), TO_CENTRE);
    if (*json_text(sheet->paper, "title_en"))
        sheet_write(sheet, &second_title_style, json_text(sheet->paper, "title_en"), TO_CENTRE);
    sheet->y += GAP;
    sheet->y += sheet_place(sheet, &note_style, json_text(sheet->paper, "number"), TO_RIGHT, FORM_LEFT, sheet->y, FORM_RIGHT - FORM_LEFT) + GAP / 2;
    json_array_foreach(json_object_get(sheet->paper, "rows"), i, one)
        draw_row(sheet, one, json_array_get(json_object_get(sheet->paper, "rows"), i + 1));
    draw_notes(sheet, json_object_get(sheet->paper, "notes"));
    sheet_draw_foot(sheet);
    return true;
}

GBytes *view_form_pdf(const json_t *paper, GError **error)
{
    return sheet_pdf(paper, draw_form, error);
}
