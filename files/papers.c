// SPDX-License-Identifier: Apache-2.0
/* The bytes of papers: kept once by their hash, on the disk before anything is acknowledged. */
#include "files/bucket.h"
#include "files/room.h"
#include "files/scanner.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct Files {
    char *folder;
    char *incoming;
    int lock_file; /* the incoming, locked together with all who have it open */
    int64_t county;
    const Bucket *bucket; /* NULL: papers lie in the folder */
    Scanner *scanner;     /* NULL: there is none */
    pthread_mutex_t lock;  /* for what follows */
    pthread_cond_t has_place;
    GHashTable *heavy;     /* pages that took too long to draw ("HASH/PAGE") -> until when that is known, as gint64 */
    unsigned readers, drawers; /* processes that open papers just now, and those of them that draw a page */
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
    self->lock_file = open(self->incoming, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self->lock_file < 0)
        return false;
    if (flock(self->lock_file, LOCK_EX | LOCK_NB) == 0)
        empty_folder(self->incoming);
    return flock(self->lock_file, LOCK_SH) == 0;
}

Files *files_look_at(const char *folder, int64_t county, const Bucket *bucket)
{
    Files *self = g_new0(Files, 1);
    *self = (Files){ .folder = g_strdup(folder), .incoming = g_build_filename(folder, "incoming", NULL), .lock_file = -1, .county = county,
                     .bucket = bucket, .heavy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->has_place, NULL);
    return self;
}

Files *files_open(const char *folder, int64_t county, const Bucket *bucket, GError **error)
{
    Files *self = files_look_at(folder, county, bucket);
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
    if (self->lock_file >= 0)
        close(self->lock_file);
    pthread_cond_destroy(&self->has_place);
    pthread_mutex_destroy(&self->lock);
    g_hash_table_unref(self->heavy);
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

void files_scan_by(Files *self, Scanner *scanner)
{
    self->scanner = scanner;
}

Scanner *files_scanner(const Files *self)
{
    return self->scanner;
}

const char *files_trouble(const Files *self)
{
    return scanner_trouble(self->scanner);
}

/* A process may take gigabytes for a moment: more at once wait. Those that draw have half of the places, so that a paper handed in waits for
 * no drawing. */
void files_reader_begin(const Files *files, bool draws)
{
    enum { READERS = 4, DRAWERS = 2 };
    Files *self = (Files *)(uintptr_t)files;
    pthread_mutex_lock(&self->lock);
    while (self->readers == READERS || (draws && self->drawers == DRAWERS))
        pthread_cond_wait(&self->has_place, &self->lock);
    self->readers++;
    self->drawers += draws;
    pthread_mutex_unlock(&self->lock);
}

void files_reader_end(const Files *files, bool draws)
{
    Files *self = (Files *)(uintptr_t)files;
    pthread_mutex_lock(&self->lock);
    self->readers--;
    self->drawers -= draws;
    pthread_cond_broadcast(&self->has_place);
    pthread_mutex_unlock(&self->lock);
}

static bool is_heavy(const Files *files, const char *page)
{
    Files *self = (Files *)(uintptr_t)files;
    pthread_mutex_lock(&self->lock);
    const gint64 *until = g_hash_table_lookup(self->heavy, page);
    bool is = until && *until > g_get_monotonic_time();
    pthread_mutex_unlock(&self->lock);
    return is;
}

/* Another look would take as long for the same end; a machine that was busy may draw it in another hour. */
static void note_heavy(const Files *files, const char *page)
{
    enum { MOST = 1000, SECONDS = 3600 };
    Files *self = (Files *)(uintptr_t)files;
    gint64 until = g_get_monotonic_time() + SECONDS * (gint64)G_USEC_PER_SEC;
    pthread_mutex_lock(&self->lock);
    if (g_hash_table_size(self->heavy) >= MOST)
        g_hash_table_remove_all(self->heavy);
    g_hash_table_insert(self->heavy, g_strdup(page), g_memdup2(&until, sizeof until));
    pthread_mutex_unlock(&self->lock);
}

int64_t files_county(const Files *self)
{
    return self->county;
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

bool files_make(const Files *self, const char *name, const void *bytes, size_t length, Upload *out,
                GError **error)
{
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, length),
                    *path = g_build_filename(self->incoming, "made-XXXXXX", NULL);
    int file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    bool written = file >= 0 && file_write(file, bytes, length);
    if (file >= 0)
        close(file);
    *out = (Upload){ .field = "papers", .name = name, .size = (int64_t)length };
    g_strlcpy(out->sha256, hash, sizeof out->sha256);
    memcpy(out->head, bytes, MIN(length, sizeof out->head));
    bool made = !written
                    ? no_room(error)
                    : !self->bucket || bucket_put(self->bucket, self->county, hash, path, error);
    if (!made)
        g_unlink(path);
    out->path = made ? g_steal_pointer(&path) : NULL;
    return made;
}

void files_made_clear(Upload *self)
{
    if (self->path)
        g_unlink(self->path); /* where it did not move */
    g_free((char *)(uintptr_t)self->path);
    self->path = NULL;
}

char *paper_keep_bytes(const Files *self, const char *bytes, size_t length, GError **error)
{
    Upload made;
    if (!files_make(self, "", bytes, length, &made, error))
        return NULL;
    bool kept = self->bucket || move_in(self, &made, error);
    files_made_clear(&made);
    return kept ? g_strdup(made.sha256) : NULL;
}

bool files_put(Request *r, GError **error)
{
    const Files *files = r->context.files;
    for (size_t i = 0; i < r->upload_count; i++)
        if (!paper_is_harmless(r, (Upload *)(uintptr_t)&r->uploads[i], error) || !paper_opens(files, &r->uploads[i], error))
            return false;
    for (size_t i = 0; files->bucket && i < r->upload_count; i++)
        if (!bucket_put(files->bucket, files->county, r->uploads[i].sha256, r->uploads[i].path, error))
            return false;
    return true;
}

json_t *files_keep(const Context *context, const Upload *upload, const char *subject, const char *material, GError **error)
{
    int64_t paper;
    bool is_going = false;
    const char *type = paper_type(upload, error);
    if (!type || (context->files->bucket && !paper_is_going(context, upload->sha256, &is_going, error)))
        return NULL;
    if (is_going)
        return refuse(error, BUSY, "files.being_removed", "name", upload->name, "field", upload->field, NULL); /* so that it is not kept for another send */
    g_autofree char *name = files_name(upload->name, type);
    if ((!context->files->bucket && !move_in(context->files, upload, error)) ||
        !paper_insert(context, subject, material ? material : "", upload, name, type, &paper, error))
        return NULL;
    return json_pack("{s:I, s:s, s:s, s:I, s:s}", "paper", paper, "name", name, "type", type, "paper_size",
                     upload->size, "hash", upload->sha256);
}

bool files_repeat(const Context *context, const json_t *paper, const char *subject, GError **error)
{
    int64_t number;
    Upload same = { .size = json_number(paper, "paper_size"), .is_unscanned = json_number(paper, "is_unscanned") != 0 };
    g_strlcpy(same.sha256, json_text(paper, "hash"), sizeof same.sha256);
    return paper_insert(context, subject, json_text(paper, "material"), &same,
                        json_text(paper, "name"), json_text(paper, "type"), &number, error);
}

/* ---- giving out ---- */

static bool fetch(const void *files, const char *hash, int file, GError **error)
{
    const Files *self = files;
    return bucket_get(self->bucket, self->county, hash, file, error);
}

/* An open file of a paper's bytes, wherever they lie; negative with *error set. */
static int open_paper(const Files *self, const char *hash, GError **error)
{
    g_autofree char *path = files_path(self, hash), *fetched = g_build_filename(self->incoming, "fetched-XXXXXX", NULL);
    int file = self->bucket ? g_mkstemp_full(fetched, O_RDWR | O_CLOEXEC, 0600) : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fault(error, "%s: %s", self->bucket ? fetched : path, g_strerror(errno)), -1;
    if (!self->bucket)
        return file;
    unlink(fetched); /* the file lives as long as it is open */
    if (bucket_get(self->bucket, self->county, hash, file, error))
        return file;
    close(file);
    return -1;
}

/* ---- page by page ---- */

enum { PAPER_PART = 1, PAGE_PART = 2 }; /* of the path */

/* Reads one page of a paper. A paper that was taken before they were tried may not open; of an OFD there is no picture. */
static bool read_page(const Request *r, const json_t *paper, int page, int *pages, GString *picture, GError **error)
{
    enum paper_finding finding = PAPER_UNREAD;
    g_autofree char *key = g_strdup_printf("%s/%d", json_text(paper, "hash"), page);
    if (is_heavy(r->context.files, key))
        return refuse(error, CONFLICT, "files.page_too_heavy", NULL);
    int file = open_paper(r->context.files, json_text(paper, "hash"), error);
    bool read = file >= 0 && paper_read(r->context.files, file, json_text(paper, "type"), page, &finding, pages, picture, error);
    if (file >= 0)
        close(file);
    if (read && finding == PAPER_TOO_HEAVY) {
        note_heavy(r->context.files, key);
        return refuse(error, CONFLICT, "files.page_too_heavy", NULL);
    }
    if (read && page > 1 && finding != PAPER_WELL)
        return refuse(error, NOT_FOUND, "files.no_page", NULL);
    return read;
}

/* The picture stands in the page itself, so that a look at it is one request, and one entry of the security log. The address of the whole
 * paper is relative, since several rooms show papers. */
static json_t *answer_page(const Request *r, const json_t *paper, GError **error)
{
    enum { NUMBER_MOST = 6 /* digits */ };
    int pages = 0;
    const char *part = r->path[PAGE_PART];
    g_autoptr(GString) picture = g_string_new(NULL);
    bool fits = *part && strlen(part) <= NUMBER_MOST && strspn(part, "0123456789") == strlen(part);
    int page = fits ? (int)strtol(part, NULL, 10) : 0;
    if (page < 1)
        return refuse(error, NOT_FOUND, "files.no_page", NULL);
    if (!read_page(r, paper, page, &pages, picture, error))
        return NULL;
    g_autofree char *coded = g_base64_encode((const guchar *)picture->str, picture->len);
    json_t *answer = json_pack("{s:O, s:i, s:i}", "paper_name", json_object_get(paper, "name"), "page_number", page, "page_count", pages);
    json_object_set_new(answer, "is_ofd", json_boolean(strcmp(json_text(paper, "type"), "application/ofd") == 0));
    json_object_set(answer, "is_unscanned", json_object_get(paper, "is_unscanned"));
    json_object_set_new(answer, "whole", json_sprintf("../../%s", r->path[PAPER_PART]));
    json_object_set_new(answer, "holder", json_sprintf("../../../../%s", r->path[0]));
    if (picture->len)
        json_object_set_new(answer, "picture", json_sprintf("data:image/jpeg;base64,%s", coded));
    if (page > 1)
        json_object_set_new(answer, "before", json_integer(page - 1));
    if (page < pages)
        json_object_set_new(answer, "after", json_integer(page + 1));
    return answer;
}

json_t *files_answer(Request *r, const char *subject, int64_t paper, GError **error)
{
    const Files *files = r->context.files;
    g_autoptr(json_t) row = paper_row(r->context.db, r->context.county, subject, paper, error);
    if (!row || r->path[PAGE_PART])
        return row ? answer_page(r, row, error) : NULL;
    const char *hash = json_text(row, "hash"), *type = json_text(row, "type"), *name = json_text(row, "name");
    bool shown = files_is_shown(type);
    g_autofree char *path = files_path(files, hash);
    return files->bucket ? answer_remote_file(r, fetch, files, hash, type, name, !shown) : answer_file(r, path, type, name, !shown, error);
}

GBytes *files_paper_bytes(const Files *self, const char *hash, GError **error)
{
    int file = open_paper(self, hash, error);
    if (file < 0)
        return NULL;
    g_autoptr(GMappedFile) mapped = g_mapped_file_new_from_fd(file, FALSE, error);
    close(file);
    return mapped ? g_mapped_file_get_bytes(mapped) : NULL;
}
