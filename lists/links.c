// SPDX-License-Identifier: Apache-2.0
/* Lists whose every choice is a link that keeps the others, and whose pages are links too. */
#include "lists/room.h"

#include <string.h>

/* The address of what was asked, but for the fields of `without`, and with another value of the field `name`. */
static char *link_of(const ListSpec *list, const json_t *asked, const char *const *without, const char *name, const char *value)
{
    GString *link = g_string_new(list->path);
    for (const Field *field = list->fields; field->name; field++) {
        bool is_named = g_strcmp0(field->name, name) == 0;
        const json_t *had = json_object_get(asked, field->name);
        bool is_kept = had && !json_is_false(had) && !g_strv_contains(without, field->name);
        g_autofree char *given = is_named ? g_strdup(value) : is_kept ? json_as_text(had) : NULL;
        if (given && *given)
            link_append(link, field->name, given);
    }
    return g_string_free(link, FALSE);
}

char *list_address(const ListSpec *list, const json_t *asked)
{
    return link_of(list, asked, (const char *const[]){ NULL }, NULL, NULL);
}

json_t *list_link(const ListSpec *list, const json_t *asked, const char *name, const char *value)
{
    static const char *const passing[] = { "page", "after", "before", "exact", "format", "filter", NULL };
    g_autofree char *link = link_of(list, asked, passing, name, value);
    return json_string(link);
}

char *list_query(const ListSpec *self, const json_t *asked)
{
    g_autoptr(json_t) link = list_link(self, asked, "page", NULL);
    const char *query = strchr(json_string_value(link), '?');
    return g_strdup(query ? query + 1 : "");
}

static int64_t page_of(const json_t *asked)
{
    int64_t page = json_number(asked, "page");
    return MAX(page, 1);
}

int64_t list_first(const json_t *asked, int64_t per_page)
{
    return (page_of(asked) - 1) * per_page;
}

void list_put_pages(json_t *answer, const ListSpec *list, const json_t *asked, int64_t per_page)
{
    int64_t total = json_number(answer, "total"), pages = (total + per_page - 1) / per_page, page = page_of(asked);
    json_object_update_new(answer, json_pack("{s:I, s:I, s:b, s:b, s:b}", "page_number", page, "pages", pages, "many_pages", pages > 1,
                                             "beyond", pages && page > pages, "none", !pages));
    if (page > 1 && pages)
        json_object_set_new(answer, "previous", list_link(list, asked, "page", DECIMAL(MIN(page - 1, pages))));
    if (page < pages)
        json_object_set_new(answer, "next", list_link(list, asked, "page", DECIMAL(page + 1)));
    if (pages && page > pages)
        json_object_set_new(answer, "first", list_link(list, asked, "page", "1"));
}
