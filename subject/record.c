// SPDX-License-Identifier: Apache-2.0
#include "subject/subject.h"

#include "lists/lists.h"

#include <string.h>

static bool is_text(const RecordColumn *column)
{
    return column->kind == RECORD_TEXT || column->kind == RECORD_JSON;
}

static int64_t *number_at(const RecordColumn *column, void *row)
{
    return (int64_t *)(void *)((char *)row + column->offset);
}

static char **text_at(const RecordColumn *column, void *row)
{
    return (char **)(void *)((char *)row + column->offset);
}

static int64_t number_of(const RecordColumn *column, const void *row)
{
    return *(const int64_t *)(const void *)((const char *)row + column->offset);
}

static const char *text_of(const RecordColumn *column, const void *row)
{
    return *(char *const *)(const void *)((const char *)row + column->offset);
}

void record_set(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

/* ---- the table of columns ---- */

static const char *wrong_with(const Record *self, const RecordColumn *column)
{
    if (column > self->columns && strcmp(column[-1].name, column->name) >= 0)
        return "stands after a column whose name is not smaller";
    if ((column->kind == RECORD_WORD) != (column->words != NULL))
        return "has words, or is one of words, but not both";
    if (column->offset + sizeof(int64_t) > self->size)
        return "lies outside of the struct";
    if ((column->flags & RECORD_PERSONAL) && (!column->group || column->kind == RECORD_WORD))
        return "is personal and could not be erased: it needs a group and must be no word";
    if (column->folds && (!is_text(column) || !record_column(self, column->folds)))
        return "folds what is no text";
    if (column->folds && record_is_sealed(record_column(self, column->folds)))
        return "folds what is sealed";
    if (column->group & RECORD_WHOLE)
        return "is of the group that stands for the whole row";
    if ((column->flags & RECORD_KEY) && (column->kind != RECORD_INTEGER || column->group))
        return "is a key that is no integer, or that is updated";
    return NULL;
}

bool record_is_sealed(const RecordColumn *column)
{
    return (column->flags & (RECORD_PERSONAL | RECORD_UNSEALED)) == RECORD_PERSONAL;
}

bool record_check(const Record *self, GError **error)
{
    size_t keys = 0;
    bool seals = false;
    if (self->count > RECORD_COLUMNS_MOST)
        return fault(error, "record %s has more than %d columns", self->table, RECORD_COLUMNS_MOST);
    for (size_t i = 0; i < self->count; i++) {
        const char *wrong = wrong_with(self, &self->columns[i]);
        if (wrong)
            return fault(error, "record %s: column %s %s", self->table, self->columns[i].name, wrong);
        keys += (self->columns[i].flags & RECORD_KEY) != 0;
        seals |= record_is_sealed(&self->columns[i]);
    }
    g_autofree char *place = g_strconcat(self->table, ".personal", NULL);
    if (g_strcmp0(self->personal, seals ? place : NULL) != 0)
        return fault(error, "record %s seals its personal columns in %s, or has none", self->table, place);
    return keys == 1 || fault(error, "record %s has %zu keys instead of one", self->table, keys);
}

const RecordColumn *record_column(const Record *self, const char *name)
{
    size_t first = 0, end = self->count;
    while (first < end) {
        size_t middle = (first + end) / 2;
        int order = strcmp(name, self->columns[middle].name);
        if (order == 0)
            return &self->columns[middle];
        *(order < 0 ? &end : &first) = order < 0 ? middle : middle + 1;
    }
    return NULL;
}

const RecordColumn *record_key(const Record *self)
{
    const RecordColumn *column = self->columns;
    while (!(column->flags & RECORD_KEY))
        column++;
    return column;
}

/* ---- rows in memory ---- */

void record_init(const Record *self, void *row)
{
    memset(row, 0, self->size);
    for (size_t i = 0; i < self->count; i++)
        if (is_text(&self->columns[i]))
            *text_at(&self->columns[i], row) = g_strdup("");
}

void record_clear(const Record *self, void *row)
{
    for (size_t i = 0; i < self->count; i++)
        if (is_text(&self->columns[i]))
            g_clear_pointer(text_at(&self->columns[i], row), g_free);
    if (self->trail && self->trail->clear)
        self->trail->clear(row);
}

void record_copy(const Record *self, const void *from, void *to)
{
    memcpy(to, from, self->size);
    for (size_t i = 0; i < self->count; i++)
        if (is_text(&self->columns[i]))
            *text_at(&self->columns[i], to) = g_strdup(text_of(&self->columns[i], from));
    if (self->trail && self->trail->copy)
        self->trail->copy(from, to);
}

bool record_tells_person(const Record *self, const void *row)
{
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++)
        if ((column->flags & RECORD_PERSONAL) && (is_text(column) ? *text_of(column, row) != '\0' : number_of(column, row) != 0))
            return true;
    return false;
}

unsigned record_forget(const Record *self, void *row)
{
    unsigned groups = 0;
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++) {
        if (!(column->flags & RECORD_PERSONAL))
            continue;
        groups |= column->group;
        if (is_text(column))
            record_set(text_at(column, row), "");
        else
            *number_at(column, row) = 0;
    }
    return groups;
}

void record_take(const Record *self, const void *from, void *to, unsigned with, unsigned without)
{
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++) {
        if (!(column->flags & with) || (column->flags & without))
            continue;
        if (is_text(column))
            record_set(text_at(column, to), text_of(column, from));
        else
            *number_at(column, to) = number_of(column, from);
    }
}

/* ---- what changed ---- */

static bool is_of_part(const RecordColumn *column, enum record_part part)
{
    bool personal = column->flags & RECORD_PERSONAL;
    return !(column->flags & RECORD_UNRECORDED) && personal == (part == RECORD_PRIVATE_PART);
}

/* NULL is an empty row. */
static bool is_same(const RecordColumn *column, const void *a, const void *b)
{
    if (!a)
        return is_text(column) ? !*text_of(column, b) : !number_of(column, b);
    return is_text(column) ? strcmp(text_of(column, a), text_of(column, b)) == 0 : number_of(column, a) == number_of(column, b);
}

static void write_day(GString *out, int64_t day)
{
    char text[DAY_TEXT];
    json_write_text(out, day ? day_text((Day)day, text) : "");
}

static void write_word(GString *out, const RecordColumn *column, int64_t word)
{
    if (word < 0)
        g_string_append(out, "null");
    else
        json_write_text(out, column->words[word]);
}

static void write_value(GString *out, const RecordColumn *column, const void *row)
{
    switch (column->kind) {
    case RECORD_TEXT:
    case RECORD_JSON: json_write_text(out, text_of(column, row)); break;
    case RECORD_WORD: write_word(out, column, number_of(column, row)); break;
    case RECORD_DAY: write_day(out, number_of(column, row)); break;
    case RECORD_FLAG: g_string_append(out, number_of(column, row) ? "true" : "false"); break;
    default: json_write_number(out, number_of(column, row)); break;
    }
}

bool record_differs(const Record *self, enum record_part part, const void *before, const void *after)
{
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++)
        if (is_of_part(column, part) && !is_same(column, before, after))
            return true;
    return false;
}

bool record_write_change(const Record *self, GString *out, enum record_part part, const void *before, const void *after)
{
    gsize start = out->len + 1;
    g_string_append_c(out, '{');
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++) {
        if (!is_of_part(column, part) || is_same(column, before, after))
            continue;
        json_write_key(out, column->name);
        write_value(out, column, after);
    }
    bool differs = out->len > start;
    g_string_append_c(out, '}');
    return differs;
}

json_t *record_json(const RecordColumn *column, const void *row)
{
    char day[DAY_TEXT];
    int64_t number = is_text(column) ? 0 : number_of(column, row);
    switch (column->kind) {
    case RECORD_TEXT:
    case RECORD_JSON: return json_string(text_of(column, row));
    case RECORD_WORD: return number < 0 ? json_null() : json_string(column->words[number]);
    case RECORD_DAY: return json_string(number ? day_text((Day)number, day) : "");
    case RECORD_FLAG: return json_boolean(number);
    default: return json_integer(number);
    }
}

json_t *record_public(const Record *self, const void *row)
{
    json_t *json = json_object();
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++) {
        g_autoptr(json_t) value = record_json(column, row);
        int64_t number = json_integer_value(value);
        bool is_empty = json_is_string(value) ? !*json_string_value(value) : json_is_integer(value) && !number;
        if (is_empty || (column->flags & (RECORD_PERSONAL | RECORD_UNRECORDED)))
            continue;
        json_object_set(json, column->name, value);
        if (column->flags & RECORD_NUMBER) {
            g_autofree char *grouped = subject_number_grouped(number), *name = g_strconcat(column->name, "_grouped", NULL);
            json_object_set_new(json, name, json_string(grouped));
            json_object_set_new(json, column->name, json_sprintf("%" PRId64, number));
        }
    }
    return json;
}

unsigned record_fold(const Record *self, unsigned groups, void *row)
{
    unsigned folded = 0;
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++)
        if (column->folds && (column->group & groups)) {
            g_autofree char *text = list_fold(text_of(record_column(self, column->folds), row));
            record_set(text_at(column, row), text);
            folded |= column->group;
        }
    return folded;
}

/* ---- folding of events ---- */

static int64_t word_index(const char *const *words, const char *word)
{
    size_t place = word ? name_place(words, word) : 0;
    return word && words[place] ? (int64_t)place : -1;
}

static bool apply_day(int64_t *number, const char *text)
{
    Day day = text && *text ? day_parse(text) : 0;
    *number = day == DAY_NONE ? 0 : day;
    return text && day != DAY_NONE;
}

static bool apply_text(char **text, const json_t *value)
{
    if (!json_is_string(value))
        return false;
    record_set(text, json_string_value(value));
    return true;
}

static bool apply_one(const RecordColumn *column, void *row, const json_t *value)
{
    if (is_text(column))
        return apply_text(text_at(column, row), value);
    int64_t *number = number_at(column, row);
    switch (column->kind) {
    case RECORD_WORD: return (*number = word_index(column->words, json_string_value(value))) >= 0;
    case RECORD_DAY: return apply_day(number, json_string_value(value));
    case RECORD_FLAG: *number = json_is_true(value); return json_is_boolean(value);
    default: *number = json_integer_value(value); return json_is_integer(value);
    }
}

static bool is_retired(const Record *self, const char *name)
{
    return self->retired && g_strv_contains(self->retired, name);
}

bool record_apply(const Record *self, enum record_part part, void *row, const json_t *change)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)change, name, value) {
        const RecordColumn *column = record_column(self, name);
        if (!column && is_retired(self, name))
            continue;
        if (!column || !is_of_part(column, part) || !apply_one(column, row, value))
            return false;
    }
    return true;
}

/* ---- the sealed column ---- */

static void write_escaped(GString *out, const char *text)
{
    for (; *text; text++)
        if (*text == '\n')
            g_string_append(out, "\\n");
        else if (*text == '\\')
            g_string_append(out, "\\\\");
        else
            g_string_append_c(out, *text);
}

char *record_write_personal(const Record *self, const void *row)
{
    GString *lines = g_string_sized_new(192);
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++) {
        if (!record_is_sealed(column) || is_same(column, NULL, row))
            continue;
        g_string_append_c(g_string_append(lines, column->name), '=');
        if (is_text(column))
            write_escaped(lines, text_of(column, row));
        else
            json_write_number(lines, number_of(column, row));
        g_string_append_c(lines, '\n');
    }
    return g_string_free(lines, FALSE);
}

static char *read_escaped(const char *text, size_t length)
{
    GString *out = g_string_sized_new(length);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\\' && ++i < length)
            g_string_append_c(out, text[i] == 'n' ? '\n' : text[i]);
        else if (i < length)
            g_string_append_c(out, text[i]);
    return g_string_free(out, FALSE);
}

static bool read_line(const Record *self, const char *name, const char *equals, size_t length, void *row)
{
    g_autofree char *called = g_strndup(name, (size_t)(equals - name));
    const RecordColumn *column = record_column(self, called);
    if (!column || !record_is_sealed(column))
        return is_retired(self, called);
    if (!is_text(column)) {
        *number_at(column, row) = g_ascii_strtoll(equals + 1, NULL, 10);
        return true;
    }
    g_free(*text_at(column, row));
    *text_at(column, row) = read_escaped(equals + 1, length);
    return true;
}

bool record_read_personal(const Record *self, const char *lines, void *row)
{
    for (const char *line = lines, *end; *line; line = end + 1) {
        const char *equals = strchr(line, '=');
        end = strchr(line, '\n');
        if (!end || !equals || equals > end || !read_line(self, line, equals, (size_t)(end - equals) - 1, row))
            return false;
    }
    return true;
}

/* ---- rows of the database ---- */

static bool read_one(const RecordColumn *column, const DbRows *rows, int at, void *row)
{
    if (is_text(column))
        *text_at(column, row) = g_strdup(db_column_text(rows, at));
    else if (column->kind == RECORD_WORD)
        *number_at(column, row) = word_index(column->words, db_column_text(rows, at));
    else
        *number_at(column, row) = db_column_int(rows, at);
    return column->kind != RECORD_WORD || *number_at(column, row) >= 0;
}

static void read_nothing(const RecordColumn *column, void *row)
{
    if (is_text(column))
        *text_at(column, row) = g_strdup("");
}

/* "" where there is no personal text, or it does not open. */
static bool open_personal(const Record *self, const DbRows *rows, int at, void *row)
{
    const char *key = DECIMAL(number_of(record_key(self), row));
    g_autofree char *lines = personal_column(rows, at, self->personal, key, NULL);
    return lines && record_read_personal(self, lines, row);
}

bool record_read(const Record *self, const DbRows *rows, void *row)
{
    bool whole = true;
    int at = 0;
    memset(row, 0, self->size);
    for (const RecordColumn *column = self->columns; column < self->columns + self->count; column++)
        if (record_is_sealed(column))
            read_nothing(column, row);
        else
            whole &= read_one(column, rows, at++, row);
    if (self->personal)
        whole &= open_personal(self, rows, at++, row);
    whole &= !self->trail || self->trail->read(row, db_column_text(rows, at));
    return whole;
}
