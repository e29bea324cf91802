// SPDX-License-Identifier: Apache-2.0
/* The publisher makes the ledger public. One lock holds that the log never goes back: under it a checkpoint is read,
 * signed, put on the disk and only then told. Programs that share a database share the files beside it too; among them
 * the lock is the system's, on the file of the keys, and each begins with what another may have made public since. */
#include "ledger/publisher.h"
#include "ledger/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* How often new events are looked for: every second one is made public, what it takes to sign included. */
enum { LOOK_MS = 800 };
/* How often, and how many times, another program's publishing is waited for: five seconds. */
enum { TURN_MS = 10, TURNS_MOST = 500 };

struct Publisher {
    Store *store;
    int64_t county;
    char *address, *file;
    KeyRing ring;
    int key_file; /* holds the lock of one publisher; -1: nothing is signed */
    GPtrArray *witnesses;

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    Checkpoint last;
    GString *cosignatures; /* of the last */
    int64_t edition;
    bool is_failing;
    atomic_bool stop;
    pthread_t thread;
    bool runs;
};

const KeyRing *publisher_ring(const Publisher *self)
{
    static const KeyRing none = { 0 };
    return self ? &self->ring : &none;
}

/* Under the lock: waits so long, or until it is to stop. */
static void wait_ms(Publisher *self, int64_t ms)
{
    int64_t until = g_get_monotonic_time() + ms * 1000;
    while (!atomic_load(&self->stop) && monotonic_wait(&self->changed, &self->lock, until))
        continue;
}

/* ---- publishing, under the lock ---- */

PublisherReader publisher_reader(const Publisher *self, GError **error)
{
    return (PublisherReader){ { store_reader(self->store, error), self->county }, self->store };
}

void publisher_reader_end(PublisherReader *self)
{
    store_return(self->store, self->nodes.db);
}

/* A log that goes back, or says two things of one size, is what every monitor takes for a forgery. */
static bool may_be_signed(const Checkpoint *last, int64_t size, const Hash *root, GError **error)
{
    if (last->note && size < last->size)
        return fault(error, "the ledger went back from %" PRId64 " to %" PRId64 " events: nothing is signed", last->size, size);
    if (last->note && size == last->size && !hash_equal(root, &last->root))
        return fault(error, "the ledger of %" PRId64 " events is another than was signed: nothing is signed", size);
    return true;
}

static void take(Publisher *self, char *note, int64_t size, const Hash *root)
{
    g_free(self->last.note);
    self->last.note = note;
    self->last.size = size;
    self->last.root = *root;
    g_string_truncate(self->cosignatures, 0);
    self->edition++;
    pthread_cond_broadcast(&self->changed);
}

/* The note is on the disk before anybody hears of it, so that a power cut cannot take it back. */
static bool sign(Publisher *self, int64_t size, const Hash *root, GError **error)
{
    g_autofree char *text = checkpoint_text(self->ring.keys[0].verifier.name, size, root);
    g_autofree char *note = key_ring_sign(&self->ring, text);
    if (!file_replace(self->file, note, 0644, error))
        return false;
    take(self, g_steal_pointer(&note), size, root);
    return true;
}

/* A checkpoint that another program has made public is ours as well. A file that says less than we have told was put there
 * by somebody: it is written anew with the next event. */
static bool catch_up(Publisher *self, GError **error)
{
    g_auto(Checkpoint) there = { 0 };
    if (!checkpoint_load(self->file, NULL, &there, error))
        return false;
    bool is_news = there.note && g_strcmp0(there.note, self->last.note) != 0 && (!self->last.note || there.size >= self->last.size);
    if (!is_news)
        return true;
    if (!may_be_signed(&self->last, there.size, &there.root, error) || !published_vouched(&there, &self->ring, self->file, error))
        return false;
    take(self, g_steal_pointer(&there.note), there.size, &there.root);
    return true;
}

/* The ledger as it is now, where that was not made public already with each of the keys. Read on a connection of its
 * own: the caller's may be older, or in the middle of a write that may yet be undone. */
static bool publish_now(Publisher *self, GError **error)
{
    Hash root;
    TreeEdge edge;
    g_auto(PublisherReader) reader = publisher_reader(self, error);
    if (!reader.nodes.db || !ledger_edge(reader.nodes.db, self->county, &edge, error))
        return false;
    tree_root(&edge, &root);
    if (!may_be_signed(&self->last, edge.size, &root, error))
        return false;
    bool is_public = self->last.note && edge.size == self->last.size &&
                     key_ring_signatures(&self->ring, self->last.note) == self->ring.count;
    return is_public || sign(self, edge.size, &root, error);
}

/* The system releases the file's lock when a program ends, however it ends. The own lock is let go while another program
 * has the file's, so that nobody here waits for one that stands still. */
static bool take_turn(Publisher *self, GError **error)
{
    for (int i = 0; flock(self->key_file, LOCK_EX | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fault(error, "%s.key cannot be locked: %s", self->address, g_strerror(errno));
        if (i == TURNS_MOST || atomic_load(&self->stop))
            return refuse(error, BUSY, "ledger.busy", NULL);
        wait_ms(self, TURN_MS);
    }
    return true;
}

static bool publish(Publisher *self, GError **error)
{
    if (!take_turn(self, error))
        return false;
    bool published = catch_up(self, error) && publish_now(self, error);
    flock(self->key_file, LOCK_UN);
    return published;
}

/* -1: all that there are. */
static bool publish_at_least(Publisher *self, int64_t at_least, GError **error)
{
    if (!catch_up(self, error))
        return false;
    if (self->last.note && at_least >= 0 && self->last.size >= at_least)
        return true;
    return publish(self, error) &&
           (self->last.size >= at_least || fault(error, "the ledger has %" PRId64 " events, %" PRId64 " were to be signed",
                                                 self->last.size, at_least));
}

char *ledger_checkpoint(const Context *context, int64_t at_least, GError **error)
{
    Publisher *self = context->publisher;
    if (publisher_ring(self)->count == 0)
        return refuse(error, NOT_FOUND, "ledger.no_key", NULL);
    pthread_mutex_lock(&self->lock);
    bool is_public = publish_at_least(self, at_least, error);
    char *note = is_public ? g_strconcat(self->last.note, self->cosignatures->str, NULL) : NULL;
    pthread_mutex_unlock(&self->lock);
    return note;
}

bool ledger_publish(const Context *context, GError **error)
{
    g_autofree char *note = ledger_checkpoint(context, -1, error);
    return note != NULL;
}

/* ---- as events come ---- */

static void *keep_publishing(void *data)
{
    Publisher *self = data;
    pthread_mutex_lock(&self->lock);
    while (!atomic_load(&self->stop)) {
        g_autoptr(GError) error = NULL;
        publish(self, &error);
        warn_once(&self->is_failing, error, "the ledger", "cannot be made public", "is made public again");
        wait_ms(self, LOOK_MS);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

bool ledger_publisher_run(Publisher *self, GError **error)
{
    g_autofree char *file = g_strconcat(self->address, ".witnesses", NULL);
    if (self->ring.count == 0)
        return true;
    self->witnesses = witnesses_open(self, file, error);
    if (!self->witnesses)
        return false;
    self->runs = pthread_create(&self->thread, NULL, keep_publishing, self) == 0;
    return self->runs || fault(error, "no thread for the publisher");
}

/* ---- for witnesses ---- */

void edition_clear(Edition *self)
{
    g_clear_pointer(&self->text, g_free);
    g_clear_pointer(&self->note, g_free);
}

bool publisher_next(Publisher *self, int64_t seen, Edition *out)
{
    *out = (Edition){ 0 };
    pthread_mutex_lock(&self->lock);
    while (!atomic_load(&self->stop) && (!self->last.note || self->edition == seen))
        pthread_cond_wait(&self->changed, &self->lock);
    bool open = !atomic_load(&self->stop);
    if (open)
        *out = (Edition){ self->edition, self->last.size, note_open(&self->ring.keys[0].verifier, self->last.note),
                          g_strdup(self->last.note) };
    pthread_mutex_unlock(&self->lock);
    return open;
}

void publisher_pause(Publisher *self, int seconds)
{
    pthread_mutex_lock(&self->lock);
    wait_ms(self, seconds * (int64_t)1000);
    pthread_mutex_unlock(&self->lock);
}

void publisher_cosigned(Publisher *self, int64_t edition, const char *line)
{
    pthread_mutex_lock(&self->lock);
    if (edition == self->edition)
        g_string_append(self->cosignatures, line);
    pthread_mutex_unlock(&self->lock);
}

const atomic_bool *publisher_stop(const Publisher *self)
{
    return &self->stop;
}

/* ---- opening ---- */

/* The key file is opened for writing, which nobody does here, because a network file system locks only such files. */
static bool open_key(Publisher *self, const char *keys, GError **error)
{
    if (self->ring.count > 0)
        self->key_file = open(keys, O_RDWR | O_CLOEXEC);
    return self->ring.count == 0 || self->key_file >= 0 || fault(error, "%s: %s", keys, g_strerror(errno));
}

/* The checkpoint made public before must still be true, and be signed with a key that is here. */
static bool hold(Publisher *self, GError **error)
{
    g_auto(PublisherReader) reader = publisher_reader(self, error);
    return reader.nodes.db && published_holds(&self->last, reader.nodes.db, self->county, error) &&
           published_vouched(&self->last, &self->ring, self->file, error);
}

Publisher *ledger_publisher_open(Store *store, const char *address, int64_t county, GError **error)
{
    g_autofree char *keys = g_strconcat(address, ".key", NULL);
    g_autoptr(Publisher) self = g_new0(Publisher, 1);
    *self = (Publisher){ .store = store, .county = county, .address = g_strdup(address), .file = published_file(address),
                         .key_file = -1, .cosignatures = g_string_new(NULL) };
    monotonic_init(&self->changed);
    pthread_mutex_init(&self->lock, NULL);
    if (!key_ring_read(keys, &self->ring, error) || !open_key(self, keys, error) ||
        !checkpoint_load(self->file, NULL, &self->last, error) || !hold(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void ledger_publisher_close(Publisher *self)
{
    if (!self)
        return;
    pthread_mutex_lock(&self->lock);
    atomic_store(&self->stop, true);
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    if (self->runs)
        pthread_join(self->thread, NULL);
    g_clear_pointer(&self->witnesses, g_ptr_array_unref);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    if (self->key_file >= 0)
        close(self->key_file);
    key_ring_clear(&self->ring);
    checkpoint_clear(&self->last);
    g_string_free(self->cosignatures, TRUE);
    g_free(self->address);
    g_free(self->file);
    g_free(self);
}

const NoteSigner *ledger_publisher_signer(const Publisher *self)
{
    return self->ring.count > 0 ? &self->ring.keys[0] : NULL;
}

char *publisher_lost(const Publisher *self, int64_t number, GError **error)
{
    char *note = NULL;
    g_autofree char *file = self ? published_lost_file(self->address, number) : NULL;
    return file && g_file_get_contents(file, &note, NULL, NULL) ? note : refuse(error, NOT_FOUND, "ledger.no_lost", NULL);
}
