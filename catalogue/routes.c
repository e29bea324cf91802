// SPDX-License-Identifier: Apache-2.0
/* What is asked of the catalogue over HTTP. */
#include "catalogue/room.h"

static json_t *guide(Request *r, GError **error)
{
    json_t *found = catalogue_guide(r->context.db, r->context.county, r->path[0], error);
    if (found)
        json_object_set_new(found, "clock", guide_clock(&r->context, found));
    return found;
}

const Route catalogue_routes[] = {
    { "GET", "/items", ANYONE, list_show, "catalogue/items", list_fields, NULL, NULL,
      "Published items that fit a query, an object, an organ" },
    { "GET", "/items/{code}", ANYONE, guide, "catalogue/item", NULL, NULL, NULL,
      "The guide of an item: what to bring, how long, what it costs, where" },
    { 0 },
};
