// SPDX-License-Identifier: Apache-2.0
#include "ledger/published.h"
#include "ledger/note.h"

#include <string.h>
#include <sys/stat.h>

void published_clear(Published *self)
{
    g_clear_pointer(&self->note, g_free);
    g_clear_pointer(&self->origin, g_free);
}

char *published_file(const char *address)
{
    return g_strconcat(address, ".checkpoint", NULL);
}

char *published_lost_file(const char *address, int64_t number)
{
    return g_strdup_printf("%s.checkpoint.%" PRId64, address, number);
}

static Day written_on(const char *file)
{
    struct stat about;
    return stat(file, &about) == 0 ? day_of((Instant)about.st_mtime * 1000) : DAY_NONE;
}

bool published_read(const char *file, Published *out, GError **error)
{
    g_autoptr(GError) why = NULL;
    *out = (Published){ 0 };
    if (!g_file_get_contents(file, &out->note, NULL, &why))
        return g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT) || fault(error, "%s", why->message);
    out->origin = g_strndup(out->note, strcspn(out->note, "\n"));
    out->day = written_on(file);
    return (strstr(out->note, "\n\n") && checkpoint_read(out->note, out->origin, &out->size, &out->root)) ||
           refuse(error, CONFLICT, "ledger.checkpoint_form", "file", file, NULL);
}

/* ---- held against the ledger ---- */

static bool is_other(const Published *self, const char *reason, int64_t has, GError **error)
{
    char day[DAY_TEXT];
    g_autofree char *published = g_strdup_printf("%" PRId64, self->size), *there = g_strdup_printf("%" PRId64, has);
    return refuse(error, CONFLICT, reason, "published", published, "day", day_text(self->day, day), "has", there, NULL);
}

bool published_holds(const Published *self, Db *db, int64_t county, GError **error)
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

bool published_vouched(const Published *self, const KeyRing *ring, const char *file, GError **error)
{
    return !self->note || key_ring_vouches(ring, self->origin, self->note) ||
           refuse(error, CONFLICT, "ledger.other_key", "file", file, "origin", self->origin, NULL);
}

/* The file first: a running centre may publish between the two looks, and never less than the database has. */
bool ledger_goes_on(Db *db, int64_t county, const char *address, GError **error)
{
    g_auto(KeyRing) ring = { 0 };
    g_auto(Published) published = { 0 };
    g_autofree char *file = published_file(address), *keys = g_strconcat(address, ".key", NULL);
    if (!published_read(file, &published, error) || !published_holds(&published, db, county, error))
        return false;
    bool has_keys = key_ring_read(keys, &ring, NULL) && ring.count > 0;
    return !has_keys || published_vouched(&published, &ring, file, error);
}
