// SPDX-License-Identifier: Apache-2.0
/* The public list of items (事项清单): search box, choices, pages. Every choice is a link or a field
 * of one form, so it works without a script. */
#include "catalogue/room.h"

#include <string.h>

enum { ITEMS_PER_PAGE = 20 };

const Field items_fields[] = {
    { .name = "q", .most = 200, .look = LOOK_SEARCH, .hint = "catalogue.list.q_hint" },
    { .name = "organ", .kind = FIELD_INTEGER, .most = 999999, .options = "organs.organ", .option_label = "catalogue.list.choice",
      .empty = "catalogue.list.any_organ" },
    { .name = "object", .kind = FIELD_CHOICE, .choices = item_objects, .look = LOOK_HIDDEN },
    { .name = "online", .kind = FIELD_FLAG },
    { .name = "page", .kind = FIELD_INTEGER, .least = 1, .most = PAGES_MOST, .look = LOOK_NONE },
    { 0 },
};

static const ListSpec base = { .path = "/items", .fields = items_fields };

static void put_choices(json_t *answer, const json_t *fields)
{
    size_t i;
    json_t *choice;
    json_array_foreach(json_object_get(answer, "objects"), i, choice)
        json_object_set_new(choice, "link", list_link(&base, fields, "object", json_text(choice, "object")));
    json_object_update_new(answer, json_pack("{s:b, s:o, s:s, s:s}", "any_object", !*json_text(fields, "object"), "any_object_link",
                                             list_link(&base, fields, "object", NULL), "object", json_text(fields, "object"),
                                             "q", json_text(fields, "q")));
}

/* Rooms to the right may have something beside the items. */
static bool put_beside(const Request *r, json_t *answer, GError **error)
{
    json_t *found = json_array();
    const char *query = json_text(r->fields, "q");
    json_object_set_new(answer, "beside", found);
    for (const Room *const *room = r->context.rooms; room && *room && *query; room++)
        if ((*room)->finds && !(*room)->finds(&r->context, query, found, error))
            return false;
    json_object_set_new(answer, "has_beside", json_boolean(json_array_size(found) > 0));
    return true;
}

/* An empty list offers to drop the choices, or to see everything. */
json_t *items_show(Request *r, GError **error)
{
    const SearchAsk ask = { .day = day_of(r->context.now), .query = json_text(r->fields, "q"),
                            .object = json_text(r->fields, "object"), .organ = json_number(r->fields, "organ"),
                            .online = json_flag(r->fields, "online"), .first = list_first(r->fields, ITEMS_PER_PAGE),
                            .limit = ITEMS_PER_PAGE };
    g_autoptr(json_t) answer = search_items(r->context.db, r->context.county, &ask, error);
    if (!answer || !put_beside(r, answer, error))
        return NULL;
    put_choices(answer, r->fields);
    list_put_pages(answer, &base, r->fields, ITEMS_PER_PAGE);
    g_autoptr(json_t) only_query = json_pack("{s:O*}", "q", json_object_get(r->fields, "q"));
    if (json_flag(answer, "none") && json_number(answer, "fitting"))
        json_object_set_new(answer, "without_choices", list_link(&base, only_query, "page", NULL));
    return g_steal_pointer(&answer);
}
