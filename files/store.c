// SPDX-License-Identifier: Apache-2.0
#include "files/inside.h"

/* ---- papers ---- */

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

bool paper_insert(const Context *context, const char *subject, const char *material, const Upload *upload,
                  const char *type, int64_t *paper, GError **error)
{
    return next_paper(context, subject, paper, error) && db_insert(context->db,
        "INSERT INTO paper (county, subject, paper, material, name, type, paper_size, hash, actor_kind, actor, made_at)"
        " VALUES (:county, :subject, :paper, :material, :name, :type, :size, :hash, :actor_kind, :actor, :made_at)",
        WITH(db_int("county", context->county), db_text("subject", subject), db_int("paper", *paper),
             db_text("material", material), db_text("name", upload->name), db_text("type", type),
             db_int("size", upload->size), db_text("hash", upload->sha256),
             db_int("actor_kind", context->actor->kind), db_int("actor", context->actor->id),
             db_int("made_at", context->now)), error);
}

json_t *files_papers(Db *db, int64_t county, const char *subject, GError **error)
{
    return db_rows(db,
        "SELECT paper, material, name, type, paper_size, hash, made_at FROM paper WHERE county = :county"
        " AND subject = :subject ORDER BY paper", WITH(db_int("county", county), db_text("subject", subject)), error);
}

json_t *paper_row(Db *db, int64_t county, const char *subject, int64_t paper, GError **error)
{
    return db_row(db,
        "SELECT name, type, hash FROM paper WHERE county = :county AND subject = :subject AND paper = :paper",
        WITH(db_int("county", county), db_text("subject", subject), db_int("paper", paper)), error);
}

/* ---- documents ---- */

bool document_insert(const Context *context, const char *code, const char *subject, int64_t sequence,
                     const char *kind, const char *number, int64_t organ, const char *content, GError **error)
{
    return db_insert(context->db,
        "INSERT INTO document (county, code, subject, sequence, document_kind, number, organ, content, made_at)"
        " VALUES (:county, :code, :subject, :sequence, :kind, :number, :organ, :content, :made_at)",
        WITH(db_int("county", context->county), db_text("code", code), db_text("subject", subject),
             db_int("sequence", sequence), db_text("kind", kind), db_text("number", number), db_int("organ", organ),
             db_text("content", content), db_int("made_at", context->now)), error);
}

json_t *files_documents(Db *db, int64_t county, const char *subject, GError **error)
{
    return db_rows(db,
        "SELECT code, document_kind, number, organ, made_at FROM document WHERE county = :county"
        " AND subject = :subject AND content <> '' ORDER BY made_at, number",
        WITH(db_int("county", county), db_text("subject", subject)), error);
}

json_t *document_row(Db *db, int64_t county, const char *code, GError **error)
{
    g_autoptr(json_t) rows = db_rows(db,
        "SELECT code, subject, sequence, document_kind, number, organ, content, made_at FROM document"
        " WHERE county = :county AND code = :code", WITH(db_int("county", county), db_text("code", code)), error);
    json_t *row = json_array_get(rows, 0);
    bool is_erased = row && !*json_text(row, "content");
    json_t *content = is_erased ? json_object() : json_loads(json_text(row, "content"), 0, NULL);
    if (!rows)
        return NULL;
    if (!row)
        return refuse(error, NOT_FOUND, "files.no_document", NULL);
    if (!content)
        return fault(error, "the content of document %s does not parse", code);
    json_object_set_new(row, "content", content);
    json_object_set_new(row, "is_erased", json_boolean(is_erased));
    return json_incref(row);
}
