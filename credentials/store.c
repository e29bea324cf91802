// SPDX-License-Identifier: Apache-2.0
/* The tables that hold how a member of the staff proves who he is. */
#include "credentials/rows.h"

/* ---- passwords that were ---- */

json_t *old_passwords(const Context *context, int64_t staff, int64_t most, GError **error)
{
    g_autoptr(json_t) hashes = json_array();
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT hash FROM credential_old WHERE county = :county AND staff = :staff"
        " ORDER BY ended_at DESC LIMIT :most", WITH(db_int("county", context->county), db_int("staff", staff), db_int("most", most)), error);
    while (db_next(rows, error))
        json_array_append_new(hashes, json_string(db_column_text(rows, 0)));
    return !db_failed(rows) ? g_steal_pointer(&hashes) : NULL;
}

bool old_password_keep(const Context *context, int64_t staff, const char *hash, GError **error)
{
    return db_run(context->db, "INSERT INTO credential_old (county, staff, ended_at, hash) VALUES (:county, :staff, :at, :hash)"
        " ON CONFLICT (county, staff, ended_at) DO UPDATE SET hash = excluded.hash",
        WITH(db_int("county", context->county), db_int("staff", staff), db_int("at", context->now), db_text("hash", hash)), error) &&
           db_run(context->db, "DELETE FROM credential_old WHERE county = :county AND staff = :staff AND ended_at NOT IN (SELECT ended_at"
        " FROM credential_old WHERE county = :county AND staff = :staff ORDER BY ended_at DESC LIMIT :most)",
        WITH(db_int("county", context->county), db_int("staff", staff), db_int("most", PASSWORDS_KEPT - 1)), error);
}
