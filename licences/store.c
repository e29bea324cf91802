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
