// SPDX-License-Identifier: Apache-2.0
/* What the ledger costs. Usage: ledger FOLDER EVENTS: grows a ledger of so many events in FOLDER/ledger.db, then
 * prints lines "name figure":
 *   append_us     CPU of ledger_append for one event
 *   insert_us     CPU of the event's own INSERT, the same rows into a table with the same keys, measured in turn
 *   proof_us      CPU of the proof that an event is in the tree, the median
 *   proof_most_us the slowest of them
 * The events are those of cases with seven steps each, as the centre records them. */
#include "ledger/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNTY = 330482, STEPS = 7, GROUP = 7 * 200, PROOFS = 2000, MEASURED = 400000 };

static const char *const rooms[] = { "db", "http", "ledger", NULL };
static const char *const kinds[STEPS] = { "case.drafted", "case.submitted", "case.accepted", "case.passed",
                                          "case.granted", "case.issued", "case.delivered" };
static const char payload[] =
    "{\"change\":{\"alarm_at\":1409709600000,\"desk_division\":330482000000,\"desk_organ\":4,\"desk_role\":2,"
    "\"due_at\":1409882400000,\"state\":\"review\",\"step\":1},\"documents\":[{\"code\":\"K7QXM2PD9RWTB4HN\","
    "\"document_kind\":\"acceptance\",\"number\":\"平受〔2014〕000123号\"}],\"marks\":[{\"at\":1409709600000,\"kind\":\"start\"}]}";

static const char table[] =
    "CREATE TABLE bare (county BIGINT NOT NULL, number BIGINT NOT NULL, subject TEXT NOT NULL, sequence BIGINT NOT NULL,"
    " kind TEXT NOT NULL, item TEXT NOT NULL, organ BIGINT NOT NULL, division BIGINT NOT NULL, actor_kind BIGINT NOT NULL,"
    " actor BIGINT NOT NULL, at BIGINT NOT NULL, payload TEXT NOT NULL, commitment BYTEA NOT NULL, leaf BYTEA NOT NULL,"
    " hash BYTEA NOT NULL, PRIMARY KEY (county, number), UNIQUE (county, subject, sequence))";
static const char insert[] =
    "INSERT INTO bare (county, number, subject, sequence, kind, item, organ, division, actor_kind, actor, at, payload,"
    " commitment, leaf, hash) VALUES (:county, :number, :subject, :sequence, :kind, :item, :organ, :division,"
    " :actor_kind, :actor, :at, :payload, :commitment, :leaf, :hash)";

typedef struct Growth {
    int64_t done;
    double append, bare; /* seconds of this thread's CPU */
    bool measured;       /* with the bare insert beside it */
} Growth;

static double cpu(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static Event event_of(int64_t index, char *subject, size_t size)
{
    snprintf(subject, size, "case/3304821409%08" PRId64, index / STEPS);
    return (Event){ .subject = subject, .sequence = index % STEPS + 1, .number = index + 1, .kind = kinds[index % STEPS],
                    .item = "SLJ-01", .organ = 4, .division = 330482103200, .actor_kind = STAFF, .actor = 17,
                    .at = 1409709600000 + index, .payload = payload };
}

static bool insert_bare(Db *db, int64_t index, GError **error)
{
    char subject[64];
    Hash hashes[3];
    Event e = event_of(index, subject, sizeof subject);
    for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) /* as little to be compressed or guessed as real ones */
        memset(&hashes[i], (int)(index * 7 + (int64_t)i), sizeof hashes[i]);
    return db_run(db, insert,
        WITH(db_int("county", COUNTY), db_int("number", e.number), db_text("subject", e.subject),
             db_int("sequence", e.sequence), db_text("kind", e.kind), db_text("item", e.item), db_int("organ", e.organ),
             db_int("division", e.division), db_int("actor_kind", e.actor_kind), db_int("actor", e.actor),
             db_int("at", e.at), db_text("payload", e.payload), db_bytes("commitment", &hashes[0], HASH_BYTES),
             db_bytes("leaf", &hashes[1], HASH_BYTES), db_bytes("hash", &hashes[2], HASH_BYTES)), error);
}

static bool append(const Context *context, int64_t index, GError **error)
{
    char subject[64];
    Event e = event_of(index, subject, sizeof subject);
    return ledger_append(context, &e, e.sequence - 1, error);
}

static bool grow(Db *db, void *data, GError **error)
{
    Growth *growth = data;
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    double began = cpu(CLOCK_THREAD_CPUTIME_ID);
    for (int64_t i = 0; i < GROUP; i++)
        if (!append(&context, growth->done + i, error))
            return false;
    double appended = cpu(CLOCK_THREAD_CPUTIME_ID);
    for (int64_t i = 0; growth->measured && i < GROUP; i++)
        if (!insert_bare(db, growth->done + i, error))
            return false;
    growth->append += appended - began;
    growth->bare += cpu(CLOCK_THREAD_CPUTIME_ID) - appended;
    return true;
}

static bool run_text(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

/* The first events have the bare insert beside them. */
static bool grow_all(Store *store, int64_t events, GError **error)
{
    Growth growth = { .measured = true };
    while (growth.done < events) {
        if (!store_write(store, grow, &growth, error))
            return false;
        growth.done += GROUP;
        if (growth.measured && (growth.done >= MEASURED || growth.done >= events)) {
            growth.measured = false;
            printf("append_us %.2f\ninsert_us %.2f\n", growth.append * 1e6 / (double)growth.done,
                   growth.bare * 1e6 / (double)growth.done);
            fflush(stdout);
        }
    }
    return store_write(store, run_text, "DROP TABLE bare", error);
}

typedef struct Nodes {
    Db *db;
} Nodes;

static bool read_nodes(void *data, int level, int64_t first, size_t count, Hash *out, GError **error)
{
    return ledger_nodes(((Nodes *)data)->db, COUNTY, level, first, count, out, error);
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
    Nodes nodes = { db };
    random_seed(&random, 7);
    if (!ledger_edge(db, COUNTY, &edge, error))
        return false;
    for (size_t i = 0; i < PROOFS; i++) {
        uint64_t drawn;
        TreeProof proof;
        random_repeatable(&random, &drawn, sizeof drawn);
        double began = cpu(CLOCK_THREAD_CPUTIME_ID);
        if (!tree_inclusion(&(TreeNodes){ read_nodes, &nodes }, (int64_t)(drawn % (uint64_t)edge.size), edge.size, &proof, error))
            return false;
        took[i] = cpu(CLOCK_THREAD_CPUTIME_ID) - began;
    }
    qsort(took, PROOFS, sizeof *took, by_size);
    printf("events %" PRId64 "\nproof_us %.0f\nproof_most_us %.0f\n", edge.size, took[PROOFS / 2] * 1e6, took[PROOFS - 1] * 1e6);
    return true;
}

static bool measure(const char *file, int64_t events, GError **error)
{
    g_autoptr(Store) store = store_open(file, 1, error);
    if (!store || !store_migrate(store, rooms, 0, error) || !store_write(store, run_text, (void *)(uintptr_t)table, error) ||
        !grow_all(store, events, error))
        return false;
    Db *db = store_reader(store, error);
    bool proved = db && prove_all(db, error);
    if (db)
        store_return(store, db);
    return proved;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 3)
        return 2;
    base_start();
    g_autofree char *file = g_build_filename(argv[1], "ledger.db", NULL);
    if (measure(file, g_ascii_strtoll(argv[2], NULL, 10), &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "ledger: %s\n", error->message);
    return EXIT_FAILURE;
}
