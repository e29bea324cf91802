// SPDX-License-Identifier: Apache-2.0
/* One event and its proof, from a database. */
#include "ledger/proof.h"
#include "ledger/store.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482, EVENTS = 300 };

typedef struct Bench {
    char *folder;
    Store *store;
    NoteSigner signer;
    Publisher *publisher;
} Bench;

static Context context_of(Bench *b, Db *db)
{
    return (Context){ .db = db, .county = COUNTY, .random = random_secure, .now = 1409720000000, .signer = &b->signer,
                      .publisher = b->publisher };
}

static bool append_all(Db *db, void *data, GError **error)
{
    Context context = context_of(data, db);
    for (int i = 0; i < EVENTS; i++) {
        g_autofree char *subject = g_strdup_printf("case/%d", i / 3);
        Event event = { .subject = subject, .kind = "case.test", .item = "A-1", .organ = 3, .at = 1409720000000, .payload = "{}" };
        if (!ledger_append(&context, &event, -1, error))
            return false;
    }
    return true;
}

static void bench_open(Bench *b)
{
    static const unsigned char seed[crypto_sign_SEEDBYTES] = { 7 };
    *b = (Bench){ .folder = g_dir_make_tmp("event-XXXXXX", NULL) };
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(file, 2);
    g_assert_true(note_signer_of("pinghu.example/330482", seed, &b->signer, NULL));
    g_autofree char *key = note_signer_text(&b->signer), *key_file = g_strconcat(file, ".key", NULL);
    g_assert_true(secret_write(key_file, key, NULL));
    g_assert_true(store_write(b->store, append_all, b, NULL));
    b->publisher = ledger_publisher_open(b->store, file, COUNTY, NULL);
}

static void bench_close(Bench *b)
{
    ledger_publisher_close(b->publisher);
    store_close(b->store);
    g_assert_true(remove_tree(b->folder));
    g_free(b->folder);
    note_signer_clear(&b->signer);
}

static bool meddle(Db *db, void *data, GError **error)
{
    return db_run(db, data, WITH({ .name = NULL }), error);
}

static void change(Bench *b, const char *sql)
{
    g_assert_true(store_write(b->store, meddle, (char *)(uintptr_t)sql, NULL));
}

static json_t *shown(Bench *b, int64_t number)
{
    Db *db = store_reader(b->store, NULL);
    Context context = context_of(b, db);
    json_t *event = ledger_event(&context, number, NULL);
    store_return(b->store, db);
    return event;
}

static void every_event_has_a_proof_an_outsider_can_judge(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    Context context = context_of(&b, db);
    for (int64_t number = 1; number <= EVENTS; number += 23) {
        Hash leaf;
        int64_t size = 0;
        g_auto(LedgerProof) proof = { 0 };
        g_autofree char *text = ledger_proof(&context, number, NULL);
        g_assert_true(ledger_proof_read(text, &proof));
        tree_leaf(proof.extra, strlen(proof.extra), &leaf);
        g_assert_true(ledger_proof_holds(&proof, &b.signer.verifier, "pinghu.example/330482", &leaf, &size));
        g_assert_cmpint(size, >=, number);
        g_autoptr(json_t) told = ledger_event(&context, number, NULL);
        g_assert_true(json_flag(told, "is_proven"));
        g_assert_cmpstr(json_text(told, "leaf"), ==, proof.extra);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(ledger_proof(&context, EVENTS + 1, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    store_return(b.store, db);
    bench_close(&b);
}

/* The page proves what the row says now, not what was once kept of it. */
static void an_altered_event_is_not_proven(void)
{
    static const char *const changes[] = {
        "/* all rows */ UPDATE event SET at = at + 1 WHERE number = 7", "/* all rows */ UPDATE event SET kind = 'case.granted' WHERE number = 7",
        "/* all rows */ UPDATE event SET payload = '{\"days\":9}' WHERE number = 7", "/* all rows */ UPDATE event SET actor = 5 WHERE number = 7",
        "/* all rows */ UPDATE event SET leaf = zeroblob(32) WHERE number = 8",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        Bench b;
        bench_open(&b);
        g_autoptr(json_t) before = shown(&b, 7);
        g_assert_true(json_flag(before, "is_proven"));
        change(&b, "DROP TRIGGER event_forbids_update");
        change(&b, changes[i]);
        g_autoptr(json_t) after = shown(&b, 7);
        g_assert_false(json_flag(after, "is_proven"));
        bench_close(&b);
    }
}

static void a_paper_carries_number_proof_and_salt(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    Context context = context_of(&b, db);
    g_autoptr(json_t) printed = ledger_printed(&context, "case/2", 3, NULL);
    g_assert_cmpint(json_number(printed, "number"), ==, 9);
    g_assert_true(g_str_has_prefix(json_text(printed, "path"), "/ledger/330482/event/9?leaf="));
    g_assert_cmpuint(strlen(json_text(printed, "path")), ==, strlen("/ledger/330482/event/9?leaf=") + 43);
    g_assert_cmpuint(strlen(json_text(printed, "salt")), ==, 39); /* eight groups of four */
    g_assert_true(g_str_has_prefix(json_text(printed, "proof"), "c2sp.org/tlog-proof@v1\n"));
    context.signer = NULL;
    g_autoptr(json_t) without = ledger_printed(&context, "case/2", 3, NULL);
    g_autoptr(json_t) now = ledger_now(&context, NULL);
    g_assert_cmpuint(json_object_size(without), ==, 0);
    g_assert_cmpuint(json_object_size(now), ==, 0);
    store_return(b.store, db);
    bench_close(&b);
}

static void an_erased_salt_is_not_printed_and_the_proof_holds(void)
{
    Bench b;
    bench_open(&b);
    change(&b, "/* all rows */ UPDATE ledger_salt SET salt = x'' WHERE subject = 'case/2'");
    g_autoptr(json_t) event = shown(&b, 9);
    g_assert_true(json_flag(event, "is_erased"));
    g_assert_true(json_flag(event, "is_proven"));
    Db *db = store_reader(b.store, NULL);
    Context context = context_of(&b, db);
    g_autoptr(json_t) printed = ledger_printed(&context, "case/2", 3, NULL);
    g_assert_null(json_object_get(printed, "salt"));
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/every event has a proof an outsider can judge", every_event_has_a_proof_an_outsider_can_judge);
    g_test_add_func("/ledger/an altered event is not proven", an_altered_event_is_not_proven);
    g_test_add_func("/ledger/a paper carries number, proof and salt", a_paper_carries_number_proof_and_salt);
    g_test_add_func("/ledger/an erased salt is not printed and the proof holds", an_erased_salt_is_not_printed_and_the_proof_holds);
    return g_test_run();
}
