// SPDX-License-Identifier: Apache-2.0
/* Browsers in which a member of the staff has signed in. */
#include "credentials/room.h"

enum { DEVICES_MOST = 20 };

#define OF_STAFF db_int("county", context->county), db_int("staff", staff)

bool device_is_known(const Context *context, int64_t staff, const char *hash, bool *known, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM credential_device WHERE county = :county AND staff = :staff AND hash = :hash",
                      WITH(OF_STAFF, db_text("hash", hash)), &one, known, error);
}

bool device_rename(const Context *context, const char *before, const char *hash, GError **error)
{
    return !*before || db_run(context->db, "UPDATE credential_device SET hash = :hash WHERE county = :county AND hash = :before",
                              WITH(db_int("county", context->county), db_text("hash", hash), db_text("before", before)), error);
}

/* Beyond the most, those seen longest ago are forgotten. */
bool device_remember(const Context *context, int64_t staff, const char *hash, const char *name, GError **error)
{
    return db_run(context->db, "INSERT INTO credential_device (county, staff, hash, name, made_at, seen_at) VALUES (:county, :staff, :hash, :name,"
        " :now, :now) ON CONFLICT (county, staff, hash) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
        WITH(OF_STAFF, db_text("hash", hash), db_text("name", name), db_int("now", context->now)), error) &&
           db_run(context->db, "DELETE FROM credential_device WHERE county = :county AND staff = :staff AND hash NOT IN (SELECT hash FROM"
        " credential_device WHERE county = :county AND staff = :staff ORDER BY seen_at DESC, hash LIMIT :most)",
        WITH(OF_STAFF, db_int("most", DEVICES_MOST)), error);
}

json_t *device_list(const Context *context, int64_t staff, const char *here, GError **error)
{
    g_autoptr(json_t) list = json_array();
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT hash, name, made_at, seen_at FROM credential_device WHERE county = :county"
        " AND staff = :staff ORDER BY seen_at DESC, hash", WITH(OF_STAFF), error);
    while (db_next(rows, error))
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I, s:b}", "device", db_column_text(rows, 0), "name", db_column_text(rows, 1),
                                              "made_at", (json_int_t)db_column_int(rows, 2), "seen_at", (json_int_t)db_column_int(rows, 3),
                                              "is_here", secret_equals(here, db_column_text(rows, 0))));
    return !db_failed(rows) ? g_steal_pointer(&list) : NULL;
}

bool device_forget(const Context *context, int64_t staff, const char *hash, bool *known, GError **error)
{
    int64_t changed;
    bool well = db_change(context->db, "DELETE FROM credential_device WHERE county = :county AND staff = :staff AND hash = :hash",
                          WITH(OF_STAFF, db_text("hash", hash)), &changed, error);
    *known = well && changed == 1;
    return well;
}

bool device_forget_all(const Context *context, int64_t staff, const char *but, GError **error)
{
    return db_run(context->db, "DELETE FROM credential_device WHERE county = :county AND staff = :staff AND hash <> :but",
                  WITH(OF_STAFF, db_text("but", but)), error);
}
