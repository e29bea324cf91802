// SPDX-License-Identifier: Apache-2.0
/* The guide (办事指南): all that people see of an item, which the law wants shown (Licensing Law
 * art. 30), with where to go and by when it is done. */
#include "catalogue/room.h"

#include <string.h>

static json_t *place_json(const json_t *place)
{
    return json_pack("{s:O, s:O, s:O}", "code", json_object_get(place, "code"), "name",
                     json_object_get(place, "name"), "name_en", json_object_get(place, "name_en"));
}

/* Towns take it in, or the development zone alone does. Places stand in order of code, so each town before its villages. */
static json_t *towns_of(const json_t *places, bool all, bool with_villages)
{
    json_t *towns = json_array(), *villages = NULL;
    size_t i;
    json_t *place;
    json_array_foreach((json_t *)places, i, place) {
        const char *level = json_text(place, "level");
        if (strcmp(level, level_names[TOWN_LEVEL]) == 0 && (all || division_in_zone(division_code(place)))) {
            json_t *town = place_json(place);
            json_object_set_new(town, "villages", villages = json_array());
            json_object_set_new(town, "has_villages", json_boolean(with_villages));
            json_array_append_new(towns, town);
        } else if (with_villages && villages && strcmp(level, level_names[VILLAGE_LEVEL]) == 0) {
            json_array_append_new(villages, place_json(place));
        }
    }
    return towns;
}

static json_t *desks_of(const json_t *guide, const json_t *organs, const json_t *places)
{
    g_autoptr(Item) item = item_of(json_incref((json_t *)guide), 0);
    unsigned levels = item->steps[0].levels;
    bool town = levels & 1u << TOWN_LEVEL, village = levels & 1u << VILLAGE_LEVEL, any = town || village || levels & 1u << ZONE_LEVEL;
    return json_pack("{s:b, s:b, s:b, s:b, s:O?, s:O?, s:o}", "county", levels & 1u << COUNTY_LEVEL, "town", town, "village", village,
                     "has_towns", any, "town_office", organ_numbered(organs, TOWN_CENTRE_ORGAN), "village_office",
                     organ_numbered(organs, VILLAGE_POINT_ORGAN), "towns", any ? towns_of(places, town || village, village) : json_array());
}

static ClockReading *run_from(const Context *context, const Calendar *calendar, const ClockRule *rule, Day day)
{
    const ClockMark mark = { .at = context->now, .day = day, .holder = DEPARTMENT, .why = "received" };
    return clock_run(calendar, rule, &mark, 1, context->now);
}

/* Where the limit ends beyond the holidays that the present calendar knows, it is counted by the one that is announced. */
json_t *guide_clock(const Context *context, const json_t *guide, GError **error)
{
    g_autoptr(Item) item = item_of(json_incref((json_t *)guide), json_number(guide, "version"));
    g_autoptr(Calendar) announced = NULL;
    Day from = calendar_received(context);
    const ClockRule *last = item->statutory.days ? &item->statutory : &item->promised; /* where no law sets a limit the promise is all */
    g_autoptr(ClockReading) by_present = run_from(context, context->calendar, last, from);
    if (by_present->warn_unknown != DAY_NONE && !calendar_announced(context, by_present->warn_unknown, &announced, error))
        return NULL;
    const Calendar *calendar = announced ? announced : context->calendar;
    g_autoptr(ClockReading) promised = run_from(context, calendar, &item->promised, from);
    g_autoptr(ClockReading) statutory = run_from(context, calendar, last, from);
    json_t *clock = json_pack("{s:b, s:b, s:b}", "is_today", from == day_of(context->now), "provisional", promised->warn_unknown != DAY_NONE,
                              "last_provisional", statutory->warn_unknown != DAY_NONE);
    if (item->extension.days)
        json_object_set_new(clock, "extension", json_pack("{s:i, s:s}", "days", item->extension.days, "unit", day_unit_names[item->extension.unit]));
    json_put_day(clock, "from_day", from);
    json_put_day(clock, "due_day", promised->due);
    json_put_day(clock, "last_day", item->statutory.days ? statutory->due : DAY_NONE);
    json_put_day(clock, "warn_unknown_day", statutory->warn_unknown);
    return clock;
}

/* Pages open a list, or a table, only where something stands in it. */
static void put_flags(json_t *guide)
{
    static const struct { const char *flag, *of[12]; } flags[] = {
        { "has_terms", { "conditions", "prohibitions", "quantity", "quota", "in_person" } },
        { "has_fees", { "fees" } },
        { "has_bases", { "bases" } },
        { "has_co_organs", { "co_organs" } },
        { "has_agencies", { "agencies" } },
        { "has_elements", { "power_source", "body_kind", "handling", "online_depth", "range", "bases", "co_organs", "agencies",
                            "consulting_telephone", "supervision_telephone", "review_organ", "court" } },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        bool has = false;
        for (size_t of = 0; of < G_N_ELEMENTS(flags[i].of) && flags[i].of[of]; of++)
            has = has || json_object_get(guide, flags[i].of[of]);
        json_object_set_new(guide, flags[i].flag, json_boolean(has));
    }
}

/* Art. 58: what costs nothing, costs nothing at all. Art. 30: of forms and samples the address is told where they lie on a site. */
static void put_free(json_t *guide)
{
    size_t i;
    json_t *material;
    static const char *const free_words[] = { "不收费", "免费", "无", NULL };
    static const char *const names[] = { "blank", "sample" };
    bool is_free = !json_object_get(guide, "fees") && g_strv_contains(free_words, json_text(guide, "fee"));
    json_object_set_new(guide, "is_free", json_boolean(is_free));
    json_array_foreach(json_object_get(guide, "materials"), i, material)
        for (size_t at = 0; at < G_N_ELEMENTS(names); at++) {
            const char *place = json_text(material, names[at]);
            g_autofree char *link = g_strconcat(names[at], "_link", NULL);
            if (g_str_has_prefix(place, "https://") || g_str_has_prefix(place, "http://"))
                json_object_set_new(material, link, json_true());
        }
}

/* In whose name a town or the zone acts follows from its power. */
static void put_names(json_t *guide)
{
    size_t i;
    json_t *power;
    json_array_foreach(json_object_get(guide, "powers"), i, power)
        json_object_set(power, "in_name", json_object_get(power, "power_source"));
    json_object_set_new(guide, "has_powers", json_boolean(json_object_get(guide, "powers")));
}

static json_t *make_guide(Db *db, int64_t county, const char *code, const VersionMark *mark, GError **error)
{
    g_autoptr(json_t) guide = item_at(db, county, code, mark, error);
    g_autoptr(json_t) organs = guide ? identity_organs(db, county, error) : NULL;
    g_autoptr(json_t) places = organs ? identity_places(db, county, error) : NULL;
    if (!places)
        return NULL;
    put_organ_name(guide, organs);
    if (json_flag(guide, "is_orphan")) /* the centre tells who will take it */
        json_object_set(guide, "ask_at", (json_t *)(uintptr_t)organ_numbered(organs, CENTRE_ORGAN));
    json_object_update_new(guide, json_pack("{s:O?, s:o, s:b}", "office", organ_numbered(organs, json_number(guide, "organ")),
                                            "desks", desks_of(guide, organs, places), "has_specials",
                                            json_array_size(json_object_get(guide, "specials")) > 0));
    put_flags(guide);
    put_free(guide);
    put_names(guide);
    g_autoptr(ItemForm) form = item_form(guide);
    json_object_set_new(guide, "has_form", json_boolean(form != NULL));
    json_object_set_new(guide, "has_situation", json_boolean(form && form_has_situation(form)));
    return g_steal_pointer(&guide);
}

json_t *guide_keeping(const Context *context, const json_t *fields)
{
    const json_t *own = json_object_get(fields, "keeping_years");
    int years = own ? (int)json_integer_value(own) : context->keeping_years;
    return json_pack("{s:i, s:b, s:b, s:b}", "years", years == KEEPING_FOR_GOOD ? 0 : years, "is_for_good", years == KEEPING_FOR_GOOD,
                     "is_none", years == 0, "by_centre", !own);
}

json_t *catalogue_guide(Db *db, int64_t county, const char *code, Day day, GError **error)
{
    VersionMark mark;
    if (!item_mark(db, county, code, day, &mark, error))
        return NULL;
    g_autofree char *key = g_strdup_printf("guide/%s/%" PRId64, code, mark.version);
    json_t *guide = db_cache_get(db, county, key);
    if (guide)
        return guide;
    guide = make_guide(db, county, code, &mark, error);
    db_cache_put(db, county, key, guide);
    return guide;
}
