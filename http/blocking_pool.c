// SPDX-License-Identifier: Apache-2.0
/* Calls that may block on a machine outside, as those of a store of papers on a network do, run on threads of their own: a
 * store that hangs delays only the requests that need it. */
#include "http/state.h"

#include <fcntl.h>
#include <unistd.h>

enum { THREADS = 16 /* calls at once; further requests wait in the queue */ };

/* A thread is started when a request finds none idle, and stays until the pool is closed. */
struct BlockingPool {
    pthread_t threads[THREADS];
    unsigned count, idle;
    RequestState *first, **last;
    bool ending;
    pthread_mutex_t lock; /* of the system, for the thread sanitizer sees no GLib lock */
    pthread_cond_t wanted;
};

static bool fetch(RequestState *self, GError **error)
{
    g_autofree char *path = g_build_filename(self->site->incoming, "fetched-XXXXXX", NULL);
    self->remote_file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->remote_file < 0)
        return refuse(error, FULL, "http.no_room_for_upload", NULL);
    unlink(path); /* the file lives as long as it is open */
    return self->fetch(self->source, self->remote_key, self->remote_file, error);
}

static void work(RequestState *self)
{
    g_autoptr(GError) error = NULL;
    if (self->fetch)
        request_resume(self, fetch(self, &error) ? NULL : error);
    else if (self->route->blocking(&self->request, &error))
        request_submit(self);
    else
        request_resume(self, error);
}

/* Waits for the next request in the queue; NULL when the pool is being closed. */
static RequestState *take(BlockingPool *self)
{
    pthread_mutex_lock(&self->lock);
    self->idle++;
    while (!self->first && !self->ending)
        pthread_cond_wait(&self->wanted, &self->lock);
    self->idle--;
    RequestState *taken = self->first;
    self->first = taken ? taken->next : NULL;
    if (!self->first)
        self->last = &self->first;
    pthread_mutex_unlock(&self->lock);
    return taken;
}

static void *work_on(void *pool)
{
    for (RequestState *next = take(pool); next; next = take(pool))
        work(next);
    return NULL;
}

BlockingPool *blocking_pool_open(void)
{
    BlockingPool *self = g_new0(BlockingPool, 1);
    self->last = &self->first;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wanted, NULL);
    return self;
}

void blocking_pool_close(BlockingPool *self)
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

static unsigned queued(const BlockingPool *self)
{
    unsigned count = 0;
    for (const RequestState *each = self->first; each; each = each->next)
        count++;
    return count;
}

bool blocking_pool_run(RequestState *request)
{
    BlockingPool *self = request->http->blocking_pool;
    if (!request_suspend(request))
        return false;
    pthread_mutex_lock(&self->lock);
    request->next = NULL;
    *self->last = request;
    self->last = &request->next;
    bool more = queued(self) > self->idle && self->count < THREADS;
    if (more && pthread_create(&self->threads[self->count], NULL, work_on, self) == 0)
        self->count++;
    if (self->count == 0)
        g_error("no thread for blocking calls");
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->lock);
    return true;
}
