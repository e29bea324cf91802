// SPDX-License-Identifier: Apache-2.0
#include "calendar/kept.h"

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

bool calendar_newest(Db *db, int64_t county, CalendarMark *mark, GError **error)
{
    *mark = (CalendarMark){ .county = county };
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT version, made_at FROM calendar_version WHERE county = :county ORDER BY version DESC LIMIT 1",
        WITH(db_int("county", county)), error);
    if (rows && db_next(rows, error)) {
        mark->version = db_column_int(rows, 0);
        mark->made_at = db_column_int(rows, 1);
    }
    return rows && !db_failed(rows);
}

static bool keep(const Context *context, const Calendar *made, const char *source, const char *text, GError **error)
{
    return db_reference_changed(context->db, context->county, error) && db_run(context->db,
        "INSERT INTO calendar_version (county, version, made_at, source, rows)"
        " VALUES (:county, :version, :made_at, :source, :rows)",
        WITH(db_int("county", context->county), db_int("version", calendar_version(made)), db_int("made_at", context->now),
             db_text("source", source), db_text("rows", text)), error);
}

bool calendar_import(const Context *context, const char *csv, size_t length, const char *source, Calendar **out, GError **error)
{
    g_autoptr(Calendar) before = calendar_load(context->db, context->county, error);
    g_autoptr(Calendar) made = before ? calendar_renewed(before, csv, length, error) : NULL;
    if (!made)
        return false;
    g_autoptr(GArray) days = calendar_differences(before, made);
    g_autofree char *text = calendar_write(made);
    if (days->len && !keep(context, made, source, text, error))
        return false;
    *out = days->len ? g_steal_pointer(&made) : g_steal_pointer(&before);
    return true;
}

bool calendar_settle(const Context *context, GError **error)
{
    CalendarMark mark;
    if (!calendar_newest(context->db, context->county, &mark, error))
        return false;
    g_autoptr(Calendar) own = calendar_built_in();
    g_autofree char *text = calendar_write(own);
    return mark.version || keep(context, own, "data/holidays.csv", text, error);
}

json_t *calendar_versions(Db *db, int64_t county, int64_t most, GError **error)
{
    return db_rows(db,
        "SELECT version, made_at, source FROM calendar_version WHERE county = :county ORDER BY version DESC LIMIT :most",
        WITH(db_int("county", county), db_int("most", most)), error);
}
