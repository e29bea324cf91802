// SPDX-License-Identifier: Apache-2.0
/* The catalogue as it stands on a day, and its figures. */
#include "catalogue/room.h"

#include <stddef.h>
#include <string.h>

const char *const item_class_names[ITEM_CLASSES + 1] = { "license", "nonlicense", "management", NULL };

bool is_service_place(const json_t *place, const char *level)
{
    return strcmp(json_text(place, "level"), level) == 0 && !division_in_zone(division_code(place));
}

bool catalogue_tally(Db *db, int64_t county, Day day, CatalogueTally *out, GError **error)
{
    size_t i;
    json_t *place;
    g_autoptr(json_t) places = identity_places(db, county, error);
    *out = (CatalogueTally){ 0 };
    json_array_foreach(places, i, place) {
        out->towns += is_service_place(place, level_names[TOWN_LEVEL]);
        out->villages += is_service_place(place, level_names[VILLAGE_LEVEL]);
    }
    return places && tally_items(db, county, day, out, error);
}

bool catalogue_reform(const Context *context, Day day, GError **error)
{
    if (day == DAY_NONE || day > day_of(context->now))
        return refuse_field(error, "day", "catalogue.reform_day", NULL);
    json_t *payload = json_pack("{s:s}", "day", DAY_WRITTEN(day));
    actor_put_absent(context->actor, CATALOGUER, payload);
    const Event event = { .subject = "catalogue/reform", .kind = "catalogue.reform", .division = division_county(context->county) };
    return ledger_record(context, event, payload, error) && reform_put(context, day, error);
}

/* The numbers are a tally of the day asked for, one of the day before the reform, and that day. */
enum { TALLY = sizeof(CatalogueTally) / sizeof(int64_t), REFORM_DAY = 2 * TALLY, NUMBERS };
G_STATIC_ASSERT((int)NUMBERS <= (int)NUMBERS_MOST);
#define NOW(member) (int)(offsetof(CatalogueTally, member) / sizeof(int64_t))
#define BEFORE(member) (TALLY + NOW(member))

bool catalogue_numbers(const Context *context, Day day, int64_t *out, GError **error)
{
    Day reform;
    CatalogueTally tally;
    if (!catalogue_reform_day(context->db, context->county, &reform, error) ||
        !catalogue_tally(context->db, context->county, day, &tally, error))
        return false;
    memcpy(out, &tally, sizeof tally);
    for (int i = TALLY; i < NUMBERS; i++)
        out[i] = NUMBER_UNKNOWN;
    if (reform == DAY_NONE)
        return true;
    if (!tally_items(context->db, context->county, reform, &tally, error))
        return false;
    memcpy(out + TALLY, &tally, sizeof tally);
    out[REFORM_DAY] = reform;
    return true;
}

#define REGISTER "/items/register?on={day}"
#define DEPARTMENTS "/items/departments?on={day}"
#define CENTRE "&centre=true"
#define NUMBER(member) COUNT_OF, NULL, NOW(member)
#define NUMBER_BEFORE(member) COUNT_OF, NULL, BEFORE(member), .path_day = REFORM_DAY
#define CUT(member) "percent", SAVING_OF, NULL, NOW(member), BEFORE(member)

const Figure catalogue_figures[] = {
    { "items.before.total", "items", NUMBER_BEFORE(items.total), .path = REGISTER },
    { "items.before.license", "items", NUMBER_BEFORE(items.of[LICENSES]), .path = REGISTER "&class=license" },
    { "items.before.nonlicense", "items", NUMBER_BEFORE(items.of[NONLICENSES]), .path = REGISTER "&class=nonlicense" },
    { "items.before.management", "items", NUMBER_BEFORE(items.of[MANAGEMENT]), .path = REGISTER "&class=management" },
    { "items.now.total", "items", NUMBER(items.total), .path = REGISTER },
    { "items.now.license", "items", NUMBER(items.of[LICENSES]), .path = REGISTER "&class=license" },
    { "items.now.nonlicense", "items", NUMBER(items.of[NONLICENSES]), .path = REGISTER "&class=nonlicense" },
    { "items.now.management", "items", NUMBER(items.of[MANAGEMENT]), .path = REGISTER "&class=management" },
    { "items.cut.total", CUT(items.total), .path = REGISTER },
    { "items.cut.license", CUT(items.of[LICENSES]), .path = REGISTER "&class=license" },
    { "items.cut.nonlicense", CUT(items.of[NONLICENSES]), .path = REGISTER "&class=nonlicense" },
    { "items.cut.management", CUT(items.of[MANAGEMENT]), .path = REGISTER "&class=management" },
    { "items.received.province", "items", NUMBER(from_province), .path = REGISTER "&taken_over=province" },
    { "items.received.prefecture", "items", NUMBER(from_prefecture), .path = REGISTER "&taken_over=prefecture" },
    { "items.delegated.town.departments", "departments", NUMBER(to_towns_departments), .path = DEPARTMENTS "&delegated=town" },
    { "items.delegated.town", "items", NUMBER(to_towns), .path = REGISTER "&delegated=town" },
    { "items.delegated.village", "items", NUMBER(to_villages), .path = REGISTER "&delegated=village" },
    { "items.delegated.zone.departments", "departments", NUMBER(to_zone_departments), .path = DEPARTMENTS "&delegated=zone" },
    { "items.delegated.zone", "items", NUMBER(to_zone), .path = REGISTER "&delegated=zone" },
    { "centre.departments", "departments", NUMBER(centre_departments), .path = DEPARTMENTS CENTRE },
    { "centre.items", "items", NUMBER(centre.total), .path = REGISTER CENTRE },
    { "centre.items.license", "items", NUMBER(centre.of[LICENSES]), .path = REGISTER CENTRE "&class=license" },
    { "centre.items.nonlicense", "items", NUMBER(centre.of[NONLICENSES]), .path = REGISTER CENTRE "&class=nonlicense" },
    { "centre.items.management", "items", NUMBER(centre.of[MANAGEMENT]), .path = REGISTER CENTRE "&class=management" },
    { "centre.entry_rate", "percent", SHARE_OF, NULL, NOW(centre.total), NOW(items.total), .path = REGISTER CENTRE },
    { "towns", "towns", NUMBER(towns), .path = "/items/places?level=town" },
    { "villages", "villages", NUMBER(villages), .path = "/items/places?level=village" },
    { "online.items", "items", NUMBER(online), .path = REGISTER "&online=true" },
    { "online.items_rate", "percent", SHARE_OF, NULL, NOW(online), NOW(items.total), .path = REGISTER "&online=true" },
    { 0 },
};
