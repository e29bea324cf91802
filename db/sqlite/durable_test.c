// SPDX-License-Identifier: Apache-2.0
/* Acknowledged writes stay: a busy file, a full disk, a long log, and a killed process. */
#include "db/fixture_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a busy and a full disk ---- */

static void lock_held_by_another_program_is_busy(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[3];
    Gate ended = GATE(3);
    have_notes(fixture);
    g_autoptr(Db) other = engine_open(fixture->file, ENGINE_WRITES, NULL);
    g_assert_true(engine_begin(other, NULL));
    submit(notes, &(Note){ .fixture = fixture, .ended = &ended }, 3, -1, NULL);
    wait_for(&ended);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(notes[i].code, ==, BUSY);
    engine_rollback(other);
    write_group(fixture, notes, 3, -1, NULL);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 3);
}

/* Writes until the disk is full; returns how many were acknowledged, of `tried`. */
static int64_t fill(Fixture *fixture, const char *body, int64_t *tried)
{
    g_autoptr(GError) error = NULL;
    Gate ended = GATE(1);
    int64_t acknowledged = 0;
    while (!error) {
        Note note = { .fixture = fixture, .ended = &ended, .id = 1000 + (*tried)++, .body = body };
        acknowledged += store_write(fixture->store, write_note, &note, &error);
    }
    g_assert_error(error, TROUBLE, FULL);
    g_assert_nonnull(strstr(error->message, "db.full"));
    return acknowledged;
}

typedef void SetRoom(Fixture *fixture, bool narrow);

static void set_pages(Fixture *fixture, bool narrow)
{
    write_sql(fixture, narrow ? "PRAGMA max_page_count = 40" : "PRAGMA max_page_count = 100000");
}

static void set_file_size(Fixture *fixture, bool narrow)
{
    (void)fixture;
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = narrow ? 500000 : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* A log that has grown to the limit gives its room back. */
static void a_full_disk(Fixture *fixture, SetRoom *set_room, bool log_gives_room)
{
    Note notes[MANY];
    int64_t tried = 0;
    g_autofree char *body = g_strnfill(5000, 'x');
    have_notes(fixture);
    set_room(fixture, true);
    int64_t acknowledged = fill(fixture, body, &tried);
    g_assert_cmpint(acknowledged, >, 0);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, acknowledged);
    int64_t further = fill(fixture, body, &tried);
    g_assert_true(further > 0 || !log_gives_room);
    acknowledged += further;
    g_assert_cmpint(ask_store(fixture, count_notes), ==, acknowledged);
    set_room(fixture, false);
    write_group(fixture, notes, MANY, -1, NULL);
    ended_alone(notes, MANY, -1, 0, 1);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, acknowledged + MANY);
}

static void full_database_refuses_and_recovers(Fixture *fixture, const void *data)
{
    (void)data;
    a_full_disk(fixture, set_pages, false);
}

static void full_disk_refuses_and_recovers(Fixture *fixture, const void *data)
{
    (void)data;
    a_full_disk(fixture, set_file_size, true);
}

/* In a group that does not fit as a whole, each gets what there is room for. */
static void group_too_big_for_the_disk_runs_one_by_one(Fixture *fixture, const void *data)
{
    (void)data;
    g_autofree char *body = g_strnfill(5000, 'x');
    Barrier barrier;
    Gate ended = GATE(MANY);
    Note notes[MANY];
    int64_t acknowledged = 0;
    have_notes(fixture);
    set_pages(fixture, true);
    bar(fixture, &barrier);
    submit(notes, &(Note){ .fixture = fixture, .ended = &ended, .body = body }, MANY, -1, NULL);
    lift(&barrier);
    wait_for(&ended);
    for (int i = 0; i < MANY; i++) {
        g_assert_cmpint(notes[i].code, ==, notes[i].seen_by_others ? 0 : FULL);
        acknowledged += notes[i].code == 0;
    }
    g_assert_cmpint(acknowledged, >, 0);
    g_assert_cmpint(acknowledged, <, MANY);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, acknowledged);
}

/* ---- the log ---- */

static int64_t log_size(Fixture *fixture)
{
    g_autofree char *file = g_strconcat(fixture->file, "-wal", NULL);
    struct stat found;
    g_assert_cmpint(stat(file, &found), ==, 0);
    return found.st_size;
}

static bool write_much(Db *db, void *id, GError **error)
{
    ++*(int64_t *)id;
    g_autofree char *paper = g_strnfill(4000000, (char)('0' + *(int64_t *)id));
    return db_run(db,
                  "INSERT INTO note (id, paper) VALUES (:id % 2, :paper) "
                  "ON CONFLICT (id) DO UPDATE SET paper = excluded.paper",
                  WITH(db_int("id", *(int64_t *)id), db_bytes("paper", paper, 4000000)), error);
}

/* Readers come and go all the time; the log begins anew all the same and is put away at last. */
static void *read_on(void *data)
{
    Fixture *fixture = data;
    while (ask_store(fixture, "SELECT count(*) FROM journal") == 0)
        continue;
    return NULL;
}

static void log_stays_small(Fixture *fixture, const void *data)
{
    (void)data;
    pthread_t readers[2];
    int64_t id = 0;
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
        g_assert_cmpint(pthread_create(&readers[i], NULL, read_on, fixture), ==, 0);
    for (int i = 0; i < 60; i++)
        g_assert_true(store_write(fixture->store, write_much, &id, NULL));
    g_assert_cmpint(log_size(fixture), <, 120000000);
    write_sql(fixture, "INSERT INTO journal (id) VALUES (1)");
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
        pthread_join(readers[i], NULL);
    gint64 deadline = g_get_monotonic_time() + 30 * G_TIME_SPAN_SECOND;
    while (log_size(fixture) > 0 && g_get_monotonic_time() < deadline)
        g_thread_yield();
    g_assert_cmpint(log_size(fixture), ==, 0);
}

/* ---- killed ---- */

enum { ROUNDS = 25, AT_ONCE = 16 };

typedef struct Line {
    Store *store;
    int pipe;
    int64_t next;
} Line;

typedef struct Entry {
    Line *line;
    int64_t id;
} Entry;

static bool write_entry(Db *db, void *data, GError **error)
{
    Entry *entry = data;
    return db_run(db, insert_note, WITH(db_int("id", entry->id), db_text("body", "平湖")), error);
}

/* Says which entry is safe, and writes another. */
static void report(void *data, const GError *error)
{
    Entry *entry = data;
    g_assert_no_error(error);
    g_assert_cmpint(write(entry->line->pipe, &entry->id, sizeof entry->id), ==, sizeof entry->id);
    entry->id = entry->line->next++;
    store_submit(entry->line->store, write_entry, entry, report);
}

static G_NORETURN void write_until_killed(const char *file, int pipe, int64_t first)
{
    Entry entries[AT_ONCE];
    Line line = { store_open(file, 1, NULL), pipe, first + AT_ONCE };
    for (int i = 0; i < AT_ONCE; i++) {
        entries[i] = (Entry){ &line, first + i };
        store_submit(line.store, write_entry, &entries[i], report);
    }
    while (true)
        pause();
}

/* Kills the child after some reports; all ids reported are added. */
static void follow_and_kill(pid_t child, int pipe, GArray *reported)
{
    unsigned most = reported->len + (unsigned)g_test_rand_int_range(1, 300);
    int64_t id;
    while (reported->len < most && read(pipe, &id, sizeof id) == sizeof id)
        g_array_append_val(reported, id);
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    while (read(pipe, &id, sizeof id) == sizeof id)
        g_array_append_val(reported, id);
    g_assert_cmpuint(reported->len, >=, most);
}

static void run_and_kill(Fixture *fixture, int round, GArray *reported)
{
    int ends[2], status;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0)
        write_until_killed(fixture->file, ends[1], round * (int64_t)1000000);
    close(ends[1]);
    follow_and_kill(child, ends[0], reported);
    close(ends[0]);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void all_is_there(Fixture *fixture, const GArray *reported)
{
    fixture->store = store_open(fixture->file, 1, NULL);
    g_assert_nonnull(fixture->store);
    for (unsigned i = 0; i < reported->len; i++)
        g_assert_true(is_seen(fixture, g_array_index(reported, int64_t, i)));
    Db *reader = store_reader(fixture->store, NULL);
    g_autoptr(json_t) health = db_row(reader, "PRAGMA integrity_check", NULL, NULL);
    g_assert_cmpstr(json_text(health, "integrity_check"), ==, "ok");
    store_return(fixture->store, reader);
}

static void acknowledged_writes_outlive_a_kill(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GArray) reported = g_array_new(FALSE, FALSE, sizeof(int64_t));
    have_notes(fixture);
    for (int round = 0; round < ROUNDS; round++) {
        store_close(fixture->store);
        run_and_kill(fixture, round, reported);
        all_is_there(fixture, reported);
    }
    g_test_message("%u acknowledged, none lost", reported->len);
}

static bool write_and_refuse(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && refuse(error, NOT_ALLOWED, "notes.no", NULL);
}

static bool read_synchronous(Db *db, void *data, GError **error)
{
    (void)error;
    *(int64_t *)data = ask(db, "PRAGMA synchronous");
    return true;
}

static void writer_is(Fixture *fixture, int64_t synchronous)
{
    int64_t found = -1;
    g_assert_true(store_write(fixture->store, read_synchronous, &found, NULL));
    g_assert_cmpint(found, ==, synchronous);
}

/* How often the process has ordered something written, by whichever thread. */
static int64_t orders_to_write(void)
{
    g_autofree char *counts = NULL;
    g_assert_true(g_file_get_contents("/proc/self/io", &counts, NULL, NULL));
    return g_ascii_strtoll(strstr(counts, "syscw: ") + strlen("syscw: "), NULL, 10);
}

static void a_commit_is_written_at_once(Fixture *fixture, const void *data)
{
    enum { PAGES = 100, FEW = 10 };
    (void)data;
    have_notes(fixture);
    int64_t before = orders_to_write();
    write_sql(fixture, "INSERT INTO note (id, body) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                       " SELECT i, hex(zeroblob(1500)) FROM n");
    g_assert_cmpint(ask_store(fixture, "SELECT SUM(LENGTH(body)) FROM note"), >, PAGES * 4096);
    g_assert_cmpint(orders_to_write() - before, <, FEW);
}

static void a_draft_keeps_no_log_and_becomes_a_database(Fixture *fixture, const void *data)
{
    (void)data;
    g_autofree char *log = g_strconcat(fixture->file, "-wal", NULL);
    Note kept = { .id = 1, .body = "kept" }, undone = { .id = 2, .body = "undone" };
    writer_is(fixture, 2 /* FULL */);
    store_close(fixture->store);
    g_unlink(fixture->file);
    fixture->store = store_open_draft(fixture->file, 1, NULL);
    writer_is(fixture, 0 /* OFF */);
    have_notes(fixture);
    g_assert_true(store_write(fixture->store, write_note, &kept, NULL));
    g_assert_false(store_write(fixture->store, write_and_refuse, &undone, NULL));
    g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
    store_close(fixture->store);
    fixture->store = store_open(fixture->file, 1, NULL);
    writer_is(fixture, 2);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 1);
    g_assert_true(g_file_test(log, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_FILE(name, test) g_test_add("/db/durable/" name, Fixture, NULL, set_up, test, tear_down)
    ON_A_FILE("lock held by another program is busy", lock_held_by_another_program_is_busy);
    ON_A_FILE("full database refuses and recovers", full_database_refuses_and_recovers);
    ON_A_FILE("full disk refuses and recovers", full_disk_refuses_and_recovers);
    ON_A_FILE("group too big for the disk runs one by one",
              group_too_big_for_the_disk_runs_one_by_one);
    ON_A_FILE("log stays small", log_stays_small);
    ON_A_FILE("a commit is written at once", a_commit_is_written_at_once);
    ON_A_FILE("acknowledged writes outlive a kill", acknowledged_writes_outlive_a_kill);
    ON_A_FILE("a draft keeps no log and becomes a database", a_draft_keeps_no_log_and_becomes_a_database);
    return g_test_run();
}
