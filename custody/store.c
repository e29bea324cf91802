// SPDX-License-Identifier: Apache-2.0
#include "custody/room.h"

GArray *custody_kept(const Context *context, int64_t case_number, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT number FROM custody WHERE county = :county AND case_number = :case_number"
                                                   " AND state = 'in_custody' ORDER BY number",
                                      WITH(db_int("county", context->county), db_int("case_number", case_number)), error);
    while (rows && db_next(rows, error)) {
        int64_t number = db_column_int(rows, 0);
        g_array_append_val(numbers, number);
    }
    return rows && !db_failed(rows) ? g_steal_pointer(&numbers) : NULL;
}
