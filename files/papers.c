// SPDX-License-Identifier: Apache-2.0
/* The bytes of papers: judged by what they are, kept once by their hash, on the disk before anything is acknowledged. */
#include "files/bucket.h"
#include "files/room.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct Files {
    char *folder;
    char *incoming;
    int lock; /* of the incoming, shared by all who have it open */
    int64_t county;
    const Bucket *bucket; /* NULL: papers lie in the folder */
};

/* ---- the folder ---- */

/* Removes the files of uploads that the end of a server cut off. */
static void empty_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
}

/* Servers may share a database and its papers: only who comes while no other is there finds uploads that nobody awaits.
 * A network's file system, which locks no folder for one alone, keeps them. */
static bool enter(Files *self)
{
    g_autofree char *above = g_path_get_dirname(self->folder);
    if (g_mkdir_with_parents(self->incoming, 0700) != 0 || !file_sync(above))
        return false;
    self->lock = open(self->incoming, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->lock < 0)
        return false;
    if (flock(self->lock, LOCK_EX | LOCK_NB) == 0)
        empty_folder(self->incoming);
    return flock(self->lock, LOCK_SH) == 0;
}

Files *files_look_at(const char *folder, int64_t county)
{
    Files *self = g_new0(Files, 1);
    *self = (Files){ g_strdup(folder), g_build_filename(folder, "incoming", NULL), -1, county, NULL };
    return self;
}

Files *files_open(const char *folder, int64_t county, const Bucket *bucket, GError **error)
{
    Files *self = files_look_at(folder, county);
    self->bucket = bucket;
    if (enter(self))
        return self;
    fault(error, "%s: %s", self->incoming, g_strerror(errno));
    files_close(self);
    return NULL;
}

void files_close(Files *self)
{
    if (!self)
        return;
    if (self->lock >= 0)
        close(self->lock);
    g_free(self->folder);
    g_free(self->incoming);
    g_free(self);
}

const char *files_incoming(const Files *self)
{
    return self->incoming;
}

char *files_path(const Files *self, const char *hash)
{
    return g_strdup_printf("%s/%.2s/%s", self->folder, hash, hash + 2);
}

const Bucket *files_bucket(const Files *self)
{
    return self->bucket;
}

int64_t files_county(const Files *self)
{
    return self->county;
}

/* ---- what it is ---- */

static const struct {
    const char *type;
    size_t at, length;
    const char *bytes;
    const char *endings;
} kinds[] = {
    { "application/pdf", 0, 5, "%PDF-", ".pdf" },
    { "image/jpeg", 0, 3, "\xff\xd8\xff", ".jpg .jpeg .jfif" },
    { "image/png", 0, 8, "\x89PNG\r\n\x1a\n", ".png" },
    { "image/webp", 8, 4, "WEBP", ".webp" },
    { "image/heic", 4, 8, "ftypheic", ".heic .heif" },
    { "image/heic", 4, 8, "ftypmif1", ".heic .heif" },
    { "application/ofd", 0, 4, "PK\x03\x04", ".ofd" }, /* GB/T 33190: a package; only by that name */
};

static bool ends_as(const char *name, const char *endings)
{
    const char *dot = strrchr(name, '.');
    g_auto(GStrv) list = g_strsplit(endings, " ", -1);
    g_autofree char *claimed = dot ? g_ascii_strdown(dot, -1) : NULL;
    return !claimed || g_strv_contains((const char *const *)list, claimed); /* without a claim the bytes alone tell */
}

const char *files_sniff(const unsigned char *head, size_t length, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        bool fits = length >= kinds[i].at + kinds[i].length && memcmp(head + kinds[i].at, kinds[i].bytes, kinds[i].length) == 0;
        bool unclaimed_package = strcmp(kinds[i].type, "application/ofd") == 0 && !strrchr(name, '.');
        if (fits && !unclaimed_package && ends_as(name, kinds[i].endings))
            return kinds[i].type;
    }
    return NULL;
}

/* ---- keeping ---- */

static bool no_room(GError **error)
{
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
        return refuse(error, FULL, "files.no_room", NULL);
    return fault(error, "papers: %s", g_strerror(errno));
}

/* On the disk, then at its place, then the folder on the disk. When the writer repeats a group, or an earlier try failed behind
 * the rename, the paper is at its place already, and its folder may not be on the disk yet. */
static bool move_in(const Files *self, const Upload *upload, GError **error)
{
    g_autofree char *path = files_path(self, upload->sha256);
    g_autofree char *folder = g_path_get_dirname(path);
    bool moved = access(path, R_OK) == 0 ||
                 (file_sync(upload->path) && g_mkdir_with_parents(folder, 0700) == 0 && rename(upload->path, path) == 0);
    bool kept = moved && file_sync(folder) && file_sync(self->folder);
    return kept || no_room(error);
}

char *paper_keep_bytes(const Files *self, const char *bytes, size_t length, GError **error)
{
    Upload made = { .size = (int64_t)length };
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
    g_autofree char *path = g_build_filename(self->incoming, "made-XXXXXX", NULL);
    int file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    bool written = file >= 0 && file_write(file, bytes, length);
    if (file >= 0)
        close(file);
    made.path = path;
    g_strlcpy(made.sha256, hash, sizeof made.sha256);
    bool kept = !written ? no_room(error) : self->bucket ? bucket_put(self->bucket, self->county, hash, path, error) : move_in(self, &made, error);
    g_unlink(path); /* where it did not move */
    return kept ? g_steal_pointer(&hash) : NULL;
}

/* The media type of an upload; NULL when it is no paper. */
static const char *judge(const Upload *upload, GError **error)
{
    const char *type = files_sniff(upload->head, (size_t)MIN(upload->size, (int64_t)sizeof upload->head), upload->name);
    if (upload->size == 0)
        return refuse_field(error, "papers", "files.empty", "name", upload->name, NULL);
    if (upload->size > PAPER_MOST)
        return refuse_field(error, "papers", "files.too_large", "name", upload->name, NULL);
    return type ? type : refuse_field(error, "papers", "files.not_a_paper", "name", upload->name, NULL);
}

bool files_put(Request *r, GError **error)
{
    const Files *files = r->context.files;
    if (!files->bucket)
        return true;
    for (size_t i = 0; i < r->upload_count; i++)
        if (!judge(&r->uploads[i], error))
            return false;
    for (size_t i = 0; i < r->upload_count; i++)
        if (!bucket_put(files->bucket, files->county, r->uploads[i].sha256, r->uploads[i].path, error))
            return false;
    return true;
}

json_t *files_keep(const Context *context, const Upload *upload, const char *subject, const char *material, GError **error)
{
    int64_t paper;
    bool is_going = false;
    const char *type = judge(upload, error);
    if (!type || (context->files->bucket && !paper_is_going(context, upload->sha256, &is_going, error)))
        return NULL;
    if (is_going)
        return refuse(error, BUSY, "files.being_removed", "name", upload->name, NULL);
    if ((!context->files->bucket && !move_in(context->files, upload, error)) ||
        !paper_insert(context, subject, material ? material : "", upload, type, &paper, error))
        return NULL;
    return json_pack("{s:I, s:s, s:s, s:I, s:s}", "paper", paper, "name", upload->name, "type", type, "paper_size",
                     upload->size, "hash", upload->sha256);
}

/* ---- giving out ---- */

static bool fetch(const void *files, const char *hash, int file, GError **error)
{
    const Files *self = files;
    return bucket_get(self->bucket, self->county, hash, file, error);
}

json_t *files_answer(Request *r, const char *subject, int64_t paper, GError **error)
{
    const Files *files = r->context.files;
    g_autoptr(json_t) row = paper_row(r->context.db, r->context.county, subject, paper, error);
    if (!row)
        return NULL;
    const char *hash = json_text(row, "hash"), *type = json_text(row, "type"), *name = json_text(row, "name");
    bool shown = g_str_has_prefix(type, "image/") || strcmp(type, "application/pdf") == 0;
    g_autofree char *path = files_path(files, hash);
    return files->bucket ? answer_remote_file(r, fetch, files, hash, type, name, !shown) : answer_file(r, path, type, name, !shown, error);
}

GBytes *files_paper_bytes(const Files *self, const char *hash, GError **error)
{
    char *bytes;
    gsize length;
    g_autofree char *path = files_path(self, hash), *fetched = g_build_filename(self->incoming, "fetched-XXXXXX", NULL);
    int file = self->bucket ? g_mkstemp(fetched) : -1;
    if (self->bucket && file < 0)
        return fault(error, "%s: %s", fetched, g_strerror(errno));
    bool got = !self->bucket || bucket_get(self->bucket, self->county, hash, file, error);
    bool read = got && g_file_get_contents(self->bucket ? fetched : path, &bytes, &length, error);
    if (self->bucket) {
        close(file);
        g_unlink(fetched);
    }
    return read ? g_bytes_new_take(bytes, length) : NULL;
}
