// SPDX-License-Identifier: Apache-2.0
#include "subject/private.h"

enum { NONCE = 16 };

char *private_hash(const char *text)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* Canonical JSON: {"change", "nonce"}. Names and numbers of people can be guessed; the nonce keeps a guess from being
 * checked against the hash. */
static void append_nonce(GString *text, const Context *context)
{
    unsigned char nonce[NONCE];
    context_random(context, nonce, sizeof nonce);
    g_autofree char *hexadecimal = text_hex(nonce, sizeof nonce);
    json_write_key(text, "nonce");
    json_write_text(text, hexadecimal);
    g_string_append_c(text, '}');
}

bool private_keep(const Context *context, const Record *record, const char *subject, int64_t sequence, const void *before,
                  const void *after, char **hash, GError **error)
{
    g_autoptr(GString) text = g_string_new("{");
    json_write_key(text, "change");
    *hash = NULL;
    if (!record_write_change(record, text, RECORD_PRIVATE_PART, before, after))
        return true;
    append_nonce(text, context);
    *hash = private_hash(text->str);
    return db_insert(context->db,
        "INSERT INTO subject_private (county, subject, sequence, content) VALUES (:county, :subject, :sequence, :content)",
        WITH(db_int("county", context->county), db_text("subject", subject), db_int("sequence", sequence),
             db_text("content", text->str)), error);
}

bool private_erase(const Context *context, const char *subject, GError **error)
{
    return db_run(context->db, "DELETE FROM subject_private WHERE county = :county AND subject = :subject",
                  WITH(db_int("county", context->county), db_text("subject", subject)), error);
}

bool private_read(Db *db, int64_t county, const char *subject, int64_t sequence, char **text, GError **error)
{
    *text = NULL;
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT content FROM subject_private WHERE county = :county AND subject = :subject AND sequence = :sequence",
        WITH(db_int("county", county), db_text("subject", subject), db_int("sequence", sequence)), error);
    if (rows && db_next(rows, error))
        *text = g_strdup(db_column_text(rows, 0));
    return rows && !db_failed(rows);
}
