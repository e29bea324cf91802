// SPDX-License-Identifier: Apache-2.0
#include "visits/life.h"

bool visit_look(Db *db, int64_t county, int64_t case_number, Visited *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT number, state, rounds FROM visit WHERE county = :county AND case_number = :case_number ORDER BY number",
                                      WITH(db_int("county", county), db_int("case_number", case_number)), error);
    *out = (Visited){ 0 };
    while (rows && db_next(rows, error)) {
        size_t state = name_place(visit_state_names, db_column_text(rows, 1));
        out->is_recorded |= db_column_int(rows, 2) > 0;
        if (state <= VISIT_TO_MEND && out->waits < VISITS_WAITING)
            out->waiting[out->waits++] = db_column_int(rows, 0);
        if (state != VISIT_ENDED) {
            out->number = db_column_int(rows, 0);
            out->state = (int64_t)state;
        }
    }
    return rows && !db_failed(rows);
}

bool visit_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error)
{
    Visited found;
    bool read = visit_look(db, county, case_number, &found, error);
    *number = found.number;
    return read;
}
