// SPDX-License-Identifier: Apache-2.0
/* A workbook (XLSX, ISO/IEC 29500) as the text of a table, a line for each row, so that lines are counted as the workbook counts rows.
 * libzip unpacks its parts and expat reads them, piece by piece; what is unpacked, kept and written is bounded. */
#include "base/base.h"

#include <expat.h>
#include <math.h>
#include <string.h>
#include <zip.h>

enum {
    PIECE = 16 * 1024,
    UNPACKED_MOST = 96 * 1024 * 1024, /* bytes of all parts together */
    TEXT_MOST = 64 * 1024 * 1024,     /* bytes of the table, and of the texts that its cells share */
    ROWS_MOST = 1024 * 1024, COLUMNS_MOST = 512,
};

typedef struct Book Book;
/* How a part of the package is read; `end` may be NULL. */
typedef struct Part {
    void (*begin)(Book *self, const char *name, const char **attributes);
    void (*end)(Book *self, const char *name);
} Part;

struct Book {
    zip_t *zip;
    XML_Parser parser;
    const Part *reading;
    size_t unpacked;
    const char *asked;                /* name of the sheet; NULL: the first that is shown */
    char *relation, *part;            /* of the sheet: its key in the list of parts, and the part's name */
    bool by_1904;                     /* days are counted from 1904 on */
    GHashTable *day_formats;          /* numbers of the file's own formats that are of days */
    GArray *styles;                   /* bool by style: a day */
    GString *shared;                  /* texts that cells share, each ended by a NUL */
    GArray *shared_at;                /* size_t: where each begins */
    GString *text;                    /* of the cell, or shared text, under way */
    bool is_styles, is_phonetic, collects;
    size_t row, column;               /* of the cell under way, 0 first */
    size_t next_row, next_column;     /* where the file does not say */
    size_t lines, written, width;     /* in `out`: lines that have ended, cells of the row under way, cells of the first row with any */
    size_t style;
    const struct CellKind *kind;      /* of the cell; NULL: none that is known */
    GString *out;
    GError *error;
};

static void refuse_book(Book *self, const char *reason)
{
    if (!self->error)
        refuse(&self->error, NOT_FITTING, reason, "line", DECIMAL(self->row + 1), NULL);
    XML_StopParser(self->parser, XML_FALSE);
}

/* ---- XML ---- */

/* Without the prefix of its name space. */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return "";
}

static size_t number_of(const char **attributes, const char *name)
{
    return (size_t)CLAMP(g_ascii_strtoll(attribute(attributes, name), NULL, 10), 0, INT32_MAX);
}

static bool is(const char *name, const char *one)
{
    return strcmp(name, one) == 0;
}

static void XMLCALL begin(void *data, const char *name, const char **attributes)
{
    ((Book *)data)->reading->begin(data, local(name), attributes);
}

static void XMLCALL end(void *data, const char *name)
{
    Book *self = data;
    if (self->reading->end)
        self->reading->end(self, local(name));
}

static void XMLCALL take_text(void *data, const char *text, int length)
{
    Book *self = data;
    if (self->collects)
        g_string_append_len(self->text, text, length);
}

/* Entities of a document's own may grow without end, and no spreadsheet writes any. */
static void XMLCALL refuse_doctype(void *data, const char *name, const char *system, const char *public, int has_internal)
{
    (void)name, (void)system, (void)public, (void)has_internal;
    refuse_book(data, "base.csv_workbook");
}

static bool parse_piece(Book *self, zip_file_t *file, bool *more)
{
    char piece[PIECE];
    zip_int64_t got = zip_fread(file, piece, sizeof piece);
    *more = got > 0;
    self->unpacked += got > 0 ? (size_t)got : 0;
    if (self->unpacked > UNPACKED_MOST)
        refuse_book(self, "base.xlsx_large");
    if (!self->error && got >= 0 && XML_Parse(self->parser, piece, (int)got, got == 0) == XML_STATUS_OK)
        return true;
    if (!self->error)
        refuse_book(self, "base.csv_workbook");
    return false;
}

static bool parse(Book *self, zip_file_t *file, const Part *part)
{
    bool more = true;
    self->reading = part;
    self->parser = XML_ParserCreate(NULL);
    XML_SetUserData(self->parser, self);
    XML_SetElementHandler(self->parser, begin, end);
    XML_SetCharacterDataHandler(self->parser, take_text);
    XML_SetStartDoctypeDeclHandler(self->parser, refuse_doctype);
    while (more && parse_piece(self, file, &more))
        ;
    XML_ParserFree(self->parser);
    return !self->error;
}

/* A part that is not there has nothing in it, but where it is needed. */
static bool read_part(Book *self, const char *name, bool is_needed, const Part *part)
{
    zip_int64_t at = name ? zip_name_locate(self->zip, name, ZIP_FL_NOCASE) : -1;
    zip_file_t *file = at >= 0 ? zip_fopen_index(self->zip, (zip_uint64_t)at, 0) : NULL;
    if (!file)
        return (at < 0 && !is_needed) || refuse(&self->error, NOT_FITTING, "base.csv_workbook", "line", "1", NULL);
    bool fits = parse(self, file, part);
    zip_fclose(file);
    return fits;
}

/* ---- which sheet ---- */

static void begin_book(Book *self, const char *name, const char **attributes)
{
    if (is(name, "workbookPr"))
        self->by_1904 = strchr("1t", *attribute(attributes, "date1904")) && *attribute(attributes, "date1904");
    if (!is(name, "sheet") || self->relation)
        return;
    if (self->asked ? is(attribute(attributes, "name"), self->asked) : !g_str_has_suffix(attribute(attributes, "state"), "idden"))
        self->relation = g_strdup(attribute(attributes, "id"));
}

static void begin_relation(Book *self, const char *name, const char **attributes)
{
    const char *target = attribute(attributes, "Target");
    if (is(name, "Relationship") && !self->part && is(attribute(attributes, "Id"), self->relation))
        self->part = *target == '/' ? g_strdup(target + 1) : g_strconcat("xl/", target, NULL);
}

/* ---- which numbers are days ---- */

/* A format with a letter for a part of a day, outside of quoted words, colours and conditions. */
static bool is_day_format(const char *format)
{
    for (; *format; format++) {
        if (*format == '\\' && format[1])
            format++;
        else if (*format == '"' || *format == '[')
            format += strcspn(format + 1, *format == '"' ? "\"" : "]") + (format[1] != '\0');
        else if (strchr("ymdhsYMDHS", *format))
            return true;
    }
    return false;
}

/* ISO/IEC 29500-1, 18.8.30: the formats that have no text of their own, with those of Chinese. */
static bool is_built_in_day(size_t format)
{
    return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 45 && format <= 47) || (format >= 50 && format <= 58);
}

static void begin_style(Book *self, const char *name, const char **attributes)
{
    size_t format = number_of(attributes, "numFmtId");
    if (is(name, "numFmt") && is_day_format(attribute(attributes, "formatCode")))
        g_hash_table_add(self->day_formats, GSIZE_TO_POINTER(format));
    if (is(name, "cellXfs"))
        self->is_styles = true;
    if (self->is_styles && is(name, "xf")) {
        bool is_day = is_built_in_day(format) || g_hash_table_contains(self->day_formats, GSIZE_TO_POINTER(format));
        g_array_append_val(self->styles, is_day);
    }
}

static void end_style(Book *self, const char *name)
{
    if (is(name, "cellXfs"))
        self->is_styles = false;
}

/* ---- texts ---- */

/* Pronunciations stand beside a text and are none of it. */
static void begin_text(Book *self, const char *name)
{
    if (is(name, "rPh"))
        self->is_phonetic = true;
    self->collects = !self->is_phonetic && (is(name, "t") || is(name, "v"));
}

static void end_text(Book *self, const char *name)
{
    self->collects = false;
    if (is(name, "rPh"))
        self->is_phonetic = false;
}

/* A character of one that is written _xHHHH_, where XML has no other way; 0: none. */
static gunichar escaped(const char *at)
{
    gunichar c = 0;
    if (at[0] != '_' || at[1] != 'x')
        return 0;
    for (size_t i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(at[i]))
            return 0;
        c = c * 16 + (gunichar)g_ascii_xdigit_value(at[i]);
    }
    return at[6] == '_' && g_unichar_validate(c) ? c : 0;
}

static void unescape_text(Book *self)
{
    GString *text = self->text;
    g_autofree char *from = g_strdup(text->str);
    if (!strstr(from, "_x"))
        return;
    g_string_truncate(text, 0);
    for (const char *at = from; *at;) {
        gunichar c = escaped(at);
        if (c)
            g_string_append_unichar(text, c);
        else
            g_string_append_c(text, *at);
        at += c ? strlen("_xHHHH_") : 1;
    }
}

static void begin_shared(Book *self, const char *name, const char **attributes)
{
    (void)attributes;
    if (is(name, "si"))
        g_string_truncate(self->text, 0);
    begin_text(self, name);
}

static void end_shared(Book *self, const char *name)
{
    end_text(self, name);
    if (!is(name, "si"))
        return;
    unescape_text(self);
    g_array_append_val(self->shared_at, self->shared->len);
    g_string_append_len(self->shared, self->text->str, (gssize)self->text->len + 1);
    if (self->shared->len > TEXT_MOST)
        refuse_book(self, "base.xlsx_large");
}

/* ---- cells ---- */

static void refuse_cell(Book *self, const char *reason)
{
    char letters[4] = "", *at = letters + sizeof letters - 1;
    for (size_t left = self->column + 1; left; left = (left - 1) / 26)
        *--at = (char)('A' + (left - 1) % 26);
    g_autofree char *cell = g_strdup_printf("%s%zu", at, self->row + 1);
    if (!self->error)
        refuse(&self->error, NOT_FITTING, reason, "line", DECIMAL(self->row + 1), "column", at, "cell", cell, "value", self->text->str, NULL);
    XML_StopParser(self->parser, XML_FALSE);
}

/* The 1900 calendar has a 29 February 1900, so that days before it count one less. */
static void make_day(Book *self, double number)
{
    enum { EPOCH_1900 = 25569, EPOCH_1904 = 24107, LEAP = 60, DAY_SECONDS = 24 * 60 * 60 };
    int64_t seconds = llround(number * DAY_SECONDS), rest = seconds % DAY_SECONDS;
    Day day = (Day)(seconds / DAY_SECONDS);
    int minute = (int)(rest / 60);
    if (day)
        g_string_assign(self->text, DAY_WRITTEN(day - (self->by_1904 ? EPOCH_1904 : EPOCH_1900) + (!self->by_1904 && day < LEAP)));
    else
        g_string_truncate(self->text, 0);
    if (rest || !day)
        g_string_append_printf(self->text, "%s%02d:%02d:%02d", day ? " " : "", minute / 60, minute % 60, (int)(rest % 60));
}

/* A spreadsheet keeps 15 digits of a number and makes zeros of those behind. */
static void make_number(Book *self)
{
    enum { LAST_DAY = 2958466 };
    char *rest, digits[G_ASCII_DTOSTR_BUF_SIZE];
    double number = g_ascii_strtod(self->text->str, &rest);
    bool is_day = self->style < self->styles->len && g_array_index(self->styles, bool, self->style);
    if (*rest || !isfinite(number)) {
        refuse_cell(self, "base.xlsx_error");
    } else if (is_day && number >= 0 && number < LAST_DAY) {
        make_day(self, number);
    } else if (fabs(number) >= 1e15) {
        refuse_cell(self, "base.xlsx_digits");
    } else {
        g_ascii_formatd(digits, sizeof digits, fabs(number) < 1e-4 ? "%.15f" : "%.15g", number);
        g_string_assign(self->text, digits);
    }
}

static void find_shared(Book *self)
{
    guint64 at;
    if (!g_ascii_string_to_unsigned(self->text->str, 10, 0, self->shared_at->len, &at, NULL) || at == self->shared_at->len)
        refuse_book(self, "base.csv_workbook");
    else
        g_string_assign(self->text, self->shared->str + g_array_index(self->shared_at, size_t, at));
}

static void refuse_fault(Book *self)
{
    refuse_cell(self, "base.xlsx_error");
}

static const struct CellKind {
    const char *name;
    void (*make)(Book *self); /* the cell's text; NULL: as it stands */
} cell_kinds[] = {
    { "", make_number }, { "n", make_number }, { "s", find_shared }, { "str", unescape_text }, { "inlineStr", unescape_text }, { "e", refuse_fault },
    { "b", NULL }, { "d", NULL },
};

/* The line ends of a cell are written as a vertical tab, which the reader takes for one: a row stays one line. */
static void write_text(Book *self)
{
    GString *text = self->text, *out = self->out;
    const char *first = text->str + strspn(text->str, "'");
    bool is_marked = first > text->str && *first && strchr("=+-@\t\r", *first);
    g_string_replace(text, "\r\n", "\v", 0);
    g_strdelimit(text->str, "\r\n", '\v');
    if (is_marked) /* or the reader would take off what stands for itself here */
        g_string_prepend_c(text, '\'');
    if (strpbrk(text->str, "\",;\t\v")) {
        g_string_replace(text, "\"", "\"\"", 0);
        g_string_append_printf(out, "\"%s\"", text->str);
    } else {
        g_string_append_len(out, text->str, (gssize)text->len);
    }
}

static void put_cell(Book *self)
{
    if (self->row >= ROWS_MOST || self->column >= COLUMNS_MOST || self->out->len + self->text->len > TEXT_MOST) {
        refuse_book(self, "base.xlsx_large");
        return;
    }
    if (self->row < self->lines || self->column < self->written) {
        refuse_book(self, "base.csv_workbook");
        return;
    }
    for (; self->lines < self->row; self->lines++)
        g_string_append_c(self->out, '\n');
    for (; self->written <= self->column; self->written++)
        g_string_append(self->out, self->written ? "," : "");
    write_text(self);
}

static void end_row(Book *self)
{
    if (!self->written)
        return;
    self->width = self->width ? self->width : self->written;
    for (; self->written < self->width; self->written++)
        g_string_append_c(self->out, ',');
    g_string_append_c(self->out, '\n');
    self->lines++;
    self->written = 0;
}

/* The column of a cell's name, "AB12"; where it has none, the next. */
static size_t column_named(const char *name, size_t next)
{
    size_t column = 0;
    for (; g_ascii_isupper(*name) && column < COLUMNS_MOST; name++)
        column = column * 26 + (size_t)(*name - 'A') + 1;
    return column ? column - 1 : next;
}

static void begin_cell(Book *self, const char **attributes)
{
    const char *kind = attribute(attributes, "t");
    self->column = column_named(attribute(attributes, "r"), self->next_column);
    self->next_column = self->column + 1;
    self->style = number_of(attributes, "s");
    self->kind = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(cell_kinds); i++)
        if (is(cell_kinds[i].name, kind))
            self->kind = &cell_kinds[i];
    if (!self->kind)
        refuse_book(self, "base.csv_workbook");
    g_string_truncate(self->text, 0);
}

static void begin_sheet(Book *self, const char *name, const char **attributes)
{
    if (is(name, "row")) {
        size_t number = number_of(attributes, "r");
        self->row = number ? number - 1 : self->next_row;
        self->next_row = self->row + 1;
        self->next_column = 0;
    } else if (is(name, "c")) {
        begin_cell(self, attributes);
    }
    begin_text(self, name);
}

static void end_sheet(Book *self, const char *name)
{
    end_text(self, name);
    if (is(name, "row"))
        end_row(self);
    if (!is(name, "c") || !self->text->len || !self->kind)
        return;
    if (self->kind->make)
        self->kind->make(self);
    if (!self->error && self->text->len)
        put_cell(self);
}

/* ---- the whole ---- */

static bool read_parts(Book *self)
{
    static const Part book = { begin_book, NULL }, relations = { begin_relation, NULL }, styles = { begin_style, end_style },
                      shared = { begin_shared, end_shared }, sheet = { begin_sheet, end_sheet };
    if (!read_part(self, "xl/workbook.xml", true, &book))
        return false;
    if (!self->relation && self->asked)
        return refuse(&self->error, NOT_FITTING, "base.xlsx_sheet", "line", "1", "value", self->asked, NULL);
    return self->relation && read_part(self, "xl/_rels/workbook.xml.rels", true, &relations) && read_part(self, "xl/styles.xml", false, &styles) &&
           read_part(self, "xl/sharedStrings.xml", false, &shared) && read_part(self, self->part, true, &sheet);
}

static void close_book(Book *self)
{
    zip_discard(self->zip);
    g_free(self->relation);
    g_free(self->part);
    g_hash_table_unref(self->day_formats);
    g_array_unref(self->styles);
    g_string_free(self->shared, TRUE);
    g_array_unref(self->shared_at);
    g_string_free(self->text, TRUE);
}

static zip_t *open_zip(const char *bytes, size_t length)
{
    zip_source_t *source = zip_source_buffer_create(bytes, length, 0, NULL);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (source && !zip)
        zip_source_free(source);
    return zip;
}

char *workbook_as_text(const char *bytes, size_t length, const char *sheet, size_t *size, GError **error)
{
    Book self = { .zip = open_zip(bytes, length), .asked = sheet };
    if (!self.zip)
        return refuse(error, NOT_FITTING, "base.csv_workbook", "line", "1", NULL);
    self.day_formats = g_hash_table_new(NULL, NULL);
    self.styles = g_array_new(FALSE, FALSE, sizeof(bool));
    self.shared_at = g_array_new(FALSE, FALSE, sizeof(size_t));
    self.shared = g_string_new(NULL);
    self.text = g_string_new(NULL);
    self.out = g_string_new(NULL);
    bool fits = read_parts(&self);
    if (!fits && !self.error)
        refuse(&self.error, NOT_FITTING, "base.csv_workbook", "line", "1", NULL);
    close_book(&self);
    if (!fits)
        g_propagate_error(error, self.error);
    *size = self.out->len;
    return g_string_free(self.out, !fits);
}
