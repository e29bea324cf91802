// SPDX-License-Identifier: Apache-2.0
/* What differs between two versions, written as the table of items writes it. */
#include "catalogue/room.h"

#include <string.h>

static char *written_of(const json_t *value);

/* The parts of limits and entries, in the order of their columns. */
static const char *const parts[] = { "days", "unit", "kind", "special", "object", "name", "name_en", "levels",
                                     "level", "role", "required", "originals", "copies", "source", "basis" };

static void append_part(GString *text, const char *between, const json_t *value)
{
    g_autofree char *part = written_of(value);
    g_string_append_printf(text, "%s%s", text->len ? between : "", part);
}

static char *written_object(const json_t *object)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const json_t *part = json_object_get(object, parts[i]);
        if (json_is_boolean(part)) /* only of a material: whether it must be brought */
            g_string_append_printf(text, ";%s", json_is_true(part) ? "required" : "optional");
        else if (part)
            append_part(text, ";", part);
    }
    return g_string_free(text, FALSE);
}

static char *written_list(const json_t *list)
{
    GString *text = g_string_new(NULL);
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)list, i, entry)
        append_part(text, "/", entry);
    return g_string_free(text, FALSE);
}

static char *written_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return written_object(value);
    case JSON_ARRAY: return written_list(value);
    case JSON_STRING: return g_strdup(json_string_value(value));
    case JSON_INTEGER: return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_TRUE: return g_strdup("yes");
    case JSON_FALSE: return g_strdup("no");
    default: return g_strdup("");
    }
}

static bool has_entry(const json_t *list, const json_t *entry)
{
    size_t i;
    json_t *other;
    json_array_foreach((json_t *)list, i, other)
        if (json_equal(other, entry))
            return true;
    return false;
}

static void append_line(json_t *lines, const json_t *value)
{
    g_autofree char *text = written_of(value);
    if (*text)
        json_array_append_new(lines, json_string(text));
}

/* Of a list only what the other one lacks; where both hold the same in another order, all. */
static json_t *lines_of(const json_t *value, const json_t *other)
{
    json_t *lines = json_array();
    size_t i;
    json_t *entry;
    if (!json_is_array(value)) {
        if (value)
            append_line(lines, value);
        return lines;
    }
    json_array_foreach((json_t *)value, i, entry)
        if (!has_entry(other, entry))
            append_line(lines, entry);
    return lines;
}

json_t *change_json(const char *field, const json_t *from, const json_t *to)
{
    json_t *was = lines_of(from, to), *now = lines_of(to, from);
    bool reordered = json_is_array(to) && !json_array_size(was) && !json_array_size(now);
    return json_pack("{s:s, s:o, s:o, s:b}", "item_field", field, "was", was, "now", now, "reordered", reordered);
}
