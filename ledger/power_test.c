// SPDX-License-Identifier: Apache-2.0
/* The power goes at any byte of a commit: the write-ahead log is cut at random points, its tail torn in the ways disks
 * tear it, or the database was being brought up to the log. What was acknowledged is there, nothing is there by half,
 * and the ledger goes on. */
#include "ledger/ledger.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

enum { COUNTY = 330482, WRITES = 150, MOST_EVENTS = 5, CUTS = 300, CHECKPOINTS = 60, SECTOR = 512, PAGE = 4096 };

/* The disk's content, and the events acknowledged at each length of the log. */
typedef struct Disk {
    char *folder, *file, *log_file;
    GByteArray *base, *log, *full; /* the database before all writes; its log after them; the database with all in it */
    gsize length[WRITES];
    int64_t events[WRITES];
} Disk;

typedef struct Work {
    int64_t events, last;
} Work;

static bool append(Db *db, void *data, GError **error)
{
    Work *work = data;
    const Context context = { .db = db, .county = COUNTY, .random = random_secure };
    for (int64_t i = 0; i < work->events; i++) {
        g_autofree char *subject = g_strdup_printf("case/%d", g_test_rand_int_range(1, 30));
        Event event = { .subject = subject, .kind = "case.test", .item = "", .at = 1409720000000, .payload = "{\"note\":\"平湖\"}" };
        if (!ledger_append(&context, &event, -1, error))
            return false;
        work->last = event.number;
    }
    return true;
}

static Store *open_store(const Disk *disk)
{
    Store *store = store_with_rooms(disk->file, 2);
    return store;
}

static int64_t append_some(Store *store, int64_t events)
{
    g_autoptr(GError) error = NULL;
    Work work = { .events = events };
    store_write(store, append, &work, &error);
    g_assert_no_error(error);
    return work.last;
}

static GByteArray *read_bytes(const char *file)
{
    char *bytes;
    gsize length;
    g_assert_true(g_file_get_contents(file, &bytes, &length, NULL));
    return g_byte_array_new_take((guint8 *)bytes, length);
}

static void write_bytes(const char *file, const void *bytes, gsize length)
{
    g_assert_true(g_file_set_contents_full(file, bytes ? bytes : "", (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static gsize length_of(const char *file)
{
    struct stat found;
    g_assert_cmpint(stat(file, &found), ==, 0);
    return (gsize)found.st_size;
}

/* A reader that looks at the beginning keeps the whole log from being put away. */
static void set_up(Disk *disk, const void *data)
{
    (void)data;
    disk->folder = g_dir_make_tmp("power-XXXXXX", NULL);
    disk->file = g_build_filename(disk->folder, "test.db", NULL);
    disk->log_file = g_strconcat(disk->file, "-wal", NULL);
    store_close(open_store(disk));
    disk->base = read_bytes(disk->file);
    Store *store = open_store(disk);
    Db *reader = store_reader(store, NULL);
    g_autoptr(json_t) seen = db_rows(reader, "/* all counties */ SELECT size FROM ledger_edge", NULL, NULL);
    g_assert_nonnull(seen);
    for (int i = 0; i < WRITES; i++) {
        disk->events[i] = append_some(store, g_test_rand_int_range(1, MOST_EVENTS + 1));
        disk->length[i] = length_of(disk->log_file);
    }
    disk->log = read_bytes(disk->log_file);
    g_autoptr(GByteArray) still = read_bytes(disk->file);
    g_assert_true(still->len == disk->base->len && memcmp(still->data, disk->base->data, still->len) == 0);
    store_return(store, reader);
    store_close(store);
    disk->full = read_bytes(disk->file);
}

static void tear_down(Disk *disk, const void *data)
{
    (void)data;
    remove_tree(disk->folder);
    g_byte_array_unref(disk->base);
    g_byte_array_unref(disk->log);
    g_byte_array_unref(disk->full);
    g_free(disk->folder);
    g_free(disk->file);
    g_free(disk->log_file);
}

/* How many events the ledger has, all of them sound. */
static int64_t sound_events(Store *store)
{
    int64_t count = -1;
    g_autoptr(GError) error = NULL;
    Db *reader = store_reader(store, NULL);
    bool sound = ledger_check(reader, COUNTY, NULL, &count, &error) && db_sums_check(reader, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(sound);
    store_return(store, reader);
    return count;
}

/* The power is back. Returns the events there are. */
static int64_t come_back(const Disk *disk, const GByteArray *database, const GByteArray *log)
{
    g_autofree char *shared = g_strconcat(disk->file, "-shm", NULL);
    g_remove(shared);
    write_bytes(disk->file, database->data, database->len);
    write_bytes(disk->log_file, log->data, log->len);
    Store *store = open_store(disk);
    int64_t events = sound_events(store);
    g_assert_cmpint(append_some(store, 1), ==, events + 1);
    g_assert_cmpint(sound_events(store), ==, events + 1);
    store_close(store);
    return events;
}

/* ---- the log cut ---- */

static void add_noise(GByteArray *log, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guint8 byte = (guint8)g_test_rand_int();
        g_byte_array_append(log, &byte, 1);
    }
}

/* Behind the cut stands nothing, zeros (the file was made longer first), noise, or the rest with a sector of noise or
 * zeros in it (sectors are written in any order). */
static GByteArray *cut_log(const Disk *disk, gsize cut)
{
    GByteArray *log = g_byte_array_new();
    guint8 zeros[SECTOR] = { 0 };
    int kind = g_test_rand_int_range(0, 5);
    g_byte_array_append(log, disk->log->data, (guint)cut);
    if (kind == 1)
        for (int i = g_test_rand_int_range(1, 20); i > 0; i--)
            g_byte_array_append(log, zeros, SECTOR);
    if (kind == 2)
        add_noise(log, (gsize)g_test_rand_int_range(1, 3 * PAGE));
    if (kind < 3)
        return log;
    if (kind == 3)
        add_noise(log, SECTOR);
    else
        g_byte_array_append(log, zeros, SECTOR);
    if (log->len < disk->log->len)
        g_byte_array_append(log, disk->log->data + log->len, disk->log->len - log->len);
    return log;
}

static int64_t acknowledged_at(const Disk *disk, gsize length)
{
    int64_t events = 0;
    for (int i = 0; i < WRITES && disk->length[i] <= length; i++)
        events = disk->events[i];
    return events;
}

static bool is_end_of_a_write(const Disk *disk, int64_t events)
{
    for (int i = 0; i < WRITES; i++)
        if (disk->events[i] == events)
            return true;
    return events == 0;
}

static void a_log_cut_anywhere_loses_nothing(Disk *disk, const void *data)
{
    (void)data;
    for (int i = 0; i < CUTS; i++) {
        gsize cut = (gsize)g_test_rand_int_range(0, (gint32)disk->log->len + 1);
        if (i % 3 == 0) /* about the end of a write, where it matters most */
            cut = disk->length[g_test_rand_int_range(0, WRITES)] - 4 + (gsize)g_test_rand_int_range(0, 8);
        cut = MIN(cut, disk->log->len);
        g_autoptr(GByteArray) log = cut_log(disk, cut);
        int64_t events = come_back(disk, disk->base, log);
        g_assert_cmpint(events, >=, acknowledged_at(disk, cut));
        g_assert_true(is_end_of_a_write(disk, events));
    }
    g_test_message("a log of %u bytes cut at %d points: nothing acknowledged was lost", disk->log->len, CUTS);
}

/* ---- the database while it is brought up to the log ---- */

/* Each page as it was, as it will be, or half of each. */
static GByteArray *half_brought_up(const Disk *disk)
{
    GByteArray *database = g_byte_array_new();
    g_byte_array_append(database, disk->base->data, disk->base->len);
    guint pages = (guint)g_test_rand_int_range(0, (gint32)(disk->full->len / PAGE) + 1);
    if (pages * PAGE > database->len)
        g_byte_array_set_size(database, pages * PAGE);
    for (guint at = disk->base->len; at < database->len; at++)
        database->data[at] = 0;
    for (guint page = 0; page < database->len / PAGE; page++) {
        guint written = SECTOR * (guint)g_test_rand_int_range(0, PAGE / SECTOR + 1);
        if (g_test_rand_bit() && (page + 1) * PAGE <= disk->full->len)
            memcpy(database->data + page * PAGE, disk->full->data + page * PAGE, written);
    }
    return database;
}

static void a_database_half_brought_up_to_its_log_is_whole(Disk *disk, const void *data)
{
    (void)data;
    for (int i = 0; i < CHECKPOINTS; i++) {
        g_autoptr(GByteArray) database = half_brought_up(disk);
        g_assert_cmpint(come_back(disk, database, disk->log), ==, disk->events[WRITES - 1]);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add("/ledger/power/a log cut anywhere loses nothing", Disk, NULL, set_up, a_log_cut_anywhere_loses_nothing, tear_down);
    g_test_add("/ledger/power/a database half brought up to its log is whole", Disk, NULL, set_up,
               a_database_half_brought_up_to_its_log_is_whole, tear_down);
    return g_test_run();
}
