// SPDX-License-Identifier: Apache-2.0
#include "licences/life.h"

bool licence_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error)
{
    bool found;
    *number = 0;
    return db_integer(db, "SELECT number FROM licence WHERE county = :county AND case_number = :case_number AND case_number <> 0"
                          " ORDER BY number LIMIT 1",
                      WITH(db_int("county", county), db_int("case_number", case_number)), number, &found, error);
}

json_t *licences_of_case(Db *db, int64_t county, int64_t case_number, GError **error)
{
    return db_rows(db, "SELECT number FROM licence WHERE county = :county AND case_number = :case_number AND case_number <> 0 ORDER BY number",
                   WITH(db_int("county", county), db_int("case_number", case_number)), error);
}

/* Renewals are the organ's (life.c, LICENCE_RENEW), which works for the whole county. */
bool licence_waiting(const Context *context, const Post *desk, int64_t *count, GError **error)
{
    bool found, decides = (licence_rules[LICENCE_RENEW].roles & desk->roles) && desk->division == division_county(context->county);
    *count = 0;
    return !decides || db_integer(context->db, "SELECT COUNT(*) FROM licence WHERE county = :county AND organ = :organ AND renewal_day <> 0",
                                  WITH(db_int("county", context->county), db_int("organ", desk->organ)), count, &found, error);
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
