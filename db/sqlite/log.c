// SPDX-License-Identifier: Apache-2.0
/* Does a write-ahead log belong to the file that it lies beside? SQLite does not ask: it plays a log into whatever file has the name, and
 * deletes the log of a file that is empty. So the first commit of each log, and each behind a checkpoint, marks it with a random number
 * in the file's header (user_version), beside the number that the file had before (application_id). A file has the number of a
 * commit in its log, or that before the first. All is read here before SQLite opens anything. */
#include "db/sqlite/sqlite.h"

#include <stdio.h>
#include <string.h>

/* SQLite's file formats: the log's header, a frame's header before each page, places in page 1. */
enum { LOG_HEADER = 32, FRAME_HEADER = 24, PAGE_SIZE_AT = 8, SALTS_AT = 16, SALTS = 8, SUMMED = 8, USER_VERSION_AT = 60, APPLICATION_ID_AT = 68, HEADER = 100, PAGE_MOST = 65536 };

typedef struct Log {
    FILE *file;
    unsigned char header[LOG_HEADER], frame[FRAME_HEADER + PAGE_MOST];
    size_t page_size;
    bool is_big; /* the order of bytes in which it is summed */
    uint32_t sum[2];
} Log;

static uint32_t number_at(const unsigned char *bytes, bool is_big)
{
    uint32_t number;
    memcpy(&number, bytes, sizeof number);
    return is_big ? GUINT32_FROM_BE(number) : GUINT32_FROM_LE(number);
}

static void add(Log *self, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i += 2 * sizeof *self->sum) {
        self->sum[0] += number_at(bytes + i, self->is_big) + self->sum[1];
        self->sum[1] += number_at(bytes + i + sizeof *self->sum, self->is_big) + self->sum[0];
    }
}

static bool is_summed(const Log *self, const unsigned char *bytes)
{
    return number_at(bytes, true) == self->sum[0] && number_at(bytes + sizeof *self->sum, true) == self->sum[1];
}

/* False for what is no log, of which SQLite takes nothing either. */
static bool begin(Log *self)
{
    enum { MAGIC = 0x377f0682, PAGE_LEAST = 512 };
    const unsigned char *header = self->header;
    if (fread(self->header, 1, LOG_HEADER, self->file) != LOG_HEADER || (number_at(header, true) & ~1U) != MAGIC)
        return false;
    self->is_big = number_at(header, true) & 1;
    self->page_size = number_at(header + PAGE_SIZE_AT, true);
    add(self, header, LOG_HEADER - SALTS);
    return is_summed(self, header + LOG_HEADER - SALTS) && self->page_size >= PAGE_LEAST && self->page_size <= PAGE_MOST;
}

/* The next frame that SQLite would take. */
static bool next(Log *self)
{
    size_t length = FRAME_HEADER + self->page_size;
    if (fread(self->frame, 1, length, self->file) != length)
        return false;
    add(self, self->frame, SUMMED);
    add(self, self->frame + FRAME_HEADER, self->page_size);
    return memcmp(self->frame + SUMMED, self->header + SALTS_AT, SALTS) == 0 && is_summed(self, self->frame + SUMMED + SALTS);
}

/* A log without a mark, which an older program has left, belongs to any file. */
static bool has(Log *self, uint32_t mark)
{
    bool any = false, found = false;
    const unsigned char *page = self->frame + FRAME_HEADER;
    for (bool more = begin(self); more && !found && next(self);) {
        uint32_t own = number_at(self->frame, true) == 1 ? number_at(page + USER_VERSION_AT, true) : 0;
        any |= own != 0;
        found = own && (mark == own || mark == number_at(page + APPLICATION_ID_AT, true));
    }
    return found || !any;
}

static bool fits_now(const char *file, const char *log)
{
    unsigned char header[HEADER] = { 0 };
    FILE *main = fopen(file, "re"), *behind = fopen(log, "re");
    bool reads = main && behind && fread(header, 1, HEADER, main) == HEADER;
    g_autofree Log *self = reads ? g_new0(Log, 1) : NULL;
    if (self)
        self->file = behind;
    bool fits = !self || has(self, number_at(header + USER_VERSION_AT, true));
    if (main)
        fclose(main);
    if (behind)
        fclose(behind);
    return fits;
}

/* A centre that runs may begin another log between the two looks, but not each time. */
bool sqlite_log_fits(const char *file, GError **error)
{
    enum { LOOKS = 3 };
    g_autofree char *log = g_strconcat(file, "-wal", NULL);
    for (int i = 0; i < LOOKS; i++)
        if (fits_now(file, log))
            return true;
    return refuse(error, CONFLICT, "db.other_log", "file", file, "log", log, NULL);
}

bool sqlite_mark_log(Db *self, GError **error)
{
    int64_t before;
    bool found;
    int32_t own = 0;
    random_secure(NULL, &own, sizeof own);
    if (!db_integer(self, "PRAGMA user_version", NULL, &before, &found, error))
        return false;
    g_autofree char *sql = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d", (int)before, own | 1);
    return self->engine->script(self, sql, error);
}
