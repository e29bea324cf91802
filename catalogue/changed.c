// SPDX-License-Identifier: Apache-2.0
/* The public list of what happened to the catalogue (事项变动), each change with its normative document. */
#include "catalogue/room.h"

#include <string.h>

enum { CHANGES_PER_PAGE = 50 };

const char *const change_levels[] = { "province", "prefecture", "town", "village", "zone", NULL };

const Field changes_fields[] = {
    { .name = "from", .kind = FIELD_DAY, .value = "from" },
    { .name = "to", .kind = FIELD_DAY, .value = "to" },
    { .name = "level", .kind = FIELD_CHOICE, .choices = change_levels, .codes = "change_level", .empty = "catalogue.changed.any_level" },
    { .name = "item", .most = 40, .look = LOOK_EXACT, .value = "item" },
    { .name = "kind", .kind = FIELD_CHOICE, .choices = change_kind_names, .look = LOOK_HIDDEN },
    { .name = "page", .kind = FIELD_INTEGER, .least = 1, .most = PAGES_MOST, .look = LOOK_NONE },
    { 0 },
};
static const ListSpec base = { .path = "/items/changes", .fields = changes_fields };

/* The kinds that occur, or are asked for, with how many there are of each, and the number of changes that are asked for. */
static void put_kinds(json_t *answer, const json_t *fields, const json_t *counts)
{
    json_t *kinds = json_array();
    const char *asked = json_text(fields, "kind");
    int64_t total = 0;
    for (size_t i = 0; change_kind_names[i]; i++) {
        const char *kind = change_kind_names[i];
        int64_t count = json_number(counts, kind);
        bool chosen = strcmp(kind, asked) == 0;
        total += chosen || !*asked ? count : 0;
        if (count || chosen)
            json_array_append_new(kinds, json_pack("{s:s, s:b, s:I, s:o}", "change_kind", kind, "chosen", chosen, "count", count,
                                                   "link", list_link(&base, fields, "kind", kind)));
    }
    json_object_set_new(answer, "kinds", kinds);
    json_object_set_new(answer, "total", json_integer(total));
}

json_t *changes_show(Request *r, GError **error)
{
    Db *db = r->context.db;
    int64_t county = r->context.county;
    g_autoptr(json_t) organs = identity_organs(db, county, error);
    g_autoptr(json_t) counts = organs ? changes_count(db, county, r->fields, error) : NULL;
    int64_t first = list_first(r->fields, CHANGES_PER_PAGE);
    json_t *changes = counts ? changes_list(db, county, r->fields, first, CHANGES_PER_PAGE, error) : NULL;
    if (!changes)
        return NULL;
    put_organ_names(changes, organs);
    json_t *answer = json_pack("{s:o, s:b, s:o}", "changes", changes, "any_kind", !*json_text(r->fields, "kind"),
                               "any_kind_link", list_link(&base, r->fields, "kind", NULL));
    put_kinds(answer, r->fields, counts);
    for (const Field *field = changes_fields; strcmp(field->name, "page") != 0; field++)
        json_object_set_new(answer, field->name, json_string(json_text(r->fields, field->name)));
    list_put_pages(answer, &base, r->fields, CHANGES_PER_PAGE);
    return answer;
}
