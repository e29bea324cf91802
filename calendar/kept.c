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

/* If two threads have read a version, the first one's copy stays. Takes over `made`, which may be NULL. */
static const Calendar *find(Calendars *self, const char *key, Calendar *made)
{
    g_mutex_lock(&self->lock);
    const Calendar *found = g_hash_table_lookup(self->all, key);
    if (!found && made)
        g_hash_table_insert(self->all, g_strdup(key), made);
    g_mutex_unlock(&self->lock);
    if (found)
        calendar_unref(made);
    return found ? found : made;
}

const Calendar *calendars_in_force(Calendars *self, Db *db, int64_t county, Day day, GError **error)
{
    VersionMark mark;
    if (!versioned_at(db, county, &calendar_lists, "", day, &mark, error))
        return NULL;
    g_autofree char *key = g_strdup_printf("%" PRId64 "/%" PRId64 "/%" PRId64, county, mark.version, mark.made_at);
    const Calendar *found = find(self, key, NULL);
    return found ? found : find(self, key, calendar_load_version(db, county, mark.version, error));
}
