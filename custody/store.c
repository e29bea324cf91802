// SPDX-License-Identifier: Apache-2.0
#include "custody/room.h"

bool custody_kept(const Context *context, int64_t case_number, int64_t *number, GError **error)
{
    bool found;
    *number = 0;
    return db_integer(context->db, "SELECT number FROM custody WHERE county = :county AND case_number = :case_number AND state = 'in_custody'"
                                   " ORDER BY number LIMIT 1",
                      WITH(db_int("county", context->county), db_int("case_number", case_number)), number, &found, error);
}
