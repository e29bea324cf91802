// SPDX-License-Identifier: Apache-2.0
/* Versions in the owner's table: statements are composed of the names that a kind declares. */
#include "versioned/versioned.h"

#include <string.h>

void version_clear(Version *self)
{
    g_free(self->state);
    g_free(self->content);
    *self = (Version){ 0 };
}

/* A statement with the names of a kind; '' replaces the list's column where a county has one list. Owned by the caller. */
static char *of_kind(const Versioned *kind, const char *sql)
{
    g_autoptr(GString) text = g_string_new(sql);
    g_string_replace(text, "@table", kind->table, 0);
    g_string_replace(text, "@list", kind->list ? kind->list : "''", 0);
    g_string_replace(text, "@content", kind->content, 0);
    g_string_replace(text, "@also", kind->also ? kind->also : "''", 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- reading ---- */

#define OF_LIST " FROM @table WHERE county = :county AND @list = :list"
#define WHOLE "SELECT version, state, since_day, @content" OF_LIST

static bool read_one(Db *db, const char *sql, const DbArg *args, Version *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, sql, args, error);
    *out = (Version){ .since = DAY_NONE };
    if (rows && db_next(rows, error))
        *out = (Version){ db_column_int(rows, 0), g_strdup(db_column_text(rows, 1)), day_parse(db_column_text(rows, 2)),
                          g_strdup(db_column_text(rows, 3)) };
    return rows && !db_failed(rows);
}

bool versioned_newest(Db *db, int64_t county, const Versioned *kind, const char *list, Version *out, GError **error)
{
    g_autofree char *sql = of_kind(kind, WHOLE " ORDER BY version DESC LIMIT 1");
    return read_one(db, sql, WITH(db_int("county", county), db_text("list", list)), out, error);
}

bool versioned_load(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t version, Version *out, GError **error)
{
    g_autofree char *sql = of_kind(kind, WHOLE " AND version = :version");
    g_autofree char *number = g_strdup_printf("%" PRId64, version);
    return read_one(db, sql, WITH(db_int("county", county), db_text("list", list), db_int("version", version)), out, error) &&
           (out->version || refuse(error, NOT_FOUND, "versioned.no_version", "version", number, NULL));
}

static bool read_mark(Db *db, int64_t county, const Versioned *kind, const char *list, const char *day, VersionMark *out, GError **error)
{
    g_autofree char *sql = of_kind(kind, "SELECT version, made_at" OF_LIST
                                         " AND (state = 'published' OR until_day IS NOT NULL)" /* a draft given up has neither */
                                         " AND (since_day IS NULL OR since_day <= :day) AND (until_day IS NULL OR until_day > :day)"
                                         " ORDER BY version DESC LIMIT 1");
    g_autoptr(DbRows) rows = db_query(db, sql, WITH(db_int("county", county), db_text("list", list), db_text("day", day)), error);
    *out = (VersionMark){ 0 };
    if (rows && db_next(rows, error))
        *out = (VersionMark){ db_column_int(rows, 0), db_column_int(rows, 1) };
    return rows && !db_failed(rows);
}

bool versioned_at(Db *db, int64_t county, const Versioned *kind, const char *list, Day day, VersionMark *out, GError **error)
{
    char text[DAY_TEXT];
    g_autofree char *key = g_strdup_printf("version/%s/%s/%s", kind->table, list, day_text(day, text));
    VersionMark *kept = db_cache_get_box(db, county, key);
    if (!kept) {
        if (!read_mark(db, county, kind, list, text, out, error))
            return false;
        kept = g_atomic_rc_box_dup(sizeof *out, out);
        db_cache_put_box(db, county, key, kept, g_atomic_rc_box_release);
    }
    *out = *kept;
    g_atomic_rc_box_release(kept);
    return true;
}

bool versioned_published(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t *version, GError **error)
{
    bool found;
    g_autofree char *sql = of_kind(kind, "SELECT version" OF_LIST " AND state = 'published' ORDER BY version DESC LIMIT 1");
    *version = 0;
    return db_integer(db, sql, WITH(db_int("county", county), db_text("list", list)), version, &found, error);
}

json_t *versioned_versions(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t most, GError **error)
{
    g_autofree char *sql = of_kind(kind, "SELECT version, since_day, until_day, made_at, published_at, retired_at, @also" OF_LIST
                                         " ORDER BY version DESC LIMIT :most");
    return db_rows(db, sql, WITH(db_int("county", county), db_text("list", list), db_int("most", most)), error);
}

/* ---- writing ---- */

/* Ends all versions before `version` on `day`, also those that were replaced from a later day on, and gives up their drafts. A
 * version that was to come in force after `day` never does. */
static bool retire_before(const Context *context, const Versioned *kind, const char *list, int64_t version, Day day, GError **error)
{
    char text[DAY_TEXT];
    g_autofree char *end = of_kind(kind, "UPDATE @table SET until_day = :day WHERE county = :county AND @list = :list"
                                         " AND (state = 'published' OR until_day > :day) AND version < :version");
    g_autofree char *retire = of_kind(kind, "UPDATE @table SET state = 'retired', retired_at = :now WHERE county = :county"
                                            " AND @list = :list AND version < :version AND state <> 'retired'");
    return db_run(context->db, end,
                  WITH(db_text("day", day_text(day, text)), db_int("county", context->county), db_text("list", list),
                       db_int("version", version)), error) &&
           db_run(context->db, retire,
                  WITH(db_int("now", context->now), db_int("county", context->county), db_text("list", list),
                       db_int("version", version)), error);
}

bool versioned_publish(const Context *context, const Versioned *kind, const char *list, int64_t version, Day day, int64_t *retired,
                       GError **error)
{
    char text[DAY_TEXT];
    g_autofree char *publish = of_kind(kind, "UPDATE @table SET state = 'published', published_at = :now, since_day = :day"
                                             " WHERE county = :county AND @list = :list AND version = :version");
    return versioned_published(context->db, context->county, kind, list, retired, error) &&
           db_reference_changed(context->db, context->county, error) && retire_before(context, kind, list, version, day, error) &&
           db_run(context->db, publish,
                  WITH(db_int("now", context->now), db_text("day", day_text(day, text)), db_int("county", context->county),
                       db_text("list", list), db_int("version", version)), error);
}

bool versioned_end(const Context *context, const Versioned *kind, const char *list, Day day, GError **error)
{
    return db_reference_changed(context->db, context->county, error) && retire_before(context, kind, list, INT64_MAX, day, error);
}
