// SPDX-License-Identifier: Apache-2.0
#include "ledger/key.h"
#include "ledger/proof.h"

#include <string.h>

enum { LEAVES = 200 };
static const char ORIGIN[] = "pinghu.example/330482";

typedef struct Bench {
    NoteSigner signer;
    Hash leaves[LEAVES];
    Hash root;
} Bench;

static bool read_leaves(void *data, int level, int64_t first, size_t count, Hash *out, GError **error)
{
    const Bench *b = data;
    (void)error;
    g_assert_cmpint(level, ==, 0);
    memcpy(out, &b->leaves[first], count * sizeof *out);
    return true;
}

static void bench_open(Bench *b)
{
    TreeEdge edge = { 0 };
    static const unsigned char seed[crypto_sign_SEEDBYTES] = { 7 };
    *b = (Bench){ 0 };
    g_assert_true(note_signer_of(ORIGIN, seed, &b->signer, NULL));
    for (int i = 0; i < LEAVES; i++) {
        tree_leaf(&i, sizeof i, &b->leaves[i]);
        g_assert_true(tree_add(&edge, &b->leaves[i], NULL, NULL, NULL));
    }
    tree_root(&edge, &b->root);
}

static void bench_close(Bench *b)
{
    note_signer_clear(&b->signer);
}

/* The text of the proof of leaf `index`, as the centre would give it. */
static char *proof_of(Bench *b, int64_t index, const char *extra)
{
    const TreeNodes nodes = { read_leaves, b };
    g_autofree char *text = checkpoint_text(ORIGIN, LEAVES, &b->root), *note = key_ring_sign(&(KeyRing){ 1, { b->signer } }, text);
    LedgerProof proof = { .extra = (char *)(uintptr_t)extra, .index = index, .checkpoint = note };
    g_assert_true(tree_inclusion(&nodes, index, LEAVES, &proof.tree, NULL));
    return ledger_proof_text(&proof);
}

static bool holds(const Bench *b, const char *text, const char *origin, const Hash *leaf)
{
    int64_t size = 0;
    g_auto(LedgerProof) proof = { 0 };
    return ledger_proof_read(text, &proof) && ledger_proof_holds(&proof, &b->signer.verifier, origin, leaf, &size) &&
           size == LEAVES;
}

static void every_leaf_is_proved_and_no_other(void)
{
    Bench b;
    bench_open(&b);
    for (int i = 0; i < LEAVES; i++) {
        g_autofree char *text = proof_of(&b, i, i % 2 ? (char *)(uintptr_t)"{\"at\":1}" : NULL);
        g_assert_true(holds(&b, text, ORIGIN, &b.leaves[i]));
        g_assert_false(holds(&b, text, ORIGIN, &b.leaves[(i + 1) % LEAVES]));
        g_assert_false(holds(&b, text, "elsewhere.example/1", &b.leaves[i]));
    }
    bench_close(&b);
}

static void it_is_written_as_the_format_says(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *text = proof_of(&b, 73, (char *)(uintptr_t)"{\"at\":1}");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpstr(lines[0], ==, "c2sp.org/tlog-proof@v1");
    g_assert_cmpstr(lines[1], ==, "extra eyJhdCI6MX0=");
    g_assert_cmpstr(lines[2], ==, "index 73");
    for (int i = 3; i < 11; i++) /* 200 leaves: eight levels */
        g_assert_cmpuint(strlen(lines[i]), ==, 44);
    g_assert_cmpstr(lines[11], ==, "");
    g_assert_cmpstr(lines[12], ==, ORIGIN);
    g_assert_cmpstr(lines[13], ==, "200");
    bench_close(&b);
}

/* Bits that mean nothing, at the end of a coded signature, are the only ones that may be turned. */
static void what_is_bent_proves_nothing(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *text = proof_of(&b, 73, NULL);
    size_t length = strlen(text);
    for (size_t i = 0; i + 4 < length; i++) {
        g_autofree char *bent = g_strdup(text);
        bent[i] = bent[i] == 'x' ? 'y' : 'x';
        if (holds(&b, bent, ORIGIN, &b.leaves[73]))
            g_error("bent at %zu it still proves", i);
        bent[i] = '\0';
        g_assert_false(holds(&b, bent, ORIGIN, &b.leaves[73]));
    }
    bench_close(&b);
}

static void what_is_written_otherwise_is_not_read(void)
{
    static const char *const wrong[] = {
        "", "\n", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n", "c2sp.org/tlog-proof@v1\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx\n", "c2sp.org/tlog-proof@v1\nindex -1\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 1234567890123456789\n\nx\n", "c2sp.org/tlog-proof@v1\nindex \n\nx\n",
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx\n", "c2sp.org/tlog-proof@v1\nextra YQ\nindex 0\n\nx\n",
        "c2sp.org/tlog-proof@v1\nextra YQ==\n", "c2sp.org/tlog-proof@v1\nindex 0\nYQ==\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\nx\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(LedgerProof) proof = { 0 };
        if (ledger_proof_read(wrong[i], &proof))
            g_error("read: %s", wrong[i]);
    }
    g_auto(LedgerProof) proof = { 0 };
    g_assert_true(ledger_proof_read("c2sp.org/tlog-proof@v1\nindex 0\n\nx\n", &proof));
    g_assert_cmpstr(proof.checkpoint, ==, "x\n");
}

static void more_hashes_than_a_tree_can_have_are_refused(void)
{
    g_autoptr(GString) text = g_string_new("c2sp.org/tlog-proof@v1\nindex 0\n");
    for (int i = 0; i <= TREE_PROOF; i++)
        g_string_append(text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    g_string_append(text, "\nx\n");
    g_auto(LedgerProof) proof = { 0 };
    g_assert_false(ledger_proof_read(text->str, &proof));
}

/* A QR code must hold the proof, however many witnesses there are. */
static void a_long_proof_loses_witnesses_alone(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *whole = proof_of(&b, 73, NULL);
    g_autoptr(GString) text = g_string_new(whole);
    for (int i = 0; i < 30; i++)
        g_string_append_printf(text, "\xe2\x80\x94 witness%d.example %0128d\n", i, i);
    g_autofree char *some = g_strdup(text->str), *none = g_strdup(text->str), *all = g_strdup(text->str);
    ledger_proof_shorten(some, strlen(whole) + 400);
    g_assert_true(g_str_has_prefix(some, whole) && g_str_has_suffix(some, "1\n")); /* two of them */
    g_assert_true(holds(&b, some, ORIGIN, &b.leaves[73]));
    ledger_proof_shorten(none, 10);
    g_assert_cmpstr(none, ==, whole);
    ledger_proof_shorten(all, text->len);
    g_assert_cmpstr(all, ==, text->str);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/every leaf is proved and no other", every_leaf_is_proved_and_no_other);
    g_test_add_func("/ledger/it is written as the format says", it_is_written_as_the_format_says);
    g_test_add_func("/ledger/what is bent proves nothing", what_is_bent_proves_nothing);
    g_test_add_func("/ledger/what is written otherwise is not read", what_is_written_otherwise_is_not_read);
    g_test_add_func("/ledger/more hashes than a tree can have are refused", more_hashes_than_a_tree_can_have_are_refused);
    g_test_add_func("/ledger/a long proof loses witnesses alone", a_long_proof_loses_witnesses_alone);
    return g_test_run();
}
