// SPDX-License-Identifier: Apache-2.0
/* Papers: A4 as PDF, set by Pango and drawn by Cairo. Every line stands on a grid of its own pitch,
 * so that the page looks the same whatever line height a font claims. The font map lives as long as
 * one paper, and the memory goes back to the system, for a server prints seldom. */
#include "view/inside.h"

#include <cairo-pdf.h>
#include <malloc.h>
#include <math.h>
#include <pango/pangocairo.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PangoContext, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_t, cairo_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_surface_t, cairo_surface_destroy)

/* Points of 1/72 inch. */
static const double WIDTH = 595.28, HEIGHT = 841.89;
static const double LEFT = 79, RIGHT = 516, TOP = 66, BOTTOM = 774, FOOT = 796;
static const double LABEL_WIDTH = 118, NUMBER_WIDTH = 28, PADDING = 6;
static const double SIGN_WIDTH = 210, SEAL_RADIUS = 57, QR_SIDE = 72, LINK_WIDTH = 200;
static const double MODULE = 1.3, GAP = 12; /* of a dense code: 0.46 mm, which telephones read from a print */

/* The lightest first: embedding from Micro Hei takes a third of the time of Noto and a quarter of
 * the memory and bytes, for Noto's outlines must be read whole. For the same reason nothing is
 * bold. */
static const char FONTS[] = "WenQuanYi Micro Hei,Noto Sans CJK SC,WenQuanYi Zen Hei,sans-serif";

/* Read by the leak checker alone: Fontconfig keeps what it has read of the machine's settings, and
 * Pango reads them in a thread that may still be at it when a short program ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}

enum align { TO_LEFT, TO_CENTRE, TO_RIGHT };

typedef struct Style {
    double size, pitch; /* of a line, in points */
    double grey;        /* 0 black, 1 white */
} Style;

static const Style title_style = { .size = 22, .pitch = 36 };
static const Style number_style = { .size = 12, .pitch = 30 };
static const Style body_style = { .size = 14, .pitch = 24 };
static const Style table_style = { .size = 12, .pitch = 19 };
static const Style note_style = { .size = 9, .pitch = 14 };
static const Style link_style = { .size = 8, .pitch = 11, .grey = 0.3 };
static const Style foot_style = { .size = 9, .pitch = 14, .grey = 0.3 };
static const Style seal_style = { .size = 13, .pitch = 13 };

typedef struct Sheet {
    cairo_t *cairo;
    PangoContext *fonts;
    const json_t *paper;
    double y; /* the top of what comes next */
    int number;
} Sheet;

/* ---- lines ---- */

static PangoLayout *set(const Sheet *sheet, const Style *style, const char *text, double width)
{
    g_autoptr(PangoFontDescription) font = pango_font_description_from_string(FONTS);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    PangoLayout *layout = pango_layout_new(sheet->fonts);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

/* Draws one line of a layout in the box that begins at x, y: the em box of the characters stands in
 * the middle of the pitch, with the baseline where Chinese fonts have it. */
static void draw_line(const Sheet *sheet, const Style *style, PangoLayout *layout, int index,
                      enum align align, double x, double y)
{
    static const double share[] = { [TO_LEFT] = 0, [TO_CENTRE] = 0.5, [TO_RIGHT] = 1 };
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, index);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    double rest = (double)(pango_layout_get_width(layout) - logical.width) / PANGO_SCALE;
    double indent = index == 0 ? (double)pango_layout_get_indent(layout) / PANGO_SCALE : 0;
    double baseline = y + (style->pitch - style->size) / 2 + style->size * 0.88;
    cairo_set_source_rgb(sheet->cairo, style->grey, style->grey, style->grey);
    cairo_move_to(sheet->cairo, x + indent + rest * share[align], baseline);
    pango_cairo_show_layout_line(sheet->cairo, line);
}

/* A text at a fixed place; returns its height. */
static double place(const Sheet *sheet, const Style *style, const char *text, enum align align,
                    double x, double y, double width)
{
    g_autoptr(PangoLayout) layout = set(sheet, style, text, width);
    int count = *text ? pango_layout_get_line_count(layout) : 0;
    for (int i = 0; i < count; i++)
        draw_line(sheet, style, layout, i, align, x, y + i * style->pitch);
    return count * style->pitch;
}

/* ---- pages ---- */

static void draw_foot(const Sheet *sheet)
{
    g_autofree char *number = g_strdup_printf("— %d —", sheet->number);
    place(sheet, &foot_style, json_text(sheet->paper, "foot"), TO_LEFT, LEFT, FOOT, RIGHT - LEFT);
    if (sheet->number > 1)
        place(sheet, &foot_style, number, TO_CENTRE, LEFT, FOOT - foot_style.pitch, RIGHT - LEFT);
}

static void next_page(Sheet *sheet)
{
    draw_foot(sheet);
    cairo_show_page(sheet->cairo);
    sheet->number++;
    sheet->y = TOP;
}

static void make_room(Sheet *sheet, double height)
{
    if (sheet->y + height > BOTTOM)
        next_page(sheet);
}

/* A text that flows on from page to page, in the middle when it is narrower than the page. */
static void flow(Sheet *sheet, const Style *style, PangoLayout *layout, enum align align)
{
    double rest = RIGHT - LEFT - (double)pango_layout_get_width(layout) / PANGO_SCALE;
    for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
        make_room(sheet, style->pitch);
        draw_line(sheet, style, layout, i, align, LEFT + rest / 2, sheet->y);
        sheet->y += style->pitch;
    }
}

/* The lines of a long title are about as long as one another; no character stands alone. */
static void flow_title(Sheet *sheet, const char *text)
{
    double width = RIGHT - LEFT;
    g_autoptr(PangoLayout) layout = set(sheet, &title_style, text, width);
    int count = pango_layout_get_line_count(layout);
    while (count > 1 && pango_layout_get_line_count(layout) == count)
        pango_layout_set_width(layout, (int)((width -= title_style.size) * PANGO_SCALE));
    if (count > 1)
        pango_layout_set_width(layout, (int)((width + title_style.size) * PANGO_SCALE));
    flow(sheet, &title_style, layout, TO_CENTRE);
}

static void flow_number(Sheet *sheet, const char *text)
{
    g_autoptr(PangoLayout) layout = set(sheet, &number_style, text, RIGHT - LEFT);
    flow(sheet, &number_style, layout, TO_RIGHT);
}

/* Chinese paragraphs begin two characters in (GB/T 9704); an address such as 张三: does not. */
static void flow_paragraph(Sheet *sheet, const char *text)
{
    g_autoptr(PangoLayout) layout = set(sheet, &body_style, text, RIGHT - LEFT);
    bool address = g_str_has_suffix(text, "：") || g_str_has_suffix(text, ":");
    if (!address && !g_str_is_ascii(text))
        pango_layout_set_indent(layout, (int)(2 * body_style.size * PANGO_SCALE));
    flow(sheet, &body_style, layout, TO_LEFT);
}

/* ---- tables and lists ---- */

typedef struct Columns {
    const Style *style;
    double label_width, padding;
    bool ruled;
} Columns;

static const Columns table_columns = { &table_style, LABEL_WIDTH, PADDING, true };
static const Columns list_columns = { &body_style, NUMBER_WIDTH, 0, false };

static void rule(const Sheet *sheet, double label_width, double height)
{
    cairo_set_source_rgb(sheet->cairo, 0.45, 0.45, 0.45);
    cairo_set_line_width(sheet->cairo, 0.6);
    cairo_rectangle(sheet->cairo, LEFT, sheet->y, label_width, height);
    cairo_rectangle(sheet->cairo, LEFT + label_width, sheet->y, RIGHT - LEFT - label_width, height);
    cairo_stroke(sheet->cairo);
}

/* Lines `from` to `to` of both cells; the shorter cell has none left at the end. */
static void draw_cells(const Sheet *sheet, const Columns *columns, PangoLayout *cells[2], int from,
                       int to)
{
    double x[2] = { LEFT + columns->padding, LEFT + columns->label_width + columns->padding };
    for (int cell = 0; cell < 2; cell++)
        for (int i = from; i < MIN(to, pango_layout_get_line_count(cells[cell])); i++)
            draw_line(sheet, columns->style, cells[cell], i, TO_LEFT, x[cell],
                      sheet->y + columns->padding + (i - from) * columns->style->pitch);
}

/* A label and a value beside it; what does not fit goes on over the page. */
static void flow_row(Sheet *sheet, const Columns *columns, const char *label, const char *value)
{
    double inner = 2 * columns->padding, pitch = columns->style->pitch;
    g_autoptr(PangoLayout) left = set(sheet, columns->style, label, columns->label_width - inner);
    g_autoptr(PangoLayout) right =
        set(sheet, columns->style, value, RIGHT - LEFT - columns->label_width - inner);
    PangoLayout *cells[] = { left, right };
    int count = MAX(pango_layout_get_line_count(left), pango_layout_get_line_count(right));
    for (int from = 0, fitting; from < count; from += fitting) {
        make_room(sheet, pitch + inner);
        fitting = MIN(count - from, (int)((BOTTOM - sheet->y - inner) / pitch));
        draw_cells(sheet, columns, cells, from, from + fitting);
        if (columns->ruled)
            rule(sheet, columns->label_width, fitting * pitch + inner);
        sheet->y += fitting * pitch + inner;
    }
}

static void flow_table(Sheet *sheet, const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *label = json_string_value(json_array_get(row, 0));
        const char *value = json_string_value(json_array_get(row, 1));
        flow_row(sheet, &table_columns, label ? label : "", value ? value : "");
    }
}

static void flow_list(Sheet *sheet, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        g_autofree char *number = g_strdup_printf("%zu.", i + 1);
        const char *text = json_string_value(json_array_get(list, i));
        flow_row(sheet, &list_columns, number, text ? text : "");
    }
}

/* ---- seal mark ---- */

static void draw_seal_character(const Sheet *sheet, const char *character, double angle)
{
    char text[8] = "";
    g_utf8_strncpy(text, character, 1);
    g_autoptr(PangoLayout) layout = set(sheet, &seal_style, text, SEAL_RADIUS);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    cairo_save(sheet->cairo);
    cairo_rotate(sheet->cairo, angle);
    cairo_move_to(sheet->cairo, -0.5 * logical.width / PANGO_SCALE,
                  -SEAL_RADIUS + 7 + seal_style.size * 0.88);
    pango_cairo_show_layout_line(sheet->cairo, line);
    cairo_restore(sheet->cairo);
}

/* A ring with text, translucent over organ and day. No star and no emblem: it must not be taken for
 * an authority's seal. */
static void draw_seal(const Sheet *sheet, const char *text, double x, double y)
{
    long count = g_utf8_strlen(text, -1);
    double step = MIN(0.36, 2 * G_PI * 0.86 / (double)MAX(count, 1));
    cairo_save(sheet->cairo);
    cairo_translate(sheet->cairo, x, y);
    cairo_set_source_rgba(sheet->cairo, 0.78, 0.1, 0.1, 0.55);
    cairo_set_line_width(sheet->cairo, 2.6);
    cairo_new_path(sheet->cairo);
    cairo_arc(sheet->cairo, 0, 0, SEAL_RADIUS - 1.3, 0, 2 * G_PI);
    cairo_stroke(sheet->cairo);
    const char *character = text;
    for (long i = 0; i < count; i++, character = g_utf8_next_char(character))
        draw_seal_character(sheet, character, ((double)i - (double)(count - 1) / 2) * step);
    cairo_restore(sheet->cairo);
}

/* ---- QR code ---- */

static void draw_qr(const Sheet *sheet, const Qr *qr, double side, double x, double y)
{
    for (size_t row = 0; row < qr->width; row++)
        for (size_t column = 0, run; column < qr->width; column += run + 1) {
            run = qr_run(qr, row, column);
            cairo_rectangle(sheet->cairo, x + (double)column * side, y + (double)row * side,
                            (double)run * side, side);
        }
    cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
    cairo_fill(sheet->cairo);
}

/* The code at the foot of the page, left, with its link in print for those without a camera. */
static double link_height(const Sheet *sheet)
{
    g_autoptr(PangoLayout) link =
        set(sheet, &link_style, json_text(sheet->paper, "link"), LINK_WIDTH);
    g_autoptr(PangoLayout) note =
        set(sheet, &note_style, json_text(sheet->paper, "link_note"), LINK_WIDTH);
    return QR_SIDE + PADDING + pango_layout_get_line_count(link) * link_style.pitch +
           pango_layout_get_line_count(note) * note_style.pitch;
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
    y += place(sheet, &note_style, json_text(sheet->paper, "link_note"), TO_LEFT, LEFT, y,
               LINK_WIDTH);
    place(sheet, &link_style, link, TO_LEFT, LEFT, y, LINK_WIDTH);
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

/* What stands below the small code, from top to bottom. */
static const struct {
    const char *name;
    const Style *style;
} record_lines[] = { { "proof_note", &note_style }, { "salt", &table_style }, { "salt_note", &note_style } };

static double height_of(const Sheet *sheet, const Style *style, const char *text, double width)
{
    g_autoptr(PangoLayout) layout = set(sheet, style, text, width);
    return *text ? pango_layout_get_line_count(layout) * style->pitch : 0;
}

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
    cairo_set_source_rgb(sheet->cairo, 0.45, 0.45, 0.45);
    cairo_set_line_width(sheet->cairo, 0.6);
    cairo_move_to(sheet->cairo, LEFT, y + GAP / 2);
    cairo_line_to(sheet->cairo, RIGHT, y + GAP / 2);
    cairo_stroke(sheet->cairo);
    y += 2 * GAP;
    draw_qr(sheet, record->proof, MODULE, RIGHT - record->side, y);
    y += place(sheet, &table_style, json_text(said, "title"), TO_LEFT, LEFT, y - PADDING / 2, record->width);
    draw_qr(sheet, record->link, QR_SIDE / (double)record->link->width, LEFT, y);
    place(sheet, &note_style, json_text(said, "note"), TO_LEFT, LEFT + QR_SIDE + GAP, y, record->width - QR_SIDE - GAP);
    y += QR_SIDE + PADDING;
    for (size_t i = 0; i < G_N_ELEMENTS(record_lines); i++)
        y += place(sheet, record_lines[i].style, json_text(said, record_lines[i].name), TO_LEFT, LEFT, y, record->width);
}

/* ---- the paper ---- */

/* Organ and day with the seal mark over them, right. */
static void sign(const Sheet *sheet)
{
    const json_t *paper = sheet->paper;
    double x = RIGHT - SIGN_WIDTH, middle = sheet->y + SEAL_RADIUS;
    g_autoptr(PangoLayout) organ = set(sheet, &body_style, json_text(paper, "organ"), SIGN_WIDTH);
    double above = pango_layout_get_line_count(organ) * body_style.pitch;
    place(sheet, &body_style, json_text(paper, "organ"), TO_CENTRE, x, middle - above, SIGN_WIDTH);
    place(sheet, &body_style, json_text(paper, "day"), TO_CENTRE, x, middle, SIGN_WIDTH);
    if (*json_text(paper, "seal"))
        draw_seal(sheet, json_text(paper, "seal"), x + SIGN_WIDTH / 2, middle);
}

/* The QR code at the bottom, left, beside who signs; below both the record in the ledger, on a page of its own where
 * this one has no room for it. */
static bool close_paper(Sheet *sheet, GError **error)
{
    g_auto(Record) record = { 0 };
    if (!record_measure(sheet, &record, error))
        return false;
    double link = link_height(sheet), height = MAX(link, 2 * SEAL_RADIUS);
    make_room(sheet, PADDING + height);
    bool together = sheet->y + PADDING + height + record.height <= BOTTOM;
    double bottom = together ? BOTTOM - record.height : BOTTOM;
    sheet->y += CLAMP(bottom - sheet->y - height, PADDING, 2 * body_style.pitch);
    sign(sheet);
    if (!draw_link(sheet, bottom - link, error))
        return false;
    if (!together) {
        next_page(sheet);
        bottom = TOP;
    }
    if (record.said)
        draw_record(sheet, &record, bottom);
    draw_foot(sheet);
    return true;
}

static bool draw_paper(Sheet *sheet, GError **error)
{
    const json_t *lines = json_object_get(sheet->paper, "lines");
    flow_title(sheet, json_text(sheet->paper, "title"));
    flow_number(sheet, json_text(sheet->paper, "number"));
    sheet->y += PADDING;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *line = json_string_value(json_array_get(lines, i));
        flow_paragraph(sheet, line ? line : "");
    }
    sheet->y += PADDING;
    flow_table(sheet, json_object_get(sheet->paper, "table"));
    sheet->y += PADDING;
    flow_list(sheet, json_object_get(sheet->paper, "list"));
    return close_paper(sheet, error);
}

static cairo_status_t append(void *bytes, const unsigned char *data, unsigned length)
{
    g_byte_array_append(bytes, data, length);
    return CAIRO_STATUS_SUCCESS;
}

/* Without a date of making, the same paper gives the same bytes. */
static cairo_surface_t *open_surface(const json_t *paper, GByteArray *bytes)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, bytes, WIDTH, HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, json_text(paper, "title"));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    return surface;
}

static GBytes *make(const json_t *paper, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(cairo_surface_t) surface = open_surface(paper, bytes);
    g_autoptr(cairo_t) cairo = cairo_create(surface);
    g_autoptr(PangoFontMap) map = pango_cairo_font_map_new();
    g_autoptr(PangoContext) fonts = pango_font_map_create_context(map);
    pango_context_set_language(fonts, pango_language_from_string("zh-cn"));
    Sheet sheet = { .cairo = cairo, .fonts = fonts, .paper = paper, .y = TOP, .number = 1 };
    if (!draw_paper(&sheet, error))
        return NULL;
    cairo_show_page(cairo);
    cairo_surface_finish(surface);
    if (cairo_status(cairo) || cairo_surface_status(surface))
        return fault(error, "no PDF: %s", cairo_status_to_string(cairo_surface_status(surface)));
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

GBytes *view_pdf(const json_t *paper, GError **error)
{
    GBytes *bytes = make(paper, error);
    malloc_trim(0);
    return bytes;
}
