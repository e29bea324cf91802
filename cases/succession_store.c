// SPDX-License-Identifier: Apache-2.0
#include "cases/succession.h"

GArray *succession_rows(const Context *context, int64_t after, int64_t most, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SuccessionRow));
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT number, organ, place, state FROM case_now WHERE county = :county AND number > :after"
                                                   " ORDER BY number LIMIT :most",
                                      WITH(db_int("county", context->county), db_int("after", after), db_int("most", most)), error);
    while (db_next(rows, error)) {
        const SuccessionRow row = { db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2),
                                    (int64_t)name_place(case_state_names, db_column_text(rows, 3)) };
        g_array_append_val(found, row);
    }
    return db_failed(rows) ? NULL : g_steal_pointer(&found);
}

bool succession_after(const Context *context, const char *subject, int64_t *after, GError **error)
{
    bool found;
    *after = 0;
    return db_integer(context->db, "SELECT after FROM case_succession WHERE county = :county AND subject = :subject",
                      WITH(db_int("county", context->county), db_text("subject", subject)), after, &found, error);
}

bool succession_note(const Context *context, const char *subject, int64_t after, GError **error)
{
    if (!after)
        return db_run(context->db, "DELETE FROM case_succession WHERE county = :county AND subject = :subject",
                      WITH(db_int("county", context->county), db_text("subject", subject)), error);
    return db_run(context->db, "INSERT INTO case_succession (county, subject, after) VALUES (:county, :subject, :after)"
                               " ON CONFLICT (county, subject) DO UPDATE SET after = excluded.after",
                  WITH(db_int("county", context->county), db_text("subject", subject), db_int("after", after)), error);
}

static bool any(const Context *context, const char *sql, int64_t organ, DbArg from, bool *is, GError **error)
{
    int64_t one;
    return *is || db_integer(context->db, sql, WITH(db_int("county", context->county), db_int("organ", organ), from), &one, is, error);
}

/* Cases that wait at its desks or are accepted have an index; one that is not accepted yet is of the last months, since silence accepts it
 * (Licensing Law art. 32) and an applicant who brings nothing has withdrawn. */
bool case_runs_at(const Context *context, int64_t organ, bool *runs, GError **error)
{
    enum { MONTHS = 6, OF_A_DAY = 1000000 };
    int year, month, day;
    const DbArg none = { 0 };
    day_split(day_months_on(day_of(context->now), -MONTHS), &year, &month, &day);
    int64_t from = (context->county * OF_A_DAY + (int64_t)(year % 100) * 10000 + month * 100 + day) * OF_A_DAY;
    *runs = false;
    return any(context, "SELECT number FROM case_now WHERE county = :county AND desk_organ = :organ AND desk_role <> 0 LIMIT 1", organ, none, runs, error) &&
           any(context, "SELECT number FROM case_now WHERE county = :county AND organ = :organ AND state IN ('review', 'suspended') LIMIT 1", organ, none, runs, error) &&
           any(context, "SELECT number FROM case_now WHERE county = :county AND number > :from AND organ = :organ"
                        " AND state NOT IN ('draft', 'closed', 'not_needed', 'not_accepted', 'withdrawn', 'terminated', 'revoked') ORDER BY number LIMIT 1",
               organ, db_int("from", from), runs, error);
}
