// SPDX-License-Identifier: Apache-2.0
/* The catalogue's figures on a day, and which list lies behind each. */
#include "catalogue/room.h"

#include <stddef.h>
#include <string.h>

const char *const item_class_names[ITEM_CLASSES + 1] = { "license", "nonlicense", "management", NULL };

/* ---- counting ---- */

bool is_service_place(const json_t *place, const char *level)
{
    return strcmp(json_text(place, "level"), level) == 0 && !division_in_zone(division_code(place));
}

static void count_places(const json_t *places, CatalogueTally *out)
{
    size_t i;
    json_t *place;
    json_array_foreach((json_t *)places, i, place) {
        out->towns += is_service_place(place, level_names[TOWN_LEVEL]);
        out->villages += is_service_place(place, level_names[VILLAGE_LEVEL]);
    }
}

bool catalogue_tally(Db *db, int64_t county, Day day, CatalogueTally *out, GError **error)
{
    g_autoptr(json_t) places = identity_places(db, county, error);
    *out = (CatalogueTally){ 0 };
    if (!places || !tally_items(db, county, day, out, error))
        return false;
    count_places(places, out);
    return true;
}

/* ---- the reform ---- */

bool catalogue_reform(const Context *context, Day day, GError **error)
{
    char text[DAY_TEXT];
    if (day == DAY_NONE || day > day_of(context->now))
        return refuse_field(error, "day", "catalogue.reform_day", NULL);
    g_autoptr(json_t) payload = json_pack("{s:s}", "day", day_text(day, text));
    g_autofree char *canonical = json_canonical(payload);
    Event event = { .subject = "catalogue/reform", .kind = "catalogue.reform", .item = "",
                    .division = division_county(context->county), .actor_kind = context->actor->kind,
                    .actor = context->actor->id, .at = context->now, .payload = canonical };
    return ledger_append(context, &event, -1, error) && reform_put(context, day, error);
}

/* ---- figures ---- */

enum page { REGISTER, DEPARTMENTS, PLACES };
static const char *const pages[] = { [REGISTER] = "/items/register", [DEPARTMENTS] = "/items/departments",
                                     [PLACES] = "/items/places" };

typedef struct Figure {
    const char *key;
    size_t at;            /* in CatalogueTally; of a percentage what it is taken of */
    bool before;          /* of the day before the reform */
    enum page page;
    const char *choices;  /* of the list behind it */
    const char *kind;     /* percentage: "cut" from before to now, "part" of all items; else NULL */
} Figure;

#define AT(member) offsetof(CatalogueTally, member)

static const Figure figures[] = {
    { "items.before.total", AT(items.total), true, REGISTER, "", NULL },
    { "items.before.license", AT(items.of[LICENSES]), true, REGISTER, "&class=license", NULL },
    { "items.before.nonlicense", AT(items.of[NONLICENSES]), true, REGISTER, "&class=nonlicense", NULL },
    { "items.before.management", AT(items.of[MANAGEMENT]), true, REGISTER, "&class=management", NULL },
    { "items.now.total", AT(items.total), false, REGISTER, "", NULL },
    { "items.now.license", AT(items.of[LICENSES]), false, REGISTER, "&class=license", NULL },
    { "items.now.nonlicense", AT(items.of[NONLICENSES]), false, REGISTER, "&class=nonlicense", NULL },
    { "items.now.management", AT(items.of[MANAGEMENT]), false, REGISTER, "&class=management", NULL },
    { "items.cut.total", AT(items.total), false, REGISTER, "", "cut" },
    { "items.cut.license", AT(items.of[LICENSES]), false, REGISTER, "&class=license", "cut" },
    { "items.cut.nonlicense", AT(items.of[NONLICENSES]), false, REGISTER, "&class=nonlicense", "cut" },
    { "items.cut.management", AT(items.of[MANAGEMENT]), false, REGISTER, "&class=management", "cut" },
    { "items.received.province", AT(from_province), false, REGISTER, "&taken_over=province", NULL },
    { "items.received.prefecture", AT(from_prefecture), false, REGISTER, "&taken_over=prefecture", NULL },
    { "items.delegated.town.departments", AT(to_towns_departments), false, DEPARTMENTS, "&delegated=town", NULL },
    { "items.delegated.town", AT(to_towns), false, REGISTER, "&delegated=town", NULL },
    { "items.delegated.village", AT(to_villages), false, REGISTER, "&delegated=village", NULL },
    { "items.delegated.zone.departments", AT(to_zone_departments), false, DEPARTMENTS, "&delegated=zone", NULL },
    { "items.delegated.zone", AT(to_zone), false, REGISTER, "&delegated=zone", NULL },
    { "centre.departments", AT(centre_departments), false, DEPARTMENTS, "&centre=true", NULL },
    { "centre.items", AT(centre.total), false, REGISTER, "&centre=true", NULL },
    { "centre.items.license", AT(centre.of[LICENSES]), false, REGISTER, "&centre=true&class=license", NULL },
    { "centre.items.nonlicense", AT(centre.of[NONLICENSES]), false, REGISTER, "&centre=true&class=nonlicense", NULL },
    { "centre.items.management", AT(centre.of[MANAGEMENT]), false, REGISTER, "&centre=true&class=management", NULL },
    { "centre.entry_rate", AT(centre.total), false, REGISTER, "&centre=true", "part" },
    { "towns", AT(towns), false, PLACES, "?level=town", NULL },
    { "villages", AT(villages), false, PLACES, "?level=village", NULL },
    { "online.items", AT(online), false, REGISTER, "&online=true", NULL },
};

static int64_t count_at(const CatalogueTally *tally, size_t at)
{
    return *(const int64_t *)(const void *)((const char *)tally + at);
}

/* With two decimals, the half rounded up. */
static json_t *percentage(int64_t part, int64_t whole)
{
    if (!whole)
        return json_null();
    int64_t hundredths = (part * 20000 / whole + 1) / 2;
    return json_real((double)hundredths / 100);
}

static json_t *value_of(const Figure *figure, const CatalogueTally *before, const CatalogueTally *now)
{
    bool is_part = g_strcmp0(figure->kind, "part") == 0, is_cut = figure->kind && !is_part;
    if ((figure->before || is_cut) && !before)
        return json_null();
    int64_t count = count_at(figure->before ? before : now, figure->at);
    if (is_part)
        return percentage(count, now->items.total);
    if (!is_cut)
        return json_integer(count);
    int64_t was = count_at(before, figure->at);
    return percentage(was - count, was);
}

static char *link_of(const Figure *figure, Day day)
{
    char text[DAY_TEXT];
    if (figure->page == PLACES)
        return g_strconcat(pages[PLACES], figure->choices, NULL);
    return g_strconcat(pages[figure->page], "?on=", day_text(day, text), figure->choices, NULL);
}

static json_t *figures_json(const CatalogueTally *before, Day before_day, const CatalogueTally *now, Day day)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
        const Figure *figure = &figures[i];
        g_autofree char *link = link_of(figure, figure->before && before ? before_day : day);
        json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "key", figure->key, "value",
                                              value_of(figure, before, now), "link", link));
    }
    return list;
}

json_t *catalogue_figures(Db *db, int64_t county, Day day, GError **error)
{
    CatalogueTally before = { 0 }, now;
    Day reform;
    if (!catalogue_reform_day(db, county, &reform, error) || !catalogue_tally(db, county, day, &now, error))
        return NULL;
    if (reform != DAY_NONE && !catalogue_tally(db, county, reform, &before, error))
        return NULL;
    return figures_json(reform == DAY_NONE ? NULL : &before, reform, &now, day);
}
