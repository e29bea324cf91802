// SPDX-License-Identifier: Apache-2.0
/* Erasure takes this of a subject's papers and documents (PIPL art. 47). The bytes of a folder go within the write that finds them
 * unused, so that no upload comes between; those of a store go outside of any write, since the network is slow, and uploads of the
 * same bytes are refused meanwhile. */
#include "files/bucket.h"
#include "files/room.h"

#include <unistd.h>

enum { AT_ONCE = 100 };
static const Instant UPLOAD_MOST = 10 * MINUTE_MS; /* from the put into the store to the write that records it */

/* ---- in the write that erases ---- */

bool paper_goes(const Context *context, const char *hash, GError **error)
{
    return db_run(context->db, "INSERT INTO paper_gone (county, hash, removed_at) VALUES (:county, :hash, 0)"
                               " ON CONFLICT (county, hash) DO UPDATE SET removed_at = 0",
                  WITH(db_int("county", context->county), db_text("hash", hash)), error);
}

static bool erase_papers(const Context *context, const char *subject, GError **error)
{
    size_t i;
    json_t *paper;
    g_autoptr(json_t) papers = db_rows(context->db, "SELECT hash FROM paper WHERE county = :county AND subject = :subject",
                                       WITH(db_int("county", context->county), db_text("subject", subject)), error);
    json_array_foreach(papers, i, paper)
        if (!paper_goes(context, json_text(paper, "hash"), error))
            return false;
    return papers && db_run(context->db, "DELETE FROM paper WHERE county = :county AND subject = :subject",
                            WITH(db_int("county", context->county), db_text("subject", subject)), error);
}

static bool take_away(const Context *context, const char *subject, int64_t paper, const char *hash, GError **error)
{
    return paper_goes(context, hash, error) &&
           db_run(context->db, "DELETE FROM paper WHERE county = :county AND subject = :subject AND paper = :paper",
                  WITH(db_int("county", context->county), db_text("subject", subject), db_int("paper", paper)), error);
}

static bool hide(const Context *context, const char *subject, int64_t paper, GError **error)
{
    return db_run(context->db, "UPDATE paper SET removed_at = :now WHERE county = :county AND subject = :subject AND paper = :paper",
                  WITH(db_int("now", context->now), db_int("county", context->county), db_text("subject", subject), db_int("paper", paper)), error);
}

json_t *files_take_out(const Context *context, const char *subject, int64_t paper, bool stays, GError **error)
{
    g_autoptr(json_t) rows = db_rows(context->db, "SELECT paper, type, paper_size, hash FROM paper WHERE county = :county AND subject = :subject"
                                                  " AND paper = :paper AND removed_at = 0",
                                     WITH(db_int("county", context->county), db_text("subject", subject), db_int("paper", paper)), error);
    json_t *row = json_array_get(rows, 0);
    if (!row)
        return rows ? refuse(error, NOT_FOUND, "files.no_paper", NULL) : NULL;
    bool done = stays ? hide(context, subject, paper, error) : take_away(context, subject, paper, json_text(row, "hash"), error);
    return done ? json_incref(row) : NULL;
}

/* With its row goes the only name by which the bytes are found. */
static bool erase_sealed(const Context *context, const char *code, GError **error)
{
    json_t *found;
    if (!document_seal_row(context->db, context->county, code, &found, error))
        return false;
    g_autoptr(json_t) row = found;
    return !row || (paper_goes(context, json_text(row, "kept"), error) && document_seal_delete(context, code, error));
}

/* A document that has to be kept, such as a licence in force, stays whole. */
static bool erase_document(const Context *context, const json_t *document, const char *subject, GError **error)
{
    bool stays = false;
    const char *code = json_text(document, "code");
    const DocumentKind *kind = document_kind(context, json_text(document, "document_kind"), NULL, error);
    if (!kind || (kind->stays && !kind->stays(context, subject, &stays, error)))
        return false;
    return stays || (erase_sealed(context, code, error) &&
                     db_run(context->db, "UPDATE document SET content = '' WHERE county = :county AND code = :code",
                            WITH(db_int("county", context->county), db_text("code", code)), error));
}

bool files_forget(const Context *context, const char *subject, GError **error)
{
    size_t i;
    json_t *document;
    g_autoptr(json_t) documents = files_documents(context->db, context->county, subject, error);
    json_array_foreach(documents, i, document)
        if (!erase_document(context, document, subject, error))
            return false;
    return documents && erase_papers(context, subject, error);
}

/* ---- the bytes ---- */

typedef struct Sweep {
    json_t *hashes; /* to be removed from the store */
} Sweep;

static bool mark_removed(const Context *context, const char *hash, GError **error)
{
    return db_run(context->db, "UPDATE paper_gone SET removed_at = :now WHERE county = :county AND hash = :hash",
                  WITH(db_int("now", context->now), db_int("county", context->county), db_text("hash", hash)), error);
}

static bool remove_from_folder(const Context *context, const char *hash, GError **error)
{
    g_autofree char *path = files_path(context->files, hash);
    return file_remove(path, error) && db_run(context->db, "DELETE FROM paper_gone WHERE county = :county AND hash = :hash",
                                              WITH(db_int("county", context->county), db_text("hash", hash)), error);
}

static bool find_gone(const Context *context, void *data, GError **error)
{
    size_t i;
    json_t *row;
    Sweep *self = data;
    g_clear_pointer(&self->hashes, json_decref);
    if (!db_run(context->db, "DELETE FROM paper_gone WHERE county = :county AND ((removed_at > 0 AND removed_at < :before) OR EXISTS"
                             " (SELECT 1 FROM paper WHERE paper.county = :county AND paper.hash = paper_gone.hash))",
                WITH(db_int("county", context->county), db_int("before", context->now - UPLOAD_MOST)), error))
        return false;
    self->hashes = db_rows(context->db, "SELECT hash FROM paper_gone WHERE county = :county AND removed_at = 0 ORDER BY hash LIMIT :most",
                           WITH(db_int("county", context->county), db_int("most", AT_ONCE)), error);
    json_array_foreach(self->hashes, i, row)
        if (!files_bucket(context->files) && !remove_from_folder(context, json_text(row, "hash"), error))
            return false;
    return self->hashes != NULL;
}

static bool note_removed(const Context *context, void *data, GError **error)
{
    size_t i;
    json_t *row;
    const Sweep *self = data;
    json_array_foreach(self->hashes, i, row)
        if (!mark_removed(context, json_text(row, "hash"), error))
            return false;
    return true;
}

bool files_have_gone(const Context *context, void *any, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM paper_gone WHERE county = :county LIMIT 1", WITH(db_int("county", context->county)), &one,
                      any, error);
}

bool files_sweep(const Files *files, TimerWrite *write, void *writer, GError **error)
{
    size_t i;
    json_t *row;
    Sweep self = { 0 };
    const Bucket *bucket = files_bucket(files);
    bool well = write(writer, find_gone, &self, error);
    if (well && bucket && json_array_size(self.hashes)) {
        json_array_foreach(self.hashes, i, row)
            well = well && bucket_remove(bucket, files_county(files), json_text(row, "hash"), error);
        well = well && write(writer, note_removed, &self, error);
    }
    json_decref(self.hashes);
    return well;
}

bool paper_is_going(const Context *context, const char *hash, bool *is, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM paper_gone WHERE county = :county AND hash = :hash",
                      WITH(db_int("county", context->county), db_text("hash", hash)), &one, is, error);
}
