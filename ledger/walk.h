// SPDX-License-Identifier: Apache-2.0
/* The tiles of a tree in the order in which its entries complete them. Pure. */
#pragma once

#include "ledger/tile.h"

/* Begin with { .size = …, .level = TILE_ENTRIES }. */
typedef struct TileWalk {
    int64_t size, begin; /* of the tree; the first entry of the tile of entries that it stands at */
    int level;           /* to look at next */
} TileWalk;

/* Steps to the next tile: entries, their hashes, then the tiles above that are complete with them; at the end those that
 * are not full. False after the last. */
bool tile_walk(TileWalk *self, Tile *out);
