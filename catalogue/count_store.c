// SPDX-License-Identifier: Apache-2.0
/* Counting the catalogue. */
#include "catalogue/room.h"

bool catalogue_count(Db *db, int64_t county, int64_t *published, int64_t *online, GError **error)
{
    bool found;
    return db_integer(db, "SELECT COUNT(*) FROM item WHERE county = :county AND state = 'published'",
                      WITH(db_int("county", county)), published, &found, error) &&
           db_integer(db, "SELECT COUNT(*) FROM item WHERE county = :county AND state = 'published' AND online = 1",
                      WITH(db_int("county", county)), online, &found, error);
}

/* Types as the reform counted them (enum item_class). */
#define CLASS "CASE i.type WHEN 'license' THEN 'license' WHEN 'service' THEN 'management' ELSE 'nonlicense' END"
#define IN_FORCE                                                                                                         \
    " WHERE i.county = :county AND i.since_day <= :day AND (i.until_day IS NULL OR i.until_day > :day)"

/* Columns stand as the query below lists them. */
static TallyRow row_of(const DbRows *rows)
{
    return (TallyRow){ .organ = db_column_int(rows, 0),
                       .class = db_column_text(rows, 1),
                       .taken_over = db_column_text(rows, 2),
                       .online = db_column_int(rows, 3) != 0,
                       .in_centre = db_column_int(rows, 4) != 0,
                       .at_village = db_column_int(rows, 5) != 0,
                       .at_town = db_column_int(rows, 6) != 0,
                       .at_zone = db_column_int(rows, 7) != 0 };
}

bool tally_rows(Db *db, int64_t county, Day day, TallyEach *each, void *data, GError **error)
{
    char text[DAY_TEXT];
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT i.organ, " CLASS ", i.taken_over, i.online, i.in_centre, i.at_village, i.at_town, i.at_zone"
        " FROM item i" IN_FORCE " ORDER BY i.organ",
        WITH(db_int("county", county), db_text("day", day_text(day, text))), error);
    while (db_next(rows, error)) {
        const TallyRow row = row_of(rows);
        each(&row, data);
    }
    return !db_failed(rows);
}

/* ---- the register ---- */

#define WANTED                                                                                                           \
    " AND (:class = '' OR " CLASS " = :class) AND (:taken_over = '' OR i.taken_over = :taken_over)"                      \
    " AND (:centre = 0 OR i.in_centre = 1) AND (:online = 0 OR i.online = 1) AND (:organ = 0 OR i.organ = :organ)"       \
    " AND (:delegated = '' OR (:delegated = 'village' AND i.at_village = 1) OR (:delegated = 'town' AND i.at_town = 1)"  \
    " OR (:delegated = 'zone' AND i.at_zone = 1))"

#define ASKED(ask, county, text)                                                                                         \
    db_int("county", county), db_text("day", day_text((ask)->on, text)), db_text("class", (ask)->class),                 \
        db_text("taken_over", (ask)->taken_over), db_int("centre", (ask)->centre), db_int("online", (ask)->online),      \
        db_int("organ", (ask)->organ), db_text("delegated", (ask)->delegated)

static void show_flags(json_t *rows)
{
    static const char *const flags[] = { "online", "in_centre", "at_village", "at_town", "at_zone" };
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        for (size_t flag = 0; flag < G_N_ELEMENTS(flags); flag++)
            json_object_set_new(row, flags[flag], json_boolean(json_number(row, flags[flag])));
}

json_t *register_items(Db *db, int64_t county, const RegisterAsk *ask, int64_t first, int64_t limit, GError **error)
{
    char text[DAY_TEXT];
    json_t *rows = db_rows(
        db,
        "SELECT i.code, i.version, i.name, i.name_en, i.organ, i.type, i.since_day, i.online, i.in_centre, i.taken_over,"
        " i.at_village, i.at_town, i.at_zone, p.version AS published FROM item i LEFT JOIN item p ON p.county = i.county"
        " AND p.code = i.code AND p.state = 'published'" IN_FORCE WANTED " ORDER BY i.organ, i.code"
        " LIMIT :limit OFFSET :first",
        WITH(ASKED(ask, county, text), db_int("limit", limit), db_int("first", first)), error);
    show_flags(rows);
    return rows;
}

json_t *register_departments(Db *db, int64_t county, const RegisterAsk *ask, GError **error)
{
    char text[DAY_TEXT];
    return db_rows(db, "SELECT i.organ, COUNT(*) AS count FROM item i" IN_FORCE WANTED " GROUP BY i.organ ORDER BY i.organ",
                   WITH(ASKED(ask, county, text)), error);
}

/* ---- the reform ---- */

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
    char text[DAY_TEXT];
    return db_run(context->db,
                  "INSERT INTO item_reform (county, day) VALUES (:county, :day)"
                  " ON CONFLICT (county) DO UPDATE SET day = excluded.day",
                  WITH(db_int("county", context->county), db_text("day", day_text(day, text))), error);
}
