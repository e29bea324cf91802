// SPDX-License-Identifier: Apache-2.0
/* Versions in the owner's table: statements are composed of the names that a kind declares. */
#include "versioned/versioned.h"

#include <string.h>

void version_clear(Version *self)
{
    g_free(self->state);
    g_free(self->content);
    json_decref(self->fields);
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

static bool read_one(Db *db, const Versioned *kind, const char *sql, const DbArg *args, Version *out, GError **error)
{
    g_autofree char *text = of_kind(kind, sql);
    g_autoptr(DbRows) rows = db_query(db, text, args, error);
    *out = (Version){ .since = DAY_NONE };
    if (!db_next(rows, error))
        return !db_failed(rows);
    *out = (Version){ db_column_int(rows, 0), g_strdup(db_column_text(rows, 1)), day_parse(db_column_text(rows, 2)),
                      g_strdup(db_column_text(rows, 3)), kind->read(db_column_text(rows, 3), error) };
    return out->fields != NULL;
}

bool versioned_newest(Db *db, int64_t county, const Versioned *kind, const char *list, Version *out, GError **error)
{
    return read_one(db, kind, WHOLE " ORDER BY version DESC LIMIT 1", WITH(db_int("county", county), db_text("list", list)), out, error);
}

bool versioned_load(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t version, Version *out, GError **error)
{
    const DbArg *args = WITH(db_int("county", county), db_text("list", list), db_int("version", version));
    return read_one(db, kind, WHOLE " AND version = :version", args, out, error) &&
           (out->version || refuse(error, NOT_FOUND, "versioned.no_version", "version", DECIMAL(version), NULL));
}

/* Every version that was ever in force, or is to be: the newest first, and behind the last one a mark without a version. */
static VersionMark *read_marks(Db *db, int64_t county, const Versioned *kind, const char *list, GError **error)
{
    g_autofree char *sql = of_kind(kind, "SELECT version, made_at, since_day, until_day" OF_LIST
                                         " AND (state = 'published' OR until_day IS NOT NULL)" /* a draft given up has neither */
                                         " ORDER BY version DESC");
    g_autoptr(DbRows) rows = db_query(db, sql, WITH(db_int("county", county), db_text("list", list)), error);
    g_autoptr(GArray) marks = g_array_new(TRUE, FALSE, sizeof(VersionMark));
    while (db_next(rows, error)) {
        const char *until = db_column_text(rows, 3);
        const VersionMark mark = { db_column_int(rows, 0), db_column_int(rows, 1), day_parse(db_column_text(rows, 2)),
                                   until ? day_parse(until) : INT32_MAX };
        g_array_append_val(marks, mark);
    }
    return db_failed(rows) ? NULL : (VersionMark *)(void *)g_atomic_rc_box_dup((marks->len + 1) * sizeof(VersionMark), marks->data);
}

/* A list without versions is not cached, or addresses that somebody makes up would fill the memory. */
bool versioned_at(Db *db, int64_t county, const Versioned *kind, const char *list, Day day, VersionMark *out, GError **error)
{
    g_autofree char *key = g_strconcat("version/", kind->table, "/", list, NULL);
    VersionMark *marks = db_cache_get_box(db, county, key);
    if (!marks) {
        marks = read_marks(db, county, kind, list, error);
        if (marks && marks->version)
            db_cache_put_box(db, county, key, marks, g_atomic_rc_box_release);
    }
    const VersionMark *mark = marks;
    while (mark && mark->version && (mark->since > day || mark->until <= day))
        mark++;
    *out = mark ? *mark : (VersionMark){ 0 };
    if (marks)
        g_atomic_rc_box_release(marks);
    return marks != NULL;
}

bool versioned_published(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t *version, GError **error)
{
    bool found;
    g_autofree char *sql = of_kind(kind, "SELECT version" OF_LIST " AND state = 'published' ORDER BY version DESC LIMIT 1");
    *version = 0;
    return db_integer(db, sql, WITH(db_int("county", county), db_text("list", list)), version, &found, error);
}

static const char *standing_of(const json_t *version, Day today)
{
    const char *state = json_text(version, "state"), *until_text = json_text(version, "until_day");
    Day since = day_parse(json_text(version, "since_day")), until = *until_text ? day_parse(until_text) : INT32_MAX;
    if (strcmp(state, "draft") == 0)
        return "draft";
    if (strcmp(state, "retired") == 0 && until == INT32_MAX)
        return "given_up";
    if (until < since)
        return "replaced";
    return since > today ? "coming" : until > today ? "in_force" : "past";
}

json_t *versioned_versions(Db *db, int64_t county, const Versioned *kind, const char *list, Day today, int64_t most, GError **error)
{
    size_t i;
    json_t *version;
    g_autofree char *sql = of_kind(kind, "SELECT version, state, since_day, until_day, made_at, published_at, retired_at, @also" OF_LIST
                                         " ORDER BY version DESC LIMIT :most");
    json_t *versions = db_rows(db, sql, WITH(db_int("county", county), db_text("list", list), db_int("most", most)), error);
    json_array_foreach(versions, i, version) {
        const char *standing = standing_of(version, today);
        json_object_set_new(version, "standing", json_string(standing));
        json_object_set_new(version, "is_replaced", json_boolean(strcmp(standing, "replaced") == 0));
    }
    return versions;
}

/* ---- writing ---- */

bool versioned_may_begin(const Context *context, Day day, GError **error)
{
    enum { DAYS_AHEAD = 366 };
    Day today = day_of(context->now);
    if (day < today)
        return refuse_field(error, "since", "versioned.day_past", NULL);
    return day <= today + DAYS_AHEAD ||
           refuse_field(error, "since", "versioned.day_far", "last_day", DAY_WRITTEN(today + DAYS_AHEAD), NULL);
}

/* Ends all versions before `version` on `day`, also those that were replaced from a later day on, and gives up their drafts. A
 * version that was to come in force on `day` or later ends today, before its own day: it never comes. */
static bool retire_before(const Context *context, const Versioned *kind, const char *list, int64_t version, Day day, GError **error)
{
    g_autofree char *end = of_kind(kind, "UPDATE @table SET until_day = CASE WHEN since_day > :today AND since_day >= :day THEN :today"
                                         " ELSE :day END WHERE county = :county AND @list = :list"
                                         " AND (state = 'published' OR until_day > :day) AND version < :version");
    g_autofree char *retire = of_kind(kind, "UPDATE @table SET state = 'retired', retired_at = :now WHERE county = :county"
                                            " AND @list = :list AND version < :version AND state <> 'retired'");
    return db_run(context->db, end,
                  WITH(db_text("day", DAY_WRITTEN(day)), db_text("today", DAY_WRITTEN(day_of(context->now))),
                       db_int("county", context->county), db_text("list", list), db_int("version", version)), error) &&
           db_run(context->db, retire,
                  WITH(db_int("now", context->now), db_int("county", context->county), db_text("list", list),
                       db_int("version", version)), error);
}

bool versioned_publish(const Context *context, const Versioned *kind, const char *list, int64_t version, Day day, int64_t *retired,
                       GError **error)
{
    g_autofree char *publish = of_kind(kind, "UPDATE @table SET state = 'published', published_at = :now, since_day = :day"
                                             " WHERE county = :county AND @list = :list AND version = :version");
    return versioned_published(context->db, context->county, kind, list, retired, error) &&
           db_reference_changed(context->db, context->county, error) && retire_before(context, kind, list, version, day, error) &&
           db_run(context->db, publish,
                  WITH(db_int("now", context->now), db_text("day", DAY_WRITTEN(day)), db_int("county", context->county),
                       db_text("list", list), db_int("version", version)), error);
}

bool versioned_end(const Context *context, const Versioned *kind, const char *list, Day day, GError **error)
{
    return db_reference_changed(context->db, context->county, error) && retire_before(context, kind, list, INT64_MAX, day, error);
}
