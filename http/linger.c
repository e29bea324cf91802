// SPDX-License-Identifier: Apache-2.0
/* When a body is refused before it is read and the socket closed, the kernel answers the rest of it with a reset, which
 * overtakes our answer: the sender sees a broken connection and no reason. So the socket is held open for a moment and what
 * comes in is dropped, until the sender stops. */
#include "http/state.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

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
    while (!pool_is_ending(pool) && g_get_monotonic_time() < until && drop_piece(socket, piece))
        continue;
    close(socket);
}

Pool *linger_open(void)
{
    return pool_open(SENDERS_MOST, drop_rest);
}

/* Under a flood of refused bodies later senders get the reset. */
void linger_take(Pool *self, int socket)
{
    if (!pool_push(self, GINT_TO_POINTER(socket + 1), false)) /* descriptor 0 would be NULL */
        close(socket);
}
