// SPDX-License-Identifier: Apache-2.0
/* Lists whose every choice is a link that keeps the others, and whose pages are links too. */
#include "lists/inside.h"

#include <string.h>

char *list_address(const LinkBase *base, const json_t *fields)
{
    GString *link = g_string_new(base->path);
    for (const Field *field = base->fields; field->name; field++) {
        const json_t *value = json_object_get(fields, field->name);
        g_autofree char *given = json_as_text(value);
        if (given && *given && !json_is_false(value))
            link_append(link, field->name, given);
    }
    return g_string_free(link, FALSE);
}

json_t *list_link(const LinkBase *base, const json_t *fields, const char *name, const char *value)
{
    static const char *const passing[] = { "page", "after", "before", "exact", "format", "filter" };
    g_autoptr(json_t) asked = json_copy((json_t *)fields);
    for (size_t i = 0; i < G_N_ELEMENTS(passing); i++)
        json_object_del(asked, passing[i]);
    json_object_del(asked, name);
    if (value)
        json_object_set_new(asked, name, json_string(value));
    g_autofree char *link = list_address(base, asked);
    return json_string(link);
}

char *list_query(const ListSpec *self, const json_t *asked)
{
    const LinkBase base = { "", self->fields };
    g_autoptr(json_t) link = list_link(&base, asked, "page", NULL);
    const char *query = json_string_value(link);
    return g_strdup(query + (*query == '?'));
}

static int64_t page_of(const json_t *fields)
{
    int64_t page = json_number(fields, "page");
    return MAX(page, 1);
}

int64_t list_first(const json_t *fields, int64_t per_page)
{
    return (page_of(fields) - 1) * per_page;
}

static void put_page_link(json_t *answer, const LinkBase *base, const json_t *fields, const char *name, int64_t page)
{
    g_autofree char *number = g_strdup_printf("%" PRId64, page);
    json_object_set_new(answer, name, list_link(base, fields, "page", number));
}

void list_put_pages(json_t *answer, const LinkBase *base, const json_t *fields, int64_t per_page)
{
    int64_t total = json_number(answer, "total"), pages = (total + per_page - 1) / per_page, page = page_of(fields);
    json_object_set_new(answer, "page_number", json_integer(page));
    json_object_set_new(answer, "pages", json_integer(pages));
    json_object_set_new(answer, "many_pages", json_boolean(pages > 1));
    if (page > 1 && pages)
        put_page_link(answer, base, fields, "previous", MIN(page - 1, pages));
    if (page < pages)
        put_page_link(answer, base, fields, "next", page + 1);
    json_object_set_new(answer, "beyond", json_boolean(pages && page > pages));
    json_object_set_new(answer, "none", json_boolean(!pages));
    if (pages && page > pages)
        put_page_link(answer, base, fields, "first", 1);
}

json_t *list_choices(const LinkBase *base, const json_t *fields, const char *name, const char *shown_as,
                     const char *const *values)
{
    json_t *choices = json_array();
    for (size_t i = 0; values[i]; i++)
        json_array_append_new(choices, json_pack("{s:s, s:s, s:b, s:o}", "value", values[i], shown_as, values[i], "chosen",
                                                 strcmp(json_text(fields, name), values[i]) == 0, "link",
                                                 list_link(base, fields, name, values[i])));
    return choices;
}
