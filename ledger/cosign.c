// SPDX-License-Identifier: Apache-2.0
/* Each witness is asked by a thread of its own: new checkpoints are sent to it, and its answers are held against its key. */
#include "ledger/fetch.h"
#include "ledger/publisher.h"
#include "ledger/witness.h"

#include <pthread.h>

enum { ASK_SECONDS = 5, AGAIN_SECONDS = 2, ANSWER_MOST = 64 * 1024, TRIES = 3 };

typedef struct Asker {
    Publisher *publisher;
    Witness *witness;
    Gather *gather;
    char *url;
    int64_t known; /* the size the witness has seen, as far as we know */
    bool is_failing;
    pthread_t thread;
    bool runs;
} Asker;

/* ---- one question ---- */

/* Proves that the public ledger begins with the one the witness has seen; one that has seen nothing needs no proof. */
static bool prove(const Asker *self, int64_t to, TreeProof *out, GError **error)
{
    out->count = 0;
    if (self->known == 0)
        return true;
    g_auto(PublisherReader) reader = publisher_reader(self->publisher, error);
    return reader.nodes.db && tree_consistency(&(TreeNodes){ ledger_read_nodes, &reader.nodes }, self->known, to, out, error);
}

static bool send(const Asker *self, const Edition *edition, Fetched *answer, GError **error)
{
    TreeProof proof;
    if (!prove(self, edition->size, &proof, error))
        return false;
    g_autofree char *question = witness_question(self->known, &proof, edition->note);
    gather_ask(self->gather, self->url, question, ANSWER_MOST);
    return gather_take(self->gather, answer, error);
}

/* The witness knows another size than we thought, so the next proof begins there. A size larger than ours means that our
 * log went back. */
static bool learn(Asker *self, const Edition *edition, const char *body, GError **error)
{
    int64_t size;
    if (!witness_size(body, &size))
        return fault(error, "it answers 409 without a size");
    if (size > edition->size)
        return fault(error, "it has seen %" PRId64 " events, and %" PRId64 " are public: has this ledger gone back?", size, edition->size);
    self->known = size;
    return true;
}

/* The cosignature line; owned by the caller. */
static char *ask(Asker *self, const Edition *edition, GError **error)
{
    for (int i = 0; i < TRIES; i++) {
        g_auto(Fetched) answer = { 0 };
        if (!send(self, edition, &answer, error))
            return NULL;
        if (answer.status != 200 && answer.status != 409)
            return fault(error, "it answers %u", answer.status);
        if (answer.status == 409 && !learn(self, edition, answer.body, error))
            return NULL;
        if (answer.status == 409)
            continue;
        self->known = edition->size;
        char *line = cosignature_of(&self->witness->key, answer.body, edition->text);
        return line ? line : fault(error, "what it answers is not signed by its key");
    }
    return fault(error, "it changes its mind about the size it has seen");
}

/* ---- for ever ---- */

static void *keep_asking(void *data)
{
    Asker *self = data;
    int64_t seen = -1;
    g_autofree char *name = g_strconcat("witness ", self->witness->name, NULL), *place = g_strconcat("at ", self->url, NULL);
    for (;;) {
        g_auto(Edition) edition = { 0 };
        g_autoptr(GError) error = NULL;
        if (!publisher_next(self->publisher, seen, &edition))
            return NULL;
        g_autofree char *line = ask(self, &edition, &error);
        if (atomic_load(publisher_stop(self->publisher)))
            return NULL;
        warn_once(&self->is_failing, error, name, place, "cosigns again");
        if (line)
            publisher_cosigned(self->publisher, edition.edition, line);
        else
            publisher_pause(self->publisher, AGAIN_SECONDS);
        seen = line ? edition.edition : seen;
    }
}

/* ---- opening ---- */

static void asker_free(Asker *self)
{
    if (self->runs)
        pthread_join(self->thread, NULL);
    gather_close(self->gather);
    witness_free(self->witness);
    g_free(self->url);
    g_free(self);
}

static Asker *asker_new(Publisher *publisher, Witness *witness)
{
    Asker *self = g_new0(Asker, 1);
    *self = (Asker){ .publisher = publisher, .witness = witness, .url = g_strconcat(witness->url, "/add-checkpoint", NULL),
                     .gather = gather_open(ASK_SECONDS, 1, publisher_stop(publisher)) };
    self->runs = pthread_create(&self->thread, NULL, keep_asking, self) == 0;
    return self;
}

GPtrArray *witnesses_open(Publisher *publisher, const char *file, GError **error)
{
    g_autofree char *text = NULL;
    if (!file_read(file, &text, error))
        return NULL;
    g_autoptr(GPtrArray) list = witness_list_read(text ? text : "", error);
    GPtrArray *askers = list ? g_ptr_array_new_with_free_func((GDestroyNotify)asker_free) : NULL;
    while (list && list->len)
        g_ptr_array_add(askers, asker_new(publisher, g_ptr_array_steal_index(list, 0)));
    return askers;
}
