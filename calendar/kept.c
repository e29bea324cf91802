// SPDX-License-Identifier: Apache-2.0
/* The calendars of a running program. There are few, so none is ever let go while somebody may count by it. */
#include "calendar/calendar.h"

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
    g_autofree char *key = g_strdup_printf("%" PRId64 "/%" PRId64 "/%" PRId64, county, mark.version, mark.made_at);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
    Calendar *found = g_hash_table_lookup(self->all, key);
    if (!found && (found = calendar_load_version(db, county, mark.version, error)))
        g_hash_table_insert(self->all, g_steal_pointer(&key), found);
    return found;
}
