// SPDX-License-Identifier: Apache-2.0
#include "calendar/calendar.h"

#include <string.h>

Calendar *calendar_load(Db *db, int64_t county, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT version, rows FROM calendar_version WHERE county = :county ORDER BY version DESC LIMIT 1",
        WITH(db_int("county", county)), error);
    if (!rows)
        return NULL;
    if (db_next(rows, error)) {
        const char *text = db_column_text(rows, 1);
        return calendar_read(text, strlen(text), db_column_int(rows, 0), error);
    }
    return db_failed(rows) ? NULL : calendar_built_in();
}

bool calendar_import(const Context *context, const char *csv, size_t length, const char *source, Calendar **out, GError **error)
{
    int64_t version = 1;
    bool found;
    g_autofree char *text = g_strndup(csv, length);
    if (!db_integer(context->db, "SELECT MAX(version) FROM calendar_version WHERE county = :county",
                    WITH(db_int("county", context->county)), &version, &found, error))
        return false;
    version = MAX(version, 1) + 1; /* version 1 is the built-in table */
    g_autoptr(Calendar) made = calendar_read(csv, length, version, error);
    if (!made || !db_run(context->db,
            "INSERT INTO calendar_version (county, version, made_at, source, rows)"
            " VALUES (:county, :version, :made_at, :source, :rows)",
            WITH(db_int("county", context->county), db_int("version", version), db_int("made_at", context->now),
                 db_text("source", source), db_text("rows", text)), error))
        return false;
    *out = g_steal_pointer(&made);
    return true;
}
