// SPDX-License-Identifier: Apache-2.0
/* Tables as files that spreadsheets open. What a spreadsheet would take for a formula is text in all of them. */
#include "view/view.h"

#include <string.h>
#include <xlsxwriter.h>

/* ---- CSV ---- */

/* A spreadsheet reckons what begins with one of these signs; an apostrophe before it makes it text. So does one before such a mark, which
 * would be taken off when the table is read again. */
static bool is_formula(enum cell_kind kind, const char *text)
{
    text += strspn(text, "'");
    return kind == CELL_TEXT && *text && strchr("=+-@\t\r", *text);
}

static void append_cell(GString *out, enum cell_kind kind, const char *text)
{
    g_string_append(out, is_formula(kind, text) ? "\"'" : "\"");
    for (; *text; text++)
        g_string_append_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    g_string_append(out, "\"");
}

/* The titles are texts, whatever stands below them. */
static void append_line(GString *out, const ViewTable *table, const char *const *cells)
{
    for (size_t i = 0; i < table->count; i++) {
        g_string_append(out, i ? "," : "");
        append_cell(out, cells == table->titles ? CELL_TEXT : table->kinds[i], cells[i]);
    }
    g_string_append(out, "\r\n");
}

GBytes *view_csv(const ViewTable *table)
{
    GString *out = g_string_new("\xEF\xBB\xBF");
    append_line(out, table, table->titles);
    for (guint i = 0; i < table->rows->len; i++)
        append_line(out, table, table->rows->pdata[i]);
    return g_string_free_to_bytes(out);
}

/* ---- XLSX ---- */

typedef struct Book {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *money;
} Book;

static void write_cell(const Book *self, lxw_row_t line, lxw_col_t at, enum cell_kind kind, const char *text)
{
    if (kind == CELL_NUMBER || kind == CELL_MONEY)
        worksheet_write_number(self->sheet, line, at, g_ascii_strtod(text, NULL), kind == CELL_MONEY ? self->money : NULL);
    else
        worksheet_write_string(self->sheet, line, at, text, NULL);
}

static void write_line(const Book *self, lxw_row_t line, const ViewTable *table)
{
    const char *const *cells = table->rows->pdata[line - 1];
    for (size_t i = 0; i < table->count; i++)
        write_cell(self, line, (lxw_col_t)i, table->kinds[i], cells[i]);
}

static lxw_error write_book(const char *file, const char *folder, const ViewTable *table)
{
    enum { WIDTH = 18 };
    lxw_workbook_options options = { .tmpdir = (char *)(uintptr_t)folder };
    Book self = { .book = workbook_new_opt(file, &options) };
    self.sheet = workbook_add_worksheet(self.book, NULL);
    self.head = workbook_add_format(self.book);
    format_set_bold(self.head);
    self.money = workbook_add_format(self.book);
    format_set_num_format(self.money, "#,##0.00");
    worksheet_freeze_panes(self.sheet, 1, 0);
    worksheet_set_column(self.sheet, 0, (lxw_col_t)(table->count - 1), WIDTH, NULL);
    for (size_t i = 0; i < table->count; i++)
        worksheet_write_string(self.sheet, 0, (lxw_col_t)i, table->titles[i], self.head);
    for (guint i = 0; i < table->rows->len; i++)
        write_line(&self, i + 1, table);
    return workbook_close(self.book);
}

GBytes *view_xlsx(const ViewTable *table, GError **error)
{
    char *bytes;
    gsize length;
    g_autofree char *folder = g_dir_make_tmp("table-XXXXXX", error);
    if (!folder)
        return NULL;
    g_autofree char *file = g_build_filename(folder, "table.xlsx", NULL);
    lxw_error failed = write_book(file, folder, table);
    bool read = !failed && g_file_get_contents(file, &bytes, &length, error);
    remove_tree(folder);
    if (failed)
        return fault(error, "no workbook: %s", lxw_strerror(failed));
    return read ? g_bytes_new_take(bytes, length) : NULL;
}
