// SPDX-License-Identifier: Apache-2.0
/* A new log after events that were public are lost: under a new name and a new key, so that nobody takes it for the old
 * one gone back, and with an event that says what was lost. Each step leaves what the one before has done, so that all
 * can be begun again after an interruption: the copy of the old checkpoint, the key, the event, and last that the old
 * checkpoint is no longer what this ledger is held against. */
#include "ledger/key.h"
#include "ledger/published.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ---- what was lost ---- */

/* A log is lost that this database does not go on with, or whose key is not here any more. */
static bool is_lost(Db *db, int64_t county, const char *address, const Checkpoint *published, bool *lost, GError **error)
{
    g_auto(KeyRing) ring = { 0 };
    g_autoptr(GError) why = NULL;
    g_autofree char *file = g_strconcat(address, ".key", NULL);
    *lost = true;
    if (published_holds(published, db, county, &why))
        *lost = published->note != NULL;
    else if (trouble_status(why) != CONFLICT)
        return g_propagate_error(error, g_steal_pointer(&why)), false;
    if (why || !key_ring_read(file, &ring, error))
        return why != NULL;
    *lost = *lost && !key_ring_vouches(&ring, published);
    return true;
}

/* The number under which this checkpoint is kept already, or the next that is free; the name of the first log lost. */
static int64_t place_of(const char *address, const char *note, char **first_origin)
{
    for (int64_t number = 1;; number++) {
        g_autofree char *file = published_lost_file(address, number), *kept = NULL;
        if (!g_file_get_contents(file, &kept, NULL, NULL))
            return number;
        if (number == 1)
            *first_origin = g_strndup(kept, strcspn(kept, "\n"));
        if (strcmp(kept, note) == 0)
            return number;
    }
}

/* ---- beginning again ---- */

/* The old key signs no more, but is not thrown away either. */
static bool set_key_aside(const char *file, int64_t number, GError **error)
{
    g_autofree char *aside = g_strdup_printf("%s.%" PRId64, file, number);
    return link(file, aside) == 0 || errno == EEXIST || errno == ENOENT || fault(error, "%s: %s", aside, g_strerror(errno));
}

static bool change_key(const char *address, int64_t number, const char *name, GError **error)
{
    g_auto(KeyRing) ring = { 0 }, new = { .count = 1 };
    g_autofree char *file = g_strconcat(address, ".key", NULL);
    if (!key_ring_read(file, &ring, error))
        return false;
    if (ring.count > 0 && strcmp(ring.keys[0].verifier.name, name) == 0)
        return true;
    return set_key_aside(file, number, error) && key_draw(name, &new.keys[0], error) && key_ring_write(file, &new, error);
}

static bool record(const Context *context, const Checkpoint *lost, const char *name, GError **error)
{
    g_autofree char *subject = g_strdup_printf("lost/%s/%" PRId64, lost->origin, lost->size);
    g_autoptr(json_t) told = json_pack("{s:s, s:s}", "checkpoint", lost->note, "name", name);
    g_autofree char *payload = json_canonical(told);
    return ledger_append_once(context, subject, LEDGER_RENEWED, true, payload, NULL, error);
}

bool ledger_renew(const Context *context, const char *address, GError **error)
{
    bool lost = false;
    g_auto(Checkpoint) published = { 0 };
    g_autofree char *file = published_file(address), *first = NULL;
    if (!checkpoint_load(file, NULL, &published, error) ||
        !is_lost(context->db, context->county, address, &published, &lost, error))
        return false;
    if (!lost)
        return refuse(error, CONFLICT, "ledger.nothing_lost", NULL);
    int64_t number = place_of(address, published.note, &first);
    g_autofree char *name = g_strdup_printf("%s/%" PRId64, first ? first : published.origin, number + 1);
    g_autofree char *kept = published_lost_file(address, number);
    return file_replace(kept, published.note, 0644, error) && change_key(address, number, name, error) &&
           record(context, &published, name, error);
}

bool ledger_renew_end(const char *address, GError **error)
{
    g_autofree char *file = published_file(address);
    return file_remove(file, error);
}
