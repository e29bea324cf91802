// SPDX-License-Identifier: Apache-2.0
/* Calls that may block on a machine outside, as those of a store of papers on a network do, run on threads of their own: a
 * store that hangs delays only the requests that need it. */
#include "http/state.h"

#include <fcntl.h>
#include <unistd.h>

static bool fetch(RequestState *self, GError **error)
{
    g_autofree char *path = g_build_filename(self->site->incoming, "fetched-XXXXXX", NULL);
    self->remote_file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->remote_file < 0)
        return refuse(error, FULL, "http.no_room_for_upload", NULL);
    unlink(path); /* the file lives as long as it is open */
    return self->fetch(self->source, self->remote_key, self->remote_file, error);
}

static void work(Pool *pool, void *data)
{
    (void)pool;
    RequestState *self = data;
    g_autoptr(GError) error = NULL;
    if (self->fetch)
        request_resume(self, fetch(self, &error) ? NULL : error);
    else if (self->route->blocking(&self->request, &error))
        request_submit(self);
    else
        request_resume(self, error);
}

Pool *blocking_pool_open(void)
{
    enum { THREADS = 16 /* calls at once; further requests wait in the queue */ };
    return pool_open(THREADS, work);
}

bool blocking_pool_run(RequestState *request)
{
    if (!request_suspend(request))
        return false;
    if (!pool_push(request->http->blocking_pool, request, true))
        g_error("no thread for blocking calls");
    return true;
}
