// SPDX-License-Identifier: Apache-2.0
/* The hash tree against the roots that Certificate Transparency publishes for its eight sample leaves, and
 * against a tree made straight from the definition. */
#include "ledger/tree.h"

#include <string.h>

/* ---- from the definition ---- */

static void root_by_definition(const Hash *leaves, size_t size, Hash *out)
{
    size_t cut = 1;
    Hash left, right;
    if (size == 1) {
        *out = leaves[0];
        return;
    }
    while (cut * 2 < size)
        cut *= 2;
    root_by_definition(leaves, cut, &left);
    root_by_definition(leaves + cut, size - cut, &right);
    tree_node(&left, &right, out);
}

/* ---- a tree in memory ---- */

enum { LEVELS = 3, MOST = 70000 };

typedef struct Grove {
    TreeEdge edge;
    GArray *levels[LEVELS]; /* of Hash */
    unsigned reads;
} Grove;

static bool keep_node(void *data, int level, int64_t number, const Hash *node, GError **error)
{
    Grove *grove = data;
    (void)error;
    g_assert_cmpint(level, <, LEVELS);
    g_assert_cmpint(number, ==, grove->levels[level]->len); /* in order, without gap */
    g_array_append_val(grove->levels[level], *node);
    return true;
}

static bool read_nodes(void *data, int level, int64_t first, size_t count, Hash *out, GError **error)
{
    Grove *grove = data;
    (void)error;
    grove->reads++;
    g_assert_cmpint(level, <, LEVELS);
    g_assert_cmpint(first + (int64_t)count, <=, grove->levels[level]->len);
    memcpy(out, &g_array_index(grove->levels[level], Hash, first), count * sizeof *out);
    return true;
}

static void plant(Grove *grove, size_t size)
{
    *grove = (Grove){ 0 };
    for (int i = 0; i < LEVELS; i++)
        grove->levels[i] = g_array_new(FALSE, FALSE, sizeof(Hash));
    for (uint32_t i = 0; i < size; i++) {
        Hash leaf;
        tree_leaf(&i, sizeof i, &leaf);
        g_array_append_val(grove->levels[0], leaf);
        g_assert_true(tree_add(&grove->edge, &leaf, keep_node, grove, NULL));
    }
}

static void fell(Grove *grove)
{
    for (int i = 0; i < LEVELS; i++)
        g_array_unref(grove->levels[i]);
}

static const Hash *leaf_at(const Grove *grove, int64_t index)
{
    return &g_array_index(grove->levels[0], Hash, index);
}

/* ---- tests ---- */

static void the_published_roots_hold(void)
{
    static const struct { const char *leaf; size_t length; const char *root; } vectors[] = {
        { "", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
        { "\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
        { "\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
        { "\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
        { "\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
        { "\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
        { "\x50\x51\x52\x53\x54\x55\x56\x57", 8, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
        { "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
    };
    TreeEdge edge = { 0 };
    Hash leaf, root;
    tree_root(&edge, &root);
    g_autofree char *empty = text_hex(root.bytes, HASH_BYTES);
    g_assert_cmpstr(empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        tree_leaf(vectors[i].leaf, vectors[i].length, &leaf);
        tree_add(&edge, &leaf, keep_node, NULL, NULL);
        tree_root(&edge, &root);
        g_autofree char *hex = text_hex(root.bytes, HASH_BYTES);
        g_assert_cmpstr(hex, ==, vectors[i].root);
    }
}

static void the_edge_and_the_nodes_tell_the_same_root(void)
{
    static const size_t sizes[] = { 1, 2, 3, 255, 256, 257, 511, 513, 1000, 65535, 65536, 65537, MOST };
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Grove grove;
        Hash defined, edge, nodes;
        plant(&grove, sizes[i]);
        root_by_definition(leaf_at(&grove, 0), sizes[i], &defined);
        tree_root(&grove.edge, &edge);
        g_assert_true(tree_root_at(&(TreeNodes){ read_nodes, &grove }, (int64_t)sizes[i], &nodes, NULL));
        g_assert_true(memcmp(&edge, &defined, sizeof edge) == 0);
        g_assert_true(memcmp(&nodes, &defined, sizeof nodes) == 0);
        fell(&grove);
    }
}

/* A proof that is bent anywhere proves nothing. */
static void assert_bent_ones_fail(TreeProof *proof, const Hash *leaf, int64_t index, int64_t size, const Hash *root)
{
    for (size_t i = 0; i < proof->count; i++) {
        proof->hashes[i].bytes[i % HASH_BYTES] ^= 1;
        g_assert_false(tree_proves_inclusion(leaf, index, size, proof, root));
        proof->hashes[i].bytes[i % HASH_BYTES] ^= 1;
    }
    g_assert_false(tree_proves_inclusion(leaf, index ^ 1, size, proof, root));
    proof->count++;
    g_assert_false(tree_proves_inclusion(leaf, index, size, proof, root));
    proof->count--;
    if (proof->count) {
        proof->count--;
        g_assert_false(tree_proves_inclusion(leaf, index, size, proof, root));
        proof->count++;
    }
}

static void every_leaf_of_every_small_tree_is_proved(void)
{
    enum { SMALL = 70 };
    Grove grove;
    TreeProof proof;
    plant(&grove, SMALL);
    const TreeNodes nodes = { read_nodes, &grove };
    for (int64_t size = 1; size <= SMALL; size++) {
        Hash root;
        tree_root_at(&nodes, size, &root, NULL);
        for (int64_t index = 0; index < size; index++) {
            g_assert_true(tree_inclusion(&nodes, index, size, &proof, NULL));
            g_assert_true(tree_proves_inclusion(leaf_at(&grove, index), index, size, &proof, &root));
            assert_bent_ones_fail(&proof, leaf_at(&grove, index), index, size, &root);
        }
        g_assert_false(tree_proves_inclusion(leaf_at(&grove, 0), size, size, &proof, &root));
        g_assert_false(tree_proves_inclusion(leaf_at(&grove, 0), -1, size, &proof, &root));
    }
    fell(&grove);
}

static bool is_same(const Hash *a, const Hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

/* Both roots are made from the same hashes, the old one from those to its left alone. */
static bool makes_both(int64_t place, int64_t last, const Hash *hashes, size_t count, const Hash *first, Hash *old_root,
                       Hash *new_root)
{
    *old_root = *new_root = *first;
    for (size_t i = 0; i < count; i++, place >>= 1, last >>= 1) {
        if (last == 0)
            return false;
        bool right = (place & 1) || place == last;
        if (right)
            tree_node(&hashes[i], old_root, old_root);
        tree_node(right ? &hashes[i] : new_root, right ? new_root : &hashes[i], new_root);
        while (right && !(place & 1) && place) {
            place >>= 1;
            last >>= 1;
        }
    }
    return last == 0;
}

/* RFC 9162 2.1.4.2, as an examiner outside does it. */
static bool proves_consistency(int64_t from, int64_t to, const TreeProof *proof, const Hash *old_root, const Hash *new_root)
{
    Hash old_made, new_made;
    if (from < 1 || to < from)
        return false;
    if (from == to)
        return proof->count == 0 && is_same(old_root, new_root);
    bool whole = (from & (from - 1)) == 0; /* the old tree is itself a subtree: not told */
    if (!whole && !proof->count)
        return false;
    int64_t place = from - 1, last = to - 1;
    while (place & 1) {
        place >>= 1;
        last >>= 1;
    }
    const Hash *first = whole ? old_root : &proof->hashes[0];
    return makes_both(place, last, proof->hashes + !whole, proof->count - !whole, first, &old_made, &new_made) &&
           is_same(&old_made, old_root) && is_same(&new_made, new_root);
}

static void every_small_tree_is_the_beginning_of_the_larger(void)
{
    enum { SMALL = 70 };
    Grove grove;
    TreeProof proof;
    plant(&grove, SMALL);
    const TreeNodes nodes = { read_nodes, &grove };
    for (int64_t to = 1; to <= SMALL; to++)
        for (int64_t from = 1; from <= to; from++) {
            Hash old_root, new_root;
            tree_root_at(&nodes, from, &old_root, NULL);
            tree_root_at(&nodes, to, &new_root, NULL);
            g_assert_true(tree_consistency(&nodes, from, to, &proof, NULL));
            g_assert_true(proves_consistency(from, to, &proof, &old_root, &new_root));
            old_root.bytes[0] ^= 1;
            g_assert_false(proves_consistency(from, to, &proof, &old_root, &new_root));
            old_root.bytes[0] ^= 1;
            new_root.bytes[31] ^= 1;
            g_assert_false(proves_consistency(from, to, &proof, &old_root, &new_root));
        }
    fell(&grove);
}

static void a_proof_in_a_large_tree_reads_little(void)
{
    static const int64_t indexes[] = { 0, 1, 255, 256, 40000, 65535, 65536, MOST - 1 };
    Grove grove;
    Hash root;
    TreeProof proof;
    plant(&grove, MOST);
    const TreeNodes nodes = { read_nodes, &grove };
    tree_root(&grove.edge, &root);
    for (size_t i = 0; i < G_N_ELEMENTS(indexes); i++) {
        grove.reads = 0;
        g_assert_true(tree_inclusion(&nodes, indexes[i], MOST, &proof, NULL));
        g_assert_cmpuint(grove.reads, <=, 40);
        g_assert_true(tree_proves_inclusion(leaf_at(&grove, indexes[i]), indexes[i], MOST, &proof, &root));
    }
    fell(&grove);
}

/* RFC 4231 section 4.3. */
static void the_published_keyed_hash_holds(void)
{
    Hash hash;
    static const char text[] = "what do ya want for nothing?";
    hash_keyed("Jefe", 4, text, sizeof text - 1, &hash);
    g_autofree char *hex = text_hex(&hash, sizeof hash);
    g_assert_cmpstr(hex, ==, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tree/the published roots hold", the_published_roots_hold);
    g_test_add_func("/tree/the published keyed hash holds", the_published_keyed_hash_holds);
    g_test_add_func("/tree/the edge and the nodes tell the same root", the_edge_and_the_nodes_tell_the_same_root);
    g_test_add_func("/tree/every leaf of every small tree is proved", every_leaf_of_every_small_tree_is_proved);
    g_test_add_func("/tree/every small tree is the beginning of the larger", every_small_tree_is_the_beginning_of_the_larger);
    g_test_add_func("/tree/a proof in a large tree reads little", a_proof_in_a_large_tree_reads_little);
    return g_test_run();
}
