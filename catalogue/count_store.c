// SPDX-License-Identifier: Apache-2.0
/* Counting the catalogue. */
#include "catalogue/room.h"

#include <stddef.h>

/* Types as the reform counted them (enum item_class). */
#define CLASS "CASE i.type WHEN 'license' THEN 'license' WHEN 'service' THEN 'management' ELSE 'nonlicense' END"
#define IN_FORCE                                                                                                         \
    " FROM item i WHERE i.county = :county AND i.since_day <= :day AND (i.until_day IS NULL OR i.until_day > :day)"

/* Reads the columns of the only row into `count` numbers; of no rows a sum is null, which reads as 0. */
static bool read_numbers(Db *db, int64_t county, Day day, const char *sql, int count, int64_t *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, sql, WITH(db_int("county", county), db_text("day", DAY_WRITTEN(day))), error);
    if (db_next(rows, error))
        for (int i = 0; i < count; i++)
            out[i] = db_column_int(rows, i);
    return !db_failed(rows);
}

bool catalogue_count(Db *db, int64_t county, Day day, int64_t *items, int64_t *online, GError **error)
{
    int64_t counts[2] = { 0 };
    bool read = read_numbers(db, county, day, "SELECT COUNT(*), SUM(i.online)" IN_FORCE, 2, counts, error);
    *items = counts[0];
    *online = counts[1];
    return read;
}

#define COUNT(condition) "COUNT(CASE WHEN " condition " THEN 1 END)"
#define DEPARTMENTS(condition) "COUNT(DISTINCT CASE WHEN " condition " THEN i.organ END)"
#define CLASSES(also)                                                                                                    \
    COUNT(CLASS " = 'license'" also) ", " COUNT(CLASS " = 'nonlicense'" also) ", " COUNT(CLASS " = 'management'" also)

/* The columns stand in the order of CatalogueTally. */
bool tally_items(Db *db, int64_t county, Day day, CatalogueTally *out, GError **error)
{
    enum { COUNTED = offsetof(CatalogueTally, towns) / sizeof(int64_t) };
    static const char sql[] =
        "SELECT COUNT(*), " CLASSES("") ", " COUNT("i.in_centre = 1") ", " CLASSES(" AND i.in_centre = 1") ", "
        DEPARTMENTS("i.in_centre = 1") ", " COUNT("i.taken_over = 'province'") ", " COUNT("i.taken_over = 'prefecture'") ", "
        COUNT("i.at_town = 1") ", " DEPARTMENTS("i.at_town = 1") ", " COUNT("i.at_village = 1") ", "
        COUNT("i.at_zone = 1") ", " DEPARTMENTS("i.at_zone = 1") ", " COUNT("i.online = 1") IN_FORCE;
    return read_numbers(db, county, day, sql, COUNTED, (int64_t *)(void *)out, error);
}

#define WANTED                                                                                                           \
    " AND (:class = '' OR " CLASS " = :class) AND (:taken_over = '' OR i.taken_over = :taken_over)"                      \
    " AND (:centre = 0 OR i.in_centre = 1) AND (:online = 0 OR i.online = 1)"                                            \
    " AND (:delegated = '' OR (:delegated = 'village' AND i.at_village = 1) OR (:delegated = 'town' AND i.at_town = 1)"  \
    " OR (:delegated = 'zone' AND i.at_zone = 1))"

#define ASKED(asked, county, day)                                                                                        \
    db_int("county", county), db_text("day", day), BIND_TEXT(asked, "class"), BIND_TEXT(asked, "taken_over"),            \
        BIND_FLAG(asked, "centre"), BIND_FLAG(asked, "online"), BIND_TEXT(asked, "delegated")

json_t *register_items(Db *db, int64_t county, Day on, const json_t *asked, int64_t first, int64_t limit, GError **error)
{
    static const char *const flags[] = { "online", "in_centre", "at_village", "at_town", "at_zone" };
    size_t i;
    json_t *row, *rows = db_rows(db,
        "SELECT i.code, i.version, i.name, i.name_en, i.organ, i.type, i.since_day, i.online, i.in_centre, i.taken_over,"
        " i.at_village, i.at_town, i.at_zone" IN_FORCE WANTED " AND (:organ = 0 OR i.organ = :organ)"
        " ORDER BY i.organ, i.code LIMIT :limit OFFSET :first",
        WITH(ASKED(asked, county, DAY_WRITTEN(on)), BIND_NUMBER(asked, "organ"), db_int("limit", limit), db_int("first", first)),
        error);
    json_array_foreach(rows, i, row)
        for (size_t flag = 0; flag < G_N_ELEMENTS(flags); flag++)
            json_object_set_new(row, flags[flag], json_boolean(json_number(row, flags[flag])));
    return rows;
}

json_t *register_departments(Db *db, int64_t county, Day on, const json_t *asked, GError **error)
{
    return db_rows(db, "SELECT i.organ, COUNT(*) AS count" IN_FORCE WANTED " GROUP BY i.organ ORDER BY i.organ",
                   WITH(ASKED(asked, county, DAY_WRITTEN(on))), error);
}

bool catalogue_reform_day(Db *db, int64_t county, Day *day, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT day FROM item_reform WHERE county = :county",
                                      WITH(db_int("county", county)), error);
    *day = DAY_NONE;
    if (db_next(rows, error))
        *day = day_parse(db_column_text(rows, 0));
    return !db_failed(rows);
}

bool reform_put(const Context *context, Day day, GError **error)
{
    return db_run(context->db,
                  "INSERT INTO item_reform (county, day) VALUES (:county, :day)"
                  " ON CONFLICT (county) DO UPDATE SET day = excluded.day",
                  WITH(db_int("county", context->county), db_text("day", DAY_WRITTEN(day))), error);
}
