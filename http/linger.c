// SPDX-License-Identifier: Apache-2.0
/* When a body is refused before it is read and the socket closed, the kernel answers the rest of it with
 * a reset, which overtakes our answer: the sender sees a broken connection and no reason. So the socket is
 * held open for a moment and what comes in is dropped, until the sender stops. */
#include "http/state.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SENDERS_MOST = 32, SECONDS = 5, SLICE_MS = 100, PIECE = 1 << 16 };

struct Linger {
    pthread_mutex_t lock;
    pthread_cond_t none_left;
    unsigned senders;
    bool closing;
};

typedef struct Sender {
    Linger *linger;
    int socket;
} Sender;

/* False when the sender has stopped. */
static bool drop_piece(int socket, char *piece)
{
    struct pollfd wait = { .fd = socket, .events = POLLIN };
    int ready = poll(&wait, 1, SLICE_MS);
    if (ready <= 0)
        return ready == 0 || errno == EINTR;
    return recv(socket, piece, PIECE, 0) > 0;
}

static bool is_closing(Linger *self)
{
    pthread_mutex_lock(&self->lock);
    bool closing = self->closing;
    pthread_mutex_unlock(&self->lock);
    return closing;
}

static void leave(Linger *self)
{
    pthread_mutex_lock(&self->lock);
    if (--self->senders == 0)
        pthread_cond_broadcast(&self->none_left);
    pthread_mutex_unlock(&self->lock);
}

static void *drop_rest(void *data)
{
    g_autofree Sender *sender = data;
    g_autofree char *piece = g_malloc(PIECE);
    gint64 until = g_get_monotonic_time() + SECONDS * G_USEC_PER_SEC;
    shutdown(sender->socket, SHUT_WR);
    while (!is_closing(sender->linger) && g_get_monotonic_time() < until && drop_piece(sender->socket, piece))
        continue;
    close(sender->socket);
    leave(sender->linger);
    return NULL;
}

Linger *linger_open(void)
{
    Linger *self = g_new0(Linger, 1);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->none_left, NULL);
    return self;
}

void linger_close(Linger *self)
{
    pthread_mutex_lock(&self->lock);
    self->closing = true;
    while (self->senders)
        pthread_cond_wait(&self->none_left, &self->lock);
    pthread_mutex_unlock(&self->lock);
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->none_left);
    g_free(self);
}

static bool enter(Linger *self)
{
    pthread_mutex_lock(&self->lock);
    bool room = self->senders < SENDERS_MOST;
    self->senders += room;
    pthread_mutex_unlock(&self->lock);
    return room;
}

/* The number of lingering sockets is bounded: under a flood of refused bodies later senders get the reset. */
void linger_take(Linger *self, int socket)
{
    pthread_t thread;
    if (!enter(self)) {
        close(socket);
        return;
    }
    Sender *sender = g_new(Sender, 1);
    *sender = (Sender){ self, socket };
    if (pthread_create(&thread, NULL, drop_rest, sender) == 0) {
        pthread_detach(thread);
        return;
    }
    g_free(sender);
    close(socket);
    leave(self);
}
