// SPDX-License-Identifier: Apache-2.0
/* A writer that is busy while requests come. */
#pragma once

#include "http/bench_test.h"
#include "http/state.h"

typedef struct Busy {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool begun, over, ended;
} Busy;

static inline void set(Busy *self, bool *what)
{
    pthread_mutex_lock(&self->lock);
    *what = true;
    pthread_cond_broadcast(&self->moved);
    pthread_mutex_unlock(&self->lock);
}

static inline void await(Busy *self, const bool *what)
{
    pthread_mutex_lock(&self->lock);
    while (!*what)
        pthread_cond_wait(&self->moved, &self->lock);
    pthread_mutex_unlock(&self->lock);
}

static inline bool be_busy(Db *db, void *data, GError **error)
{
    Busy *busy = data;
    (void)db, (void)error;
    set(busy, &busy->begun);
    await(busy, &busy->over);
    return true;
}

static inline void end_busy(void *data, const GError *error)
{
    Busy *busy = data;
    (void)error;
    set(busy, &busy->ended);
}

/* Waits until so many requests wait for the writer. */
static inline void until_so_many_wait(Http *http, unsigned wanted)
{
    unsigned waiting = 0;
    while (waiting < wanted) {
        pthread_mutex_lock(&http->lock);
        waiting = http->waiting;
        pthread_mutex_unlock(&http->lock);
    }
}
