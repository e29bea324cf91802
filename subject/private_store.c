// SPDX-License-Identifier: Apache-2.0
#include "subject/private.h"

enum { NONCE = 16 };

static const char place[] = "subject_private.content";

static char *key_of(const char *subject, int64_t sequence)
{
    return g_strdup_printf("%s/%" PRId64, subject, sequence);
}

/* Canonical JSON: {"change", "nonce"}. Names and numbers of people can be guessed; the nonce keeps a guess from being
 * checked against the hash. NULL where there is no change. Owned by the caller. */
static char *write_private(const Record *record, const void *before, const void *after, const char *nonce)
{
    g_autoptr(GString) text = g_string_new("{");
    json_write_key(text, "change");
    if (!record_write_change(record, text, RECORD_PRIVATE_PART, before, after))
        return NULL;
    json_write_key(text, "nonce");
    json_write_text(text, nonce);
    return g_string_free(g_string_append_c(g_steal_pointer(&text), '}'), FALSE);
}

static char **nonce_of(const Record *record, const void *row)
{
    return (char **)(void *)((char *)(uintptr_t)row + record->nonce);
}

char *private_row_hash(const Record *record, const void *row)
{
    g_autofree char *text = write_private(record, NULL, row, *nonce_of(record, row));
    return text ? hash_text(text) : NULL;
}

bool private_keep(const Context *context, const Record *record, const char *subject, int64_t sequence, const void *before,
                  void *after, char **hash, GError **error)
{
    unsigned char drawn[NONCE];
    *hash = NULL;
    if (!record_differs(record, RECORD_PRIVATE_PART, before, after))
        return true;
    context_random(context, drawn, sizeof drawn);
    g_autofree char *nonce = text_hex(drawn, sizeof drawn);
    if (record->nonce) {
        const char *has = *nonce_of(record, after);
        if (sequence > 1 || !has || !*has) /* a draft has one already */
            record_set(nonce_of(record, after), nonce);
        *hash = private_row_hash(record, after);
        return true;
    }
    g_autofree char *text = write_private(record, before, after, nonce), *key = key_of(subject, sequence);
    g_autofree char *sealed = personal_seal(context->db, context->county, place, key, text, error);
    *hash = hash_text(text);
    return sealed && db_insert(context->db,
        "INSERT INTO subject_private (county, subject, sequence, content) VALUES (:county, :subject, :sequence, :content)",
        WITH(db_int("county", context->county), db_text("subject", subject), db_int("sequence", sequence),
             db_text("content", sealed)), error);
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
    g_autofree char *key = key_of(subject, sequence);
    if (!db_next(rows, error))
        return !db_failed(rows);
    *text = personal_column(rows, 0, place, key, NULL);
    if (!*text)
        *text = g_strdup("");
    return true;
}
