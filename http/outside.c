// SPDX-License-Identifier: Apache-2.0
/* What may wait for somebody outside, as a store of papers on a network: done by threads of its own, so that a store that
 * hangs holds up nobody but those who want something of it. */
#include "http/state.h"

#include <fcntl.h>
#include <unistd.h>

enum { THREADS = 16 /* questions to somebody outside at once; more wait for one of them */ };

/* Threads come when they are wanted, and stay. */
struct Outside {
    pthread_t threads[THREADS];
    unsigned count, idle;
    RequestState *first, **last;
    bool ending;
    pthread_mutex_t lock; /* of the system, for the thread sanitizer sees no GLib lock */
    pthread_cond_t wanted;
};

static bool bring(RequestState *self, GError **error)
{
    g_autofree char *path = g_build_filename(self->site->incoming, "brought-XXXXXX", NULL);
    self->brought = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->brought < 0)
        return refuse(error, FULL, "http.no_room_for_upload", NULL);
    unlink(path); /* it lives as long as it is open */
    return self->bring(self->source, self->brought_key, self->brought, error);
}

static void work(RequestState *self)
{
    g_autoptr(GError) error = NULL;
    if (self->bring)
        state_go_on(self, bring(self, &error) ? NULL : error);
    else if (self->route->outside(&self->request, &error))
        state_submit(self);
    else
        state_go_on(self, error);
}

/* The next that waits; NULL at the end. */
static RequestState *take(Outside *self)
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

static void *work_on(void *outside)
{
    for (RequestState *next = take(outside); next; next = take(outside))
        work(next);
    return NULL;
}

Outside *outside_open(void)
{
    Outside *self = g_new0(Outside, 1);
    self->last = &self->first;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wanted, NULL);
    return self;
}

void outside_close(Outside *self)
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

static unsigned waiting(const Outside *self)
{
    unsigned count = 0;
    for (const RequestState *each = self->first; each; each = each->next)
        count++;
    return count;
}

bool outside_ask(RequestState *request)
{
    Outside *self = request->http->outside;
    if (!state_suspend(request))
        return false;
    pthread_mutex_lock(&self->lock);
    request->next = NULL;
    *self->last = request;
    self->last = &request->next;
    bool more = waiting(self) > self->idle && self->count < THREADS;
    if (more && pthread_create(&self->threads[self->count], NULL, work_on, self) == 0)
        self->count++;
    if (self->count == 0)
        g_error("no thread for what is outside");
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->lock);
    return true;
}
