// SPDX-License-Identifier: Apache-2.0
#include "subject/private.h"

bool beside_insert(const Context *context, int64_t case_number, const SubjectKind *kind, int64_t number, GError **error)
{
    return db_run(context->db, "INSERT INTO subject_beside (county, case_number, number, kind) VALUES (:county, :case_number, :number, :kind)",
                  WITH(db_int("county", context->county), db_int("case_number", case_number), db_int("number", number),
                       db_text("kind", kind->name)), error);
}

GPtrArray *subject_beside_of(const Context *context, int64_t case_number, GError **error)
{
    g_autoptr(GPtrArray) subjects = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT kind, number FROM subject_beside WHERE county = :county AND"
                                                   " case_number = :case_number ORDER BY number, kind",
                                      WITH(db_int("county", context->county), db_int("case_number", case_number)), error);
    while (rows && db_next(rows, error))
        g_ptr_array_add(subjects, g_strdup_printf("%s/%" PRId64, db_column_text(rows, 0), db_column_int(rows, 1)));
    return rows && !db_failed(rows) ? g_steal_pointer(&subjects) : NULL;
}
