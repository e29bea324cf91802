// SPDX-License-Identifier: Apache-2.0
/* The bulletin as a workbook: a sheet for each chapter, whose shares are formulas over its own cells, with their values beside
 * for viewers that do not calculate. */
#include "indicators/report.h"

#include <string.h>
#include <xlsxwriter.h>

enum { TITLE_ROW, NOTE_ROW, HEAD_ROW, FIRST_ROW, LABEL_WIDTH = 30, CELL_WIDTH = 13, KEY_WIDTH = 34 };

typedef struct Book {
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *title, *head, *count, *percent, *average, *points, *sum, *quiet;
    const json_t *bulletin;
    lxw_row_t row;
} Book;

/* How a cell follows from cells of its row; two decimals of a percent, rounded as on paper. TOP and BOTTOM stand for them. */
static const struct {
    const char *kind, *formula;
    double scale;  /* from the value as the paper shows it to that of the cell */
    size_t format; /* in Book */
} kinds[] = {
    { "share", "=IF(N(BOTTOM)=0,\"\",ROUND(TOP/BOTTOM,4))", 0.01, offsetof(Book, percent) },
    { "saving", "=IF(N(BOTTOM)=0,\"\",ROUND(1-TOP/BOTTOM,4))", 0.01, offsetof(Book, percent) },
    { "growth", "=IF(N(BOTTOM)=0,\"\",ROUND(TOP/BOTTOM-1,4))", 0.01, offsetof(Book, percent) },
    { "average", "=IF(N(BOTTOM)=0,\"\",ROUND(TOP/BOTTOM,2))", 1, offsetof(Book, average) },
    { "points", "=IF(OR(TOP=\"\",BOTTOM=\"\"),\"\",ROUND((TOP-BOTTOM)*100,2))", 1, offsetof(Book, points) },
    { "same", "=IF(TOP=\"\",\"\",TOP)", 1, offsetof(Book, count) },
};

/* ---- cells ---- */

/* `top` and `bottom` are columns of the same row. */
static void write_formula(const Book *book, lxw_col_t column, const char *kind, int top, int bottom, const json_t *value)
{
    size_t i = 0;
    char over[LXW_MAX_CELL_NAME_LENGTH], under[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell(over, book->row, (lxw_col_t)top);
    lxw_rowcol_to_cell(under, book->row, (lxw_col_t)bottom);
    while (i + 1 < G_N_ELEMENTS(kinds) && strcmp(kinds[i].kind, kind) != 0)
        i++;
    GString *formula = g_string_new(kinds[i].formula);
    g_string_replace(formula, "TOP", over, 0);
    g_string_replace(formula, "BOTTOM", under, 0);
    lxw_format *format = *(lxw_format *const *)(const void *)((const char *)book + kinds[i].format);
    if (json_is_number(value))
        worksheet_write_formula_num(book->sheet, book->row, column, formula->str, format, json_number_value(value) * kinds[i].scale);
    else
        worksheet_write_formula_str(book->sheet, book->row, column, formula->str, format, "");
    g_string_free(formula, TRUE);
}

static void write_count(const Book *book, lxw_col_t column, const json_t *value)
{
    if (json_is_number(value))
        worksheet_write_number(book->sheet, book->row, column, json_number_value(value), book->count);
}

/* Cells of a grid begin in the second column: the first holds what the row is of. */
static void write_cell(const Book *book, lxw_col_t column, const json_t *cell)
{
    const char *kind = json_text(cell, "kind");
    const json_t *value = json_object_get(cell, "value");
    if (strcmp(kind, "count") == 0)
        write_count(book, column, value);
    else if (strcmp(kind, "none") == 0)
        worksheet_write_string(book->sheet, book->row, column, json_text(cell, "text"), book->count);
    else
        write_formula(book, column, kind, (int)json_number(cell, "top") + 1, (int)json_number(cell, "bottom") + 1, value);
}

static void write_sum(const Book *book, lxw_row_t first, lxw_col_t column, const json_t *cell)
{
    char range[LXW_MAX_CELL_RANGE_LENGTH];
    lxw_rowcol_to_range(range, first, column, book->row - 1, column);
    g_autofree char *formula = g_strdup_printf("=SUM(%s)", range);
    worksheet_write_formula_num(book->sheet, book->row, column, formula, book->sum, json_number_value(json_object_get(cell, "value")));
}

/* ---- tables ---- */

static void write_total(Book *book, lxw_row_t first, const json_t *total)
{
    const json_t *cells = json_object_get(total, "cells");
    if (!json_is_object(total) || book->row == first)
        return;
    worksheet_write_string(book->sheet, book->row, 0, json_text(total, "label"), book->sum);
    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *cell = json_array_get(cells, i);
        if (strcmp(json_text(cell, "kind"), "count") == 0)
            write_sum(book, first, (lxw_col_t)(i + 1), cell);
        else
            write_cell(book, (lxw_col_t)(i + 1), cell);
    }
    book->row++;
}

static void write_grid(Book *book, const json_t *grid)
{
    const json_t *rows = json_object_get(grid, "rows"), *columns = json_object_get(grid, "columns");
    worksheet_write_string(book->sheet, book->row, 0, json_text(grid, "first"), book->head);
    for (size_t i = 0; i < json_array_size(columns); i++)
        worksheet_write_string(book->sheet, book->row, (lxw_col_t)(i + 1), json_text(json_array_get(columns, i), "title"), book->head);
    lxw_row_t first = ++book->row;
    for (size_t r = 0; r < json_array_size(rows); r++, book->row++) {
        const json_t *row = json_array_get(rows, r), *cells = json_object_get(row, "cells");
        worksheet_write_string(book->sheet, book->row, 0, json_text(row, "label"), NULL);
        for (size_t i = 0; i < json_array_size(cells); i++)
            write_cell(book, (lxw_col_t)(i + 1), json_array_get(cells, i));
    }
    write_total(book, first, json_object_get(grid, "total"));
}

/* The columns of a figure; top and bottom are the counts that it is made of. */
enum { NAME, VALUE, UNIT, TOP, BOTTOM, KEY, DEFINITION, FIGURE_COLUMNS };

static void write_figure(const Book *book, const json_t *figure)
{
    const json_t *value = json_object_get(figure, "value"), *bottom = json_object_get(figure, "bottom");
    worksheet_write_string(book->sheet, book->row, NAME, json_text(figure, "name"), NULL);
    worksheet_write_string(book->sheet, book->row, UNIT, json_text(figure, "unit_text"), NULL);
    worksheet_write_string(book->sheet, book->row, KEY, json_text(figure, "key"), book->quiet);
    worksheet_write_string(book->sheet, book->row, DEFINITION, json_text(figure, "definition"), book->quiet);
    if (!json_is_integer(bottom)) {
        write_count(book, VALUE, value);
        return;
    }
    write_count(book, TOP, json_object_get(figure, "top"));
    write_count(book, BOTTOM, bottom);
    write_formula(book, VALUE, json_text(figure, "formula"), TOP, BOTTOM, value);
}

static void write_figures(Book *book, const json_t *figures)
{
    static const char *const names[FIGURE_COLUMNS] = { "name", "value", "unit", "top", "bottom", "key", "definition" };
    const json_t *labels = json_object_get(book->bulletin, "labels");
    if (!json_array_size(figures))
        return;
    for (int i = 0; i < FIGURE_COLUMNS; i++)
        worksheet_write_string(book->sheet, book->row, (lxw_col_t)i, json_text(labels, names[i]), book->head);
    book->row++;
    for (size_t i = 0; i < json_array_size(figures); i++, book->row++)
        write_figure(book, json_array_get(figures, i));
}

/* ---- sheets ---- */

static void begin_sheet(Book *book, const char *name, const char *title)
{
    book->sheet = workbook_add_worksheet(book->workbook, name);
    worksheet_set_column(book->sheet, 0, 0, LABEL_WIDTH, NULL);
    worksheet_set_column(book->sheet, 1, FIGURE_COLUMNS * 2, CELL_WIDTH, NULL);
    worksheet_write_string(book->sheet, TITLE_ROW, 0, title, book->title);
    worksheet_write_string(book->sheet, NOTE_ROW, 0, json_text(book->bulletin, "period"), book->quiet);
    worksheet_freeze_panes(book->sheet, FIRST_ROW, 1);
    worksheet_set_landscape(book->sheet);
    worksheet_fit_to_pages(book->sheet, 1, 0);
    book->row = HEAD_ROW;
}

static void write_chapter(Book *book, const json_t *chapter)
{
    const json_t *sections = json_object_get(chapter, "sections");
    begin_sheet(book, json_text(chapter, "title"), json_text(chapter, "heading"));
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *grids = json_object_get(json_array_get(sections, i), "grids");
        for (size_t g = 0; g < json_array_size(grids); g++, book->row++)
            write_grid(book, json_array_get(grids, g));
    }
    write_figures(book, json_object_get(chapter, "figures"));
}

static void write_keys(Book *book)
{
    const json_t *labels = json_object_get(book->bulletin, "labels");
    begin_sheet(book, json_text(labels, "key"), json_text(labels, "annex_title"));
    worksheet_set_column(book->sheet, KEY, KEY, KEY_WIDTH, NULL);
    write_figures(book, json_object_get(book->bulletin, "annex"));
}

static lxw_format *format(lxw_workbook *workbook, const char *number, bool bold, lxw_color_t ground)
{
    lxw_format *made = workbook_add_format(workbook);
    if (number)
        format_set_num_format(made, number);
    if (bold)
        format_set_bold(made);
    if (ground) {
        format_set_bg_color(made, ground);
        format_set_text_wrap(made);
        format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    }
    return made;
}

static void make_formats(Book *book)
{
    enum { GROUND = 0xE9F0F9, GREY = 0x525E6C, TITLE_SIZE = 14 };
    lxw_workbook *workbook = book->workbook;
    book->title = format(workbook, NULL, true, 0);
    format_set_font_size(book->title, TITLE_SIZE);
    book->head = format(workbook, NULL, true, GROUND);
    book->count = format(workbook, "#,##0", false, 0);
    book->percent = format(workbook, "0.00%", false, 0);
    book->average = format(workbook, "0.00", false, 0);
    book->points = format(workbook, "+0.00;-0.00;0.00", false, 0);
    book->sum = format(workbook, "#,##0", true, 0);
    format_set_top(book->sum, LXW_BORDER_THIN);
    book->quiet = format(workbook, NULL, false, 0);
    format_set_font_color(book->quiet, GREY);
}

static lxw_error write_book(const json_t *bulletin, const char *file, const char *folder, Instant made)
{
    lxw_workbook_options options = { .tmpdir = (char *)(uintptr_t)folder };
    Book book = { .workbook = workbook_new_opt(file, &options), .bulletin = bulletin };
    lxw_doc_properties properties = { .title = (char *)(uintptr_t)json_text(bulletin, "title"),
                                      .author = (char *)(uintptr_t)json_text(bulletin, "organ"), .created = (time_t)(made / 1000) };
    const json_t *chapters = json_object_get(bulletin, "chapters");
    workbook_set_properties(book.workbook, &properties);
    make_formats(&book);
    for (size_t i = 0; i < json_array_size(chapters); i++)
        write_chapter(&book, json_array_get(chapters, i));
    write_keys(&book);
    return workbook_close(book.workbook);
}

/* The library writes files only. */
GBytes *bulletin_xlsx(const json_t *bulletin, Instant made, GError **error)
{
    char *bytes;
    gsize length;
    g_autofree char *folder = g_dir_make_tmp("bulletin-XXXXXX", error);
    if (!folder)
        return NULL;
    g_autofree char *file = g_build_filename(folder, "bulletin.xlsx", NULL);
    lxw_error failed = write_book(bulletin, file, folder, made);
    bool read = !failed && g_file_get_contents(file, &bytes, &length, error);
    remove_tree(folder);
    if (failed)
        return fault(error, "no workbook: %s", lxw_strerror(failed));
    return read ? g_bytes_new_take(bytes, length) : NULL;
}
