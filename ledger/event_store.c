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

static bool read_bytes(const DbRows *rows, int column, void *out, size_t length)
{
    size_t found = 0;
    const void *bytes = db_column_bytes(rows, column, &found);
    if (found == length)
        memcpy(out, bytes, length);
    return found == length;
}

static void read_row(int64_t county, const DbRows *rows, Recorded *out)
{
    Salt salt;
    Hash commitment = { { 0 } }, made;
    Event event = { .number = db_column_int(rows, 0), .subject = db_column_text(rows, 1), .sequence = db_column_int(rows, 2),
                    .kind = db_column_text(rows, 3), .item = db_column_text(rows, 4), .organ = db_column_int(rows, 5),
                    .division = db_column_int(rows, 6), .actor_kind = ledger_actor_kind(db_column_int(rows, 7)),
                    .actor = db_column_int(rows, 8), .at = db_column_int(rows, 9), .payload = db_column_text(rows, 10) };
    read_bytes(rows, 11, &commitment, sizeof commitment);
    *out = (Recorded){ .number = event.number, .at = event.at, .leaf = leaf_text(county, &event, &commitment), .is_bound = true };
    tree_leaf(out->leaf, strlen(out->leaf), &out->hash);
    if (!read_bytes(rows, 12, &salt, sizeof salt))
        return;
    leaf_commitment(&salt, &event, &made);
    out->is_bound = memcmp(&made, &commitment, sizeof made) == 0;
    out->salt = grouped_salt(&salt);
}

bool recorded_load(Db *db, int64_t county, int64_t number, Recorded *out, GError **error)
{
    *out = (Recorded){ 0 };
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT number, subject, sequence, kind, item, organ, division, actor_kind, actor, at, payload, commitment,"
        " (SELECT salt FROM ledger_salt WHERE ledger_salt.county = :county AND ledger_salt.subject = event.subject"
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

bool recorded_number(Db *db, int64_t county, const char *subject, int64_t sequence, int64_t *number, GError **error)
{
    bool found;
    *number = 0;
    return db_integer(db, "SELECT number FROM event WHERE county = :county AND subject = :subject AND sequence = :sequence",
                      WITH(db_int("county", county), db_text("subject", subject), db_int("sequence", sequence)), number,
                      &found, error);
}
