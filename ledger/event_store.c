// SPDX-License-Identifier: Apache-2.0
/* One event as outsiders see it. */
#include "ledger/store.h"

#include <string.h>

enum { SALT_GROUP = 4 };

void recorded_clear(Recorded *self)
{
    g_clear_pointer(&self->leaf, g_free);
    g_clear_pointer(&self->salt, g_free);
}

/* People can type it so: 3f9a 0c71 … */
static char *grouped_salt(const Salt *salt)
{
    g_autofree char *hex = text_hex(salt->bytes, SALT_BYTES);
    g_autoptr(GString) grouped = g_string_new(NULL);
    for (size_t i = 0; hex[i]; i += SALT_GROUP)
        g_string_append_printf(grouped, "%s%.*s", i ? " " : "", SALT_GROUP, hex + i);
    return g_string_free(g_steal_pointer(&grouped), FALSE);
}

static void read_row(int64_t county, const DbRows *rows, Recorded *out)
{
    Salt salt;
    Hash commitment = { { 0 } }, made;
    Event event = ledger_event_of(rows);
    ledger_hashes(rows, LEDGER_HASHES, &commitment, 1);
    *out = (Recorded){ .number = event.number, .at = event.at, .leaf = leaf_text(county, &event, &commitment), .is_bound = true };
    tree_leaf(out->leaf, strlen(out->leaf), &out->hash);
    if (ledger_salt_of(rows, EVENT_COLUMN_COUNT, &salt) != FOUND_SALT)
        return;
    leaf_commitment(&salt, &event, &made);
    out->is_bound = hash_equal(&made, &commitment);
    out->salt = grouped_salt(&salt);
}

bool recorded_load(Db *db, int64_t county, int64_t number, Recorded *out, GError **error)
{
    *out = (Recorded){ 0 };
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT " EVENT_COLUMNS ", (SELECT salt FROM ledger_salt WHERE ledger_salt.county = :county"
        " AND ledger_salt.subject = event.subject"
        " AND since <= sequence ORDER BY since DESC LIMIT 1)"
        " FROM event WHERE county = :county AND number = :number",
        WITH(db_int("county", county), db_int("number", number)), error);
    if (!rows)
        return false;
    if (!db_next(rows, error))
        return !db_failed(rows) && refuse(error, NOT_FOUND, "ledger.no_event", NULL);
    read_row(county, rows, out);
    return true;
}

bool recorded_of_subject(Db *db, int64_t county, const char *subject, int64_t sequence, Recorded *out, GError **error)
{
    bool found;
    int64_t number = 0;
    *out = (Recorded){ 0 };
    return db_integer(db, "SELECT number FROM event WHERE county = :county AND subject = :subject AND sequence = :sequence",
                      WITH(db_int("county", county), db_text("subject", subject), db_int("sequence", sequence)), &number,
                      &found, error) &&
           recorded_load(db, county, number, out, error);
}
