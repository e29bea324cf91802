// SPDX-License-Identifier: Apache-2.0
/* What may wait for somebody outside, as a store of papers on a network: done by threads of its own, so that a store that
 * hangs holds up nobody but those who want something of it. */
#include "http/state.h"

#include <fcntl.h>
#include <unistd.h>

enum { THREADS = 16 /* questions to somebody outside at once; more wait for one of them */ };

static bool bring(RequestState *self, GError **error)
{
    g_autofree char *path = g_build_filename(self->site->incoming, "brought-XXXXXX", NULL);
    self->brought = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->brought < 0)
        return refuse(error, FULL, "http.no_room_for_upload", NULL);
    unlink(path); /* it lives as long as it is open */
    return self->bring(self->source, self->brought_key, self->brought, error);
}

/* After its lock the thread sees what the front door has written. */
static void enter(Http *http)
{
    pthread_mutex_lock(&http->lock);
    pthread_mutex_unlock(&http->lock);
}

static void work(void *request, void *http)
{
    RequestState *self = request;
    g_autoptr(GError) error = NULL;
    enter(http);
    if (self->bring)
        state_go_on(self, bring(self, &error) ? NULL : error);
    else if (self->route->outside(&self->request, &error))
        state_submit(self);
    else
        state_go_on(self, error);
}

void outside_open(Http *self)
{
    self->outside = g_thread_pool_new(work, self, THREADS, FALSE, NULL);
}

void outside_close(Http *self)
{
    g_thread_pool_free(self->outside, FALSE, TRUE);
}

void outside_ask(RequestState *self)
{
    state_suspend(self);
    g_thread_pool_push(self->http->outside, self, NULL);
}
