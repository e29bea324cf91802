// SPDX-License-Identifier: Apache-2.0
#include "consultations/life.h"

bool consultation_awaited(Db *db, int64_t county, int64_t case_number, int64_t numbers[AWAITED_MOST], size_t *count, Day *until, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT number, due_day FROM consultation WHERE county = :county AND case_number = :case_number AND state = 'awaited'"
                                          " ORDER BY number LIMIT :most",
                                      WITH(db_int("county", county), db_int("case_number", case_number), db_int("most", AWAITED_MOST)), error);
    *count = 0;
    *until = 0;
    while (rows && db_next(rows, error)) {
        numbers[(*count)++] = db_column_int(rows, 0);
        *until = MAX(*until, (Day)db_column_int(rows, 1));
    }
    return rows && !db_failed(rows);
}

bool consultation_is_awaited_of(Db *db, int64_t county, int64_t case_number, int64_t asked, bool *is, GError **error)
{
    int64_t number;
    return db_integer(db, "SELECT number FROM consultation WHERE county = :county AND case_number = :case_number AND state = 'awaited' AND asked = :asked LIMIT 1",
                      WITH(db_int("county", county), db_int("case_number", case_number), db_int("asked", asked)), &number, is, error);
}

bool consultation_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error)
{
    Day until;
    size_t count;
    int64_t numbers[AWAITED_MOST] = { 0 };
    bool read = consultation_awaited(db, county, case_number, numbers, &count, &until, error);
    *number = numbers[0];
    return read;
}
