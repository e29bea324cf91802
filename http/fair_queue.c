// SPDX-License-Identifier: Apache-2.0
/* Requests counted by their senders. One who asks for page after page while others ask too, and whoever asks for a page that takes long,
 * waits for his turn: his pages are made one after the other, on threads that give way to those of the front door. */
#include "http/state.h"

#include <string.h>

/* A request counts ONE at first and half of it a second later, so that it counts for some seconds. */
enum { ONE = 256, CROWD = 64 * ONE /* more than an office asks in a second */, THREADS = 2 };

struct Sender {
    FairQueue *fair_queue;
    uint64_t address; /* 0: all that cannot be told apart */
    int under_way;
    unsigned asked;  /* lately */
    GQueue queue;    /* of RequestState, suspended until its turn */
    bool has_turn;   /* it is in the pool */
};

struct FairQueue {
    pthread_mutex_t lock;
    GHashTable *senders; /* address -> Sender */
    unsigned asked;      /* by all senders */
    Instant forgot_at;
    Pool *pool;          /* of Sender */
};

/* ---- counting ---- */

/* A clock that was put back counts as one second. */
static void forget_old(FairQueue *self, Instant now)
{
    enum { SECOND_MS = 1000, ALL = 31 /* seconds, after which nothing is left of any number */ };
    gpointer value;
    GHashTableIter i;
    Instant seconds = now < self->forgot_at ? 1 : MIN((now - self->forgot_at) / SECOND_MS, ALL);
    if (!seconds)
        return;
    self->forgot_at = now;
    self->asked = 0;
    g_hash_table_iter_init(&i, self->senders);
    while (g_hash_table_iter_next(&i, NULL, &value)) {
        Sender *sender = value;
        sender->asked >>= seconds;
        self->asked += sender->asked;
        if (!sender->asked && !sender->under_way && !sender->has_turn)
            g_hash_table_iter_remove(&i);
    }
}

static Sender *sender_of(FairQueue *self, uint64_t address)
{
    Sender *sender = g_hash_table_lookup(self->senders, &address);
    if (sender)
        return sender;
    sender = g_new0(Sender, 1);
    *sender = (Sender){ .fair_queue = self, .address = address };
    g_hash_table_insert(self->senders, &sender->address, sender);
    return sender;
}

bool fair_queue_enter(RequestState *request)
{
    FairQueue *self = request->http->fair_queue;
    uint64_t address = sender_number(request);
    int most = address ? request->http->settings.limits[LIMIT_ADDRESS_CONNECTIONS] : INT_MAX;
    pthread_mutex_lock(&self->lock);
    forget_old(self, request->http->settings.clock());
    Sender *sender = sender_of(self, address);
    bool may = sender->under_way < most;
    sender->asked += ONE;
    self->asked += ONE;
    request->exceeds_share = address && sender->asked > CROWD && self->asked > sender->asked;
    if (may) {
        sender->under_way++;
        request->sender = sender;
    }
    pthread_mutex_unlock(&self->lock);
    return may;
}

void fair_queue_leave(RequestState *request)
{
    FairQueue *self = request->http->fair_queue;
    if (!request->sender)
        return;
    pthread_mutex_lock(&self->lock);
    request->sender->under_way--;
    pthread_mutex_unlock(&self->lock);
}

/* ---- turns ---- */

static void give_turn(FairQueue *self, Sender *sender)
{
    if (sender->has_turn || g_queue_is_empty(&sender->queue))
        return;
    sender->has_turn = true;
    if (!pool_push(self->pool, sender))
        g_error("no thread for pages that are set aside");
}

static void use_turn(Pool *pool, void *data)
{
    (void)pool;
    Sender *sender = data;
    FairQueue *self = sender->fair_queue;
    pthread_mutex_lock(&self->lock);
    RequestState *request = g_queue_pop_head(&sender->queue);
    pthread_mutex_unlock(&self->lock);
    request_read(request);
    pthread_mutex_lock(&self->lock);
    sender->has_turn = false;
    give_turn(self, sender);
    pthread_mutex_unlock(&self->lock);
}

/* A list as a file has many more rows than a page of it. */
static bool takes_long(const RequestState *request)
{
    return request->route->slow || (field_in(request->route->fields, "format") && MHD_lookup_connection_value(request->conn, MHD_GET_ARGUMENT_KIND, "format"));
}

bool fair_queue_takes(const RequestState *request)
{
    return !request_acts(request) && (request->exceeds_share || takes_long(request));
}

bool fair_queue_push(RequestState *request)
{
    FairQueue *self = request->http->fair_queue;
    pthread_mutex_lock(&self->lock);
    unsigned before = request->sender->queue.length;
    pthread_mutex_unlock(&self->lock);
    if (!request_suspend(request, before))
        return false;
    pthread_mutex_lock(&self->lock);
    g_queue_push_tail(&request->sender->queue, request);
    give_turn(self, request->sender);
    pthread_mutex_unlock(&self->lock);
    return true;
}

/* ---- opening and closing ---- */

FairQueue *fair_queue_open(void)
{
    FairQueue *self = g_new0(FairQueue, 1);
    pthread_mutex_init(&self->lock, NULL);
    self->senders = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->pool = pool_open(THREADS, UINT_MAX - THREADS, GIVES_WAY_TO_ALL, use_turn);
    return self;
}

void fair_queue_close(FairQueue *self)
{
    pool_close(self->pool);
    pthread_mutex_destroy(&self->lock);
    g_hash_table_unref(self->senders);
    g_free(self);
}
