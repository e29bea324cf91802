// SPDX-License-Identifier: Apache-2.0
/* Bodies in JSON: every value becomes the list of texts that a form would have sent under its name. */
#include "http/state.h"

#include <string.h>

static bool add_value(RequestState *self, const char *name, json_t *value)
{
    size_t i;
    json_t *one;
    g_autofree char *text = json_as_text(value);
    if (text)
        given_add(self->given, name, text);
    json_array_foreach(value, i, one) {
        if (!json_is_string(one))
            return false;
        given_add(self->given, name, json_string_value(one));
    }
    return text || json_is_array(value) || json_is_null(value);
}

static bool add_row(RequestState *self, const char *name, size_t number, json_t *row)
{
    const char *column;
    json_t *value;
    bool fits = json_is_object(row);
    json_object_foreach(row, column, value) {
        g_autofree char *cell = g_strdup_printf("%s.%zu.%s", name, number, column);
        fits &= add_value(self, cell, value);
    }
    return fits;
}

/* A form's names, "answers.wells.1.depth", from {"wells": [{"depth": …}]}. */
static bool add_answers(RequestState *self, const char *field, json_t *answers)
{
    const char *name;
    json_t *value;
    bool fits = true;
    json_object_foreach(answers, name, value) {
        g_autofree char *whole = g_strconcat(field, ".", name, NULL);
        bool has_rows = json_is_object(json_array_get(value, 0));
        fits &= has_rows || add_value(self, whole, value);
        for (size_t i = 0; has_rows && i < json_array_size(value); i++)
            fits &= add_row(self, whole, i + 1, json_array_get(value, i));
    }
    return fits && json_object_size(self->given) <= FIELDS_MOST;
}

static bool takes_answers(const RequestState *self, const char *name)
{
    const Field *field = self->route ? field_in(self->route->fields, name) : NULL;
    return field && field->kind == FIELD_ANSWERS;
}

static bool add_members(RequestState *self, json_t *object, GError **error)
{
    const char *name;
    json_t *value;
    if (json_object_size(object) > FIELDS_MOST)
        return refuse(error, BAD_INPUT, "http.too_many_fields", NULL);
    json_object_foreach(object, name, value)
        if (!(json_is_object(value) && takes_answers(self, name) ? add_answers(self, name, value) : add_value(self, name, value)))
            return refuse(error, BAD_INPUT, "http.wrong_kind", "field", name, NULL);
    return true;
}

/* The parser tells only in its text which name stands twice. */
static bool refuse_json(const json_error_t *why, GError **error)
{
    char name[JSON_ERROR_TEXT_LENGTH] = "";
    enum json_error_code code = json_error_code(why);
    bool is_null = code == json_error_null_character || code == json_error_null_byte_in_key;
    if (code == json_error_duplicate_key)
        sscanf(why->text, "duplicate object key near '\"%[^\"]", name);
    const char *reason = is_null ? "http.json_null" : code == json_error_duplicate_key ? "http.json_twice" : "http.broken_json";
    return refuse(error, BAD_INPUT, reason, "line", DECIMAL(why->line), "column", DECIMAL(why->column), "name", name, NULL);
}

bool body_read_json(RequestState *self, GError **error)
{
    json_error_t why;
    if (self->body->len == 0)
        return true;
    g_autoptr(json_t) object = json_loadb(self->body->str, self->body->len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!object)
        return refuse_json(&why, error);
    if (!json_is_object(object))
        return refuse(error, BAD_INPUT, "http.not_an_object", NULL);
    return add_members(self, object, error);
}
