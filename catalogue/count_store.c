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

/* Columns stand as the query below lists them. */
static TallyRow row_of(const DbRows *rows)
{
    return (TallyRow){ .organ = db_column_int(rows, 0),
                       .type = db_column_text(rows, 1),
                       .taken_over = db_column_text(rows, 2),
                       .online = db_column_int(rows, 3) != 0,
                       .in_centre = db_column_int(rows, 4) != 0,
                       .at_village = db_column_int(rows, 5) != 0,
                       .at_town = db_column_int(rows, 6) != 0,
                       .at_zone = db_column_int(rows, 7) != 0,
                       .count = db_column_int(rows, 8) };
}

bool tally_rows(Db *db, int64_t county, Day day, TallyEach *each, void *data, GError **error)
{
    char text[DAY_TEXT];
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT organ, type, taken_over, online, in_centre, at_village, at_town, at_zone, COUNT(*) FROM item"
        " WHERE county = :county AND since_day <= :day AND (until_day IS NULL OR until_day > :day)"
        " GROUP BY organ, type, taken_over, online, in_centre, at_village, at_town, at_zone ORDER BY organ",
        WITH(db_int("county", county), db_text("day", day_text(day, text))), error);
    while (rows && db_next(rows, error)) {
        const TallyRow row = row_of(rows);
        each(&row, data);
    }
    return rows && !db_failed(rows);
}

/* ---- the reform ---- */

bool catalogue_reform_day(Db *db, int64_t county, Day *day, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT day FROM item_reform WHERE county = :county",
                                      WITH(db_int("county", county)), error);
    *day = DAY_NONE;
    if (rows && db_next(rows, error))
        *day = day_parse(db_column_text(rows, 0));
    return rows && !db_failed(rows);
}

bool reform_put(const Context *context, Day day, GError **error)
{
    char text[DAY_TEXT];
    return db_run(context->db,
                  "INSERT INTO item_reform (county, day) VALUES (:county, :day)"
                  " ON CONFLICT (county) DO UPDATE SET day = excluded.day",
                  WITH(db_int("county", context->county), db_text("day", day_text(day, text))), error);
}
