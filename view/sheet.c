// SPDX-License-Identifier: Apache-2.0
/* The font map is the thread's own and lives as long as it: for each new map Pango looks up all fonts anew, on dozens of threads. */
#include "view/sheet.h"

static const double WIDTH = 595.28, HEIGHT = 841.89, FOOT = 796;
static const double RED[] = { 0.72, 0.09, 0.09 };

/* The lightest first: embedding from Micro Hei takes a third of the time of Noto and a quarter of the memory and bytes, for
 * Noto's outlines must be read whole. For the same reason nothing is bold. Noto has what GB 18030 added later, in its forms of the mainland,
 * Hanazono the rest of its characters; Pango finds the scripts of others among the machine's fonts. */
const char sheet_fonts[] = "WenQuanYi Micro Hei,Noto Sans CJK SC,HanaMinA,HanaMinB,sans-serif";

/* Read by the leak checker alone: Fontconfig keeps what it has read of the machine's settings, and
 * Pango reads them in a thread that may still be at it when a short program ends. Cairo 1.16 forgets 768 bytes of each font with
 * PostScript outlines that it embeds, as Noto's are. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\nleak:libcairo.so\n";
}

static const Style foot_style = { .size = 9, .pitch = 14, .grey = 0.3 };

/* ---- lines ---- */

/* The fonts have quotation marks of the width of a Chinese character, which tear an English sentence. */
static void set_text(PangoLayout *layout, const char *text, bool is_english)
{
    g_autoptr(GString) plain = g_string_new(text);
    if (is_english) {
        g_string_replace(plain, "“", "\"", 0);
        g_string_replace(plain, "”", "\"", 0);
        g_string_replace(plain, "’", "'", 0);
    }
    pango_layout_set_text(layout, plain->str, -1);
}

PangoLayout *sheet_set(const Sheet *sheet, const Style *style, const char *text, double width)
{
    g_autoptr(PangoFontDescription) font = pango_font_description_from_string(sheet_fonts);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    PangoLayout *layout = pango_layout_new(sheet->fonts);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    set_text(layout, text, json_flag(sheet->paper, "is_english"));
    return layout;
}

void sheet_draw_line(const Sheet *sheet, const Style *style, PangoLayout *layout, int index,
                      enum align align, double x, double y)
{
    static const double share[] = { [TO_LEFT] = 0, [TO_CENTRE] = 0.5, [TO_RIGHT] = 1 };
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, index);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    double rest = (double)(pango_layout_get_width(layout) - logical.width) / PANGO_SCALE;
    double indent = index == 0 ? (double)pango_layout_get_indent(layout) / PANGO_SCALE : 0;
    double baseline = y + (style->pitch - style->size) / 2 + style->size * 0.88;
    if (style->is_red)
        cairo_set_source_rgb(sheet->cairo, RED[0], RED[1], RED[2]);
    else
        cairo_set_source_rgb(sheet->cairo, style->grey, style->grey, style->grey);
    cairo_move_to(sheet->cairo, x + indent + rest * share[align], baseline);
    pango_cairo_show_layout_line(sheet->cairo, line);
}

double sheet_place(const Sheet *sheet, const Style *style, const char *text, enum align align, double x, double y, double width)
{
    g_autoptr(PangoLayout) layout = sheet_set(sheet, style, text, width);
    int count = *text ? pango_layout_get_line_count(layout) : 0;
    for (int i = 0; i < count; i++)
        sheet_draw_line(sheet, style, layout, i, align, x, y + i * style->pitch);
    return count * style->pitch;
}

/* ---- pages ---- */

/* A frame round all that the paper has, and above it, outside, what is said of the print. */
static void draw_margin(const Sheet *sheet)
{
    const double inset = 44;
    const char *margin = json_text(sheet->paper, "margin");
    if (!*margin)
        return;
    sheet_place(sheet, &foot_style, margin, TO_CENTRE, inset, inset - 2 * foot_style.pitch, WIDTH - 2 * inset);
    cairo_rectangle(sheet->cairo, inset, inset, WIDTH - 2 * inset, HEIGHT - 1.5 * inset);
    cairo_set_line_width(sheet->cairo, 0.6);
    cairo_set_source_rgb(sheet->cairo, 0.45, 0.45, 0.45);
    cairo_stroke(sheet->cairo);
}

void sheet_draw_foot(const Sheet *sheet)
{
    g_autofree char *number = g_strdup_printf("— %d —", sheet->number);
    sheet_place(sheet, &foot_style, json_text(sheet->paper, "foot"), TO_LEFT, LEFT - sheet->outset,
                FOOT, RIGHT - LEFT);
    draw_margin(sheet);
    if (sheet->number > 1)
        sheet_place(sheet, &foot_style, number, TO_CENTRE, LEFT, FOOT - foot_style.pitch, RIGHT - LEFT);
}

void sheet_begin_again(Sheet *sheet)
{
    cairo_show_page(sheet->cairo);
    sheet->number = 1;
    sheet->y = TOP;
}

void sheet_next_page(Sheet *sheet)
{
    sheet_draw_foot(sheet);
    cairo_show_page(sheet->cairo);
    sheet->number++;
    sheet->y = TOP;
}

void sheet_make_room(Sheet *sheet, double height)
{
    if (sheet->y + height > BOTTOM)
        sheet_next_page(sheet);
}

void sheet_flow(Sheet *sheet, const Style *style, PangoLayout *layout, enum align align)
{
    double rest = RIGHT - LEFT - (double)pango_layout_get_width(layout) / PANGO_SCALE;
    for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
        sheet_make_room(sheet, style->pitch);
        sheet_draw_line(sheet, style, layout, i, align, LEFT + rest / 2, sheet->y);
        sheet->y += style->pitch;
    }
}

void sheet_write(Sheet *sheet, const Style *style, const char *text, enum align align)
{
    g_autoptr(PangoLayout) layout = sheet_set(sheet, style, text, RIGHT - LEFT);
    sheet_flow(sheet, style, layout, align);
}

void sheet_rule(const Sheet *sheet, double y, double width, double grey)
{
    cairo_set_source_rgb(sheet->cairo, grey, grey, grey);
    cairo_set_line_width(sheet->cairo, width);
    cairo_move_to(sheet->cairo, LEFT, y);
    cairo_line_to(sheet->cairo, RIGHT, y);
    cairo_stroke(sheet->cairo);
}

/* ---- tables ---- */

typedef struct Row {
    const Style *style;
    size_t count;
    PangoLayout *cells[COLUMNS];
    int lines;
} Row;

static void row_clear(Row *self)
{
    for (size_t i = 0; i < self->count; i++)
        g_object_unref(self->cells[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, row_clear)

/* The texts of a row, or the titles of the columns. */
static void set_row(const Sheet *sheet, const Columns *columns, const json_t *texts, Row *out)
{
    for (size_t i = 0; i < columns->count; i++) {
        const json_t *cell = json_array_get(texts, i);
        const char *text = json_is_string(cell) ? json_string_value(cell) : json_text(cell, "title");
        out->cells[out->count++] = sheet_set(sheet, out->style, text, columns->left[i + 1] - columns->left[i] - 2 * columns->padding);
        out->lines = MAX(out->lines, pango_layout_get_line_count(out->cells[i]));
    }
}

static void draw_boxes(const Sheet *sheet, const Columns *columns, double height)
{
    cairo_set_source_rgb(sheet->cairo, 0.45, 0.45, 0.45);
    cairo_set_line_width(sheet->cairo, 0.6);
    for (size_t i = 0; i < columns->count; i++)
        cairo_rectangle(sheet->cairo, columns->left[i], sheet->y, columns->left[i + 1] - columns->left[i], height);
    cairo_stroke(sheet->cairo);
}

/* Lines `from` to `to` of all cells; shorter ones have none left at the end. */
static void draw_row(Sheet *sheet, const Columns *columns, const Row *row, int from, int to)
{
    double pitch = row->style->pitch, height = (to - from) * pitch + 2 * columns->padding;
    bool is_whole = to - from == row->lines;
    for (size_t i = 0; i < row->count; i++) {
        int lines = pango_layout_get_line_count(row->cells[i]);
        double above = columns->padding +
                       (columns->is_centred && is_whole ? (row->lines - lines) * pitch / 2 : 0);
        for (int line = from; line < MIN(to, lines); line++)
            sheet_draw_line(sheet, row->style, row->cells[i], line, columns->align[i],
                            columns->left[i] + columns->padding,
                            sheet->y + above + (line - from) * pitch);
    }
    if (columns->is_boxed)
        draw_boxes(sheet, columns, height);
    sheet->y += height;
    if (columns->titles && !columns->is_boxed)
        sheet_rule(sheet, sheet->y, 0.4, 0.7);
}

static void draw_titles(Sheet *sheet, const Columns *columns)
{
    g_auto(Row) row = { .style = columns->head_style };
    if (!columns->titles)
        return;
    set_row(sheet, columns, columns->titles, &row);
    if (!columns->is_boxed)
        sheet_rule(sheet, sheet->y, 0.8, 0.3);
    draw_row(sheet, columns, &row, 0, row.lines);
}

static void turn(Sheet *sheet, const Columns *columns)
{
    sheet_next_page(sheet);
    draw_titles(sheet, columns);
}

static void flow_row(Sheet *sheet, const Columns *columns, const json_t *texts)
{
    g_auto(Row) row = { .style = columns->style, .lines = columns->least };
    set_row(sheet, columns, texts, &row);
    double pitch = columns->style->pitch, around = 2 * columns->padding;
    if ((columns->titles || columns->is_centred) && sheet->y + row.lines * pitch + around > BOTTOM)
        turn(sheet, columns);
    for (int from = 0, fitting; from < row.lines; from += fitting) {
        if (sheet->y + pitch + around > BOTTOM)
            turn(sheet, columns);
        fitting = MIN(row.lines - from, (int)((BOTTOM - sheet->y - around) / pitch));
        draw_row(sheet, columns, &row, from, from + fitting);
    }
}

void sheet_rows(Sheet *sheet, const Columns *columns, const json_t *rows)
{
    draw_titles(sheet, columns);
    for (size_t i = 0; i < json_array_size(rows); i++)
        flow_row(sheet, columns, json_array_get(rows, i));
}

/* ---- the paper ---- */

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

GBytes *sheet_pdf(const json_t *paper, SheetDraw *draw, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(cairo_surface_t) surface = open_surface(paper, bytes);
    g_autoptr(cairo_t) cairo = cairo_create(surface);
    g_autoptr(PangoContext) fonts = pango_font_map_create_context(pango_cairo_font_map_get_default());
    pango_context_set_language(fonts, pango_language_from_string(SHEET_LANGUAGE));
    Sheet sheet = { .cairo = cairo, .fonts = fonts, .paper = paper, .y = TOP, .number = 1 };
    if (!draw(&sheet, error))
        return NULL;
    cairo_show_page(cairo);
    cairo_surface_finish(surface);
    if (cairo_status(cairo) || cairo_surface_status(surface))
        return fault(error, "no PDF: %s", cairo_status_to_string(cairo_surface_status(surface)));
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
