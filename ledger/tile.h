// SPDX-License-Identifier: Apache-2.0
/* Tiles and their addresses, as C2SP tlog-tiles writes them. Pure. */
#pragma once

#include "ledger/tree.h"

enum { TILE_ENTRIES = -1, TILE_LEVELS = 6 };

typedef struct Tile {
    int level;      /* 0 to 5, or TILE_ENTRIES */
    int64_t index;
    int width;      /* 1 to 256; less than 256: the right edge at some size */
} Tile;

/* Reads "0/x001/x234/067", "1/000.p/12", "entries/x001/234": the one way the specification writes an index. */
bool tile_read(const char *path, Tile *out);
/* The address of a tile, as tile_read reads it. Owned by the caller. */
char *tile_path(const Tile *self);

/* The tiles of a tree in the order in which its entries complete them. Begin with { .size = …, .level = TILE_ENTRIES }. */
typedef struct TileWalk {
    int64_t size, begin; /* of the tree; the first entry of the tile of entries that it stands at */
    int level;           /* to look at next */
} TileWalk;

/* Steps to the next tile: entries, their hashes, then the tiles above that are complete with them; at the end those that
 * are not full. False after the last. */
bool tile_walk(TileWalk *self, Tile *out);
