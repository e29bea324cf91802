// SPDX-License-Identifier: Apache-2.0
#include "calendar/calendar.h"

#include <string.h>

static json_t *read_days(const char *rows, GError **error)
{
    static const char *const columns[] = { "date", "kind", "name", NULL };
    g_autoptr(CsvTable) table = csv_read(rows, strlen(rows), columns, error);
    json_t *days = table ? json_object() : NULL;
    for (size_t row = 0; days && row < csv_rows(table); row++)
        json_object_set_new(days, csv_cell(table, row, 0),
                            json_pack("{s:s, s:s}", "kind", csv_cell(table, row, 1), "name", csv_cell(table, row, 2)));
    return days;
}

const Versioned calendar_lists = { .name = "calendar", .table = "calendar_version", .content = "rows", .also = "source",
                                   .roles = SYSTEM_ADMINISTRATOR | CATALOGUER, .read = read_days };

static Calendar *calendar_of(const Version *version, GError **error)
{
    return version->version ? calendar_read(version->content, strlen(version->content), version->version, error) : calendar_built_in();
}

Calendar *calendar_load(Db *db, int64_t county, GError **error)
{
    g_auto(Version) newest = { 0 };
    return versioned_newest(db, county, &calendar_lists, "", &newest, error) ? calendar_of(&newest, error) : NULL;
}

Calendar *calendar_load_version(Db *db, int64_t county, int64_t number, GError **error)
{
    g_auto(Version) version = { 0 };
    bool loaded = !number || versioned_load(db, county, &calendar_lists, "", number, &version, error);
    return loaded ? calendar_of(&version, error) : NULL;
}

Calendar *calendar_load_on(Db *db, int64_t county, Day day, GError **error)
{
    VersionMark mark;
    bool known = versioned_at(db, county, &calendar_lists, "", day, &mark, error);
    return known ? calendar_load_version(db, county, mark.version, error) : NULL;
}

bool calendar_announced(const Context *context, Day day, Calendar **out, GError **error)
{
    VersionMark then;
    *out = NULL;
    if (!versioned_at(context->db, context->county, &calendar_lists, "", day, &then, error))
        return false;
    if (then.version == calendar_version(context->calendar))
        return true;
    *out = calendar_load_version(context->db, context->county, then.version, error);
    return *out != NULL;
}

/* Before the first one there was none, so it is in force on all days before it, too. */
static bool keep(const Context *context, const Calendar *made, const char *source, Day since, GError **error)
{
    int64_t retired;
    g_autofree char *text = calendar_write(made);
    bool written = db_run(context->db,
        "INSERT INTO calendar_version (county, version, made_at, source, rows, state)"
        " VALUES (:county, :version, :made_at, :source, :rows, 'draft')",
        WITH(db_int("county", context->county), db_int("version", calendar_version(made)), db_int("made_at", context->now),
             db_text("source", source), db_text("rows", text)), error);
    return written && versioned_publish(context, &calendar_lists, "", calendar_version(made),
                                        calendar_version(made) == 1 ? DAY_NONE : since, &retired, error);
}

bool calendar_import(const Context *context, const char *csv, size_t length, const char *source, Day since, Calendar **out,
                     GError **error)
{
    g_autoptr(Calendar) newest = calendar_load(context->db, context->county, error);
    g_autoptr(Calendar) made = newest ? calendar_renewed(newest, csv, length, error) : NULL;
    g_autoptr(Calendar) before = made ? calendar_load_on(context->db, context->county, since, error) : NULL;
    if (!before)
        return false;
    g_autoptr(GArray) days = calendar_differences(before, made);
    bool is_kept = days->len || calendar_version(before) != calendar_version(newest);
    if (is_kept && !keep(context, made, source, since, error))
        return false;
    *out = is_kept ? g_steal_pointer(&made) : g_steal_pointer(&before);
    return true;
}

bool calendar_settle(const Context *context, GError **error)
{
    g_auto(Version) newest = { 0 };
    if (!versioned_newest(context->db, context->county, &calendar_lists, "", &newest, error))
        return false;
    g_autoptr(Calendar) own = calendar_built_in();
    return newest.version || keep(context, own, "data/holidays.csv", DAY_NONE, error);
}

bool calendar_record(const Context *context, const char *what, int64_t version, const json_t *payload, GError **error)
{
    return versioned_record(context, &calendar_lists, &(VersionedSubject){ DECIMAL(version), "", 0 }, what, payload, error);
}

/* ---- office hours ---- */

static const char hours_key[] = "calendar/hours";

bool calendar_by_office_hours(Db *db, int64_t county, bool *by, GError **error)
{
    bool found = false;
    int64_t kept_as = 0;
    g_autoptr(json_t) kept = db_cache_get(db, county, hours_key);
    if (!kept && !db_integer(db, "SELECT by_office_hours FROM calendar_setting WHERE county = :county", WITH(db_int("county", county)), &kept_as, &found, error))
        return false;
    if (!kept)
        db_cache_put(db, county, hours_key, kept = json_boolean(found && kept_as));
    *by = json_is_true(kept);
    return true;
}

bool calendar_set_office_hours(const Context *context, bool by, GError **error)
{
    bool before;
    const Event event = { .subject = "setting/office_hours", .kind = "setting.office_hours" };
    return calendar_by_office_hours(context->db, context->county, &before, error) &&
           db_run(context->db, "INSERT INTO calendar_setting (county, by_office_hours) VALUES (:county, :by)"
                               " ON CONFLICT (county) DO UPDATE SET by_office_hours = excluded.by_office_hours",
                  WITH(db_int("county", context->county), db_int("by", by)), error) &&
           db_reference_changed(context->db, context->county, error) &&
           ledger_record(context, event, json_pack("{s:b, s:b}", "before", before, "by_office_hours", by), error);
}

/* ---- the calendars of a running program ---- */

/* There are few, so none is ever let go while somebody may count by it. */
struct Calendars {
    GMutex lock;
    GHashTable *all; /* of Calendar, by county, version and the instant at which it was made */
};

Calendars *calendars_open(void)
{
    Calendars *self = g_new0(Calendars, 1);
    g_mutex_init(&self->lock);
    self->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)calendar_unref);
    return self;
}

void calendars_close(Calendars *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->all);
    g_mutex_clear(&self->lock);
    g_free(self);
}

/* The lock is held while a version is read, which happens once. */
const Calendar *calendars_in_force(Calendars *self, Db *db, int64_t county, Day day, GError **error)
{
    VersionMark mark;
    if (!versioned_at(db, county, &calendar_lists, "", day, &mark, error))
        return NULL;
    g_autofree char *key = g_strconcat(DECIMAL(county), "/", DECIMAL(mark.version), "/", DECIMAL(mark.made_at), NULL);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    (void)locker; /* clang sees no use in unlocking */
    Calendar *found = g_hash_table_lookup(self->all, key);
    if (!found && (found = calendar_load_version(db, county, mark.version, error)))
        g_hash_table_insert(self->all, g_steal_pointer(&key), found);
    return found;
}
