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
static const LinkBase register_base = { "/items/register", register_fields };

const Field departments_fields[] = {
    { .name = "on", .kind = FIELD_DAY, .value = "on" },
    { .name = "delegated", .kind = FIELD_CHOICE, .choices = delegated_levels, .codes = "change_level" },
    { .name = "centre", .kind = FIELD_FLAG },
    { 0 },
};

/* A question without a day is about today. */
static RegisterAsk asked_of(const Request *r)
{
    const char *on = json_text(r->fields, "on");
    return (RegisterAsk){ .on = *on ? day_parse(on) : day_of(r->context.now),
                          .class = json_text(r->fields, "class"),
                          .taken_over = json_text(r->fields, "taken_over"),
                          .delegated = json_text(r->fields, "delegated"),
                          .centre = json_flag(r->fields, "centre"),
                          .online = json_flag(r->fields, "online"),
                          .organ = json_number(r->fields, "organ") };
}

/* ---- departments ---- */

typedef struct Departments {
    json_t *rows;
    int64_t items, of_chosen; /* of all of them, and of the one that is chosen */
} Departments;

/* Counts the items that fit, leaving `organ` apart, so that another one can be chosen. */
static bool departments_of(const Request *r, RegisterAsk ask, const json_t *organs, Departments *out, GError **error)
{
    size_t i;
    json_t *row;
    int64_t chosen = ask.organ;
    ask.organ = 0;
    *out = (Departments){ .rows = register_departments(r->context.db, r->context.county, &ask, error) };
    put_organ_names(out->rows, organs);
    json_array_foreach(out->rows, i, row) {
        g_autofree char *organ = g_strdup_printf("%" PRId64, json_number(row, "organ"));
        bool is_chosen = json_number(row, "organ") == chosen;
        json_object_set_new(row, "link", list_link(&register_base, r->fields, "organ", organ));
        json_object_set_new(row, "chosen", json_boolean(is_chosen));
        out->items += json_number(row, "count");
        out->of_chosen += is_chosen ? json_number(row, "count") : 0;
    }
    return out->rows != NULL;
}

json_t *departments_show(Request *r, GError **error)
{
    Departments departments;
    const RegisterAsk ask = asked_of(r);
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    if (!organs || !departments_of(r, ask, organs, &departments, error))
        return NULL;
    json_t *answer = json_pack("{s:o, s:I, s:I}", "departments", departments.rows, "total",
                               (json_int_t)json_array_size(departments.rows), "items", departments.items);
    json_put_day(answer, "on", ask.on);
    json_put_day(answer, "on_day", ask.on);
    return answer;
}

/* ---- items ---- */

json_t *register_show(Request *r, GError **error)
{
    Departments departments;
    const RegisterAsk ask = asked_of(r);
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    if (!organs || !departments_of(r, ask, organs, &departments, error))
        return NULL;
    json_t *answer = json_pack("{s:o, s:I}", "departments", departments.rows, "total", ask.organ ? departments.of_chosen : departments.items);
    json_t *items = register_items(r->context.db, r->context.county, &ask, list_first(r->fields, ROWS_PER_PAGE), ROWS_PER_PAGE, error);
    put_organ_names(items, organs);
    json_object_set_new(answer, "items", items);
    json_object_set_new(answer, "none", json_boolean(json_array_size(items) == 0));
    json_put_day(answer, "on", ask.on);
    json_put_day(answer, "on_day", ask.on);
    list_put_pages(answer, &register_base, r->fields, ROWS_PER_PAGE);
    if (!items)
        g_clear_pointer(&answer, json_decref);
    return answer;
}

/* ---- centres of towns and villages ---- */

static const char *const place_levels[] = { "town", "village", NULL };

const Field places_fields[] = {
    { "level", FIELD_CHOICE, 0, 0, false, place_levels, NULL },
    { 0 },
};
static const LinkBase places_base = { "/items/places", places_fields };

static json_t *places_of(const json_t *all, const char *level)
{
    json_t *places = json_array();
    size_t i;
    json_t *place;
    json_array_foreach((json_t *)all, i, place)
        if (is_service_place(place, level))
            json_array_append_new(places, json_pack("{s:O, s:O, s:O}", "code", json_object_get(place, "code"), "path",
                                                    json_object_get(place, "path"), "path_en",
                                                    json_object_get(place, "path_en")));
    return places;
}

json_t *places_show(Request *r, GError **error)
{
    const char *asked = json_text(r->fields, "level"), *level = *asked ? asked : place_levels[0];
    g_autoptr(json_t) all = identity_places(r->context.db, r->context.county, error);
    if (!all)
        return NULL;
    g_autoptr(json_t) places = places_of(all, level);
    g_autoptr(json_t) chosen = json_pack("{s:s}", "level", level);
    return json_pack("{s:O, s:I, s:s, s:b, s:o}", "places", places, "total", (json_int_t)json_array_size(places), "level",
                     level, "is_town", strcmp(level, place_levels[0]) == 0, "levels",
                     list_choices(&places_base, chosen, "level", "change_level", place_levels));
}
