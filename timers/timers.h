// SPDX-License-Identifier: Apache-2.0
/* Timers (定时): what the program does by itself at an instant (deemed acceptance, expiry of a licence). A room declares kinds
 * of timer; a subject has at most one timer of a kind. A timer is taken away in the same transaction in which its work is
 * done, so that it is done once, also where several servers share a database; one that fails is tried again later, ever more
 * rarely, and never lost. */
#pragma once

#include "base/base.h"
#include "db/db.h"

extern const Room timers_room;

/* Room.timers. `run` is called in a write, by the system, when the instant `at` for which the timer was set has come; the
 * timer is gone then, and may be set anew. What it refuses undoes its work alone. */
typedef struct TimerKind {
    const char *name; /* "case.limit": once in the program */
    bool (*run)(const Context *context, const char *subject, Instant at, GError **error);
    bool is_alone; /* timers_run gives it a write of its own: it reads the database as it was before the write (db_snapshot) */
} TimerKind;          /* a table ends with { 0 } */

/* In a write: sets the subject's timer of that kind, or sets it anew; what has failed before is forgotten. At 0 it is taken
 * away. FAULT names a kind that no room has, in each of the three. */
bool timer_set(const Context *context, const char *subject, const char *kind, Instant at, GError **error);
/* The same for a caller that knows for when it was set; 0: it was not. */
bool timer_move(const Context *context, const char *subject, const char *kind, Instant was, Instant at, GError **error);
/* In a write: takes it away; it need not be there. */
bool timer_clear(const Context *context, const char *subject, const char *kind, GError **error);
/* 0 when the subject has none of that kind. */
bool timer_at(Db *db, int64_t county, const char *subject, const char *kind, Instant *at, GError **error);

/* In a write: does what is due until context->now, soonest first, at most `most`; *done counts. The first that fails fails
 * all, as in the days of the demo city. */
bool timers_take(const Context *context, int64_t most, int64_t *done, GError **error);

/* A write of its own, in one transaction, by the system: calls `work` with the context of the county. */
typedef bool TimerWork(const Context *context, void *data, GError **error);
typedef bool TimerWrite(void *writer, TimerWork *work, void *data, GError **error);
typedef struct TimerCounts {
    int64_t done, failed;
} TimerCounts;
/* Does all that is due, in batches but for kinds that are alone, each timer with its own outcome: one that fails keeps no
 * other, is told in the log, and is due again after a minute, doubled each time, up to a day. False with BUSY or FULL where the
 * database is not there or its disk is full (no timer has failed then), or when it could not be read. */
bool timers_run(TimerWrite *write, void *writer, TimerCounts *counts, GError **error);

/* FAULT names a timer of the county of a kind that no room has. To be called when the county is opened. */
bool timers_check(const Context *context, GError **error);
