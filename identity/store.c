// SPDX-License-Identifier: Apache-2.0
/* Divisions and organs as the database keeps them. */
#include "identity/store.h"

/* ---- divisions ---- */

#define DIVISIONS                                                                                  \
    "SELECT CAST(d.code AS TEXT) AS code, d.level, d.kind, d.name, d.name_en,"                     \
    " CAST(d.parent AS TEXT) AS parent, d.centre,"                                                 \
    " CASE d.level WHEN 'village' THEN p.name || d.name ELSE d.name END AS path,"                  \
    " CASE WHEN d.level = 'village' AND d.name_en <> '' AND p.name_en <> ''"                       \
    "  THEN d.name_en || ', ' || p.name_en ELSE d.name_en END AS path_en, d.ended, d.successor"     \
    " FROM division d LEFT JOIN division p ON p.county = d.county AND p.code = d.parent"           \
    " WHERE d.county = :county"

static void show_flag(json_t *division)
{
    json_object_set_new(division, "centre", json_boolean(json_number(division, "centre")));
}

json_t *identity_division(Db *db, int64_t county, int64_t division, GError **error)
{
    g_autofree char *key = g_strdup_printf("division/%" PRId64, division);
    json_t *found = db_cache_get(db, county, key);
    if (found)
        return found;
    found = db_row(db, DIVISIONS " AND d.code = :code", WITH(db_int("county", county), db_int("code", division)), error);
    if (found)
        show_flag(found);
    db_cache_put(db, county, key, found);
    return found;
}

int64_t division_code(const json_t *division)
{
    return g_ascii_strtoll(json_text(division, "code"), NULL, 10);
}

static json_t *divisions_kept(Db *db, int64_t county, const char *key, const char *sql, GError **error)
{
    json_t *divisions = db_cache_get(db, county, key);
    if (divisions)
        return divisions;
    divisions = db_rows(db, sql, WITH(db_int("county", county)), error);
    size_t i;
    json_t *one;
    json_array_foreach(divisions, i, one) show_flag(one);
    db_cache_put(db, county, key, divisions);
    return divisions;
}

json_t *identity_places(Db *db, int64_t county, GError **error)
{
    return divisions_kept(db, county, "places", DIVISIONS " AND d.centre = 1 ORDER BY d.code", error);
}

json_t *identity_divisions(Db *db, int64_t county, GError **error)
{
    return divisions_kept(db, county, "divisions", DIVISIONS " ORDER BY d.code", error);
}

bool division_exists(Db *db, int64_t county, int64_t division, bool *exists, GError **error)
{
    int64_t one;
    return db_integer(db, "SELECT 1 FROM division WHERE county = :county AND code = :code",
                      WITH(db_int("county", county), db_int("code", division)), &one, exists, error);
}

bool division_put(const Context *context, const DbArg *row, GError **error)
{
    return db_run(context->db,
        "INSERT INTO division (county, code, level, kind, name, name_en, parent, centre, origin) VALUES (:county, :code, :level,"
        " :kind, :name, :name_en, :parent, :centre, :origin) ON CONFLICT (county, code) DO UPDATE SET level = excluded.level,"
        " kind = excluded.kind, name = excluded.name, name_en = excluded.name_en, parent = excluded.parent,"
        " centre = excluded.centre, origin = excluded.origin", row, error);
}

/* ---- organs ---- */

/* "平湖市水利局" and the mark "平水" are usual; an organ with another name or mark says so in its columns. */
#define ORGANS                                                                                                     \
    "SELECT o.number, o.code, o.name, o.name_en, o.short_name, o.kind, o.valid_from_day, o.valid_to_day, o.successor," \
    " o.address, o.address_en, o.telephone, o.hours, o.hours_en, o.nature, o.superior, o.superior_en, o.court, o.is_demo, o.ended," \
    " CASE o.full_name WHEN '' THEN COALESCE(d.name, '') || o.name ELSE o.full_name END AS full_name,"             \
    " CASE WHEN o.full_name_en <> '' THEN o.full_name_en WHEN o.name_en = '' OR COALESCE(d.name_en, '') = ''"       \
    "  THEN o.name_en ELSE o.name_en || ' of ' || d.name_en END AS full_name_en,"                                  \
    " CASE o.mark WHEN '' THEN COALESCE(SUBSTR(d.name, 1, 1), '') || o.short_name ELSE o.mark END AS mark" \
    " FROM organ o LEFT JOIN division d ON d.county = o.county AND d.code = o.county * 1000000 WHERE o.county = :county"

json_t *identity_organ(Db *db, int64_t county, int64_t organ, GError **error)
{
    g_autofree char *key = g_strdup_printf("organ/%" PRId64, organ);
    json_t *found = db_cache_get(db, county, key);
    if (found)
        return found;
    found = db_row(db, ORGANS " AND o.number = :organ", WITH(db_int("county", county), db_int("organ", organ)), error);
    db_cache_put(db, county, key, found);
    return found;
}

json_t *identity_organs(Db *db, int64_t county, GError **error)
{
    json_t *organs = db_cache_get(db, county, "organs");
    if (organs)
        return organs;
    organs = db_rows(db, ORGANS " ORDER BY o.number", WITH(db_int("county", county)), error);
    db_cache_put(db, county, "organs", organs);
    return organs;
}

bool organ_successor(Db *db, int64_t county, int64_t organ, int64_t *successor, bool *exists, GError **error)
{
    return db_integer(db, "SELECT successor FROM organ WHERE county = :county AND number = :organ",
                      WITH(db_int("county", county), db_int("organ", organ)), successor, exists, error);
}

bool organ_put(const Context *context, const DbArg *row, GError **error)
{
    return db_run(context->db,
        "INSERT INTO organ (county, number, code, name, name_en, short_name, kind, valid_from_day, valid_to_day, successor,"
        " address, address_en, telephone, hours, hours_en, origin, full_name, full_name_en, mark, nature, superior, superior_en,"
        " court, is_demo) VALUES (:county, :number, :code, :name, :name_en, :short_name, :kind, :valid_from, :valid_to,"
        " :successor, :address, :address_en, :telephone, :hours, :hours_en, :origin, :full_name, :full_name_en, :mark, :nature,"
        " :superior, :superior_en, :court, :is_demo)"
        " ON CONFLICT (county, number) DO UPDATE SET code = excluded.code, name = excluded.name, name_en = excluded.name_en,"
        " short_name = excluded.short_name, kind = excluded.kind, valid_from_day = excluded.valid_from_day,"
        " valid_to_day = excluded.valid_to_day, successor = excluded.successor, address = excluded.address,"
        " address_en = excluded.address_en, telephone = excluded.telephone, hours = excluded.hours,"
        " hours_en = excluded.hours_en, origin = excluded.origin, full_name = excluded.full_name,"
        " full_name_en = excluded.full_name_en, mark = excluded.mark, nature = excluded.nature, superior = excluded.superior,"
        " superior_en = excluded.superior_en, court = excluded.court, is_demo = excluded.is_demo", row, error);
}
