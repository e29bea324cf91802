// SPDX-License-Identifier: Apache-2.0
/* The public list of items (事项清单): search box, choices, pages. Every choice is a link or a field
 * of one form, so it works without a script. */
#include "catalogue/room.h"

#include <string.h>

enum { ITEMS_PER_PAGE = 20, PAGES_MOST = 1000 };

const Field list_fields[] = {
    { "q", FIELD_TEXT, 0, 200, false, NULL, NULL },
    { "object", FIELD_CHOICE, 0, 0, false, item_objects, NULL },
    { "organ", FIELD_INTEGER, 0, 999999, false, NULL, NULL },
    { "online", FIELD_FLAG, 0, 0, false, NULL, NULL },
    { "page", FIELD_INTEGER, 1, PAGES_MOST, false, NULL, NULL },
    { 0 },
};

/* ---- links ---- */

static void append_argument(GString *link, const char *name, const char *value)
{
    g_string_append_printf(link, "%c%s=", strchr(link->str, '?') ? '&' : '?', name);
    g_string_append_uri_escaped(link, value, NULL, TRUE);
}

static char *value_text(const json_t *value)
{
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return g_strdup(json_is_true(value) ? "true" : json_string_value(value));
}

/* The same list with one choice changed (NULL: dropped), from its first page on. */
static json_t *link_with(const json_t *fields, const char *name, const char *value)
{
    g_autoptr(GString) link = g_string_new("/items");
    for (const Field *field = list_fields; field->name; field++) {
        g_autofree char *given = value_text(json_object_get(fields, field->name));
        bool kept = strcmp(field->name, "page") != 0 && strcmp(field->name, name) != 0;
        if (kept && given)
            append_argument(link, field->name, given);
    }
    if (value)
        append_argument(link, name, value);
    return json_string(link->str);
}

static void put_page_link(json_t *answer, const json_t *fields, const char *name, int64_t page)
{
    g_autofree char *number = g_strdup_printf("%" PRId64, page);
    json_object_set_new(answer, name, link_with(fields, "page", number));
}

/* ---- the answer ---- */

static void put_choices(json_t *answer, const json_t *fields)
{
    size_t i;
    json_t *choice;
    json_array_foreach(json_object_get(answer, "objects"), i, choice)
        json_object_set_new(choice, "link", link_with(fields, "object", json_text(choice, "object")));
    json_object_set_new(answer, "any_object", json_boolean(!*json_text(fields, "object")));
    json_object_set_new(answer, "any_object_link", link_with(fields, "object", NULL));
    json_object_set_new(answer, "object", json_string(json_text(fields, "object")));
    json_object_set_new(answer, "online_only", json_boolean(json_flag(fields, "online")));
    json_object_set_new(answer, "q", json_string(json_text(fields, "q")));
}

static void put_pages(json_t *answer, const json_t *fields, int64_t page)
{
    int64_t total = json_number(answer, "total"), pages = (total + ITEMS_PER_PAGE - 1) / ITEMS_PER_PAGE;
    json_object_set_new(answer, "page_number", json_integer(page));
    json_object_set_new(answer, "pages", json_integer(pages));
    json_object_set_new(answer, "many_pages", json_boolean(pages > 1));
    if (page > 1 && pages)
        put_page_link(answer, fields, "previous", MIN(page - 1, pages));
    if (page < pages)
        put_page_link(answer, fields, "next", page + 1);
}

/* What to do when the list is empty: drop the choices, or see everything. */
static void put_way_on(json_t *answer, const json_t *fields)
{
    g_autoptr(json_t) only_query = json_pack("{s:O*}", "q", json_object_get(fields, "q"));
    bool none = json_array_size(json_object_get(answer, "items")) == 0;
    json_object_set_new(answer, "none", json_boolean(none));
    if (none && json_number(answer, "fitting"))
        json_object_set_new(answer, "without_choices", link_with(only_query, "page", NULL));
}

json_t *list_show(Request *r, GError **error)
{
    int64_t asked = json_number(r->fields, "page"), page = MAX(asked, 1);
    const SearchAsk ask = { .query = json_text(r->fields, "q"),
                            .object = json_text(r->fields, "object"),
                            .organ = json_number(r->fields, "organ"),
                            .online = json_flag(r->fields, "online"),
                            .first = (page - 1) * ITEMS_PER_PAGE,
                            .limit = ITEMS_PER_PAGE };
    json_t *answer = search_items(r->context.db, r->context.county, &ask, error);
    if (!answer)
        return NULL;
    put_choices(answer, r->fields);
    put_pages(answer, r->fields, page);
    put_way_on(answer, r->fields);
    return answer;
}
