// SPDX-License-Identifier: Apache-2.0
/* The tree's nodes and its edge repeat what the events' leaves make, so that tiles and proofs are at hand. When some
 * are lost they are made again. A row that is there and does not fit is left for verify to name. */
#include "ledger/store.h"

typedef struct Mending {
    Db *db;
    int64_t county;
    TreeHead kept, made;
    int64_t nodes; /* made again */
} Mending;

/* The last event's number and hash, nothing before the first. */
static bool read_last(Db *db, int64_t county, int64_t *number, Hash *hash, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT number, hash FROM event WHERE county = :county AND number > 0 ORDER BY number DESC LIMIT 1",
                                      WITH(db_int("county", county)), error);
    bool found = rows && db_next(rows, error);
    *number = found ? db_column_int(rows, 0) : 0;
    return rows && !db_failed(rows) && (!found || ledger_hashes(rows, 1, hash, 1) == 1 || fault(error, "the last event has no hash"));
}

/* Is each node there that so many leaves make? A node too many stands for none that is missing. */
static bool count_nodes(Db *db, int64_t county, int64_t leaves, bool *whole, GError **error)
{
    bool found;
    int64_t count = 0, level = 1;
    *whole = true;
    for (int64_t wanted = leaves >> TILE_HEIGHT; *whole && wanted; wanted >>= TILE_HEIGHT, level++) {
        if (!db_integer(db, "/* all rows */ SELECT COUNT(*) FROM ledger_node WHERE county = :county AND level = :level AND number >= 0"
                            " AND number < :wanted",
                        WITH(db_int("county", county), db_int("level", level), db_int("wanted", wanted)), &count, &found, error))
            return false;
        *whole = count == wanted;
    }
    return true;
}

static bool keep_missing(void *data, int level, int64_t number, const Hash *node, GError **error)
{
    int64_t changed;
    Mending *self = data;
    if (!db_change(self->db,
            "INSERT INTO ledger_node (county, level, number, hash) VALUES (:county, :level, :number, :hash)"
            " ON CONFLICT (county, level, number) DO NOTHING",
            WITH(db_int("county", self->county), db_int("level", level), db_int("number", number),
                 db_bytes("hash", node, HASH_BYTES)), &changed, error))
        return false;
    self->nodes += changed;
    return true;
}

static bool grow(Mending *self, GError **error)
{
    g_autoptr(DbRows) rows = db_query(self->db, "/* all rows */ SELECT leaf FROM event WHERE county = :county ORDER BY number",
                                      WITH(db_int("county", self->county)), error);
    while (rows && db_next(rows, error)) {
        Hash leaf;
        if (ledger_hashes(rows, 0, &leaf, 1) != 1)
            return fault(error, "event %" PRId64 " has no leaf", self->made.tree.size + 1);
        if (!tree_add(&self->made.tree, &leaf, keep_missing, self, error))
            return false;
    }
    return rows && !db_failed(rows);
}

static bool mend(Mending *self, int64_t size, GError **error)
{
    if (!grow(self, error))
        return false;
    bool had_edge = self->kept.tree.size > 0;
    if (self->made.tree.size != size || (had_edge && !tree_edge_equal(&self->kept.tree, &self->made.tree)))
        return refuse(error, CONFLICT, "ledger.events_lost", NULL);
    g_message("the ledger's tree was not whole: %" PRId64 " nodes%s were made again of %" PRId64 " events", self->nodes,
              had_edge ? "" : " and the edge", size);
    return had_edge || ledger_write_edge(self->db, self->county, &self->made, error);
}

bool ledger_mend(const Context *context, GError **error)
{
    int64_t size;
    bool whole;
    Mending self = { .db = context->db, .county = context->county };
    if (!read_last(self.db, self.county, &size, &self.made.hash, error) ||
        !ledger_read_edge(self.db, self.county, &self.kept, error) || !count_nodes(self.db, self.county, size, &whole, error))
        return false;
    const TreeHead *kept = &self.kept;
    if (kept->tree.size > 0 && (kept->tree.size != size || !hash_equal(&kept->hash, &self.made.hash)))
        return refuse(error, CONFLICT, "ledger.events_lost", NULL);
    return (whole && kept->tree.size == size) || mend(&self, size, error);
}
