// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile.h"

#include <string.h>

/* Reads loosely, and takes what is written the same again. */
bool tile_read(const char *path, Tile *out)
{
    enum { INDEX_DIGITS = 15 };
    const char *at = strchr(path, '/'), *width = strstr(path, ".p/");
    bool entries = g_str_has_prefix(path, "entries/");
    int digits = 0;
    *out = (Tile){ entries ? TILE_ENTRIES : (int)g_ascii_strtoll(path, NULL, 10), 0, TILE_WIDTH };
    for (; at && *at && at != width && digits <= INDEX_DIGITS; at++)
        if (g_ascii_isdigit(*at)) {
            out->index = out->index * 10 + (*at - '0');
            digits++;
        }
    if (width)
        out->width = (int)g_ascii_strtoll(width + strlen(".p/"), NULL, 10);
    g_autofree char *again = tile_path(out);
    return strcmp(again, path) == 0 && out->level < TILE_LEVELS && out->width > 0 && digits <= INDEX_DIGITS;
}

char *tile_path(const Tile *self)
{
    GString *path = g_string_new(NULL);
    g_string_printf(path, "%03" PRId64, self->index % 1000);
    for (int64_t before = self->index / 1000; before > 0; before /= 1000) {
        g_autofree char *group = g_strdup_printf("x%03" PRId64 "/", before % 1000);
        g_string_prepend(path, group);
    }
    g_autofree char *level = self->level == TILE_ENTRIES ? g_strdup("entries/") : g_strdup_printf("%d/", self->level);
    g_string_prepend(path, level);
    if (self->width < TILE_WIDTH)
        g_string_append_printf(path, ".p/%d", self->width);
    return g_string_free(path, FALSE);
}

/* ---- all of a tree ---- */

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
