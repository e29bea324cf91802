// SPDX-License-Identifier: Apache-2.0
#include "ledger/published.h"
#include "ledger/note.h"

#include <string.h>
#include <sys/stat.h>

char *published_file(const char *address)
{
    return g_strconcat(address, ".checkpoint", NULL);
}

char *published_lost_file(const char *address, int64_t number)
{
    return g_strdup_printf("%s.checkpoint.%" PRId64, address, number);
}

bool checkpoint_load(const char *file, const char *origin, Checkpoint *out, GError **error)
{
    struct stat about;
    g_autofree char *note = NULL;
    *out = (Checkpoint){ .day = DAY_NONE };
    if (!file_read(file, &note, error))
        return false;
    if (!note)
        return true;
    bool fits = checkpoint_of(note, out) && (!origin || strcmp(out->origin, origin) == 0);
    out->day = stat(file, &about) == 0 ? day_of((Instant)about.st_mtime * 1000) : DAY_NONE;
    return fits || refuse(error, CONFLICT, origin ? "ledger.seen_damaged" : "ledger.checkpoint_form", "file", file, "name",
                          out->origin, NULL);
}

/* ---- held against the ledger ---- */

static bool is_other(const Checkpoint *self, const char *reason, int64_t has, GError **error)
{
    char day[DAY_TEXT];
    return refuse(error, CONFLICT, reason, "published", DECIMAL(self->size), "day", day_text(self->day, day), "has",
                  DECIMAL(has), NULL);
}

bool published_holds(const Checkpoint *self, Db *db, int64_t county, GError **error)
{
    Hash root;
    TreeEdge edge;
    LedgerNodes nodes = { db, county };
    if (!self->note)
        return true;
    if (!ledger_edge(db, county, &edge, error))
        return false;
    if (edge.size < self->size)
        return is_other(self, "ledger.went_back", edge.size, error);
    if (edge.size == self->size)
        tree_root(&edge, &root);
    else if (!tree_root_at(&(TreeNodes){ ledger_read_nodes, &nodes }, self->size, &root, error))
        return false;
    return hash_equal(&root, &self->root) || is_other(self, "ledger.other_past", edge.size, error);
}

/* An edge that is lost is made again when the county is opened, and held against it then. */
bool ledger_has_not_gone_back(Db *db, int64_t county, const char *address, GError **error)
{
    TreeEdge edge;
    g_auto(KeyRing) ring = { 0 };
    g_auto(Checkpoint) published = { 0 };
    g_autofree char *file = published_file(address), *keys = g_strconcat(address, ".key", NULL);
    if (!key_ring_read(keys, &ring, error) || !checkpoint_load(file, NULL, &published, error) || !ledger_edge(db, county, &edge, error))
        return false;
    return !published.note || !edge.size || edge.size >= published.size || is_other(&published, "ledger.went_back", edge.size, error);
}

bool published_vouched(const Checkpoint *self, const KeyRing *ring, const char *file, GError **error)
{
    return !self->note || key_ring_vouches(ring, self) ||
           refuse(error, CONFLICT, "ledger.other_key", "file", file, "origin", self->origin, NULL);
}

/* The file first: a running centre may publish between the two looks, and never less than the database has. */
bool ledger_goes_on(Db *db, int64_t county, const char *address, GError **error)
{
    g_auto(KeyRing) ring = { 0 };
    g_auto(Checkpoint) published = { 0 };
    g_autofree char *file = published_file(address), *keys = g_strconcat(address, ".key", NULL);
    if (!checkpoint_load(file, NULL, &published, error) || !published_holds(&published, db, county, error))
        return false;
    bool has_keys = key_ring_read(keys, &ring, NULL) && ring.count > 0;
    return !has_keys || published_vouched(&published, &ring, file, error);
}
