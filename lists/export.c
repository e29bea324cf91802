// SPDX-License-Identifier: Apache-2.0
/* The rows of a list as a file, under the same filters: CSV and XLSX for people, in their language, JSON for programs. What
 * a spreadsheet would take for a formula is text in all of them. */
#include "lists/inside.h"

#include <string.h>
#include <xlsxwriter.h>

enum { ROWS_MOST = 10000 };

/* ---- the rows ---- */

static bool is_exported(const ListColumn *column)
{
    return column->where != LIST_UNSHOWN;
}

/* The first page of them all; refused when there are more, for a part would pass for the whole. */
static bool read_rows(const Request *r, const ListAsk *ask, const ListSeen *seen, GArray *rows, GError **error)
{
    const ListPlace start = { 0 };
    ListStretch all = list_stretch(ask, seen, false, &start);
    all.by_columns = true;
    g_autofree char *most = view_number(ROWS_MOST);
    if (!list_read(&r->context, &all, ROWS_MOST + 1, rows, error))
        return false;
    return rows->len <= ROWS_MOST || refuse(error, NOT_FITTING, "lists.too_many", "most", most, NULL);
}

static bool dress_all(const Request *r, const ListSpec *spec, const GArray *rows, GError **error)
{
    for (guint i = 0; i < rows->len; i++)
        if (!list_dress(r, spec, g_array_index(rows, ListRow, i).data, error))
            return false;
    return true;
}

/* ---- JSON ---- */

static GBytes *as_json(Request *r, const ListSpec *spec, const GArray *rows, GError **error)
{
    (void)r, (void)error;
    json_t *all = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append(all, g_array_index(rows, ListRow, i).data);
    g_autoptr(json_t) whole = json_pack("{s:o}", spec->rows ? spec->rows : "rows", all);
    char *text = json_dumps(whole, JSON_COMPACT);
    return g_bytes_new_take(text, strlen(text));
}

/* ---- CSV ---- */

/* A spreadsheet reckons what begins with one of these signs; an apostrophe before it makes it text. A plain number stays. */
static bool is_formula(const ListColumn *column, const char *text)
{
    bool is_text = !column || column->kind == LIST_TEXT || column->kind == LIST_WORD || column->kind == LIST_ORGAN || column->kind == LIST_DIVISION;
    return is_text && *text && strchr("=+-@\t\r", *text);
}

static void append_cell(GString *out, const ListColumn *column, const char *text)
{
    g_string_append(out, is_formula(column, text) ? "\"'" : "\"");
    for (; *text; text++)
        g_string_append_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    g_string_append(out, "\"");
}

/* Days as spreadsheets read them; the rest as the page says it. */
static char *plain_cell(const Request *r, const ListColumn *column, const json_t *row)
{
    const json_t *value = json_object_get(row, column->name);
    if (column->kind == LIST_DAY || column->kind == LIST_DAY_NUMBER)
        return g_strdup(json_text(row, column->name));
    if (column->kind == LIST_INTEGER)
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (column->kind == LIST_MONEY)
        return g_strdup_printf("%.2f", (double)json_integer_value(value) / 100);
    return list_cell(r, column, row);
}

static void append_line(GString *out, const Request *r, const ListSpec *spec, const json_t *row)
{
    const char *comma = "";
    for (const ListColumn *column = spec->columns; column->name; column++) {
        if (!is_exported(column))
            continue;
        g_autofree char *text = row ? plain_cell(r, column, row) : list_label(r, spec, column->name);
        g_string_append(out, comma);
        append_cell(out, row ? column : NULL, text);
        comma = ",";
    }
    g_string_append(out, "\r\n");
}

/* With a byte-order mark, without which spreadsheets take it for another encoding. */
static GBytes *as_csv(Request *r, const ListSpec *spec, const GArray *rows, GError **error)
{
    (void)error;
    GString *out = g_string_new("\xEF\xBB\xBF");
    append_line(out, r, spec, NULL);
    for (guint i = 0; i < rows->len; i++)
        append_line(out, r, spec, g_array_index(rows, ListRow, i).data);
    return g_string_free_to_bytes(out);
}

/* ---- XLSX ---- */

typedef struct Sheet {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *money;
} Sheet;

static void write_cell(const Sheet *self, lxw_row_t line, lxw_col_t at, const Request *r, const ListColumn *column, const json_t *row)
{
    int64_t number = json_integer_value(json_object_get(row, column->name));
    if (column->kind == LIST_INTEGER)
        worksheet_write_number(self->sheet, line, at, (double)number, NULL);
    else if (column->kind == LIST_MONEY)
        worksheet_write_number(self->sheet, line, at, (double)number / 100, self->money);
    else {
        g_autofree char *text = plain_cell(r, column, row);
        worksheet_write_string(self->sheet, line, at, text, NULL); /* a text, whatever it begins with */
    }
}

static void write_line(const Sheet *self, lxw_row_t line, const Request *r, const ListSpec *spec, const json_t *row)
{
    enum { WIDTH = 18 };
    lxw_col_t at = 0;
    for (const ListColumn *column = spec->columns; column->name; column++) {
        if (!is_exported(column))
            continue;
        g_autofree char *label = row ? NULL : list_label(r, spec, column->name);
        if (row)
            write_cell(self, line, at, r, column, row);
        else {
            worksheet_set_column(self->sheet, at, at, WIDTH, NULL);
            worksheet_write_string(self->sheet, line, at, label, self->head);
        }
        at++;
    }
}

static lxw_error write_book(const char *file, const char *folder, Request *r, const ListSpec *spec, const GArray *rows)
{
    lxw_workbook_options options = { .tmpdir = (char *)(uintptr_t)folder };
    Sheet self = { .book = workbook_new_opt(file, &options) };
    self.sheet = workbook_add_worksheet(self.book, NULL);
    self.head = workbook_add_format(self.book);
    format_set_bold(self.head);
    self.money = workbook_add_format(self.book);
    format_set_num_format(self.money, "#,##0.00");
    worksheet_freeze_panes(self.sheet, 1, 0);
    write_line(&self, 0, r, spec, NULL);
    for (guint i = 0; i < rows->len; i++)
        write_line(&self, i + 1, r, spec, g_array_index(rows, ListRow, i).data);
    return workbook_close(self.book);
}

static GBytes *as_xlsx(Request *r, const ListSpec *spec, const GArray *rows, GError **error)
{
    char *bytes;
    gsize length;
    g_autofree char *folder = g_dir_make_tmp("list-XXXXXX", error);
    if (!folder)
        return NULL;
    g_autofree char *file = g_build_filename(folder, "list.xlsx", NULL);
    lxw_error failed = write_book(file, folder, r, spec, rows);
    bool read = !failed && g_file_get_contents(file, &bytes, &length, error);
    remove_tree(folder);
    if (failed)
        return fault(error, "no workbook: %s", lxw_strerror(failed));
    return read ? g_bytes_new_take(bytes, length) : NULL;
}

/* ---- the answer ---- */

static const struct {
    GBytes *(*write)(Request *r, const ListSpec *spec, const GArray *rows, GError **error);
    const char *type;
} formats[] = { /* as list_formats names them */
    { as_csv, "text/csv; charset=utf-8" },
    { as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { as_json, "application/json" },
};

json_t *list_export(Request *r, const ListAsk *ask, const ListSeen *seen, GError **error)
{
    char day[DAY_TEXT];
    size_t format = 0;
    const ListSpec *spec = ask->spec;
    g_autoptr(GArray) rows = list_rows_new();
    while (strcmp(json_text(r->fields, "format"), list_formats[format]) != 0)
        format++;
    if (!read_rows(r, ask, seen, rows, error) || !dress_all(r, spec, rows, error))
        return NULL;
    g_autofree char *name = g_strdup_printf("%s-%s.%s", spec->name, day_text(day_of(r->context.now), day), list_formats[format]);
    GBytes *bytes = formats[format].write(r, spec, rows, error);
    return bytes ? answer_bytes(r, bytes, formats[format].type, name, true) : NULL;
}
