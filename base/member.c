// SPDX-License-Identifier: Apache-2.0
/* One member of canonical JSON found without building a tree of the rest. */
#include "base/base.h"

#include <string.h>

/* Steps behind the quote that ends the text which begins at `at`; NULL when none does. */
static const char *skip_text(const char *at)
{
    for (; *at && *at != '"'; at++)
        if (*at == '\\' && !*++at)
            return NULL;
    return *at ? at + 1 : NULL;
}

/* Finds the comma or brace behind the value that begins at `at`; NULL when there is none. */
static const char *skip_value(const char *at)
{
    int depth = 0;
    while (at && *at) {
        if (depth == 0 && (*at == ',' || *at == '}'))
            return at;
        if (*at == '"') {
            at = skip_text(at + 1);
            continue;
        }
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        at++;
    }
    return NULL;
}

const char *json_member(const char *object, const char *key, size_t *length)
{
    size_t key_length = strlen(key);
    const char *at = *object == '{' ? object + 1 : NULL;
    while (at && *at == '"') {
        const char *name = at + 1, *value = skip_text(name);
        if (!value || *value++ != ':')
            return NULL;
        const char *end = skip_value(value);
        if (end && strncmp(name, key, key_length) == 0 && name[key_length] == '"') {
            *length = (size_t)(end - value);
            return value;
        }
        at = end && *end == ',' ? end + 1 : NULL;
    }
    return NULL;
}

void json_put_text(json_t *object, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(object, key, json_string(text));
}

void json_put_day(json_t *object, const char *key, Day day)
{
    char text[DAY_TEXT];
    if (day != DAY_NONE)
        json_object_set_new(object, key, json_string(day_text(day, text)));
}

size_t name_place(const char *const *names, const char *name)
{
    size_t place = 0;
    while (names[place] && strcmp(names[place], name) != 0)
        place++;
    return place;
}
