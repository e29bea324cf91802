// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "timers/timers.h"

/* Refuses two kinds of one name (Room.fits). */
bool timers_fit(const Room *const *rooms, GError **error);

/* A timer as its row has it. */
typedef struct Timer {
    char *subject, *kind;
    Instant at, next_try;
    int64_t tries;
} Timer;
void timer_free(void *timer);

/* At most `most`, soonest first: array of Timer, owned by the caller. */
GPtrArray *timers_due(Db *db, int64_t county, Instant now, int64_t most, GError **error);
/* Sets a timer, or clears it at 0; the row is written before the commit. `is_new`: no row is there. */
bool timer_put(const Context *context, const char *subject, const char *kind, bool is_new, Instant at, GError **error);
/* Takes away the row of a timer that is due, at once. */
bool timer_take(const Context *context, const Timer *timer, GError **error);
/* Keeps what has become of a try, unless the timer was set anew since. */
bool timer_put_off(Db *db, int64_t county, const Timer *timer, Instant next_try, const char *trouble, GError **error);
/* [{kind}], owned by the caller. */
json_t *timer_kinds_kept(Db *db, int64_t county, GError **error);
