// SPDX-License-Identifier: Apache-2.0
/* Threads for work that waits. One is started when an item finds none idle, and stays until the pool is closed. */
#include "http/state.h"

struct Pool {
    PoolWork *work;
    GQueue items; /* not begun yet */
    unsigned most, count, idle;
    bool ending;
    pthread_mutex_t lock; /* of the system, for the thread sanitizer sees no GLib lock */
    pthread_cond_t wanted;
    pthread_t threads[];
};

/* The next item, once there is one; NULL when the pool is being closed and nothing is left. */
static void *take(Pool *self)
{
    pthread_mutex_lock(&self->lock);
    self->idle++;
    while (g_queue_is_empty(&self->items) && !self->ending)
        pthread_cond_wait(&self->wanted, &self->lock);
    self->idle--;
    void *item = g_queue_pop_head(&self->items);
    pthread_mutex_unlock(&self->lock);
    return item;
}

static void *work_on(void *data)
{
    Pool *self = data;
    for (void *item = take(self); item; item = take(self))
        self->work(self, item);
    return NULL;
}

Pool *pool_open(unsigned most, PoolWork *work)
{
    Pool *self = g_malloc0(sizeof *self + most * sizeof self->threads[0]);
    self->work = work;
    self->most = most;
    g_queue_init(&self->items);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wanted, NULL);
    return self;
}

void pool_close(Pool *self)
{
    pthread_mutex_lock(&self->lock);
    self->ending = true;
    pthread_cond_broadcast(&self->wanted);
    pthread_mutex_unlock(&self->lock);
    for (unsigned i = 0; i < self->count; i++)
        pthread_join(self->threads[i], NULL);
    pthread_cond_destroy(&self->wanted);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

bool pool_is_ending(Pool *self)
{
    pthread_mutex_lock(&self->lock);
    bool ending = self->ending;
    pthread_mutex_unlock(&self->lock);
    return ending;
}

bool pool_push(Pool *self, void *item, bool may_wait)
{
    pthread_mutex_lock(&self->lock);
    bool is_free = self->items.length < self->idle;
    if (!is_free && self->count < self->most && pthread_create(&self->threads[self->count], NULL, work_on, self) == 0) {
        self->count++;
        is_free = true;
    }
    bool takes = is_free || (may_wait && self->count);
    if (takes) {
        g_queue_push_tail(&self->items, item);
        pthread_cond_signal(&self->wanted);
    }
    pthread_mutex_unlock(&self->lock);
    return takes;
}
