// SPDX-License-Identifier: Apache-2.0
#include "files/room.h"

static const char paper_name[] = "paper.name", document_content[] = "document.content";

/* ---- papers ---- */

static char *key_of(const char *subject, int64_t paper)
{
    return g_strdup_printf("%s/%" PRId64, subject, paper);
}

static bool open_member(Db *db, int64_t county, const char *place, const char *key, json_t *row, const char *member, GError **error)
{
    g_autofree char *text = NULL;
    return personal_open(db, county, place, key, json_text(row, member), &text, error) &&
           json_object_set_new(row, member, json_string(text)) == 0;
}

static bool open_name(Db *db, int64_t county, const char *subject, int64_t paper, json_t *row, GError **error)
{
    g_autofree char *key = key_of(subject, paper);
    return open_member(db, county, paper_name, key, row, "name", error);
}

static bool next_paper(const Context *context, const char *subject, int64_t *paper, GError **error)
{
    bool found;
    *paper = 0;
    if (!db_integer(context->db,
                    "SELECT paper FROM paper WHERE county = :county AND subject = :subject ORDER BY paper DESC LIMIT 1",
                    WITH(db_int("county", context->county), db_text("subject", subject)), paper, &found, error))
        return false;
    ++*paper;
    return true;
}

bool paper_insert(const Context *context, const char *subject, const char *material, const Upload *upload, const char *upload_name,
                  const char *type, int64_t *paper, GError **error)
{
    if (!next_paper(context, subject, paper, error))
        return false;
    g_autofree char *key = key_of(subject, *paper), *name = personal_seal(context->db, context->county, paper_name, key, upload_name, error);
    return name && db_insert(context->db,
        "INSERT INTO paper (county, subject, paper, material, name, type, paper_size, hash, is_unscanned, actor_kind, actor, made_at)"
        " VALUES (:county, :subject, :paper, :material, :name, :type, :size, :hash, :is_unscanned, :actor_kind, :actor, :made_at)",
        WITH(db_int("county", context->county), db_text("subject", subject), db_int("paper", *paper),
             db_text("material", material), db_text("name", name), db_text("type", type),
             db_int("size", upload->size), db_text("hash", upload->sha256), db_int("is_unscanned", upload->is_unscanned),
             db_int("actor_kind", context->actor->kind), db_int("actor", context->actor->id),
             db_int("made_at", context->now)), error);
}

json_t *files_papers(Db *db, int64_t county, const char *subject, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) rows = db_rows(db,
        "SELECT paper, material, name, type, paper_size, hash, is_unscanned, made_at FROM paper WHERE county = :county"
        " AND subject = :subject AND removed_at = 0 ORDER BY paper", WITH(db_int("county", county), db_text("subject", subject)), error);
    json_array_foreach(rows, i, row)
        if (!open_name(db, county, subject, json_number(row, "paper"), row, error))
            return NULL;
    return g_steal_pointer(&rows);
}

json_t *paper_hashes_after(Db *db, int64_t county, const char *hash, int64_t most, GError **error)
{
    return db_rows(db, "SELECT hash, MIN(subject) AS subject FROM paper WHERE county = :county AND hash > :hash GROUP BY hash ORDER BY hash LIMIT :most",
                   WITH(db_int("county", county), db_text("hash", hash), db_int("most", most)), error);
}

bool files_count(const Context *context, void *count, GError **error)
{
    bool found;
    return db_integer(context->db, "/* all rows */ SELECT (SELECT COUNT(DISTINCT hash) FROM paper WHERE county = :county) +"
                                   " (SELECT COUNT(*) FROM document_seal WHERE county = :county)",
                      WITH(db_int("county", context->county)), count, &found, error);
}

json_t *paper_row(Db *db, int64_t county, const char *subject, int64_t paper, GError **error)
{
    g_autoptr(json_t) row = db_row(db,
        "SELECT name, type, hash, is_unscanned FROM paper WHERE county = :county AND subject = :subject AND paper = :paper AND removed_at = 0",
        WITH(db_int("county", county), db_text("subject", subject), db_int("paper", paper)), error);
    return row && open_name(db, county, subject, paper, row, error) ? g_steal_pointer(&row) : NULL;
}

/* ---- documents ---- */

/* The key of the issuer's seal in the facts of a document; "" where it has none. Owned by the caller. */
static char *seal_named(const char *content)
{
    size_t length = 0;
    const char *issuer = json_member(content, "issuer", &length), *key = issuer ? json_member(issuer, "seal_key", &length) : NULL;
    return key ? g_strndup(key + 1, length - 2) : g_strdup(""); /* without its quotation marks */
}

bool document_insert(const Context *context, const char *code, const char *subject, int64_t sequence,
                     const char *kind, const char *number, int64_t organ, const char *content, GError **error)
{
    g_autofree char *sealed = personal_seal(context->db, context->county, document_content, code, content, error), *seal = seal_named(content);
    return sealed && db_insert(context->db,
        "INSERT INTO document (county, code, subject, sequence, document_kind, number, organ, content, seal, made_at)"
        " VALUES (:county, :code, :subject, :sequence, :kind, :number, :organ, :content, :seal, :made_at)",
        WITH(db_int("county", context->county), db_text("code", code), db_text("subject", subject),
             db_int("sequence", sequence), db_text("kind", kind), db_text("number", number), db_int("organ", organ),
             db_text("content", sealed), db_text("seal", seal), db_int("made_at", context->now)), error);
}

static bool is_before(const json_t *one, const json_t *other)
{
    return json_number(one, "made_at") == json_number(other, "made_at") && json_number(one, "sequence") < json_number(other, "sequence");
}

/* Documents of one instant stand in the order of the acts that wrote them. Takes over `rows`. */
static json_t *in_order(json_t *rows)
{
    for (size_t i = 1; i < json_array_size(rows); i++) {
        size_t at = i;
        g_autoptr(json_t) row = json_incref(json_array_get(rows, i));
        while (at > 0 && is_before(row, json_array_get(rows, at - 1)))
            at--;
        json_array_remove(rows, i);
        json_array_insert(rows, at, row);
    }
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_object_del(json_array_get(rows, i), "sequence");
    return rows;
}

json_t *files_documents(Db *db, int64_t county, const char *subject, GError **error)
{
    json_t *rows = db_rows(db,
        "SELECT code, document_kind, number, organ, made_at, sequence FROM document WHERE county = :county"
        " AND subject = :subject AND content <> '' ORDER BY made_at, number",
        WITH(db_int("county", county), db_text("subject", subject)), error);
    return rows ? in_order(rows) : NULL;
}

json_t *document_row(Db *db, int64_t county, const char *code, GError **error)
{
    g_autoptr(json_t) rows = db_rows(db,
        "SELECT code, subject, sequence, document_kind, number, organ, content, seal, made_at FROM document"
        " WHERE county = :county AND code = :code", WITH(db_int("county", county), db_text("code", code)), error);
    json_t *row = json_array_get(rows, 0);
    if (!rows)
        return NULL;
    if (!row)
        return refuse(error, NOT_FOUND, "files.no_document", NULL);
    if (!open_member(db, county, document_content, code, row, "content", error))
        return NULL;
    bool is_erased = !*json_text(row, "content");
    json_t *content = is_erased ? json_object() : json_loads(json_text(row, "content"), 0, NULL);
    if (!content)
        return fault(error, "the content of document %s does not parse", code);
    json_object_set_new(row, "content", content);
    json_object_set_new(row, "is_erased", json_boolean(is_erased));
    return json_incref(row);
}

bool files_document_content(Db *db, int64_t county, const char *code, json_t **content, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) row = document_row(db, county, code, &none);
    *content = row && !json_flag(row, "is_erased") ? json_incref(json_object_get(row, "content")) : NULL;
    return row || trouble_is(&none, NOT_FOUND, error);
}
