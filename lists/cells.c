// SPDX-License-Identifier: Apache-2.0
/* Values of rows: as JSON, as a reader may see them, and written out in his language. */
#include "lists/room.h"

#include <string.h>

static json_t *value_json(const ListColumn *column, const DbRows *rows, int at)
{
    if (list_is_text(column))
        return json_string(db_column_text(rows, at));
    int64_t number = db_column_int(rows, at);
    if (column->kind == LIST_DAY_NUMBER)
        return json_string(number ? DAY_WRITTEN((Day)number) : "");
    if (column->kind == LIST_FLAG)
        return json_boolean(number);
    if (column->kind != LIST_NUMBER && column->kind != LIST_DIVISION)
        return json_integer(number);
    return json_sprintf("%" PRId64, number);
}

json_t *list_row_json(const ListSpec *self, const DbRows *rows)
{
    int at = 0;
    json_t *row = json_object();
    for (const ListColumn *column = self->columns; column->name; column++)
        json_object_set_new(row, column->name, value_json(column, rows, at++));
    return row;
}

/* A place or organ that is not there, as in histories, goes by its number. */
static bool put_name(const Request *r, const ListColumn *column, json_t *row, GError **error)
{
    g_autoptr(json_t) found = NULL;
    json_t *value = json_object_get(row, column->name);
    g_autofree char *number = json_as_text(value);
    if (!list_named(r, column, g_ascii_strtoll(number, NULL, 10), &found, error))
        return false;
    json_object_set_new(row, column->name, json_pack("{s:O, s:s, s:s}", column->kind == LIST_ORGAN ? "number" : "code", value, "name",
                                                     found ? json_text(found, "name") : number, "name_en", json_text(found, "name_en")));
    return true;
}

/* May it leave the program? What is not shown serves the list alone. */
static bool is_told(const ListSpec *self, const ListColumn *column)
{
    g_autofree char *part = g_strdup_printf("{%s}", column->name);
    return column->where != LIST_UNSHOWN || (self->link && strstr(self->link, part));
}

bool list_dress(const Request *r, const ListSpec *self, json_t *row, GError **error)
{
    bool clear = self->clear && self->clear(r->context.actor);
    if (self->tell)
        self->tell(r, row);
    for (const ListColumn *column = self->columns; column->name; column++) {
        g_autofree char *masked = column->mask && !clear ? column->mask(json_text(row, column->name)) : NULL;
        if (!is_told(self, column))
            json_object_del(row, column->name);
        else if (masked)
            json_object_set_new(row, column->name, json_string(masked));
        else if ((column->kind == LIST_ORGAN || column->kind == LIST_DIVISION) && !put_name(r, column, row, error))
            return false;
    }
    return true;
}

static char *write_number(const Request *r, const ListColumn *column, int64_t number)
{
    switch (column->kind) {
    case LIST_INSTANT: return number ? view_instant(r->language, number) : g_strdup("");
    case LIST_MONEY: return view_amount(r->language, number);
    default: return view_number(number);
    }
}

char *list_cell(const Request *r, const ListColumn *column, const json_t *row)
{
    const json_t *value = json_object_get(row, column->name);
    const char *text = json_is_boolean(value) ? (json_is_true(value) ? "true" : "false") : json_string_value(value);
    if (json_is_object(value))
        return g_strdup(view_name(r->language, value));
    if (json_is_integer(value))
        return write_number(r, column, json_integer_value(value));
    if (column->kind == LIST_DAY || column->kind == LIST_DAY_NUMBER)
        return view_day(r->language, day_parse(text));
    if (column->kind == LIST_FLAG || (column->kind == LIST_WORD && *text))
        return view_code(r->view, r->language, column->kind == LIST_FLAG ? "flag" : column->words ? column->words : column->name, text);
    return g_strdup(text);
}

char *list_label(const Request *r, const ListSpec *self, const char *name)
{
    g_autofree char *key = g_strdup_printf("%s.fields.%s", self->room, name);
    return view_sentence(r->view, r->language, key, NULL);
}

char *list_row_path(const ListSpec *self, const json_t *row)
{
    GString *path = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit_set(self->link ? self->link : "", "{}", -1); /* every second one is a name */
    for (size_t i = 0; parts[i]; i++)
        if (i % 2)
            g_string_append_uri_escaped(path, json_text(row, parts[i]), NULL, TRUE);
        else
            g_string_append(path, parts[i]);
    return g_string_free(path, FALSE);
}
