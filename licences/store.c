// SPDX-License-Identifier: Apache-2.0
#include "licences/life.h"

bool licence_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT number FROM licence WHERE county = :county AND case_number = :case_number"
                                          " AND case_number <> 0 ORDER BY number LIMIT 1",
                                      WITH(db_int("county", county), db_int("case_number", case_number)), error);
    *number = db_next(rows, error) ? db_column_int(rows, 0) : 0;
    return rows && !db_failed(rows);
}

bool licence_offers_papers(const Context *context, int64_t party, json_t *papers, GError **error)
{
    enum { HELD_MOST = 50 };
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT number, result_name FROM licence WHERE county = :county AND party = :party"
                                                   " AND state = 'valid' AND since_day <= :today AND (valid_to_day = 0 OR valid_to_day >= :today OR renewal_day <> 0)"
                                                   " ORDER BY number DESC LIMIT :most",
                                      WITH(db_int("county", context->county), db_int("party", party),
                                           db_int("today", day_of(context->now)), db_int("most", HELD_MOST)), error);
    while (rows && db_next(rows, error)) {
        g_autofree char *path = subject_path(&licence_kind, db_column_int(rows, 0), VISITOR);
        g_autofree char *grouped = subject_number_grouped(db_column_int(rows, 0));
        json_array_append_new(papers, json_pack("{s:s, s:s, s:s}", "material", db_column_text(rows, 1), "number_grouped", grouped,
                                                "register_path", path));
    }
    return rows && !db_failed(rows);
}

bool licence_unfolded(Db *db, int64_t county, int64_t after, size_t most, Licence *page, size_t *count, GError **error)
{
    g_autoptr(DbRows) rows = record_query(db, &licence_record, "WHERE county = :county AND item_sought = '' AND number > :after"
                                                               " ORDER BY number LIMIT :most",
                                          WITH(db_int("county", county), db_int("after", after), db_int("most", (int64_t)most)), error);
    for (*count = 0; rows && db_next(rows, error); ++*count)
        record_read(&licence_record, rows, &page[*count]);
    return rows && !db_failed(rows);
}

bool licence_late_done(Db *db, int64_t county, bool *done, GError **error)
{
    int64_t one;
    *done = false;
    return db_integer(db, "SELECT 1 FROM licence_late WHERE county = :county", WITH(db_int("county", county)), &one, done, error);
}

bool licence_late_put(Db *db, int64_t county, GError **error)
{
    return db_run(db, "INSERT INTO licence_late (county) VALUES (:county)", WITH(db_int("county", county)), error);
}
