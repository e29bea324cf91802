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
static const LinkBase base = { "/items/changes", changes_fields };

/* ---- kinds, with how many there are of each ---- */

static int64_t count_of(const json_t *counts, const char *kind)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)counts, i, one)
        if (strcmp(json_text(one, "kind"), kind) == 0)
            return json_number(one, "count");
    return 0;
}

static json_t *kinds_of(const Request *r, const json_t *counts)
{
    json_t *kinds = list_choices(&base, r->fields, "kind", "change_kind", change_kind_names), *some = json_array();
    size_t i;
    json_t *kind;
    json_array_foreach(kinds, i, kind) {
        int64_t count = count_of(counts, json_text(kind, "change_kind"));
        json_object_set_new(kind, "count", json_integer(count));
        if (count || json_flag(kind, "chosen"))
            json_array_append(some, kind);
    }
    json_decref(kinds);
    return some;
}

static int64_t total_of(const json_t *kinds, const char *chosen)
{
    int64_t all = 0;
    size_t i;
    json_t *kind;
    json_array_foreach((json_t *)kinds, i, kind)
        all += !*chosen || strcmp(json_text(kind, "change_kind"), chosen) == 0 ? json_number(kind, "count") : 0;
    return all;
}

/* ---- the answer ---- */

static void put_names(json_t *changes, const json_t *organs)
{
    size_t i;
    json_t *change;
    json_array_foreach(changes, i, change) {
        const json_t *organ = organ_numbered(organs, json_number(change, "organ"));
        json_object_set_new(change, "organ_name", json_string(json_text(organ, "name")));
        json_object_set_new(change, "organ_name_en", json_string(json_text(organ, "name_en")));
    }
}

static json_t *answer_of(const Request *r, const ChangesAsk *ask, const json_t *changes, json_t *kinds)
{
    json_t *answer = json_pack("{s:O, s:o, s:I, s:b, s:b, s:o}", "changes", changes, "kinds", kinds, "total",
                               (json_int_t)total_of(kinds, ask->kind), "none", json_array_size(changes) == 0, "any_kind",
                               !*ask->kind, "any_kind_link", list_link(&base, r->fields, "kind", NULL));
    for (const Field *field = changes_fields; strcmp(field->name, "page") != 0; field++)
        json_object_set_new(answer, field->name, json_string(json_text(r->fields, field->name)));
    json_object_set_new(answer, "levels", list_choices(&base, r->fields, "level", "change_level", change_levels));
    list_put_pages(answer, &base, r->fields, CHANGES_PER_PAGE);
    return answer;
}

json_t *changes_show(Request *r, GError **error)
{
    const char *from = json_text(r->fields, "from"), *to = json_text(r->fields, "to");
    const ChangesAsk ask = { .kind = json_text(r->fields, "kind"), .level = json_text(r->fields, "level"),
                             .item = json_text(r->fields, "item"), .from = *from ? from : "1900-01-01",
                             .to = *to ? to : "2199-12-31" };
    Db *db = r->context.db;
    int64_t county = r->context.county;
    g_autoptr(json_t) organs = identity_organs(db, county, error);
    g_autoptr(json_t) counts = organs ? changes_count(db, county, &ask, error) : NULL;
    g_autoptr(json_t) changes =
        counts ? changes_list(db, county, &ask, list_first(r->fields, CHANGES_PER_PAGE), CHANGES_PER_PAGE, error) : NULL;
    if (!changes)
        return NULL;
    put_names(changes, organs);
    return answer_of(r, &ask, changes, kinds_of(r, counts));
}
