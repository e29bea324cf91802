// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile.h"

#include <string.h>

static bool read_level(const char *text, int *level)
{
    *level = TILE_ENTRIES;
    if (strcmp(text, "entries") == 0)
        return true;
    *level = text[0] - '0';
    return text[0] && !text[1] && *level >= 0 && *level < TILE_LEVELS;
}

static bool are_digits(const char *text, size_t count)
{
    return strlen(text) == count && strspn(text, "0123456789") == count;
}

/* Groups of three digits, an x before each but the last, no idle group at the front. */
static bool read_index(char **groups, size_t count, int64_t *index)
{
    enum { GROUPS = 5 };
    *index = 0;
    if (count < 1 || count > GROUPS || (count > 1 && strcmp(groups[0], "x000") == 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        const char *digits = groups[i] + (last || groups[i][0] != 'x' ? 0 : 1);
        if ((!last && groups[i][0] != 'x') || !are_digits(digits, 3))
            return false;
        *index = *index * 1000 + g_ascii_strtoll(digits, NULL, 10);
    }
    return true;
}

static bool read_width(const char *text, int *width)
{
    size_t length = strlen(text);
    if (length < 1 || length > 3 || !are_digits(text, length) || text[0] == '0')
        return false;
    *width = (int)g_ascii_strtoll(text, NULL, 10);
    return *width < TILE_WIDTH;
}

bool tile_read(const char *path, Tile *out)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    size_t count = g_strv_length(parts);
    *out = (Tile){ .width = TILE_WIDTH };
    if (count < 2 || !read_level(parts[0], &out->level))
        return false;
    char *before = count > 2 ? strstr(parts[count - 2], ".p") : NULL;
    if (before && !before[2]) { /* "067.p/12" */
        *before = '\0';
        if (!read_width(parts[--count], &out->width))
            return false;
    }
    return read_index(parts + 1, count - 1, &out->index);
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
