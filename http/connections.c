// SPDX-License-Identifier: Apache-2.0
/* How long a connection may take, and which one yields when there are too many: the one on which nothing has come for longest, be it
 * idle or with half a head or body. libmicrohttpd ends idle connections only, so that one byte now and then keeps any other open. */
#include "http/state.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Descriptors that are no connection's: the database, the ledger's files, papers, mail, and senders that linger. */
enum { RESERVE = 128, FOR_EACH = 2 /* the socket and the upload that comes in on it */, FEWEST = 8 };
enum { PIECE = 128 << 10, FLOOD = 512 /* new connections of an address within a second, where it has all that it may: more than the browsers of an office open at once */ };

typedef struct AddressCount {
    int open;  /* connections, without those that have yielded */
    int begun; /* within this second */
} AddressCount;

struct Peer {
    int socket;       /* -1: nobody's */
    AddressCount *address; /* NULL: it has yielded or was ended */
    bool is_refused;  /* there was nobody to yield */
    /* The next three are set by the connection's own thread; times are g_get_monotonic_time(). */
    _Atomic int phase;
    _Atomic int64_t since, until; /* since: the phase began, or the last piece of its body came */
    int64_t begun;                /* the phase */
    int64_t pieces;
};

struct Connections {
    const int *limits;
    bool tells_apart; /* connections of one address are of one sender */
    pthread_t watch;
    pthread_mutex_t lock;
    pthread_cond_t ends;
    bool ending;
    GHashTable *addresses; /* its number -> AddressCount */
    int open;              /* as of an AddressCount */
    unsigned size;
    Peer peers[];
};

/* ---- phases ---- */

static void let(Peer *self, int64_t now, int64_t seconds, const int *limits)
{
    int64_t most = self->begun + (int64_t)limits[LIMIT_REQUEST_SECONDS] * G_USEC_PER_SEC;
    self->since = now;
    self->until = MIN(now + seconds * G_USEC_PER_SEC, most);
}

void peer_enter(Peer *self, enum phase phase, const int *limits)
{
    const int seconds[] = { [AWAITED] = limits[LIMIT_HEAD_SECONDS], [SENDING] = limits[LIMIT_PIECE_SECONDS],
                            [ANSWERED] = limits[LIMIT_REQUEST_SECONDS] };
    self->phase = (int)phase;
    self->begun = g_get_monotonic_time();
    self->pieces = 0;
    let(self, self->begun, seconds[phase], limits);
}

void peer_sent(Peer *self, int64_t bytes, const int *limits)
{
    if (bytes / PIECE == self->pieces)
        return;
    self->pieces = bytes / PIECE;
    let(self, g_get_monotonic_time(), limits[LIMIT_PIECE_SECONDS], limits);
}

bool peer_is_refused(const Peer *self)
{
    return self->is_refused;
}

/* ---- who yields ---- */

static AddressCount *address_of(Connections *self, uint32_t number)
{
    AddressCount *address = g_hash_table_lookup(self->addresses, GUINT_TO_POINTER(number));
    if (!address) {
        address = g_new0(AddressCount, 1);
        g_hash_table_insert(self->addresses, GUINT_TO_POINTER(number), address);
    }
    return address;
}

static void leave(Connections *self, Peer *peer)
{
    self->open -= peer->address != NULL;
    if (peer->address)
        peer->address->open--;
    peer->address = NULL;
}

/* libmicrohttpd closes it when its thread next looks. */
static void end(Connections *self, Peer *peer)
{
    leave(self, peer);
    shutdown(peer->socket, SHUT_RDWR);
}

/* The peer of an address, or of all (NULL), that may yield; NULL: all are being answered. */
static Peer *longest_silent(Connections *self, const AddressCount *address)
{
    Peer *found = NULL;
    for (Peer *peer = self->peers; peer < self->peers + self->size; peer++) {
        bool may_yield = peer->socket >= 0 && peer->address && peer->phase != ANSWERED && (!address || peer->address == address);
        if (may_yield && (!found || peer->since < found->since))
            found = peer;
    }
    return found;
}

static bool has_all(const Connections *self, const AddressCount *address)
{
    return self->tells_apart && address->open >= self->limits[LIMIT_ADDRESS_CONNECTIONS];
}

/* Makes room for one more, of this address and of all. */
static bool make_room(Connections *self, const AddressCount *address)
{
    bool is_over = has_all(self, address);
    if (!is_over && self->open < self->limits[LIMIT_CONNECTIONS])
        return true;
    Peer *yields = longest_silent(self, is_over ? address : NULL);
    if (yields)
        end(self, yields);
    return yields != NULL;
}

static Peer *peer_free(Connections *self)
{
    Peer *peer = self->peers;
    while (peer->socket >= 0)
        peer++;
    return peer;
}

static uint32_t number_of(const struct sockaddr *address)
{
    return ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr;
}

enum MHD_Result connections_admit(void *closure, const struct sockaddr *from, socklen_t length)
{
    (void)length;
    Connections *self = closure;
    pthread_mutex_lock(&self->lock);
    const AddressCount *address = address_of(self, number_of(from));
    bool floods = has_all(self, address) && address->begun >= FLOOD;
    pthread_mutex_unlock(&self->lock);
    return floods ? MHD_NO : MHD_YES;
}

static Peer *begin(Connections *self, Conn *conn)
{
    const struct sockaddr *from = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    int socket = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    pthread_mutex_lock(&self->lock);
    AddressCount *address = address_of(self, number_of(from));
    bool has_room = make_room(self, address);
    Peer *peer = peer_free(self);
    self->open++;
    address->open++;
    address->begun++;
    peer->socket = socket;
    peer->address = address;
    peer->is_refused = !has_room;
    peer_enter(peer, AWAITED, self->limits);
    pthread_mutex_unlock(&self->lock);
    return peer;
}

void connections_notice(void *closure, Conn *conn, void **held, enum MHD_ConnectionNotificationCode what)
{
    Connections *self = closure;
    Peer *peer = *held;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *held = begin(self, conn);
        return;
    }
    pthread_mutex_lock(&self->lock);
    leave(self, peer);
    peer->socket = -1; /* before libmicrohttpd closes it and the number is another's */
    pthread_mutex_unlock(&self->lock);
}

/* ---- the watch ---- */

static void end_late(Connections *self)
{
    int64_t now = g_get_monotonic_time();
    for (Peer *peer = self->peers; peer < self->peers + self->size; peer++)
        if (peer->socket >= 0 && peer->address && now > peer->until)
            end(self, peer);
}

static gboolean begin_second(gpointer number, gpointer value, gpointer none)
{
    (void)number, (void)none;
    AddressCount *address = value;
    address->begun = 0;
    return !address->open;
}

static void *watch(void *data)
{
    Connections *self = data;
    pthread_mutex_lock(&self->lock);
    while (!self->ending) {
        end_late(self);
        g_hash_table_foreach_remove(self->addresses, begin_second, NULL);
        monotonic_wait(&self->ends, &self->lock, g_get_monotonic_time() + G_USEC_PER_SEC);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* ---- opening and closing ---- */

/* So many connections that descriptors are left for everything else, though each had two. */
static int affordable(int wanted)
{
    struct rlimit files;
    rlim_t needed = RESERVE + FOR_EACH * (rlim_t)wanted;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < needed) {
        files.rlim_cur = MIN(needed, files.rlim_max);
        setrlimit(RLIMIT_NOFILE, &files);
    }
    rlim_t left = files.rlim_cur > RESERVE ? (files.rlim_cur - RESERVE) / FOR_EACH : 0;
    return (int)CLAMP(left, (rlim_t)FEWEST, (rlim_t)wanted);
}

Connections *connections_open(int *limits, bool tells_apart, unsigned *most)
{
    enum { ENDED_MOST = 32 /* those that have yielded are open until their thread looks */ };
    limits[LIMIT_CONNECTIONS] = MAX(affordable(limits[LIMIT_CONNECTIONS] + ENDED_MOST) - ENDED_MOST, FEWEST);
    limits[LIMIT_ADDRESS_CONNECTIONS] = MIN(limits[LIMIT_ADDRESS_CONNECTIONS], limits[LIMIT_CONNECTIONS] / 2);
    *most = (unsigned)limits[LIMIT_CONNECTIONS] + ENDED_MOST;
    Connections *self = g_malloc0(sizeof *self + *most * sizeof self->peers[0]);
    *self = (Connections){ .limits = limits, .tells_apart = tells_apart, .size = *most, .addresses = g_hash_table_new_full(NULL, NULL, NULL, g_free) };
    for (unsigned i = 0; i < self->size; i++)
        self->peers[i].socket = -1;
    pthread_mutex_init(&self->lock, NULL);
    monotonic_init(&self->ends);
    if (pthread_create(&self->watch, NULL, watch, self) != 0)
        g_error("no thread to watch connections");
    return self;
}

void connections_close(Connections *self)
{
    pthread_mutex_lock(&self->lock);
    self->ending = true;
    pthread_cond_signal(&self->ends);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->watch, NULL);
    g_hash_table_unref(self->addresses);
    pthread_cond_destroy(&self->ends);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}
