// SPDX-License-Identifier: Apache-2.0
/* A writer that is busy while requests come, from several addresses. */
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

/* From another address of this machine. */
static inline int connect_from(const Bench *b, const char *address)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)b->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint(inet_pton(AF_INET, address, &from.sin_addr), ==, 1);
    g_assert_cmpint(bind(s, (struct sockaddr *)(void *)&from, sizeof from), ==, 0);
    g_assert_cmpint(connect(s, (struct sockaddr *)(void *)&to, sizeof to), ==, 0);
    return s;
}

static inline unsigned requests_that_wait(Http *http)
{
    pthread_mutex_lock(&http->lock);
    unsigned waiting = http->waiting + http->waiting_reads;
    pthread_mutex_unlock(&http->lock);
    return waiting;
}

static inline void until_so_many_wait(Http *http, unsigned wanted)
{
    while (requests_that_wait(http) < wanted)
        continue;
}
