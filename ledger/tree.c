// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree.h"

#include <string.h>

/* ---- hashing: a first byte keeps leaves and nodes apart ---- */

void tree_leaf(const void *data, size_t length, Hash *out)
{
    hash_parts((const HashPart[]){ { "\0", 1 }, { data, length } }, 2, out);
}

void tree_node(const Hash *left, const Hash *right, Hash *out)
{
    hash_parts((const HashPart[]){ { "\1", 1 }, { left, sizeof *left }, { right, sizeof *right } }, 3, out);
}

/* ---- growing ---- */

/* While the last two peaks are of one height they become one of the next. */
bool tree_add(TreeEdge *self, const Hash *leaf, TreeKeep *keep, void *data, GError **error)
{
    int height = 0;
    self->peaks[self->count++] = *leaf;
    for (; self->size >> height & 1; height++) {
        Hash *left = &self->peaks[self->count - 2];
        tree_node(left, left + 1, left);
        self->count--;
        bool is_kept = (height + 1) % TILE_HEIGHT == 0;
        if (is_kept && !keep(data, (height + 1) / TILE_HEIGHT, self->size >> (height + 1), left, error))
            return false;
    }
    self->size++;
    return true;
}

bool tree_edge_equal(const TreeEdge *a, const TreeEdge *b)
{
    return a->size == b->size && a->count == b->count && memcmp(a->peaks, b->peaks, a->count * HASH_BYTES) == 0;
}

/* Joins the roots of whole subtrees from the right. */
static void join(const Hash *peaks, size_t count, Hash *out)
{
    *out = peaks[count - 1];
    for (size_t i = count - 1; i > 0; i--)
        tree_node(&peaks[i - 1], out, out);
}

void tree_root(const TreeEdge *self, Hash *out)
{
    if (self->count)
        join(self->peaks, self->count, out);
    else
        hash_parts(NULL, 0, out);
}

/* ---- roots of parts ---- */

static int height_of(int64_t size)
{
    int height = 0;
    while ((int64_t)1 << (height + 1) <= size)
        height++;
    return height;
}

/* The root of a whole subtree: 2^height leaves from `begin`, which it divides. Read at the highest level kept, then
 * folded pair by pair. */
static bool whole_root(const TreeNodes *nodes, int64_t begin, int height, Hash *out, GError **error)
{
    Hash row[TILE_WIDTH];
    int level = height / TILE_HEIGHT;
    size_t count = (size_t)1 << (height - level * TILE_HEIGHT);
    if (!nodes->read(nodes->data, level, begin >> (level * TILE_HEIGHT), count, row, error))
        return false;
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            tree_node(&row[2 * i], &row[2 * i + 1], &row[i]);
    *out = row[0];
    return true;
}

/* The root of the leaves begin <= i < end: whole subtrees from left to right, joined from the right. */
static bool part_root(const TreeNodes *nodes, int64_t begin, int64_t end, Hash *out, GError **error)
{
    Hash peaks[TREE_PEAKS];
    size_t count = 0;
    while (begin < end) {
        int height = height_of(end - begin);
        if (!whole_root(nodes, begin, height, &peaks[count++], error))
            return false;
        begin += (int64_t)1 << height;
    }
    join(peaks, count, out);
    return true;
}

bool tree_root_at(const TreeNodes *nodes, int64_t size, Hash *out, GError **error)
{
    TreeEdge empty = { 0 };
    if (size > 0)
        return part_root(nodes, 0, size, out, error);
    tree_root(&empty, out);
    return true;
}

/* ---- proofs ---- */

/* The leaf at which a tree is cut in two: the largest power of two below its size. */
static int64_t cut_of(int64_t size)
{
    return (int64_t)1 << height_of(size - 1);
}

/* The other half at each cut; a proof lists them from the leaf up, so backwards. */
typedef struct Range {
    int64_t begin, end;
} Range;

/* Cuts the part down to one of its halves and tells the other. */
static Range halve(Range *part, int64_t leaf)
{
    int64_t middle = part->begin + cut_of(part->end - part->begin);
    Range left = { part->begin, middle }, right = { middle, part->end };
    *part = leaf < middle ? left : right;
    return leaf < middle ? right : left;
}

static bool add_ranges(const TreeNodes *nodes, const Range *ranges, size_t count, TreeProof *out, GError **error)
{
    out->count = 0;
    for (size_t i = count; i > 0; i--)
        if (!part_root(nodes, ranges[i - 1].begin, ranges[i - 1].end, &out->hashes[out->count++], error))
            return false;
    return true;
}

bool tree_inclusion(const TreeNodes *nodes, int64_t index, int64_t size, TreeProof *out, GError **error)
{
    Range others[TREE_PROOF];
    size_t count = 0;
    for (Range part = { 0, size }; part.end - part.begin > 1;)
        others[count++] = halve(&part, index);
    return add_ranges(nodes, others, count, out, error);
}

/* The walk goes down to the last whole subtree of the old tree, which is told too unless it is the old tree itself. */
bool tree_consistency(const TreeNodes *nodes, int64_t from, int64_t to, TreeProof *out, GError **error)
{
    Range others[TREE_PROOF];
    size_t count = 0;
    Range part = { 0, to };
    while (part.end != from)
        others[count++] = halve(&part, from - 1);
    if (part.begin > 0)
        others[count++] = part;
    return add_ranges(nodes, others, count, out, error);
}

/* ---- judging ---- */

bool tree_proves_inclusion(const Hash *leaf, int64_t index, int64_t size, const TreeProof *proof, const Hash *root)
{
    if (index < 0 || index >= size)
        return false;
    Hash at = *leaf;
    int64_t place = index, last = size - 1;
    for (size_t i = 0; i < proof->count; i++, place >>= 1, last >>= 1) {
        if (last == 0)
            return false;
        bool right = (place & 1) || place == last;
        tree_node(right ? &proof->hashes[i] : &at, right ? &at : &proof->hashes[i], &at);
        while (right && !(place & 1) && place) {
            place >>= 1;
            last >>= 1;
        }
    }
    return last == 0 && hash_equal(&at, root);
}
