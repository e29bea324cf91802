// SPDX-License-Identifier: Apache-2.0
/* A database file and the log beside it: a log of another file is refused before SQLite has opened anything, and so are a file that is
 * gone, that can only be read, or that is moved while it is open. */
#include "db/fixture_test.h"
#include "db/sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>

/* ---- two files in a folder ---- */

typedef struct Pair {
    char *folder, *file, *log;
} Pair;

static Pair new_pair(void)
{
    char *folder = g_dir_make_tmp("pinghu-log-XXXXXX", NULL);
    return (Pair){ folder, g_build_filename(folder, "a.db", NULL), g_build_filename(folder, "a.db-wal", NULL) };
}

static void end_pair(Pair *self)
{
    g_assert_true(remove_tree(self->folder));
    g_free(self->folder);
    g_free(self->file);
    g_free(self->log);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, end_pair)

static void copy(const char *from, const char *to)
{
    gsize length;
    g_autofree char *bytes = NULL;
    g_assert_true(g_file_get_contents(from, &bytes, &length, NULL) && g_file_set_contents(to, bytes, (gssize)length, NULL));
}

static Db *open_notes(const Pair *self)
{
    g_autoptr(GError) error = NULL;
    Db *db = engine_open(self->file, ENGINE_WRITES, &error);
    g_assert_no_error(error);
    g_assert_true(db->engine->script(db, "CREATE TABLE note (id BIGINT)", NULL));
    return db;
}

static void add_note(Db *db)
{
    g_autoptr(GError) error = NULL;
    engine_begin(db, &error);
    db_run(db, "INSERT INTO note (id) VALUES (1)", NULL, &error);
    engine_commit(db, &error);
    g_assert_no_error(error);
}

static void put_log_away(Db *db)
{
    g_autoptr(GError) error = NULL;
    db->engine->checkpoint(db, false, 0, &error);
    g_assert_no_error(error);
}

static int by_text(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* All names in the folder with the hashes of what they hold. */
static char *state_of(const Pair *self)
{
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        gsize length;
        g_autofree char *path = g_build_filename(self->folder, name, NULL), *bytes = NULL;
        g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
        g_ptr_array_add(lines, g_strconcat(name, " ", hash, NULL));
    }
    g_ptr_array_sort(lines, by_text);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

/* Opening is refused, for writing and for reading, and nothing in the folder is another than before. */
static void assert_refused(const Pair *self, const char *reason)
{
    g_autofree char *before = state_of(self);
    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(i ? store_open(self->file, 1, &error) : store_open_reading(self->file, 1, notes_room, &error));
        g_assert_error(error, TROUBLE, CONFLICT);
        g_assert_nonnull(strstr(error->message, reason));
        g_autofree char *after = state_of(self);
        g_assert_cmpstr(before, ==, after);
    }
}

static void assert_notes(const Pair *self, int64_t count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(self->file, 1, &error);
    g_assert_no_error(error);
    Db *reader = store_reader(store, &error);
    g_assert_cmpint(ask(reader, "SELECT COUNT(*) FROM note"), ==, count);
    store_return(store, reader);
}

/* ---- whose log it is ---- */

/* As a kill leaves them, at each stage of the log. */
static void a_log_fits_its_own_file(void)
{
    g_auto(Pair) pair = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    for (int i = 0; i < 6; i++) {
        g_auto(Pair) killed = new_pair();
        add_note(db);
        if (i % 3 == 2)
            put_log_away(db);
        copy(pair.file, killed.file);
        copy(pair.log, killed.log);
        assert_notes(&killed, i + 1);
    }
}

static void the_log_of_a_later_or_an_earlier_file_is_refused(void)
{
    g_auto(Pair) pair = new_pair(), earlier = new_pair(), later = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    add_note(db);
    put_log_away(db);
    add_note(db);
    copy(pair.file, earlier.file);
    copy(pair.log, later.log);
    for (int i = 0; i < 2; i++) {
        put_log_away(db);
        add_note(db);
    }
    copy(pair.log, earlier.log);
    copy(pair.file, later.file);
    assert_refused(&earlier, "db.other_log");
    assert_refused(&later, "db.other_log");
    g_remove(later.log);
    assert_notes(&later, 3); /* as the sentence says: without what only the log held */
}

/* An older program left no mark. */
static void a_log_without_a_mark_fits(void)
{
    g_auto(Pair) pair = new_pair(), other = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    put_log_away(db);
    db->unmarked = false;
    add_note(db);
    copy(pair.file, other.file);
    copy(pair.log, other.log);
    assert_notes(&other, 1);
}

/* A transaction that changes nothing begins no log. */
static void what_changes_nothing_marks_nothing(void)
{
    g_auto(Pair) pair = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    put_log_away(db);
    db->log_pages = 0;
    g_assert_true(engine_begin(db, NULL) && engine_commit(db, NULL));
    g_assert_cmpint(db->log_pages, ==, 0);
    g_assert_true(db->unmarked);
    add_note(db);
    g_assert_false(db->unmarked);
}

static void nothing_is_made_among_the_files_of_another(void)
{
    static const char *const ends[] = { "-wal", ".key", ".seal", ".personal", ".checkpoint", ".accounts", ".files" };
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        for (int is_empty = 0; is_empty < 2; is_empty++) {
            g_auto(Pair) pair = new_pair();
            g_autofree char *path = g_strconcat(pair.file, ends[i], NULL);
            g_assert_true(g_file_set_contents(path, "x", -1, NULL) && (!is_empty || g_file_set_contents(pair.file, "", 0, NULL)));
            assert_refused(&pair, "db.moved_away");
        }
}

/* ---- what the system refuses ---- */

static sqlite3_vfs *unix_calls(void)
{
    return sqlite3_vfs_find("unix");
}

static int open_all_but(const char *path, int flags, mode_t mode, const char *end, int why)
{
    bool is_refused = g_str_has_suffix(path, end) && (flags & O_ACCMODE) != O_RDONLY;
    errno = why;
    return is_refused ? -1 : open(path, flags, mode);
}

static int open_file_for_reading(const char *path, int flags, mode_t mode)
{
    return open_all_but(path, flags, mode, ".db", EIO);
}

static int open_log_for_reading(const char *path, int flags, mode_t mode)
{
    return open_all_but(path, flags, mode, "-wal", EIO);
}

static int open_none(const char *path, int flags, mode_t mode)
{
    (void)path, (void)flags, (void)mode;
    errno = EMFILE;
    return -1;
}

static void assert_told(const Pair *self, sqlite3_syscall_ptr call, const char *reason)
{
    g_autoptr(GError) error = NULL;
    unix_calls()->xSetSystemCall(unix_calls(), "open", call);
    Store *store = store_open(self->file, 1, &error);
    unix_calls()->xSetSystemCall(unix_calls(), "open", NULL);
    g_assert_null(store);
    g_assert_error(error, TROUBLE, BUSY);
    g_assert_nonnull(strstr(error->message, reason));
}

static void what_can_only_be_read_is_not_opened(void)
{
    g_auto(Pair) pair = new_pair(), killed = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    add_note(db);
    copy(pair.file, killed.file); /* its log is there already, so that it can be read */
    copy(pair.log, killed.log);
    assert_told(&killed, (sqlite3_syscall_ptr)open_file_for_reading, "db.read_only");
    assert_told(&killed, (sqlite3_syscall_ptr)open_log_for_reading, "db.read_only");
    assert_told(&killed, (sqlite3_syscall_ptr)open_none, "base.descriptors");
    assert_notes(&killed, 1);
}

static ssize_t fail_to_write(int file, const void *bytes, size_t length, off_t at)
{
    (void)file, (void)bytes, (void)length, (void)at;
    errno = EIO;
    return -1;
}

static ssize_t find_no_room(int file, const void *bytes, size_t length, off_t at)
{
    fail_to_write(file, bytes, length, at);
    errno = EFBIG;
    return -1;
}

static void assert_write_fails(Db *db, void *call, int code)
{
    g_autoptr(GError) error = NULL;
    unix_calls()->xSetSystemCall(unix_calls(), "pwrite", (sqlite3_syscall_ptr)(uintptr_t)call);
    unix_calls()->xSetSystemCall(unix_calls(), "pwrite64", (sqlite3_syscall_ptr)(uintptr_t)call);
    bool done = engine_begin(db, &error) && db_run(db, "INSERT INTO note (id) VALUES (1)", NULL, &error) && engine_commit(db, &error);
    unix_calls()->xSetSystemCall(unix_calls(), "pwrite", NULL);
    unix_calls()->xSetSystemCall(unix_calls(), "pwrite64", NULL);
    engine_rollback(db);
    g_assert_false(done);
    g_assert_error(error, TROUBLE, code);
}

static void a_broken_disk_is_not_a_full_one(void)
{
    g_auto(Pair) pair = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    assert_write_fails(db, (void *)(uintptr_t)fail_to_write, FAULT);
    assert_write_fails(db, (void *)(uintptr_t)find_no_room, FULL);
    add_note(db);
}

/* ---- moved while it is open ---- */

static void a_file_that_is_moved_is_written_no_more(void)
{
    g_auto(Pair) pair = new_pair();
    g_autoptr(Db) db = open_notes(&pair);
    g_autoptr(GError) error = NULL;
    g_autofree char *away = g_strconcat(pair.file, ".away", NULL);
    add_note(db);
    g_assert_cmpint(g_rename(pair.file, away), ==, 0);
    g_assert_false(engine_begin(db, &error));
    g_assert_error(error, TROUBLE, BUSY);
    g_assert_nonnull(strstr(error->message, "db.gone_away\""));
    g_assert_null(strstr(error->message, pair.folder));
    g_assert_cmpint(g_rename(away, pair.file), ==, 0);
    add_note(db);
}

int main(int argc, char **argv)
{
    base_start();
    engine_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/a log fits its own file", a_log_fits_its_own_file);
    g_test_add_func("/log/the log of a later or an earlier file is refused", the_log_of_a_later_or_an_earlier_file_is_refused);
    g_test_add_func("/log/a log without a mark fits", a_log_without_a_mark_fits);
    g_test_add_func("/log/what changes nothing marks nothing", what_changes_nothing_marks_nothing);
    g_test_add_func("/log/nothing is made among the files of another", nothing_is_made_among_the_files_of_another);
    g_test_add_func("/log/what can only be read is not opened", what_can_only_be_read_is_not_opened);
    g_test_add_func("/log/a broken disk is not a full one", a_broken_disk_is_not_a_full_one);
    g_test_add_func("/log/a file that is moved is written no more", a_file_that_is_moved_is_written_no_more);
    return g_test_run();
}
