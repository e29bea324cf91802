// SPDX-License-Identifier: Apache-2.0
#include "fees/life.h"

bool fees_of_case(const Context *context, int64_t case_number, int64_t *notices, int64_t *due, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT number, state FROM fee WHERE county = :county AND case_number = :case_number"
                                                   " AND state <> 'void' ORDER BY number",
                                      WITH(db_int("county", context->county), db_int("case_number", case_number)), error);
    for (*notices = *due = 0; rows && db_next(rows, error); ++*notices)
        if (!*due && g_str_equal(db_column_text(rows, 1), fee_state_names[FEE_DUE]))
            *due = db_column_int(rows, 0);
    return rows && !db_failed(rows);
}

bool fee_is_due(const Context *context, int64_t case_number, const char *line, bool *is, GError **error)
{
    bool found;
    int64_t number = 0;
    bool read = db_integer(context->db, "SELECT number FROM fee WHERE county = :county AND case_number = :case_number AND line = :line"
                                        " AND state = 'due' ORDER BY number LIMIT 1",
                           WITH(db_int("county", context->county), db_int("case_number", case_number), db_text("line", line)), &number, &found, error);
    *is = number != 0;
    return read;
}

json_t *fees_made(const Context *context, int64_t organ, Day from, Day to, GError **error)
{
    return db_rows(context->db, "SELECT made_day AS day, state, channel, SUM(total) AS amount, SUM(received) AS received FROM fee"
                                " WHERE county = :county AND made_day >= :from AND made_day <= :to AND (:organ = 0 OR organ = :organ)"
                                " GROUP BY made_day, state, channel",
                   WITH(db_int("county", context->county), db_int("organ", organ), db_int("from", from), db_int("to", to)), error);
}

json_t *fees_paid(const Context *context, int64_t organ, Day from, Day to, GError **error)
{
    return db_rows(context->db, "SELECT paid_day AS day, state, channel, SUM(total) AS amount FROM fee WHERE county = :county AND paid_day <> 0"
                                " AND paid_day >= :from AND paid_day <= :to AND (:organ = 0 OR organ = :organ)"
                                " GROUP BY paid_day, state, channel",
                   WITH(db_int("county", context->county), db_int("organ", organ), db_int("from", from), db_int("to", to)), error);
}
