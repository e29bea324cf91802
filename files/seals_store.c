// SPDX-License-Identifier: Apache-2.0
#include "files/room.h"

#include <sodium.h>
#include <string.h>

static const char seal_secret[] = "organ_seal.secret";

/* ---- keys ---- */

bool organ_seal_insert(const Context *context, const char *key, int64_t organ, const char *public, const char *secret, const char *picture, GError **error)
{
    g_autofree char *sealed = personal_seal(context->db, context->county, seal_secret, key, secret, error);
    return sealed && db_run(context->db,
        "INSERT INTO organ_seal (county, key, organ, public, secret, picture, made_at, ended_at, reason)"
        " VALUES (:county, :key, :organ, :public, :secret, :picture, :now, 0, '')",
        WITH(db_int("county", context->county), db_text("key", key), db_int("organ", organ), db_text("public", public),
             db_text("secret", sealed), db_text("picture", picture), db_int("now", context->now)), error);
}

bool organ_seal_end(const Context *context, const char *key, const char *reason, GError **error)
{
    return db_run(context->db, "UPDATE organ_seal SET ended_at = :now, reason = :reason WHERE county = :county AND key = :key",
                  WITH(db_int("now", context->now), db_text("reason", reason), db_int("county", context->county), db_text("key", key)), error);
}

bool organ_seal_in_force(Db *db, int64_t county, int64_t organ, char **key, GError **error)
{
    g_autoptr(json_t) rows = db_rows(db, "SELECT key FROM organ_seal WHERE county = :county AND organ = :organ AND ended_at = 0",
                                     WITH(db_int("county", county), db_int("organ", organ)), error);
    *key = json_array_size(rows) ? g_strdup(json_text(json_array_get(rows, 0), "key")) : NULL;
    return rows;
}

bool organ_seal_was(Db *db, int64_t county, int64_t organ, Instant at, bool *was, GError **error)
{
    int64_t one;
    return db_integer(db, "SELECT 1 FROM organ_seal WHERE county = :county AND organ = :organ AND made_at <= :at LIMIT 1",
                      WITH(db_int("county", county), db_int("organ", organ), db_int("at", at)), &one, was, error);
}

bool organ_seal_row(Db *db, int64_t county, const char *key, json_t **row, GError **error)
{
    g_autoptr(json_t) rows = db_rows(db, "SELECT organ, public, picture, made_at, ended_at, reason FROM organ_seal"
                                         " WHERE county = :county AND key = :key", WITH(db_int("county", county), db_text("key", key)), error);
    *row = json_incref(json_array_get(rows, 0));
    return rows;
}

Seal *organ_seal_open(Db *db, int64_t county, const char *key, GError **error)
{
    size_t length;
    unsigned char secret[SEAL_SECRET];
    g_autoptr(json_t) row = db_row(db, "SELECT secret FROM organ_seal WHERE county = :county AND key = :key",
                                   WITH(db_int("county", county), db_text("key", key)), error);
    g_autofree char *text = NULL;
    if (!row || !personal_open(db, county, seal_secret, key, json_text(row, "secret"), &text, error))
        return NULL;
    bool is_read = sodium_hex2bin(secret, sizeof secret, text, strlen(text), NULL, &length, NULL) == 0 && length == SEAL_SECRET;
    Seal *seal = is_read ? seal_of_secret(secret) : NULL;
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(text, strlen(text));
    return seal ? seal : fault(error, "the key of the seal %s does not parse", key);
}

json_t *organ_seals(Db *db, int64_t county, GError **error)
{
    return db_rows(db, "SELECT key, organ, public, CASE WHEN picture = '' THEN 0 ELSE 1 END AS has_picture, made_at, ended_at, reason"
                       " FROM organ_seal WHERE county = :county ORDER BY CASE WHEN ended_at = 0 THEN 0 ELSE 1 END, organ, ended_at DESC, key",
                   WITH(db_int("county", county)), error);
}

/* ---- sealed files ---- */

bool document_seal_row(Db *db, int64_t county, const char *code, json_t **row, GError **error)
{
    g_autoptr(json_t) rows = db_rows(db, "SELECT key, hash, kept, signature FROM document_seal WHERE county = :county AND code = :code",
                                     WITH(db_int("county", county), db_text("code", code)), error);
    *row = json_incref(json_array_get(rows, 0));
    return rows;
}

bool document_seal_insert(const Context *context, const char *code, const json_t *row, GError **error)
{
    return db_run(context->db, "INSERT INTO document_seal (county, code, key, hash, kept, signature)"
                               " VALUES (:county, :code, :key, :hash, :kept, :signature)",
                  WITH(db_int("county", context->county), db_text("code", code), db_text("key", json_text(row, "key")),
                       db_text("hash", json_text(row, "hash")), db_text("kept", json_text(row, "kept")),
                       db_text("signature", json_text(row, "signature"))), error);
}

bool document_seal_delete(const Context *context, const char *code, GError **error)
{
    return db_run(context->db, "DELETE FROM document_seal WHERE county = :county AND code = :code",
                  WITH(db_int("county", context->county), db_text("code", code)), error);
}

json_t *documents_unsealed(Db *db, int64_t county, bool by_centre, const char *first, const char *last, int64_t most, GError **error)
{
#define UNSEALED(seal) "SELECT code FROM document WHERE county = :county AND code >= :first AND code < :last AND seal " seal " '' AND content <> ''" \
                       " AND NOT EXISTS (SELECT 1 FROM document_seal WHERE document_seal.county = :county AND document_seal.code = document.code)" \
                       " ORDER BY code LIMIT :most"
    return db_rows(db, by_centre ? UNSEALED("=") : UNSEALED("<>"),
                   WITH(db_int("county", county), db_text("first", first), db_text("last", last), db_int("most", most)), error);
}

json_t *document_seals_after(Db *db, int64_t county, const char *code, int64_t most, GError **error)
{
    return db_rows(db, "SELECT code, key, hash, kept, signature FROM document_seal WHERE county = :county AND code > :code ORDER BY code LIMIT :most",
                   WITH(db_int("county", county), db_text("code", code), db_int("most", most)), error);
}
