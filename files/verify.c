// SPDX-License-Identifier: Apache-2.0
/* Every file that the tables name, read and held against its hash: in the folder, or in the store. */
#include "files/bucket.h"
#include "files/room.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 500 };

typedef struct Examination {
    const Context *context;
    const VerifyReport *told;
    int64_t count;
} Examination;

/* ---- one file ---- */

static bool sum(int file, GChecksum *sum)
{
    enum { PIECE = 1 << 16 };
    g_autofree guchar *piece = g_malloc(PIECE);
    for (;;) {
        ssize_t count = read(file, piece, PIECE);
        if (count == 0)
            return true;
        if (count < 0 && errno != EINTR)
            return false;
        g_checksum_update(sum, piece, MAX(count, 0));
    }
}

/* The sentence about what is wrong with the file in the folder; NULL: nothing. Bytes that cannot be read are as bad as others. */
static const char *look_in_folder(const Files *files, const char *hash)
{
    g_autofree char *path = files_path(files, hash);
    g_autoptr(GChecksum) own = g_checksum_new(G_CHECKSUM_SHA256);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return "files.found_paper_gone";
    bool read = sum(file, own);
    close(file);
    return read && strcmp(g_checksum_get_string(own), hash) == 0 ? NULL : "files.found_paper_other";
}

static bool look_in_store(const Files *files, const char *hash, const char **reason, GError **error)
{
    bool is_there;
    g_autoptr(GError) why = NULL;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool whole = bucket_get(files_bucket(files), files_county(files), hash, nowhere, &why);
    close(nowhere);
    *reason = NULL;
    if (whole || !trouble_is(&why, FAULT, error)) /* a store that is away tells nothing of what it holds */
        return whole;
    if (!bucket_has(files_bucket(files), files_county(files), hash, &is_there, error))
        return false;
    *reason = is_there ? "files.found_paper_other" : "files.found_paper_gone";
    return true;
}

static bool examine_file(Examination *self, const char *table, const char *row, const char *hash, GError **error)
{
    const Files *files = self->context->files;
    const char *reason = files_bucket(files) ? NULL : look_in_folder(files, hash);
    self->count++;
    if (files_bucket(files) && !look_in_store(files, hash, &reason, error))
        return false;
    return !reason || report_difference(self->told, table, row, reason, hash, error);
}

/* ---- all of them ---- */

/* The next rows behind the one with that key. */
typedef json_t *Next(Db *db, int64_t county, const char *after, int64_t most, GError **error);

static bool examine_all(Examination *self, const char *table, Next *next, const char *key, const char *name, const char *hash, GError **error)
{
    size_t i;
    json_t *row;
    g_autofree char *after = g_strdup("");
    for (size_t count = PAGE; count == PAGE;) {
        g_autoptr(json_t) rows = next(self->context->db, self->context->county, after, PAGE, error);
        if (!rows)
            return false;
        json_array_foreach(rows, i, row)
            if (!examine_file(self, table, json_text(row, name), json_text(row, hash), error))
                return false;
        count = json_array_size(rows);
        g_free(after);
        after = g_strdup(json_text(json_array_get(rows, count - 1), key));
    }
    return true;
}

bool files_examine(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    Examination self = { context, told, 0 };
    bool read = examine_all(&self, "paper", paper_hashes_after, "hash", "subject", "hash", error) &&
                examine_all(&self, "document_seal", document_seals_after, "code", "code", "kept", error);
    *count = self.count;
    return read;
}
