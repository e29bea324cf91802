// SPDX-License-Identifier: Apache-2.0
/* The calendars of a running program. There are few, so none is ever let go while somebody may count by it. */
#include "calendar/calendar.h"

#include <pthread.h>

typedef struct KeptCalendar {
    int64_t county;
    VersionMark mark;
    Calendar *calendar;
} KeptCalendar;

struct Calendars {
    pthread_mutex_t lock;
    GArray *kept; /* of KeptCalendar */
};

static void clear(void *kept)
{
    calendar_unref(((KeptCalendar *)kept)->calendar);
}

Calendars *calendars_open(void)
{
    Calendars *self = g_new0(Calendars, 1);
    pthread_mutex_init(&self->lock, NULL);
    self->kept = g_array_new(FALSE, FALSE, sizeof(KeptCalendar));
    g_array_set_clear_func(self->kept, clear);
    return self;
}

void calendars_close(Calendars *self)
{
    if (!self)
        return;
    g_array_unref(self->kept);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

static bool is_same(const KeptCalendar *kept, int64_t county, const VersionMark *mark)
{
    return kept->county == county && kept->mark.version == mark->version && kept->mark.made_at == mark->made_at;
}

static const Calendar *find(Calendars *self, int64_t county, const VersionMark *mark)
{
    const Calendar *found = NULL;
    pthread_mutex_lock(&self->lock);
    for (guint i = self->kept->len; i > 0 && !found; i--) {
        const KeptCalendar *kept = &g_array_index(self->kept, KeptCalendar, i - 1);
        found = is_same(kept, county, mark) ? kept->calendar : NULL;
    }
    pthread_mutex_unlock(&self->lock);
    return found;
}

/* Two threads may both have read it: then it stands twice, and does no harm. */
static const Calendar *keep(Calendars *self, int64_t county, const VersionMark *mark, Calendar *calendar)
{
    KeptCalendar kept = { county, *mark, calendar };
    pthread_mutex_lock(&self->lock);
    g_array_append_val(self->kept, kept);
    pthread_mutex_unlock(&self->lock);
    return calendar;
}

const Calendar *calendars_in_force(Calendars *self, Db *db, int64_t county, Day day, GError **error)
{
    VersionMark mark;
    if (!versioned_at(db, county, &calendar_lists, "", day, &mark, error))
        return NULL;
    const Calendar *found = find(self, county, &mark);
    if (found)
        return found;
    Calendar *made = calendar_load_version(db, county, mark.version, error);
    return made ? keep(self, county, &mark, made) : NULL;
}
