// SPDX-License-Identifier: Apache-2.0
#include "joint/life.h"

static const char *const part_states[] = { "part_running", "part_granted", "part_refused", "part_ended", NULL };

GArray *joint_parts(Db *db, int64_t county, int64_t joint, GError **error)
{
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(PartRow));
    g_autoptr(DbRows) rows = db_query(db, "SELECT number, case_number, stage, state FROM joint_part WHERE county = :county AND joint = :joint ORDER BY number",
                                      WITH(db_int("county", county), db_int("joint", joint)), error);
    while (rows && db_next(rows, error)) {
        const PartRow row = { db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2), (int64_t)name_place(part_states, db_column_text(rows, 3)) };
        g_array_append_val(parts, row);
    }
    return rows && !db_failed(rows) ? g_steal_pointer(&parts) : NULL;
}

bool part_of_item(Db *db, int64_t county, int64_t joint, const char *item, PartRow *out,
                  GError **error)
{
    *out = (PartRow){ 0 };
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT number, case_number, stage, state FROM joint_part WHERE county = :county AND joint "
        "= :joint AND item = :item",
        WITH(db_int("county", county), db_int("joint", joint), db_text("item", item)), error);
    if (rows && db_next(rows, error))
        *out = (PartRow){ db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2),
                          (int64_t)name_place(part_states, db_column_text(rows, 3)) };
    return rows && !db_failed(rows);
}

bool part_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error)
{
    bool found;
    *number = 0;
    return db_integer(db, "SELECT number FROM joint_part WHERE county = :county AND case_number = :case_number",
                      WITH(db_int("county", county), db_int("case_number", case_number)), number, &found, error);
}
