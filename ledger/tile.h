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
