// SPDX-License-Identifier: Apache-2.0
/* The register of items on a day (事项目录), the departments that have some, and the centres of towns and villages: the
 * lists that lie behind the figures of the catalogue. */
#include "catalogue/room.h"

#include <string.h>

enum { ROWS_PER_PAGE = 50 };

static const char *const over_levels[] = { "province", "prefecture", NULL };
static const char *const delegated_levels[] = { "town", "village", "zone", NULL };

const Field register_fields[] = {
    { .name = "on", .kind = FIELD_DAY, .value = "on" },
    { .name = "organ", .kind = FIELD_INTEGER, .most = 999999, .options = "departments.organ", .option_label = "catalogue.list.choice",
      .empty = "catalogue.list.any_organ" },
    { .name = "class", .kind = FIELD_CHOICE, .choices = item_class_names, .codes = "item_class" },
    { .name = "taken_over", .kind = FIELD_CHOICE, .choices = over_levels, .codes = "change_level" },
    { .name = "delegated", .kind = FIELD_CHOICE, .choices = delegated_levels, .codes = "change_level" },
    { .name = "centre", .kind = FIELD_FLAG },
    { .name = "online", .kind = FIELD_FLAG },
    { .name = "page", .kind = FIELD_INTEGER, .least = 1, .most = PAGES_MOST, .look = LOOK_NONE },
    { 0 },
};
static const ListSpec register_base = { .path = "/items/register", .fields = register_fields };

const Field departments_fields[] = {
    { .name = "on", .kind = FIELD_DAY, .value = "on" },
    { .name = "delegated", .kind = FIELD_CHOICE, .choices = delegated_levels, .codes = "change_level" },
    { .name = "centre", .kind = FIELD_FLAG },
    { 0 },
};

/* A question without a day is about today. */
static Day day_asked(const Request *r)
{
    const char *on = json_text(r->fields, "on");
    return *on ? day_parse(on) : day_of(r->context.now);
}

/* The departments that have items, of which another than the chosen one can be chosen; *items counts those that fit. */
static json_t *departments_of(const Request *r, const json_t *organs, int64_t *items, GError **error)
{
    size_t i;
    json_t *row;
    Day on = day_asked(r);
    int64_t chosen = json_number(r->fields, "organ");
    json_t *rows = organs ? register_departments(r->context.db, r->context.county, on, r->fields, error) : NULL;
    *items = 0;
    json_array_foreach(rows, i, row) {
        g_autofree char *organ = json_as_text(json_object_get(row, "organ"));
        bool is_chosen = json_number(row, "organ") == chosen;
        put_organ_name(row, organs);
        json_object_set_new(row, "link", list_link(&register_base, r->fields, "organ", organ));
        json_object_set_new(row, "chosen", json_boolean(is_chosen));
        *items += is_chosen || !chosen ? json_number(row, "count") : 0;
    }
    json_t *answer = rows ? json_pack("{s:o}", "departments", rows) : NULL;
    json_put_day(answer, "on", on);
    json_put_day(answer, "on_day", on);
    return answer;
}

json_t *departments_show(Request *r, GError **error)
{
    int64_t items;
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    json_t *answer = departments_of(r, organs, &items, error);
    json_object_set_new(answer, "total", json_integer((json_int_t)json_array_size(json_object_get(answer, "departments"))));
    json_object_set_new(answer, "items", json_integer(items));
    return answer;
}

json_t *register_show(Request *r, GError **error)
{
    int64_t total, first = list_first(r->fields, ROWS_PER_PAGE);
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    g_autoptr(json_t) items = !organs ? NULL : register_items(r->context.db, r->context.county, day_asked(r), r->fields, first,
                                                              ROWS_PER_PAGE, error);
    json_t *answer = items ? departments_of(r, organs, &total, error) : NULL;
    if (!answer)
        return NULL;
    put_organ_names(items, organs);
    json_object_set(answer, "items", items);
    json_object_set_new(answer, "total", json_integer(total));
    list_put_pages(answer, &register_base, r->fields, ROWS_PER_PAGE);
    return answer;
}

static const char *const place_levels[] = { "town", "village", NULL };

const Field places_fields[] = {
    { "level", FIELD_CHOICE, 0, 0, false, place_levels, NULL },
    { 0 },
};
static const ListSpec places_base = { .path = "/items/places", .fields = places_fields };

json_t *places_show(Request *r, GError **error)
{
    size_t i;
    json_t *place, *places = json_array(), *levels = json_array();
    const char *asked = json_text(r->fields, "level"), *level = *asked ? asked : place_levels[0];
    g_autoptr(json_t) all = identity_places(r->context.db, r->context.county, error);
    json_array_foreach(all, i, place)
        if (is_service_place(place, level))
            json_array_append_new(places, json_pack("{s:O, s:O, s:O}", "code", json_object_get(place, "code"), "path",
                                                    json_object_get(place, "path"), "path_en", json_object_get(place, "path_en")));
    for (i = 0; place_levels[i]; i++)
        json_array_append_new(levels, json_pack("{s:s, s:s, s:b, s:o}", "value", place_levels[i], "change_level", place_levels[i],
                                                "chosen", strcmp(level, place_levels[i]) == 0, "link",
                                                list_link(&places_base, r->fields, "level", place_levels[i])));
    g_autoptr(json_t) answer = json_pack("{s:I, s:o, s:s, s:b, s:o}", "total", (json_int_t)json_array_size(places), "places", places,
                                         "level", level, "is_town", strcmp(level, place_levels[0]) == 0, "levels", levels);
    return all ? g_steal_pointer(&answer) : NULL;
}
