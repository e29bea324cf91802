// SPDX-License-Identifier: Apache-2.0
/* The hash tree over a county's public leaves, as RFC 9162 section 2.1 has it, with SHA-256. Pure: where
 * nodes are kept is told by a function. Leaves are numbered from 0 here; event N of the ledger is leaf N - 1.
 *
 * Nodes are kept as C2SP tlog-tiles cuts the tree: level 0 are the leaves, a node of level L + 1 is the
 * root of 256 whole nodes of level L beside each other. All others are computed from these. */
#pragma once

#include "base/base.h"

enum {
    TILE_HEIGHT = 8,
    TILE_WIDTH = 1 << TILE_HEIGHT,
    TREE_PEAKS = 63,
    TREE_PROOF = 2 * 63, /* hashes in a proof at the most */
};

void tree_leaf(const void *data, size_t length, Hash *out);
void tree_node(const Hash *left, const Hash *right, Hash *out);

/* ---- growing ---- */

/* The right edge (右缘): the roots of the whole subtrees that a tree of `size` leaves falls into, the
 * largest first. All a tree needs to grow and to tell its root. */
typedef struct TreeEdge {
    int64_t size;
    size_t count;
    Hash peaks[TREE_PEAKS];
} TreeEdge;

/* Receives each node of level 1 and more that a new leaf completes: its level and its number in it. */
typedef bool TreeKeep(void *data, int level, int64_t number, const Hash *node, GError **error);
/* Adds a leaf: one hash for each pair it completes, one on average. */
bool tree_add(TreeEdge *self, const Hash *leaf, TreeKeep *keep, void *data, GError **error);
bool tree_edge_equal(const TreeEdge *a, const TreeEdge *b);
/* SHA-256 of nothing for an empty tree. */
void tree_root(const TreeEdge *self, Hash *out);

/* ---- proofs ---- */

/* The place where nodes are kept: reads `count` (1 to 256) nodes of a level from number `first` on. */
typedef struct TreeNodes {
    bool (*read)(void *data, int level, int64_t first, size_t count, Hash *out, GError **error);
    void *data;
} TreeNodes;

typedef struct TreeProof {
    size_t count;
    Hash hashes[TREE_PROOF];
} TreeProof;

/* Proves that leaf `index` is in the tree of `size` leaves: 0 <= index < size. */
bool tree_inclusion(const TreeNodes *nodes, int64_t index, int64_t size, TreeProof *out, GError **error);
/* Proves that the tree of `from` leaves is the beginning of that of `to`: 0 < from <= to. */
bool tree_consistency(const TreeNodes *nodes, int64_t from, int64_t to, TreeProof *out, GError **error);
/* The root of the first `size` leaves, from the nodes kept. */
bool tree_root_at(const TreeNodes *nodes, int64_t size, Hash *out, GError **error);

/* Does the proof prove it? False for everything that does not fit, however made (RFC 9162 2.1.3.2). */
bool tree_proves_inclusion(const Hash *leaf, int64_t index, int64_t size, const TreeProof *proof, const Hash *root);
