// SPDX-License-Identifier: Apache-2.0
#include "licences/life.h"

#include "lists/lists.h"

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

bool licence_offers_papers(const Context *context, int64_t party, int64_t case_number, json_t *papers, GError **error)
{
    enum { HELD_MOST = 50 };
    (void)case_number;
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

/* ---- decisions to grant ---- */

bool granted_insert(const Context *context, const Granted *row, GError **error)
{
    g_autofree char *decision = list_fold(row->decision), *name = list_fold(row->name);
    int years = row->item->validity_years;
    return db_run(context->db,
        "INSERT INTO granted (county, number, case_number, decision, decision_sought, item, item_name, item_name_en, organ, listed,"
        " credit_code, sought, decided_day, valid_from_day, valid_to_day, published_day) VALUES (:county, :number, :case_number, :decision,"
        " :decision_sought, :item, :item_name, :item_name_en, :organ, :listed, :credit_code, :sought, :decided_day, :decided_day,"
        " :valid_to_day, :published_day) ON CONFLICT (county, case_number) DO NOTHING",
        WITH(db_int("county", context->county), db_int("number", row->number), db_int("case_number", row->case_number),
             db_text("decision", row->decision), db_text("decision_sought", decision), db_text("item", row->item->code),
             db_text("item_name", row->item->name), db_text("item_name_en", row->item->name_en), db_int("organ", row->organ),
             db_text("listed", row->listed), db_text("credit_code", row->credit_code), db_text("sought", name),
             db_int("decided_day", row->decided), db_int("valid_to_day", years ? day_years_on(row->decided, years) - 1 : 0),
             db_int("published_day", day_of(context->now))), error);
}

bool granted_remove(const Context *context, int64_t case_number, GError **error)
{
    return db_run(context->db, "DELETE FROM granted WHERE county = :county AND case_number = :case_number",
                  WITH(db_int("county", context->county), db_int("case_number", case_number)), error);
}

bool granted_ends(const Context *context, Day *until, int64_t *number, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT day, number FROM granted_until WHERE county = :county",
                                      WITH(db_int("county", context->county)), error);
    bool found = db_next(rows, error);
    *until = found ? (Day)db_column_int(rows, 0) : 0;
    *number = found ? db_column_int(rows, 1) : 0;
    return !db_failed(rows);
}

bool granted_has(const Context *context, int64_t case_number, bool *has, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM granted WHERE county = :county AND case_number = :number",
                      WITH(db_int("county", context->county), db_int("number", case_number)), &one, has, error);
}

bool granted_go_back(const Context *context, Day day, GError **error)
{
    return db_run(context->db, "UPDATE granted_until SET day = :before WHERE county = :county AND day > :before",
                  WITH(db_int("county", context->county), db_int("before", day - 1)), error);
}

bool granted_put_until(const Context *context, Day day, int64_t number, GError **error)
{
    return db_run(context->db, "INSERT INTO granted_until (county, day, number) VALUES (:county, :day, :number)"
                               " ON CONFLICT (county) DO UPDATE SET day = excluded.day, number = excluded.number",
                  WITH(db_int("county", context->county), db_int("day", day), db_int("number", number)), error);
}
