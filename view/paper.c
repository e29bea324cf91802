// SPDX-License-Identifier: Apache-2.0
/* Papers: letters, receipts and licences, each with who signs it. */
#include "view/sheet.h"

#include <math.h>

/* Points of 1/72 inch. */
static const double LABEL_WIDTH = 118, NUMBER_WIDTH = 28, PADDING = 6;
static const double SIGN_WIDTH = 210, QR_SIDE = 72, LINK_WIDTH = 200;
static const double MODULE = 1.3, GAP = 12; /* of a dense code: 0.46 mm, which telephones read from a print */

static const Style title_style = { .size = 22, .pitch = 36 };
static const Style number_style = { .size = 12, .pitch = 30 };
static const Style body_style = { .size = 14, .pitch = 24 };
static const Style table_style = { .size = 12, .pitch = 19 };
static const Style note_style = { .size = 9, .pitch = 14 };
static const Style link_style = { .size = 8, .pitch = 11, .grey = 0.3 };

/* A text whose lines are about as long as one another, so that no word stands alone; owned by the caller. */
static PangoLayout *set_balanced(const Sheet *sheet, const Style *style, const char *text, double width)
{
    PangoLayout *layout = sheet_set(sheet, style, text, width);
    int count = pango_layout_get_line_count(layout);
    while (count > 1 && pango_layout_get_line_count(layout) == count)
        pango_layout_set_width(layout, (int)((width -= style->size) * PANGO_SCALE));
    if (count > 1)
        pango_layout_set_width(layout, (int)((width + style->size) * PANGO_SCALE));
    return layout;
}

static void flow_title(Sheet *sheet, const char *text)
{
    g_autoptr(PangoLayout) layout = set_balanced(sheet, &title_style, text, RIGHT - LEFT);
    sheet_flow(sheet, &title_style, layout, TO_CENTRE);
}

/* Chinese paragraphs begin two characters in (GB/T 9704); who is addressed in the first one (张三:) does not. */
static void flow_paragraph(Sheet *sheet, const char *text, bool is_first)
{
    g_autoptr(PangoLayout) layout = sheet_set(sheet, &body_style, text, RIGHT - LEFT);
    bool addresses = is_first && (g_str_has_suffix(text, "：") || g_str_has_suffix(text, ":"));
    if (!addresses && !json_flag(sheet->paper, "is_english") && !g_str_is_ascii(text))
        pango_layout_set_indent(layout, (int)(2 * body_style.size * PANGO_SCALE));
    sheet_flow(sheet, &body_style, layout, TO_LEFT);
}

static void flow_table(Sheet *sheet, const json_t *rows)
{
    const Columns columns = { .count = 2, .left = { LEFT, LEFT + LABEL_WIDTH, RIGHT }, .padding = PADDING, .style = &table_style, .is_boxed = true };
    sheet_rows(sheet, &columns, rows);
}

static void flow_list(Sheet *sheet, const json_t *list)
{
    const Columns columns = { .count = 2, .left = { LEFT, LEFT + NUMBER_WIDTH, RIGHT }, .style = &body_style };
    g_autoptr(json_t) rows = json_array();
    for (size_t i = 0; i < json_array_size(list); i++)
        json_array_append_new(rows, json_pack("[o, O]", json_sprintf("%zu.", i + 1), json_array_get(list, i)));
    sheet_rows(sheet, &columns, rows);
}

/* ---- QR code ---- */

static void draw_qr(const Sheet *sheet, const Qr *qr, double side, double x, double y)
{
    for (size_t row = 0; row < qr->width; row++)
        for (size_t column = 0, run; column < qr->width; column += run + 1) {
            run = qr_run(qr, row, column);
            cairo_rectangle(sheet->cairo, x + (double)column * side, y + (double)row * side, (double)run * side, side);
        }
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    cairo_fill(sheet->cairo);
}

static double height_of(const Sheet *sheet, const Style *style, const char *text, double width)
{
    g_autoptr(PangoLayout) layout = sheet_set(sheet, style, text, width);
    return *text ? pango_layout_get_line_count(layout) * style->pitch : 0;
}

/* The code at the foot of the page, left, with its link in print for those without a camera. */
static double link_height(const Sheet *sheet)
{
    double link = height_of(sheet, &link_style, json_text(sheet->paper, "link"), LINK_WIDTH);
    double note = height_of(sheet, &note_style, json_text(sheet->paper, "link_note"), LINK_WIDTH);
    return QR_SIDE + PADDING + MAX(link, link_style.pitch) + MAX(note, note_style.pitch);
}

static bool draw_link(const Sheet *sheet, double y, GError **error)
{
    const char *link = json_text(sheet->paper, "link");
    if (!*link)
        return true;
    g_autofree Qr *qr = qr_of(link, QR_STURDY, error);
    if (!qr)
        return false;
    draw_qr(sheet, qr, QR_SIDE / (double)qr->width, LEFT, y);
    y += QR_SIDE + PADDING;
    y += sheet_place(sheet, &note_style, json_text(sheet->paper, "link_note"), TO_LEFT, LEFT, y, LINK_WIDTH);
    sheet_place(sheet, &link_style, link, TO_LEFT, LEFT, y, LINK_WIDTH);
    return true;
}

/* ---- the record in the ledger ---- */

/* Two codes and what they are for: a small one that leads to a page, and a dense one, right, that proves by itself. */
typedef struct Record {
    const json_t *said; /* {title, link, note, proof, proof_note, salt, salt_note}; NULL: none */
    Qr *link, *proof;
    double side, width, height; /* of the dense code; of the column beside it; of all */
} Record;

static void record_clear(Record *self)
{
    g_free(self->link);
    g_free(self->proof);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Record, record_clear)

/* The lines below the small code, from top to bottom. */
static const struct {
    const char *name;
    const Style *style;
} record_lines[] = { { "proof_note", &note_style }, { "salt", &table_style }, { "salt_note", &note_style } };

static bool record_measure(const Sheet *sheet, Record *out, GError **error)
{
    *out = (Record){ .said = json_object_get(sheet->paper, "record") };
    if (!out->said)
        return true;
    out->link = qr_of(json_text(out->said, "link"), QR_STURDY, error);
    out->proof = out->link ? qr_of(json_text(out->said, "proof"), QR_DENSE, error) : NULL;
    if (!out->proof)
        return false;
    out->side = MODULE * (double)out->proof->width;
    out->width = RIGHT - LEFT - out->side - GAP;
    double column = height_of(sheet, &table_style, json_text(out->said, "title"), out->width) + QR_SIDE + PADDING;
    for (size_t i = 0; i < G_N_ELEMENTS(record_lines); i++)
        column += height_of(sheet, record_lines[i].style, json_text(out->said, record_lines[i].name), out->width);
    out->height = 2 * GAP + MAX(out->side, column);
    return true;
}

static void draw_record(const Sheet *sheet, const Record *record, double y)
{
    const json_t *said = record->said;
    sheet_rule(sheet, y + GAP / 2, 0.6, 0.45);
    y += 2 * GAP;
    draw_qr(sheet, record->proof, MODULE, RIGHT - record->side, y);
    y += sheet_place(sheet, &table_style, json_text(said, "title"), TO_LEFT, LEFT, y - PADDING / 2, record->width);
    draw_qr(sheet, record->link, QR_SIDE / (double)record->link->width, LEFT, y);
    sheet_place(sheet, &note_style, json_text(said, "note"), TO_LEFT, LEFT + QR_SIDE + GAP, y, record->width - QR_SIDE - GAP);
    y += QR_SIDE + PADDING;
    for (size_t i = 0; i < G_N_ELEMENTS(record_lines); i++)
        y += sheet_place(sheet, record_lines[i].style, json_text(said, record_lines[i].name), TO_LEFT, LEFT, y, record->width);
}

/* ---- the paper ---- */

/* Organ and day with the seal mark over them, right. */
static void sign(const Sheet *sheet)
{
    const json_t *paper = sheet->paper;
    double x = RIGHT - SIGN_WIDTH, middle = sheet->y + SEAL_RADIUS;
    g_autoptr(PangoLayout) organ = set_balanced(sheet, &body_style, json_text(paper, "organ"), SIGN_WIDTH);
    int lines = pango_layout_get_line_count(organ);
    double left = x + (SIGN_WIDTH - (double)pango_layout_get_width(organ) / PANGO_SCALE) / 2;
    for (int i = 0; i < lines; i++)
        sheet_draw_line(sheet, &body_style, organ, i, TO_CENTRE, left, middle - (lines - i) * body_style.pitch);
    sheet_place(sheet, &body_style, json_text(paper, "day"), TO_CENTRE, x, middle, SIGN_WIDTH);
    sheet_draw_seal(sheet, x + SIGN_WIDTH / 2, middle);
}

/* The QR code at the bottom, left, beside who signs; below both the record in the ledger, on a page of its own where
 * this one has no room for it: once, behind the last copy. */
static bool close_paper(Sheet *sheet, bool has_record, GError **error)
{
    g_auto(Record) record = { 0 };
    if (has_record && !record_measure(sheet, &record, error))
        return false;
    double link = link_height(sheet), height = MAX(link, 2 * SEAL_RADIUS);
    sheet_make_room(sheet, PADDING + height);
    bool together = sheet->y + PADDING + height + record.height <= BOTTOM;
    double bottom = together ? BOTTOM - record.height : BOTTOM;
    sheet->y += CLAMP(bottom - sheet->y - height, PADDING, 2 * body_style.pitch);
    sign(sheet);
    if (!draw_link(sheet, bottom - link, error))
        return false;
    if (!together) {
        sheet_next_page(sheet);
        bottom = TOP;
    }
    if (record.said)
        draw_record(sheet, &record, bottom);
    sheet_draw_foot(sheet);
    return true;
}

static void flow_lines(Sheet *sheet, const json_t *lines, bool are_first)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *line = json_string_value(json_array_get(lines, i));
        flow_paragraph(sheet, line ? line : "", are_first && i == 0);
    }
}

/* A code that is read by another program, with what it is beside it. */
static bool flow_code(Sheet *sheet, const json_t *code, GError **error)
{
    if (!code)
        return true;
    g_autofree Qr *qr = qr_of(json_text(code, "text"), QR_STURDY, error);
    if (!qr)
        return false;
    sheet_make_room(sheet, QR_SIDE + PADDING);
    draw_qr(sheet, qr, QR_SIDE / (double)qr->width, LEFT, sheet->y);
    sheet_place(sheet, &note_style, json_text(code, "note"), TO_LEFT, LEFT + QR_SIDE + GAP, sheet->y, LINK_WIDTH);
    sheet->y += QR_SIDE + PADDING;
    return true;
}

static bool draw_copy(Sheet *sheet, const char *copy, bool is_last, GError **error)
{
    flow_title(sheet, json_text(sheet->paper, "title"));
    if (*copy)
        sheet_write(sheet, &number_style, copy, TO_CENTRE);
    sheet_write(sheet, &number_style, json_text(sheet->paper, "number"), TO_RIGHT);
    sheet->y += PADDING;
    flow_lines(sheet, json_object_get(sheet->paper, "lines"), true);
    sheet->y += PADDING;
    flow_table(sheet, json_object_get(sheet->paper, "table"));
    sheet->y += PADDING;
    flow_list(sheet, json_object_get(sheet->paper, "list"));
    sheet->y += json_array_size(json_object_get(sheet->paper, "list")) ? PADDING : 0;
    flow_lines(sheet, json_object_get(sheet->paper, "after"), false);
    if (!flow_code(sheet, json_object_get(sheet->paper, "code"), error))
        return false;
    return close_paper(sheet, is_last, error);
}

static bool draw_paper(Sheet *sheet, GError **error)
{
    size_t i;
    json_t *copy, *copies = json_object_get(sheet->paper, "copies");
    json_array_foreach(copies, i, copy) {
        if (i)
            sheet_begin_again(sheet);
        if (!draw_copy(sheet, json_string_value(copy), i + 1 == json_array_size(copies), error))
            return false;
    }
    return json_array_size(copies) || draw_copy(sheet, "", true, error);
}

GBytes *view_pdf(const json_t *paper, GError **error)
{
    return sheet_pdf(paper, draw_paper, error);
}
