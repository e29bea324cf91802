// SPDX-License-Identifier: Apache-2.0
#include "ledger/walk.h"

/* Is a tile of the level complete with entry `end` - 1, or cut off by the end of the tree? */
static bool is_due(int level, int64_t end, int64_t size, Tile *out)
{
    int shift = level > 0 ? TILE_HEIGHT * level : 0;
    int64_t nodes = end >> shift;
    int part = (int)(nodes % TILE_WIDTH);
    bool full = part == 0 && nodes << shift == end;
    *out = (Tile){ level, (nodes - 1) / TILE_WIDTH, full ? TILE_WIDTH : part };
    return full || (end == size && part > 0);
}

bool tile_walk(TileWalk *self, Tile *out)
{
    while (self->begin < self->size) {
        int64_t end = MIN(self->begin + TILE_WIDTH, self->size);
        int level = self->level++;
        if (is_due(level, end, self->size, out))
            return true;
        if (self->level < TILE_LEVELS)
            continue;
        self->begin = end;
        self->level = TILE_ENTRIES;
    }
    return false;
}
