// SPDX-License-Identifier: Apache-2.0
/* Tables that people bring: libcsv does the quoting; here are the encodings that offices use, the
 * header, and a sentence with line and column for everything that does not fit. */
#include "base/base.h"

#include <csv.h>
#include <string.h>

struct CsvTable {
    size_t width;
    char **header;    /* as the file orders it, NULL ended */
    size_t *place;    /* of each column asked for, in the file's order */
    GPtrArray *cells; /* row after row, in the file's order */
    GArray *lines;    /* size_t: where each row begins */
};

typedef struct Reader {
    CsvTable *table;
    const char *const *columns;
    GPtrArray *row;     /* cells of the row under way */
    size_t line, start; /* the line being read; the line on which the row under way began */
    GError *error;      /* the first fault */
} Reader;

void csv_table_free(CsvTable *self)
{
    if (!self)
        return;
    g_strfreev(self->header);
    g_free(self->place);
    g_ptr_array_unref(self->cells);
    g_array_unref(self->lines);
    g_free(self);
}

static CsvTable *table_new(void)
{
    CsvTable *self = g_new0(CsvTable, 1);
    self->cells = g_ptr_array_new_with_free_func(g_free);
    self->lines = g_array_new(false, false, sizeof(size_t));
    return self;
}

/* ---- faults ---- */

static char *number_text(size_t number)
{
    return g_strdup_printf("%zu", number);
}

/* The name of the column at `place` in the file; its number where the header is too short. */
static char *column_name(const CsvTable *self, size_t place)
{
    return self->header && place < self->width ? g_strdup(self->header[place]) : number_text(place + 1);
}

static void *refuse_at(Reader *reader, const char *reason, size_t line, size_t place)
{
    g_autofree char *line_text = number_text(line);
    g_autofree char *column = column_name(reader->table, place);
    return refuse(&reader->error, NOT_FITTING, reason, "line", line_text, "column", column, NULL);
}

void csv_add_fault(json_t *faults, const CsvTable *self, size_t row, size_t column, GError *why)
{
    g_autoptr(GError) owned = why;
    json_t *details = trouble_details(owned);
    json_object_set_new(details, "line", json_integer((json_int_t)csv_line(self, row)));
    json_object_set_new(details, "column", json_string(self->header[self->place[column]]));
    json_array_append_new(faults, details);
}

/* ---- encoding ---- */

/* Valid but for NULs, which are told later with the cell they stand in. */
static bool is_utf8(const char *bytes, size_t length)
{
    const char *end = bytes, *limit = bytes + length;
    while (!g_utf8_validate_len(end, (size_t)(limit - end), &end)) {
        if (*end != '\0')
            return false;
        end++;
    }
    return true;
}

static size_t lines_in(const char *bytes, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    return lines;
}

/* Excel on a Chinese machine saves GBK; GB 18030 reads all of it. */
static char *as_utf8(const char *bytes, size_t length, size_t *size, GError **error)
{
    size_t read = 0;
    *size = length;
    if (is_utf8(bytes, length))
        return g_memdup2(bytes, length);
    char *text = g_convert(bytes, (gssize)length, "UTF-8", "GB18030", &read, size, NULL);
    if (text)
        return text;
    g_autofree char *line = number_text(lines_in(bytes, MIN(read, length)));
    return refuse(error, NOT_FITTING, "base.csv_encoding", "line", line, "column", "1", NULL);
}

/* ---- header ---- */

static bool check_header(Reader *reader)
{
    CsvTable *table = reader->table;
    for (size_t i = 0; i < table->width; i++) {
        const char *name = table->header[i];
        if (!g_strv_contains(reader->columns, name))
            return refuse_at(reader, "base.csv_unknown_column", reader->start, i);
        for (size_t j = 0; j < i; j++)
            if (g_str_equal(table->header[j], name))
                return refuse_at(reader, "base.csv_double_column", reader->start, i);
    }
    return true;
}

static bool place_column(Reader *reader, size_t column)
{
    const CsvTable *table = reader->table;
    const char *name = reader->columns[column];
    for (size_t i = 0; i < table->width; i++)
        if (g_str_equal(table->header[i], name)) {
            table->place[column] = i;
            return true;
        }
    g_autofree char *line = number_text(reader->start);
    return refuse(&reader->error, NOT_FITTING, "base.csv_missing_column", "line", line, "column",
                  name, NULL);
}

static void take_header(Reader *reader)
{
    CsvTable *table = reader->table;
    size_t wanted = g_strv_length((char **)reader->columns);
    table->width = reader->row->len;
    g_ptr_array_add(reader->row, NULL);
    table->header = (char **)g_ptr_array_steal(reader->row, NULL);
    table->place = g_new0(size_t, wanted);
    if (!check_header(reader))
        return;
    for (size_t i = 0; i < wanted; i++)
        if (!place_column(reader, i))
            return;
}

/* ---- rows ---- */

static void take_cell(void *bytes, size_t length, void *data)
{
    Reader *reader = data;
    if (reader->error)
        return;
    if (!text_is_clean(bytes, length)) {
        refuse_at(reader, "base.csv_unclean", reader->line, reader->row->len);
        return;
    }
    g_ptr_array_add(reader->row, g_strndup(bytes, length));
}

static void take_cells(Reader *reader)
{
    CsvTable *table = reader->table;
    size_t has = reader->row->len;
    if (has != table->width) {
        g_autofree char *line = number_text(reader->start);
        g_autofree char *has_text = number_text(has);
        g_autofree char *expected = number_text(table->width);
        g_autofree char *column = column_name(table, MIN(has, table->width));
        refuse(&reader->error, NOT_FITTING, "base.csv_uneven", "line", line, "column", column,
               "has", has_text, "expected", expected, NULL);
        return;
    }
    g_array_append_val(table->lines, reader->start);
    g_ptr_array_extend_and_steal(table->cells, g_steal_pointer(&reader->row));
    reader->row = g_ptr_array_new_with_free_func(g_free);
}

static void take_row(int terminator, void *data)
{
    (void)terminator;
    Reader *reader = data;
    if (reader->error)
        return;
    if (reader->table->header)
        take_cells(reader);
    else
        take_header(reader);
    reader->start = reader->line + 1;
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

/* libcsv knows no lines, so it is fed one at a time. */
static void feed(Reader *reader, struct csv_parser *parser, const char *text, size_t length)
{
    while (length && !reader->error) {
        size_t part = line_length(text, length);
        if (reader->start == reader->line && is_blank(text, part))
            reader->start++;
        else if (csv_parse(parser, text, part, take_cell, take_row, reader) != part)
            refuse_at(reader, "base.csv_quote", reader->line, reader->row->len);
        text += part;
        length -= part;
        reader->line += length > 0;
    }
    if (!reader->error && csv_fini(parser, take_cell, take_row, reader) != 0)
        refuse_at(reader, "base.csv_unclosed", reader->start, reader->row->len);
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
    feed(reader, &parser, text, length);
    csv_free(&parser);
    if (!reader->error && !reader->table->header)
        refuse_at(reader, "base.csv_empty", 1, 0);
}

CsvTable *csv_read(const char *bytes, size_t length, const char *const *columns, GError **error)
{
    size_t size;
    g_autofree char *text = as_utf8(bytes, length, &size, error);
    if (length && !text)
        return NULL;
    g_autoptr(CsvTable) table = table_new();
    Reader reader = { .table = table,
                      .columns = columns,
                      .line = 1,
                      .start = 1,
                      .row = g_ptr_array_new_with_free_func(g_free) };
    read_rows(&reader, text, size);
    g_ptr_array_unref(reader.row);
    if (reader.error) {
        g_propagate_error(error, reader.error);
        return NULL;
    }
    return g_steal_pointer(&table);
}

size_t csv_rows(const CsvTable *self)
{
    return self->lines->len;
}

const char *csv_cell(const CsvTable *self, size_t row, size_t column)
{
    return self->cells->pdata[row * self->width + self->place[column]];
}

size_t csv_line(const CsvTable *self, size_t row)
{
    return g_array_index(self->lines, size_t, row);
}
