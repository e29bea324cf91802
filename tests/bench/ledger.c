// SPDX-License-Identifier: Apache-2.0
/* Measures what the ledger costs. Usage: ledger DATABASE EVENTS: lets the cases of a demo county happen again and again, under
 * new numbers, until its ledger has so many events, and prints lines "name figure":
 *   append_us     CPU of ledger_append for one event
 *   insert_us     CPU of the event's own INSERT, the same rows into a table with the same keys, measured in turn
 *   proof_us      CPU of the proof that an event is in the tree, the median
 *   proof_most_us the slowest of them */
#include "tests/bench/copy.h"
#include "cases/fields.h"
#include "indicators/indicators.h"
#include "rooms.h"
#include "ledger/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNTY = 330482, AT_ONCE = 100, PROOFS = 2000, MEASURED = 400000 };
#define FIRST_NUMBER INT64_C(330482990101000001) /* of a day on which the demo county has no cases */

static const char table[] =
    "CREATE TABLE bare (county BIGINT NOT NULL, number BIGINT NOT NULL, subject TEXT NOT NULL, sequence BIGINT NOT NULL,"
    " kind TEXT NOT NULL, item TEXT NOT NULL, organ BIGINT NOT NULL, division BIGINT NOT NULL, actor_kind BIGINT NOT NULL,"
    " actor BIGINT NOT NULL, at BIGINT NOT NULL, payload TEXT NOT NULL, commitment BYTEA NOT NULL, leaf BYTEA NOT NULL,"
    " hash BYTEA NOT NULL, PRIMARY KEY (county, number), UNIQUE (county, subject, sequence))";
static const char insert[] =
    "INSERT INTO bare (county, number, subject, sequence, kind, item, organ, division, actor_kind, actor, at, payload,"
    " commitment, leaf, hash) VALUES (:county, :number, :subject, :sequence, :kind, :item, :organ, :division,"
    " :actor_kind, :actor, :at, :payload, :commitment, :leaf, :hash)";

/* An event that happened, and the case after it. */
typedef struct Model {
    Event event;
    int64_t of; /* the case */
    Case after;
} Model;

typedef struct Growth {
    GArray *models;
    guint seen;          /* those of them whose case after the event is known */
    guint first, next;   /* of the case that happens again, and of the one after it */
    int64_t of, number;  /* the case that happens again, and as which */
    int64_t size, measured;
    double append, bare; /* seconds of this thread's CPU */
} Growth;

static double cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool keep_model(const Event *e, void *models, GError **error)
{
    (void)error;
    Model made = { .event = *e, .of = g_ascii_strtoll(e->subject + strlen("case/"), NULL, 10) };
    made.event.kind = g_strdup(e->kind);
    made.event.item = g_strdup(e->item);
    made.event.payload = g_strdup(e->payload);
    g_array_append_val(models, made);
    return true;
}

static void clear_model(void *data)
{
    Model *self = data;
    g_free((char *)(uintptr_t)self->event.kind);
    g_free((char *)(uintptr_t)self->event.item);
    g_free((char *)(uintptr_t)self->event.payload);
    case_clear(&self->after);
}

/* `subject_verify` follows the events in the order in which keep_model was given them. */
static void keep_turn(void *data, const SubjectChange *change)
{
    Growth *self = data;
    Model *model = &g_array_index(self->models, Model, self->seen++);
    record_copy(case_kind.record, change->after, &model->after);
}

static bool insert_bare(Db *db, const Event *e, GError **error)
{
    Hash hashes[3];
    for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++)
        memset(&hashes[i], (int)(e->number * 7 + (int64_t)i), sizeof hashes[i]);
    return db_run(db, insert,
        WITH(db_int("county", COUNTY), db_int("number", e->number), db_text("subject", e->subject),
             db_int("sequence", e->sequence), db_text("kind", e->kind), db_text("item", e->item), db_int("organ", e->organ),
             db_int("division", e->division), db_int("actor_kind", e->actor_kind), db_int("actor", e->actor),
             db_int("at", e->at), db_text("payload", e->payload), db_bytes("commitment", &hashes[0], HASH_BYTES),
             db_bytes("leaf", &hashes[1], HASH_BYTES), db_bytes("hash", &hashes[2], HASH_BYTES)), error);
}

/* A case's own number stands in its first event; both numbers have as many digits. A copy has no documents: it names others. */
static const char *renumbered(const Growth *self, const char *payload)
{
    static const char document[] = "\"document\":{\"code\":\"";
    char of[32], number[32];
    snprintf(of, sizeof of, "%" PRId64, self->of);
    snprintf(number, sizeof number, "%" PRId64, self->number);
    g_autofree char *copy = g_strdup(payload);
    char *at = strstr(copy, of), *code = strstr(copy, document);
    if (at)
        memcpy(at, number, strlen(number));
    if (code)
        code[sizeof document - 1] = '-';
    return at || code ? g_intern_string(copy) : payload;
}

/* All events of the next case; their number. */
static guint prepare(Growth *self, Event *made)
{
    guint count = 0;
    char subject[64];
    snprintf(subject, sizeof subject, "case/%" PRId64, self->number);
    self->first = self->next;
    self->of = g_array_index(self->models, Model, self->first).of;
    for (; self->next < self->models->len && g_array_index(self->models, Model, self->next).of == self->of; count++) {
        made[count] = g_array_index(self->models, Model, self->next++).event;
        made[count].subject = g_intern_string(subject);
        made[count].payload = renumbered(self, made[count].payload);
    }
    self->next %= self->models->len;
    return count;
}

/* The counters hear of a copied case as they heard of its model. */
static bool count_copy(const Growth *self, const Context *context, guint count, GError **error)
{
    Context counting = *context;
    const Model *models = &g_array_index(self->models, Model, self->first);
    counting.rooms = rooms;
    for (guint i = 0; i < count; i++) {
        const SubjectChange turn = { &models[i].event, &case_kind, NULL, i ? &models[i - 1].after : NULL, &models[i].after };
        if (!indicators_follow(&counting, &turn, error))
            return false;
    }
    return true;
}

static bool grow_by_one(Growth *self, const Context *context, GError **error)
{
    enum { EVENTS_MOST = 200 };
    Event made[EVENTS_MOST];
    guint count = prepare(self, made);
    double began = cpu();
    for (guint i = 0; i < count; i++)
        if (!ledger_append(context, &made[i], made[i].sequence - 1, error))
            return false;
    double appended = cpu();
    for (guint i = 0; self->size < MEASURED && i < count; i++)
        if (!insert_bare(context->db, &made[i], error))
            return false;
    double inserted = cpu();
    if (self->size < MEASURED) {
        self->append += appended - began;
        self->bare += inserted - appended;
        self->measured += count;
    }
    self->size += count;
    bool copied = copy_case(context->db, COUNTY, self->of, self->number, error) && count_copy(self, context, count, error);
    self->number++;
    return copied;
}

static bool grow(Db *db, void *data, GError **error)
{
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    for (int i = 0; i < AT_ONCE; i++)
        if (!grow_by_one(data, &context, error))
            return false;
    return true;
}

static bool run_text(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

static bool read_models(Store *store, Growth *growth, GError **error)
{
    int64_t cases;
    Db *db = store_reader(store, error);
    if (!db)
        return false;
    Context context = { .db = db, .county = COUNTY };
    bool read = ledger_size(db, COUNTY, &growth->size, error) &&
                ledger_walk_subjects(db, COUNTY, "case/", keep_model, growth->models, error) &&
                subject_verify(&context, &case_kind, NULL, &(SubjectWatch){ keep_turn, growth }, &cases, error);
    store_return(store, db);
    return read;
}

/* The first events have the bare insert beside them. */
static bool grow_all(Store *store, int64_t events, GError **error)
{
    g_autoptr(GArray) models = g_array_new(FALSE, FALSE, sizeof(Model));
    g_array_set_clear_func(models, clear_model);
    Growth growth = { .models = models, .number = FIRST_NUMBER };
    if (!read_models(store, &growth, error))
        return false;
    while (growth.size < events)
        if (!store_write(store, grow, &growth, error))
            return false;
    printf("append_us %.2f\ninsert_us %.2f\n", growth.append * 1e6 / (double)growth.measured,
           growth.bare * 1e6 / (double)growth.measured);
    return store_write(store, run_text, "DROP TABLE bare", error);
}

static bool read_nodes(void *data, int level, int64_t first, size_t count, Hash *out, GError **error)
{
    return ledger_read_nodes(&(LedgerNodes){ data, COUNTY }, level, first, count, out, error);
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static bool prove_all(Db *db, GError **error)
{
    TreeEdge edge;
    double took[PROOFS];
    RandomSeed random;
    random_seed(&random, 7);
    if (!ledger_edge(db, COUNTY, &edge, error))
        return false;
    for (size_t i = 0; i < PROOFS; i++) {
        uint64_t drawn;
        TreeProof proof;
        random_repeatable(&random, &drawn, sizeof drawn);
        double began = cpu();
        if (!tree_inclusion(&(TreeNodes){ read_nodes, db }, (int64_t)(drawn % (uint64_t)edge.size), edge.size, &proof, error))
            return false;
        took[i] = cpu() - began;
    }
    qsort(took, PROOFS, sizeof *took, by_size);
    printf("events %" PRId64 "\nproof_us %.0f\nproof_most_us %.0f\n", edge.size, took[PROOFS / 2] * 1e6, took[PROOFS - 1] * 1e6);
    return true;
}

static bool measure(const char *file, int64_t events, GError **error)
{
    g_autoptr(Store) store = open_with_keys(file, 1, COUNTY, error);
    if (!store || !store_write(store, run_text, (void *)(uintptr_t)table, error) ||
        !grow_all(store, events, error))
        return false;
    Db *db = store_reader(store, error);
    bool proved = db && prove_all(db, error);
    store_return(store, db);
    return proved;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 3)
        return 2;
    base_start();
    if (measure(argv[1], g_ascii_strtoll(argv[2], NULL, 10), &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "ledger: %s\n", error->message);
    return EXIT_FAILURE;
}
