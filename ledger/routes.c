// SPDX-License-Identifier: Apache-2.0
/* The ledger as outsiders read it: C2SP tlog-tiles under /ledger/{county}/, and the checkpoint they hold it against. */
#include "ledger/publisher.h"
#include "ledger/tile.h"

#include <string.h>

static bool is_our_county(const Request *r, GError **error)
{
    return strcmp(DECIMAL(r->context.county), r->path[0]) == 0 || refuse(error, NOT_FOUND, "ledger.no_tile", NULL);
}

/* Takes the text; NULL is passed on. */
static json_t *answer_text(Request *r, char *text, const char *name)
{
    return text ? answer_bytes(r, g_bytes_new_take(text, strlen(text)), "text/plain; charset=utf-8", name, name) : NULL;
}

static json_t *checkpoint(Request *r, GError **error)
{
    return is_our_county(r, error) ? answer_text(r, ledger_checkpoint(&r->context, 0, error), NULL) : NULL;
}

/* Everybody can see where a log ended whose events were lost. */
static json_t *lost(Request *r, GError **error)
{
    int64_t number;
    if (!is_our_county(r, error))
        return NULL;
    if (!note_number(r->path[1], &number))
        return refuse(error, NOT_FOUND, "ledger.no_lost", NULL);
    return answer_text(r, publisher_lost(r->context.publisher, number, error), NULL);
}

/* How many whole nodes a level has in a tree of that size. */
static int64_t nodes_of(int64_t size, int level)
{
    return level > 0 ? size >> (TILE_HEIGHT * level) : size;
}

static bool is_there(const Tile *tile, int64_t size)
{
    return tile->index * TILE_WIDTH + tile->width <= nodes_of(size, tile->level);
}

static GBytes *read_tile(const Request *r, const Tile *tile, GError **error)
{
    g_autofree Hash *hashes = g_new(Hash, (gsize)tile->width);
    if (tile->level == TILE_ENTRIES)
        return ledger_entries(r->context.db, r->context.county, tile->index * TILE_WIDTH, tile->width, error);
    if (!ledger_read_nodes(&(LedgerNodes){ r->context.db, r->context.county }, tile->level, tile->index * TILE_WIDTH, (size_t)tile->width, hashes, error))
        return NULL;
    return g_bytes_new(hashes, (gsize)tile->width * sizeof *hashes);
}

static json_t *tile(Request *r, GError **error)
{
    Tile asked;
    TreeEdge edge;
    if (!is_our_county(r, error) || !ledger_edge(r->context.db, r->context.county, &edge, error))
        return NULL;
    if (!tile_read(r->path[1], &asked) || !is_there(&asked, edge.size))
        return refuse(error, NOT_FOUND, "ledger.no_tile", NULL);
    GBytes *bytes = read_tile(r, &asked, error);
    if (!bytes)
        return NULL;
    if (asked.level == TILE_ENTRIES)
        answer_packed(r);
    answer_for_ever(r); /* the content of a tile of this width never changes */
    return answer_bytes(r, bytes, "application/octet-stream", NULL, false);
}

/* ---- the proof of one event ---- */

static json_t *proof(Request *r, GError **error)
{
    int64_t number;
    if (!is_our_county(r, error))
        return NULL;
    if (!note_number(r->path[1], &number))
        return refuse(error, NOT_FOUND, "ledger.event_number", NULL);
    g_autofree char *name = g_strdup_printf("event-%" PRId64 ".tlog-proof", number);
    return answer_text(r, ledger_proof(&r->context, number, error), name);
}

const Route ledger_routes[] = {
    { "GET", "/ledger/{county}/checkpoint", ANYONE, checkpoint, NULL, NULL, NULL, NULL,
      "The size and root of the county's ledger now, signed (C2SP tlog-checkpoint)" },
    { "GET", "/ledger/{county}/lost/{number}", ANYONE, lost, NULL, NULL, NULL, NULL,
      "The last checkpoint of a log whose events were lost, by its number from 1 on; the log after it has another name" },
    { "GET", "/ledger/{county}/tile/{path...}", ANYONE, tile, NULL, NULL, NULL, NULL,
      "A tile of the ledger's hash tree, or of its public entries (C2SP tlog-tiles)" },
    { "GET", "/ledger/{county}/proof/{number}", ANYONE, proof, NULL, NULL, NULL, NULL,
      "The proof that an event is in the ledger, to be checked without us (C2SP tlog-proof)" },
    { 0 },
};
