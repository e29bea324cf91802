// SPDX-License-Identifier: Apache-2.0
/* Threads for work that waits: for machines outside, and for senders who have still to stop. */
#include "http/state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* A thread is started when an item finds none idle, and works on one after the other until the pool is closed. */
struct Pool {
    PoolWork *work;
    GQueue items; /* not begun yet */
    int niceness; /* above a thread's usual 0 */
    unsigned most, count, idle, queue; /* items that may wait while no thread is idle */
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

/* A page that can be answered at once does not wait for a password's hash or for what a refused sender still sends. */
static void *work_on(void *data)
{
    Pool *self = data;
    setpriority(PRIO_PROCESS, 0, self->niceness); /* on Linux, of this thread alone */
    for (void *item = take(self); item; item = take(self))
        self->work(self, item);
    return NULL;
}

Pool *pool_open(unsigned most, unsigned queue, int niceness, PoolWork *work)
{
    Pool *self = g_malloc0(sizeof *self + most * sizeof self->threads[0]);
    self->work = work;
    self->niceness = niceness;
    self->most = most;
    self->queue = queue;
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

static bool is_ending(Pool *self)
{
    pthread_mutex_lock(&self->lock);
    bool ending = self->ending;
    pthread_mutex_unlock(&self->lock);
    return ending;
}

bool pool_push(Pool *self, void *item)
{
    pthread_mutex_lock(&self->lock);
    bool is_free = self->items.length < self->idle;
    if (!is_free && self->count < self->most && pthread_create(&self->threads[self->count], NULL, work_on, self) == 0) {
        self->count++;
        is_free = true;
    }
    bool takes = is_free || (self->count && self->items.length < self->idle + self->queue);
    if (takes) {
        g_queue_push_tail(&self->items, item);
        pthread_cond_signal(&self->wanted);
    }
    pthread_mutex_unlock(&self->lock);
    return takes;
}

/* ---- calls that may block on a machine outside: a store of papers that hangs delays only the requests that need it ---- */

static bool fetch(RequestState *self, GError **error)
{
    g_autofree char *path = g_build_filename(self->site->incoming, "fetched-XXXXXX", NULL);
    self->remote_file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->remote_file < 0)
        return refuse(error, FULL, "http.no_room_for_upload", NULL);
    unlink(path); /* the file lives as long as it is open */
    return self->fetch(self->source, self->remote_key, self->remote_file, error);
}

static void block(Pool *pool, void *data)
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
    return pool_open(THREADS, UINT_MAX - THREADS, GIVES_WAY, block);
}

void blocking_pool_go_on(RequestState *request)
{
    if (!pool_push(request->http->blocking_pool, request))
        g_error("no thread for blocking calls");
}

bool blocking_pool_run(RequestState *request)
{
    if (!request_suspend(request, 0))
        return false;
    blocking_pool_go_on(request);
    return true;
}

/* ---- hashes of passwords: as much memory and time as an attacker would need, so that only so many are made at once ---- */

static void compute(Pool *pool, void *data)
{
    (void)pool;
    RequestState *self = data;
    g_autoptr(GError) error = NULL;
    json_t *made = self->route->compute(&self->request, &error);
    if (!made) {
        request_resume(self, error);
        return;
    }
    json_decref(self->prepared);
    self->request.prepared = self->prepared = made;
    request_submit(self);
}

Pool *computing_pool_open(void)
{
    enum { THREADS = 2 /* of 64 MiB each */, WAITING = 64 /* some seconds, which a browser still waits */ };
    return pool_open(THREADS, WAITING, GIVES_WAY, compute);
}

bool computing_pool_run(RequestState *request)
{
    if (!request_suspend(request, 0))
        return false;
    g_autoptr(GError) error = NULL;
    if (!pool_push(request->http->computing_pool, request) && !refuse(&error, BUSY, "db.busy", NULL))
        request_resume(request, error);
    return true;
}

/* ---- the rest of a body that was refused early ---- */

/* The kernel answers what still comes in on a closed socket with a reset, which overtakes our answer: the sender sees a broken
 * connection and no reason. So the socket is held open for a moment and what comes in is dropped, until the sender stops. */
enum { SENDERS_MOST = 32, SECONDS = 5, SLICE_MS = 100, PIECE = 1 << 16 };

/* False when the sender has stopped. */
static bool drop_piece(int socket, char *piece)
{
    struct pollfd wait = { .fd = socket, .events = POLLIN };
    int ready = poll(&wait, 1, SLICE_MS);
    if (ready <= 0)
        return ready == 0 || errno == EINTR;
    return recv(socket, piece, PIECE, 0) > 0;
}

static void drop_rest(Pool *pool, void *data)
{
    int socket = GPOINTER_TO_INT(data) - 1;
    g_autofree char *piece = g_malloc(PIECE);
    gint64 until = g_get_monotonic_time() + SECONDS * G_USEC_PER_SEC;
    shutdown(socket, SHUT_WR);
    while (!is_ending(pool) && g_get_monotonic_time() < until && drop_piece(socket, piece))
        continue;
    close(socket);
}

Pool *linger_open(void)
{
    return pool_open(SENDERS_MOST, 0, GIVES_WAY_TO_ALL, drop_rest);
}

/* Under a flood of refused bodies later senders get the reset. */
void linger_take(Pool *self, int socket)
{
    if (!pool_push(self, GINT_TO_POINTER(socket + 1))) /* descriptor 0 would be NULL */
        close(socket);
}
