// SPDX-License-Identifier: Apache-2.0
/* The calendars of a running program. There are few, so none is ever let go while somebody may count by it. */
#include "calendar/kept.h"

#include <pthread.h>

typedef struct KeptCalendar {
    CalendarMark mark;
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

static bool is_same(const CalendarMark *a, const CalendarMark *b)
{
    return a->county == b->county && a->version == b->version && a->made_at == b->made_at;
}

static const Calendar *find(Calendars *self, const CalendarMark *mark)
{
    const Calendar *found = NULL;
    pthread_mutex_lock(&self->lock);
    for (guint i = self->kept->len; i > 0 && !found; i--) {
        const KeptCalendar *kept = &g_array_index(self->kept, KeptCalendar, i - 1);
        found = is_same(&kept->mark, mark) ? kept->calendar : NULL;
    }
    pthread_mutex_unlock(&self->lock);
    return found;
}

/* Two threads may both have read it: then it stands twice, and does no harm. */
static const Calendar *keep(Calendars *self, const CalendarMark *mark, Calendar *calendar)
{
    KeptCalendar kept = { *mark, calendar };
    pthread_mutex_lock(&self->lock);
    g_array_append_val(self->kept, kept);
    pthread_mutex_unlock(&self->lock);
    return calendar;
}

/* Every request asks, and the answer seldom changes. */
static bool mark_in_force(Db *db, int64_t county, CalendarMark *mark, GError **error)
{
    static const char key[] = "calendar in force";
    CalendarMark *kept = db_cache_get_box(db, county, key);
    if (!kept) {
        if (!calendar_newest(db, county, mark, error))
            return false;
        kept = g_atomic_rc_box_dup(sizeof *mark, mark);
        db_cache_put_box(db, county, key, kept, g_atomic_rc_box_release);
    }
    *mark = *kept;
    g_atomic_rc_box_release(kept);
    return true;
}

const Calendar *calendars_in_force(Calendars *self, Db *db, int64_t county, GError **error)
{
    CalendarMark mark;
    if (!mark_in_force(db, county, &mark, error))
        return NULL;
    const Calendar *found = find(self, &mark);
    if (found)
        return found;
    Calendar *made = calendar_load(db, county, error);
    return made ? keep(self, &mark, made) : NULL;
}
