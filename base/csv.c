// SPDX-License-Identifier: Apache-2.0
/* Tables that people bring: libcsv does the quoting; here are the header and a sentence with line and column for everything
 * that does not fit. */
#include "base/base.h"

#include <csv.h>
#include <string.h>

enum { ROWS_MOST = 20000 }; /* of a whole table: rooms hold its rows against each other */
enum { ROW_MOST = 1024 * 1024 }; /* bytes of one row; no table of an office has longer rows */

typedef struct Reader {
    const char *const *columns;
    size_t required;    /* so many of them, from the first, must be there */
    CsvTake *take;
    void *data;
    char **header;      /* as the file orders it, NULL ended */
    size_t width;       /* of it */
    size_t *place;      /* of each column in the file; SIZE_MAX where it is not there */
    GString *text;      /* the cells of the row under way, each ended by a NUL */
    GArray *cells;      /* size_t: where each begins in it */
    const char **row;   /* by column, for the taker */
    size_t line, start; /* the line being read; the line on which the row under way began */
    GError *fault;      /* the first of the row under way */
    GError *error;      /* why reading ended */
} Reader;

/* ---- faults ---- */

/* The name of the column at `place` in the file; its number where the header has none for it. */
static char *column_name(const Reader *self, size_t place)
{
    return self->header && place < self->width && *self->header[place] ? g_strdup(self->header[place]) : g_strdup_printf("%zu", place + 1);
}

static void *refuse_at(const Reader *reader, GError **error, const char *reason, size_t line, size_t place)
{
    g_autofree char *column = column_name(reader, place);
    return refuse(error, NOT_FITTING, reason, "line", DECIMAL(line), "column", column, NULL);
}

/* ---- header ---- */

static bool check_header(Reader *reader)
{
    for (size_t i = 0; i < reader->width; i++) {
        const char *name = reader->header[i];
        if (!g_strv_contains(reader->columns, name))
            return refuse_at(reader, &reader->error, "base.csv_unknown_column", reader->start, i);
        if (name_place((const char *const *)reader->header, name) < i)
            return refuse_at(reader, &reader->error, "base.csv_double_column", reader->start, i);
    }
    return true;
}

static void place_columns(Reader *reader)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    for (size_t column = 0; reader->columns[column]; column++) {
        const char *name = reader->columns[column];
        size_t place = name_place((const char *const *)reader->header, name);
        reader->place[column] = place < reader->width ? place : SIZE_MAX;
        if (place == reader->width && column < reader->required)
            g_string_append_printf(missing, "%s%s", missing->len ? ", " : "", name);
    }
    if (missing->len)
        refuse(&reader->error, NOT_FITTING, "base.csv_missing_column", "line", DECIMAL(reader->start), "column", missing->str, NULL);
}

static const char *cell_at(const Reader *reader, size_t place)
{
    return place < reader->cells->len ? reader->text->str + g_array_index(reader->cells, size_t, place) : "";
}

/* As it is meant: half-width small letters without what is not seen, blanks between words as "_". Owned by the caller. */
static char *header_name(const char *cell)
{
    g_autofree char *narrow = text_narrow(cell);
    GString *name = g_string_new(NULL);
    for (const char *at = narrow; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_type(c) != G_UNICODE_FORMAT)
            g_string_append_unichar(name, g_unichar_isspace(c) ? '_' : g_unichar_tolower(c));
    }
    return g_string_free(name, FALSE);
}

static void take_header(Reader *reader)
{
    size_t wanted = g_strv_length((char **)reader->columns);
    reader->width = reader->cells->len;
    reader->header = g_new0(char *, reader->width + 1);
    for (size_t i = 0; i < reader->width; i++)
        reader->header[i] = header_name(cell_at(reader, i));
    reader->place = g_new0(size_t, wanted);
    reader->row = g_new0(const char *, wanted + 1);
    if (reader->fault)
        reader->error = g_steal_pointer(&reader->fault);
    else if (check_header(reader))
        place_columns(reader);
}

/* ---- rows ---- */

/* A table that was saved as text has an apostrophe before what a spreadsheet would reckon (view_csv). */
static bool is_marked(const char *bytes, size_t length)
{
    size_t marks = 0;
    while (marks < length && bytes[marks] == '\'')
        marks++;
    return marks && marks < length && strchr("=+-@\t\r", bytes[marks]);
}

/* A line end may be written as a vertical tab (workbook_as_text, and other programs that keep a row on one line). */
static void end_lines(char *bytes, size_t length)
{
    for (char *at = memchr(bytes, '\v', length); at; at = memchr(at, '\v', length - (size_t)(at - bytes)))
        *at = '\n';
}

static void take_cell(void *data_of_cell, size_t length, void *data)
{
    Reader *reader = data;
    char *bytes = data_of_cell;
    if (length)
        end_lines(bytes, length);
    size_t begins = reader->text->len;
    bool clean = text_is_clean(bytes, length), marked = clean && is_marked(bytes, length);
    if (!clean && !reader->fault)
        refuse_at(reader, &reader->fault, "base.csv_unclean", reader->line, reader->cells->len);
    g_array_append_val(reader->cells, begins);
    if (clean && length)
        g_string_append_len(reader->text, bytes + marked, (gssize)(length - marked));
    g_string_append_c(reader->text, '\0');
}

/* Spreadsheets save empty columns and rows in which something once stood. */
static void cut_empty(Reader *reader)
{
    size_t least = reader->header ? reader->width : 1;
    while (reader->cells->len > least && !*cell_at(reader, reader->cells->len - 1))
        g_array_set_size(reader->cells, reader->cells->len - 1);
}

static bool is_empty(const Reader *reader)
{
    size_t i = 0;
    while (i < reader->cells->len && !*cell_at(reader, i))
        i++;
    return i == reader->cells->len;
}

static void refuse_uneven(Reader *reader)
{
    size_t has = reader->cells->len;
    g_autofree char *column = column_name(reader, MIN(has, reader->width));
    refuse(&reader->fault, NOT_FITTING, "base.csv_uneven", "line", DECIMAL(reader->start), "column", column,
           "has", DECIMAL(has), "expected", DECIMAL(reader->width), NULL);
}

static void take_cells(Reader *reader)
{
    if (reader->cells->len != reader->width && !reader->fault)
        refuse_uneven(reader);
    for (size_t i = 0; reader->columns[i]; i++)
        reader->row[i] = cell_at(reader, reader->place[i]);
    const CsvRow row = { reader->start, reader->row, reader->fault };
    if (!reader->take(&row, reader->data, &reader->error) && !reader->error)
        fault(&reader->error, "a row was refused without saying why");
}

static void take_row(int terminator, void *data)
{
    (void)terminator;
    Reader *reader = data;
    if (reader->error)
        return;
    cut_empty(reader);
    if (is_empty(reader) && !reader->fault)
        ; /* passed over, as a blank line is */
    else if (reader->header)
        take_cells(reader);
    else
        take_header(reader);
    reader->start = reader->line + 1;
    g_clear_error(&reader->fault);
    g_string_truncate(reader->text, 0);
    g_array_set_size(reader->cells, 0);
}

/* ---- reading ---- */

/* The bytes of the line at `text`, its end included, be that LF, CR LF or CR. */
static size_t line_length(const char *text, size_t left)
{
    size_t i = 0;
    while (i < left && text[i] != '\n' && text[i] != '\r')
        i++;
    if (i + 1 < left && text[i] == '\r' && text[i + 1] == '\n')
        i++;
    return MIN(i + 1, left);
}

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isspace(text[i]))
            return false;
    return true;
}

/* The parser of libcsv counts no lines, so it is fed one at a time. */
static void feed(Reader *reader, struct csv_parser *parser, const char *text, size_t length)
{
    size_t row = 0; /* bytes of the row under way */
    while (length && !reader->error) {
        size_t part = line_length(text, length);
        row = reader->start == reader->line ? part : row + part;
        if (row > ROW_MOST)
            refuse_at(reader, &reader->error, "base.csv_long", reader->start, reader->cells->len);
        else if (reader->start == reader->line && is_blank(text, part))
            reader->start++;
        else if (csv_parse(parser, text, part, take_cell, take_row, reader) != part && !reader->error)
            refuse_at(reader, &reader->error, "base.csv_quote", reader->line, reader->cells->len);
        text += part;
        length -= part;
        reader->line += length > 0;
    }
    if (!reader->error && csv_fini(parser, take_cell, take_row, reader) != 0)
        refuse_at(reader, &reader->error, "base.csv_unclosed", reader->start, reader->cells->len);
}

/* The delimiter is told by the first line with anything in it: the sign of which it has most outside of quotation marks. */
static unsigned char delimiter_of(const char *text, size_t length)
{
    static const char delimiters[] = ",;\t";
    size_t counts[sizeof delimiters] = { 0 }, best = 0;
    bool is_quoted = false, has_cells = false;
    for (size_t i = 0; i < length && !(has_cells && !is_quoted && strchr("\r\n", text[i])); i++) {
        const char *found = text[i] ? strchr(delimiters, text[i]) : NULL;
        is_quoted = is_quoted != (text[i] == '"');
        has_cells = has_cells || !g_ascii_isspace(text[i]);
        if (found && !is_quoted)
            counts[found - delimiters]++;
    }
    for (size_t i = 1; i < strlen(delimiters); i++)
        best = counts[i] > counts[best] ? i : best;
    return (unsigned char)delimiters[best];
}

static void read_rows(Reader *reader, const char *text, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct csv_parser parser;
    if (length >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        length -= 3;
    }
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(&parser, g_realloc);
    csv_set_free_func(&parser, g_free);
    csv_set_delim(&parser, delimiter_of(text, length));
    feed(reader, &parser, text, length);
    csv_free(&parser);
    if (!reader->error && !reader->header)
        refuse_at(reader, &reader->error, "base.csv_empty", 1, 0);
}

bool csv_walk(const char *bytes, size_t length, const char *const *columns, size_t required, CsvTake *take, void *data, GError **error)
{
    Reader reader = { .columns = columns, .required = required, .take = take, .data = data, .line = 1, .start = 1,
                      .text = g_string_new(NULL), .cells = g_array_new(false, false, sizeof(size_t)) };
    read_rows(&reader, bytes, length);
    g_string_free(reader.text, true);
    g_array_unref(reader.cells);
    g_strfreev(reader.header);
    g_free(reader.place);
    g_free(reader.row);
    g_clear_error(&reader.fault);
    if (reader.error)
        g_propagate_error(error, reader.error);
    return !reader.error;
}

/* ---- whole tables ---- */

struct CsvTable {
    char **columns;
    GPtrArray *rows; /* of cells by column */
    GArray *lines;   /* size_t: where each begins */
    json_t *faults;  /* borrowed while it is read: of the rows that are left out; NULL: one refuses the table */
};

void csv_table_free(CsvTable *self)
{
    if (!self)
        return;
    g_strfreev(self->columns);
    g_ptr_array_unref(self->rows);
    g_array_unref(self->lines);
    g_free(self);
}

static bool keep_row(const CsvRow *row, void *data, GError **error)
{
    CsvTable *self = data;
    if (row->fault && self->faults) {
        json_t *details = trouble_details(row->fault);
        json_object_set_new(details, "line", json_integer((json_int_t)row->line));
        return json_array_append_new(self->faults, details) == 0;
    }
    if (row->fault)
        return g_propagate_error(error, g_error_copy(row->fault)), false;
    if (self->lines->len == ROWS_MOST)
        return refuse(error, NOT_FITTING, "base.csv_many", "line", DECIMAL(row->line), "most", DECIMAL(ROWS_MOST), NULL);
    g_array_append_val(self->lines, row->line);
    g_ptr_array_add(self->rows, g_strdupv((char **)(uintptr_t)row->cells));
    return true;
}

CsvTable *csv_read_required(const char *bytes, size_t length, const char *const *columns, size_t required, GError **error)
{
    return csv_read_fitting(bytes, length, columns, required, NULL, error);
}

CsvTable *csv_read_fitting(const char *bytes, size_t length, const char *const *columns, size_t required, json_t *faults, GError **error)
{
    g_autofree char *made = NULL;
    g_autoptr(CsvTable) table = g_new0(CsvTable, 1);
    *table = (CsvTable){ g_strdupv((char **)columns), g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev),
                         g_array_new(false, false, sizeof(size_t)), faults };
    if (!text_as_utf8(&bytes, &length, &made, error) ||
        !csv_walk(bytes, length, columns, required, keep_row, table, error))
        return NULL;
    table->faults = NULL;
    return g_steal_pointer(&table);
}

CsvTable *csv_read(const char *bytes, size_t length, const char *const *columns, GError **error)
{
    return csv_read_required(bytes, length, columns, SIZE_MAX, error);
}

size_t csv_rows(const CsvTable *self)
{
    return self->lines->len;
}

const char *csv_cell(const CsvTable *self, size_t row, size_t column)
{
    return ((char **)self->rows->pdata[row])[column];
}

size_t csv_line(const CsvTable *self, size_t row)
{
    return g_array_index(self->lines, size_t, row);
}

static void replace_cells(CsvTable *self, size_t column, char *plain(const char *cell))
{
    for (guint row = 0; row < self->rows->len; row++) {
        char **cell = &((char **)self->rows->pdata[row])[column], *made = plain(*cell);
        if (made)
            g_free(*cell);
        *cell = made ? made : *cell;
    }
}

static char *plain_day(const char *cell)
{
    Day day = day_read(cell);
    return day == DAY_NONE ? NULL : day_text(day, g_malloc(DAY_TEXT));
}

void csv_as_days(CsvTable *self, size_t column)
{
    replace_cells(self, column, plain_day);
}

void csv_as_numbers(CsvTable *self, size_t column)
{
    replace_cells(self, column, number_plain);
}

/* A sentence repeats no character that is not seen, or turns the direction of writing. */
static bool is_seen(const char *text)
{
    bool seen = true;
    for (; seen && *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        seen = g_unichar_type(c) != G_UNICODE_FORMAT && !g_unichar_iszerowidth(c);
    }
    return seen;
}

void csv_add_fault(json_t *faults, const CsvTable *self, size_t row, size_t column, GError *why)
{
    g_autoptr(GError) owned = why;
    json_int_t line = (json_int_t)csv_line(self, row);
    json_t *details = trouble_details(owned);
    json_object_set_new(details, "line", json_integer(line));
    json_object_set_new(details, "column", json_string(self->columns[column]));
    if (!is_seen(json_text(details, "value")))
        json_object_del(details, "value");
    size_t place = json_array_size(faults);
    while (place && json_number(json_array_get(faults, place - 1), "line") > line)
        place--;
    json_array_insert_new(faults, place, details);
}

bool csv_refuse_faults(const json_t *faults, size_t count, const char *reason, GError **error)
{
    const json_t *first = json_array_get(faults, 0);
    if (!first)
        return true;
    g_autofree char *text = json_canonical(faults);
    return refuse(error, NOT_FITTING, reason, "count", DECIMAL(count), "line", DECIMAL(json_number(first, "line")),
                  "column", json_text(first, "column"), "faults", text, NULL);
}
