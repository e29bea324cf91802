// SPDX-License-Identifier: Apache-2.0
/* The thread that sends. A message is claimed in a write of its own before it is sent, and its outcome is written after: a
 * server that ends between the two leaves it claimed, and when its time is over another sends it once more, under
 * the same Message-ID. After a second server has ended while sending, the message fails, and the administrator sees it among
 * those that failed. */
#include "outbox/room.h"
#include "outbox/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum {
    AT_ONCE = 50,
    CLAIM_MS = 5 * MINUTE_MS, /* longer than any channel takes to answer */
    AWAY_MS = MINUTE_MS / 2,
    LOST_MOST = 1,
    LOOK_S = 2,
};

/* Waits after each try that failed; after the last of them the message fails. */
static const int wait_minutes[] = { 1, 5, 30, 2 * 60, 12 * 60 };

/* A message that is being sent. */
typedef struct Task {
    Outbox *outbox;
    const OutboxSite *site;
    json_t *message; /* as the database has it */
    enum channel_kind channel;
} Task;

/* ---- what becomes of it ---- */

typedef struct Moving {
    const Task *task;
    const json_t *to;
    bool done;
} Moving;

static bool write_move(Db *db, void *data, GError **error)
{
    Moving *self = data;
    Context context = *self->task->site->world;
    context.db = db;
    return message_move(&context, self->task->message, self->to, &self->done, error);
}

/* Takes over `to`, the members that change. Returns false, without an error, when another server was first. */
static bool move(Task *self, json_t *to, GError **error)
{
    g_autoptr(json_t) owned = to;
    Moving moving = { self, owned, false };
    bool moved = store_write(self->site->store, write_move, &moving, error) && moving.done;
    if (moved)
        json_object_update(self->message, owned);
    return moved;
}

static bool end(Task *self, const char *state, const char *trouble, GError **error)
{
    return move(self, json_pack("{s:s, s:s, s:I, s:i}", "state", state, "trouble", trouble, "ended_at", self->outbox->clock(),
                                "next_try", 0), error);
}

static bool wait_for_next(Task *self, const char *trouble, GError **error)
{
    int64_t tries = json_number(self->message, "tries");
    if (tries > (int64_t)G_N_ELEMENTS(wait_minutes))
        return end(self, "failed", trouble, error);
    Instant next_try = self->outbox->clock() + wait_minutes[tries - 1] * (Instant)MINUTE_MS;
    return move(self, json_pack("{s:s, s:s, s:I}", "state", "waiting", "trouble", trouble, "next_try", next_try), error);
}

static bool was_lost(const json_t *message)
{
    return strcmp(json_text(message, "state"), "sending") == 0;
}

static bool claim(Task *self, GError **error)
{
    bool lost = was_lost(self->message);
    if (!move(self, json_pack("{s:s, s:s, s:I, s:I, s:I}", "state", "sending", "trouble", "", "next_try", self->outbox->clock() + CLAIM_MS,
                              "tries", json_number(self->message, "tries") + 1, "lost", json_number(self->message, "lost") + lost), error))
        return false;
    if (lost)
        g_message("message %" PRId64 " of %" PRId64 " may have been sent by a server that ended meanwhile: it is sent once more",
                  json_number(self->message, "id"), self->site->world->county);
    return true;
}

/* ---- the letter ---- */

typedef struct Envelope {
    GPtrArray *addresses; /* of text */
    char *telephone;
    enum language language;
} Envelope;

static void envelope_clear(Envelope *self)
{
    g_ptr_array_unref(self->addresses);
    g_free(self->telephone);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Envelope, envelope_clear)

static bool add_address(Db *db, int64_t county, int64_t staff, Envelope *out, GError **error)
{
    g_autoptr(json_t) address = mail_address_of(db, county, staff, error);
    if (!address)
        return false;
    if (*json_text(address, "address"))
        g_ptr_array_add(out->addresses, g_strdup(json_text(address, "address")));
    out->language = strcmp(json_text(address, "language"), language_tags[ENGLISH]) == 0 ? ENGLISH : CHINESE;
    return true;
}

/* Mail to a desk is in the county's own language, because it goes to all its people at once. */
static bool add_desk(Db *db, int64_t county, const Post *desk, Day today, Envelope *out, GError **error)
{
    g_autoptr(json_t) staff = identity_desk_staff(db, county, desk, today, error);
    for (size_t i = 0; i < json_array_size(staff); i++)
        if (!add_address(db, county, json_integer_value(json_array_get(staff, i)), out, error))
            return false;
    out->language = CHINESE;
    return staff != NULL;
}

static const MessageTemplate *template_named(const Room *const *rooms, const char *key)
{
    for (; *rooms; rooms++)
        for (const MessageTemplate *template = (*rooms)->messages; template && template->key; template++)
            if (strcmp(template->key, key) == 0)
                return template;
    return NULL;
}

/* A template that only an older program had tells no telephone. */
static bool add_telephone(const Task *self, Db *db, int64_t holder, Envelope *out, GError **error)
{
    const Context *world = self->site->world;
    const MessageTemplate *template = template_named(world->rooms, json_text(self->message, "template"));
    out->telephone = template && template->telephone ? template->telephone(db, world->county, holder, error) : g_strdup("");
    return out->telephone != NULL;
}

static bool address_envelope(const Task *self, Db *db, Envelope *out, GError **error)
{
    MessageTo to;
    int64_t county = self->site->world->county;
    if (!recipient_read(json_text(self->message, "recipient"), &to))
        return fault(error, "a message to %s", json_text(self->message, "recipient"));
    if (self->channel == HOOK)
        return add_telephone(self, db, to.id, out, error);
    return to.kind == TO_STAFF ? add_address(db, county, to.id, out, error)
                               : add_desk(db, county, &to.desk, day_of(self->outbox->clock()), out, error);
}

static bool read_envelope(const Task *self, Envelope *out, GError **error)
{
    Db *db = store_reader(self->site->store, error);
    bool read = db && address_envelope(self, db, out, error);
    store_return(self->site->store, db);
    g_ptr_array_add(out->addresses, NULL);
    return read;
}

static bool has_address(const Task *self, const Envelope *envelope)
{
    return self->channel == HOOK ? envelope->telephone && *envelope->telephone : envelope->addresses->len > 1;
}

static enum outcome hand_over(const Task *self, const Envelope *envelope, char **trouble)
{
    const View *view = self->site->view;
    const json_t *message = self->message;
    enum language language = envelope->language;
    int64_t county = self->site->world->county;
    const char *site = self->site->world->public_url;
    g_autofree char *centre = view_sentence(view, language, "view.name", NULL);
    g_autoptr(json_t) names = json_pack("{s:s}", "name", centre);
    g_autofree char *foot = view_sentence(view, language, "outbox.mail_foot", names);
    g_autofree char *title = message_words(view, language, message, "title"), *text = message_words(view, language, message, "text");
    g_autofree char *link = g_strconcat(site ? site : "", site ? json_text(json_object_get(message, "data"), "path") : NULL, NULL);
    g_autofree char *id = g_strdup_printf("%" PRId64 ".%" PRId64 ".%" PRId64, county, json_number(message, "id"), json_number(message, "made_at"));
    const Letter letter = { .id = id, .addresses = (const char *const *)envelope->addresses->pdata, .telephone = envelope->telephone,
        .centre = centre, .title = title, .text = text, .link = link, .foot = foot, .language = language_tags[language],
        .template = json_text(message, "template"), .recipient = json_text(message, "recipient"), .county = county,
        .tries = json_number(message, "tries"), .made_at = json_number(message, "made_at"), .now = self->outbox->clock() };
    return self->channel == MAIL ? mail_send(self->outbox, &letter, trouble) : hook_send(self->outbox, &letter, trouble);
}

/* ---- one message ---- */

static bool send_out(Task *self, const Envelope *envelope, GError **error)
{
    g_autofree char *trouble = NULL;
    enum outcome outcome = hand_over(self, envelope, &trouble);
    if (outcome == IS_AWAY)
        self->outbox->away_until[self->channel] = self->outbox->clock() + AWAY_MS;
    if (outcome == WENT_OUT || outcome == NEVER)
        return end(self, outcome == WENT_OUT ? "sent" : "failed", trouble ? trouble : "", error);
    return wait_for_next(self, trouble, error);
}

static bool take(Task *self, GError **error)
{
    g_auto(Envelope) envelope = { .addresses = g_ptr_array_new_with_free_func(g_free) };
    if (was_lost(self->message) && json_number(self->message, "lost") >= LOST_MOST)
        return end(self, "failed", "two servers ended while they sent it", error);
    if (!read_envelope(self, &envelope, error) || !claim(self, error)) /* in this order: a claim that nothing follows counts as a lost server */
        return false;
    if (has_address(self, &envelope))
        return send_out(self, &envelope, error);
    /* Without a mail address or a telephone the message stays on the pages alone. */
    return move(self, json_pack("{s:s, s:s, s:i}", "state", "shown", "channel", "page", "next_try", 0), error);
}

/* A server that was started without this channel leaves its messages to the others. */
static bool is_ours(const Outbox *self, enum channel_kind channel)
{
    return channel_is_open(self, channel) && self->away_until[channel] <= self->clock();
}

static json_t *read_due(const Outbox *self, const OutboxSite *site, const char *channel, GError **error)
{
    Db *db = store_reader(site->store, error);
    json_t *due = db ? message_due(db, site->world->county, channel, self->clock(), AT_ONCE, error) : NULL;
    store_return(site->store, db);
    return due;
}

/* A message that fails here must not hold up those behind it, so the first error is reported when all were tried. */
static bool send_channel(Outbox *self, const OutboxSite *site, enum channel_kind channel, GError **error)
{
    g_autoptr(GError) first = NULL;
    g_autoptr(json_t) due = read_due(self, site, outbox_channel_names[channel], &first);
    for (size_t i = 0; i < json_array_size(due) && is_ours(self, channel); i++) {
        Task task = { self, site, json_array_get(due, i), channel };
        take(&task, first ? NULL : &first);
    }
    bool well = !first;
    if (!well)
        g_propagate_error(error, g_steal_pointer(&first));
    return well;
}

bool outbox_send_due(Outbox *self, const OutboxSite *site, GError **error)
{
    for (enum channel_kind channel = MAIL; channel < CHANNELS; channel++)
        if (is_ours(self, channel) && !send_channel(self, site, channel, error))
            return false;
    return true;
}

void outbox_round(Outbox *self, const OutboxSite *site, bool *is_failing)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *what = g_strdup_printf("messages of %" PRId64, site->world->county);
    outbox_send_due(self, site, &error);
    warn_once(is_failing, error, what, "cannot be sent", "are sent again");
}

/* ---- the thread ---- */

struct OutboxWorker {
    Outbox *outbox;
    OutboxSite *sites;
    bool *failing; /* one for each site */
    size_t count;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ends;
    bool stop;
};

static bool is_stopped(OutboxWorker *self)
{
    pthread_mutex_lock(&self->lock);
    bool stop = self->stop;
    pthread_mutex_unlock(&self->lock);
    return stop;
}

static void wait_or_end(OutboxWorker *self)
{
    int64_t until = g_get_monotonic_time() + LOOK_S * G_USEC_PER_SEC;
    pthread_mutex_lock(&self->lock);
    while (!self->stop && monotonic_wait(&self->ends, &self->lock, until))
        continue;
    pthread_mutex_unlock(&self->lock);
}

static void *work(void *data)
{
    OutboxWorker *self = data;
    for (; !is_stopped(self); wait_or_end(self))
        for (size_t i = 0; i < self->count && !is_stopped(self); i++)
            outbox_round(self->outbox, &self->sites[i], &self->failing[i]);
    return NULL;
}

void outbox_run(Outbox *self, const OutboxSite *sites, size_t count)
{
    if (!channel_is_open(self, MAIL) && !channel_is_open(self, HOOK))
        return;
    OutboxWorker *worker = g_new0(OutboxWorker, 1);
    *worker = (OutboxWorker){ .outbox = self, .sites = g_memdup2(sites, count * sizeof *sites),
                              .failing = g_new0(bool, count), .count = count };
    monotonic_init(&worker->ends);
    pthread_mutex_init(&worker->lock, NULL);
    if (pthread_create(&worker->thread, NULL, work, worker) != 0)
        g_error("no thread for the outbox");
    self->worker = worker;
}

void worker_end(OutboxWorker *self)
{
    pthread_mutex_lock(&self->lock);
    self->stop = true;
    pthread_cond_broadcast(&self->ends);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    pthread_cond_destroy(&self->ends);
    pthread_mutex_destroy(&self->lock);
    g_free(self->sites);
    g_free(self->failing);
    g_free(self);
}
