// SPDX-License-Identifier: Apache-2.0
/* Timers are done in batches, of which each is one transaction. When one of a batch fails, the batch is undone, the culprit is
 * put off, and the next ones go one by one, so that no timer undoes the work of another twice. A kind that is alone shares its
 * transaction with none. */
#include "timers/store.h"

#include <string.h>

enum { BATCH = 100, FIRST_WAIT = MINUTE_MS, DOUBLINGS = 10 };
static const Instant LONGEST_WAIT = DAY_MS;

/* ---- kinds ---- */

static const TimerKind *kind_named(const Room *const *rooms, const char *name, GError **error)
{
    for (; rooms && *rooms; rooms++)
        for (const TimerKind *kind = (*rooms)->timers; kind && kind->name; kind++)
            if (strcmp(kind->name, name) == 0)
                return kind;
    return fault(error, "no room has timers of the kind %s", name);
}

bool timers_fit(const Room *const *rooms, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Room *const *room = rooms; *room; room++)
        for (const TimerKind *kind = (*room)->timers; kind && kind->name; kind++)
            if (!g_hash_table_add(names, (char *)(uintptr_t)kind->name))
                return fault(error, "timers of the kind %s of the room %s are there already", kind->name, (*room)->name);
    return true;
}

bool timers_check(const Context *context, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) kinds = timer_kinds_kept(context->db, context->county, error);
    json_array_foreach(kinds, i, row)
        if (!kind_named(context->rooms, json_text(row, "kind"), error))
            return false;
    return kinds != NULL;
}

/* ---- setting ---- */

static bool put(const Context *context, const char *subject, const char *kind, bool is_new, Instant at, GError **error)
{
    return kind_named(context->rooms, kind, error) && timer_put(context, subject, kind, is_new, at, error);
}

bool timer_set(const Context *context, const char *subject, const char *kind, Instant at, GError **error)
{
    return put(context, subject, kind, false, at, error);
}

bool timer_move(const Context *context, const char *subject, const char *kind, Instant was, Instant at, GError **error)
{
    return put(context, subject, kind, !was, at, error);
}

bool timer_clear(const Context *context, const char *subject, const char *kind, GError **error)
{
    return put(context, subject, kind, false, 0, error);
}

/* ---- doing ---- */

static bool take(const Context *context, const Timer *timer, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    Context as_system = *context;
    as_system.actor = &system;
    const TimerKind *kind = kind_named(context->rooms, timer->kind, error);
    return kind && timer_take(context, timer, error) &&
           kind->run(&as_system, timer->subject, timer->at, error);
}

bool timers_take(const Context *context, int64_t most, int64_t *done, GError **error)
{
    g_autoptr(GPtrArray) due = timers_due(context->db, context->county, context->now, most, error);
    *done = 0;
    for (guint i = 0; due && i < due->len; i++, (*done)++)
        if (!take(context, due->pdata[i], error))
            return false;
    return due != NULL;
}

typedef struct Batch {
    int64_t most, done;
    bool is_last; /* nothing more is due */
    Timer *failed;
    const char *trouble;
} Batch;

/* The number of those due that share the first write: one whose kind is alone, or all before the first such. */
static guint together(const Context *context, const GPtrArray *due)
{
    for (guint i = 0; i < due->len; i++) {
        const Timer *timer = due->pdata[i];
        const TimerKind *kind = kind_named(context->rooms, timer->kind, NULL);
        if (kind && kind->is_alone)
            return MAX(i, 1);
    }
    return due->len;
}

/* A work may be run again. */
static bool take_batch(const Context *context, void *data, GError **error)
{
    Batch *self = data;
    g_clear_pointer(&self->failed, timer_free);
    g_autoptr(GPtrArray) due = timers_due(context->db, context->county, context->now, self->most, error);
    guint count = due ? together(context, due) : 0;
    self->is_last = due && count == due->len && count < self->most;
    for (self->done = 0; self->done < count; self->done++)
        if (!take(context, due->pdata[self->done], error)) {
            self->failed = g_ptr_array_steal_index(due, (guint)self->done);
            return false;
        }
    return due != NULL;
}

static bool put_off(const Context *context, void *data, GError **error)
{
    const Batch *self = data;
    int64_t doublings = MIN(self->failed->tries, DOUBLINGS + 1);
    Instant wait = MIN((Instant)FIRST_WAIT << doublings, LONGEST_WAIT);
    return timer_put_off(context->db, context->county, self->failed, context->now + wait, self->trouble, error);
}

static bool is_away(const GError *why)
{
    return trouble_status(why) == BUSY || trouble_status(why) == FULL;
}

/* Puts the culprit off; false when none is to blame. */
static bool blame(TimerWrite *write, void *writer, Batch *batch, GError *why, GError **error)
{
    if (!batch->failed || is_away(why))
        return g_propagate_error(error, why), false;
    trouble_warn(why, "the timer %s of %s", batch->failed->kind, batch->failed->subject);
    batch->trouble = why->message;
    bool kept = write(writer, put_off, batch, error);
    g_error_free(why);
    return kept;
}

bool timers_run(TimerWrite *write, void *writer, TimerCounts *counts, GError **error)
{
    int64_t single = 0; /* how many more go one by one */
    bool well = true;
    *counts = (TimerCounts){ 0 };
    for (bool more = true; well && more;) {
        GError *why = NULL;
        Batch batch = { .most = single > 0 ? 1 : BATCH };
        if (write(writer, take_batch, &batch, &why)) {
            counts->done += batch.done;
            more = !batch.is_last;
            single -= batch.done;
        } else {
            well = blame(write, writer, &batch, why, error);
            counts->failed += well;
            single = single > 0 ? single - 1 : BATCH;
        }
        g_clear_pointer(&batch.failed, timer_free);
    }
    return well;
}
