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
static const LinkBase departments_base = { "/items/departments", departments_fields };

/* Without a day it is today's. */
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

static void put_organ_names(json_t *rows, const json_t *organs)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const json_t *organ = organ_numbered(organs, json_number(row, "organ"));
        json_object_set_new(row, "organ_name", json_string(json_text(organ, "name")));
        json_object_set_new(row, "organ_name_en", json_string(json_text(organ, "name_en")));
    }
}

/* The choices for the form, with the day: today where none was chosen. */
static void put_choices(json_t *answer, const LinkBase *base, const Request *r, const RegisterAsk *ask)
{
    char text[DAY_TEXT];
    json_object_set_new(answer, "on", json_string(day_text(ask->on, text)));
    json_object_set_new(answer, "on_day", json_string(text));
    json_object_set_new(answer, "centre_only", json_boolean(ask->centre));
    json_object_set_new(answer, "online_only", json_boolean(ask->online));
    json_object_set_new(answer, "classes", list_choices(base, r->fields, "class", "item_class", item_class_names));
    json_object_set_new(answer, "sources", list_choices(base, r->fields, "taken_over", "change_level", over_levels));
    json_object_set_new(answer, "places", list_choices(base, r->fields, "delegated", "change_level", delegated_levels));
}

/* ---- departments ---- */

static json_t *department_link(const Request *r, const json_t *row)
{
    g_autofree char *organ = g_strdup_printf("%" PRId64, json_number(row, "organ"));
    return list_link(&register_base, r->fields, "organ", organ);
}

static int64_t mark_departments(const Request *r, json_t *rows, int64_t chosen)
{
    int64_t items = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        json_object_set_new(row, "link", department_link(r, row));
        json_object_set_new(row, "chosen", json_boolean(json_number(row, "organ") == chosen));
        items += json_number(row, "count");
    }
    return items;
}

/* Counts the items that fit, leaving `organ` apart, so that another one can be chosen. */
static json_t *departments_of(const Request *r, RegisterAsk ask, const json_t *organs, int64_t *items, GError **error)
{
    int64_t chosen = ask.organ;
    ask.organ = 0;
    json_t *rows = register_departments(r->context.db, r->context.county, &ask, error);
    put_organ_names(rows, organs);
    *items = mark_departments(r, rows, chosen);
    return rows;
}

json_t *departments_show(Request *r, GError **error)
{
    int64_t items;
    const RegisterAsk ask = asked_of(r);
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    json_t *rows = organs ? departments_of(r, ask, organs, &items, error) : NULL;
    if (!rows)
        return NULL;
    json_t *answer = json_pack("{s:o, s:I, s:I}", "departments", rows, "total", (json_int_t)json_array_size(rows), "items",
                               (json_int_t)items);
    put_choices(answer, &departments_base, r, &ask);
    return answer;
}

/* ---- items ---- */

static int64_t count_in(const json_t *departments, int64_t organ, int64_t all)
{
    const json_t *row = NULL;
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)departments, i, one)
        row = json_number(one, "organ") == organ ? one : row;
    return organ ? json_number(row, "count") : all;
}

static json_t *register_json(Request *r, const RegisterAsk *ask, const json_t *organs, GError **error)
{
    int64_t all;
    g_autoptr(json_t) departments = departments_of(r, *ask, organs, &all, error);
    g_autoptr(json_t) items = departments ? register_items(r->context.db, r->context.county, ask,
                                                           list_first(r->fields, ROWS_PER_PAGE), ROWS_PER_PAGE, error)
                                          : NULL;
    if (!items)
        return NULL;
    put_organ_names(items, organs);
    int64_t total = count_in(departments, ask->organ, all);
    json_t *answer = json_pack("{s:O, s:O, s:I, s:b}", "items", items, "departments", departments, "total",
                               (json_int_t)total, "none", json_array_size(items) == 0);
    put_choices(answer, &register_base, r, ask);
    list_put_pages(answer, &register_base, r->fields, ROWS_PER_PAGE);
    return answer;
}

json_t *register_show(Request *r, GError **error)
{
    const RegisterAsk ask = asked_of(r);
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    return organs ? register_json(r, &ask, organs, error) : NULL;
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
