// SPDX-License-Identifier: Apache-2.0
/* The tests of this room share a fixture with a store of its own in a folder of its own, or a
 * database of its own on a server, and notes that are written there and followed. */
#pragma once

#include "db/engine.h"
#include "db/server_test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct Fixture {
    char *folder, *file;
    Store *store;
} Fixture;

static const char notes_schema[] = "-- append-only: journal\n"
                                   "CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT,\n"
                                   "    paper BYTEA, weight DOUBLE PRECISION);\n"
                                   "CREATE TABLE journal (id BIGINT PRIMARY KEY, line TEXT);\n";
static const Room room_of_notes = { "notes" };
static const Room *const notes_room[] = { &room_of_notes, NULL };

/* Each test is run on a file, and on a server where there is one. */
typedef void FixtureTest(Fixture *fixture, const void *server);
static inline void set_up(Fixture *fixture, const void *server);
static inline void tear_down(Fixture *fixture, const void *server);

static inline void add_on_file(const char *path, FixtureTest *test)
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

static inline void add_on_server(const char *path, FixtureTest *test)
{
    g_autofree char *other = g_strconcat("/postgresql", path, NULL);
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    if (server)
        g_test_add(other, Fixture, server, set_up, test, tear_down);
}

static inline void add_on_both(const char *path, FixtureTest *test)
{
    add_on_file(path, test);
    add_on_server(path, test);
}

/* ---- the fixture ---- */

static inline void set_up(Fixture *fixture, const void *server)
{
    g_autoptr(GError) error = NULL;
    fixture->folder = g_dir_make_tmp("pinghu-XXXXXX", &error);
    g_assert_no_error(error);
    fixture->file = server ? make_database(server) : g_build_filename(fixture->folder, "test.db", NULL);
    fixture->store = store_open(fixture->file, 2, &error);
    g_assert_no_error(error);
}

static inline void tear_down(Fixture *fixture, const void *server)
{
    static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
    store_close(fixture->store);
    if (server)
        drop_database(server, fixture->file);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(fixture->file, ends[i], NULL);
        g_remove(file);
    }
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->folder);
    g_free(fixture->file);
}

/* The database room's own schema and one more file. */
static inline bool migrate(Fixture *fixture, const char *name, const char *sql, GError **error)
{
    Embedded files[] = { *embedded_find("db/001-db.sql"), *embedded_find("db/002-sums.sql"), { name, sql, strlen(sql) } };
    return migrate_from(fixture->store, files, G_N_ELEMENTS(files), notes_room, 7, error);
}

static inline void have_notes(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    migrate(fixture, "notes/001-notes.sql", notes_schema, &error);
    g_assert_no_error(error);
}

static inline bool run_sql(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

static inline void write_sql(Fixture *fixture, const char *sql)
{
    g_autoptr(GError) error = NULL;
    store_write(fixture->store, run_sql, (void *)sql, &error);
    g_assert_no_error(error);
}

static inline int64_t ask(Db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    int64_t value;
    bool found;
    db_integer(db, sql, NULL, &value, &found, &error);
    g_assert_no_error(error);
    g_assert_true(found);
    return value;
}

static inline int64_t ask_store(Fixture *fixture, const char *sql)
{
    Db *reader = store_reader(fixture->store, NULL);
    int64_t value = ask(reader, sql);
    store_return(fixture->store, reader);
    return value;
}

/* ---- works that are followed ---- */

/* Counts down to nought. */
typedef struct Gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int left;
} Gate;
#define GATE(count)                                                                                \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, count                                 \
    }

static inline void step(Gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->left--;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}

static inline void wait_for(Gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->left > 0)
        pthread_cond_wait(&gate->moved, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

/* One note to be written, and what came of it. */
typedef struct Note {
    Fixture *fixture;
    Gate *ended;
    int64_t id;
    const char *body;
    int runs, code;
    bool seen_by_others;
} Note;

static const char insert_note[] = "INSERT INTO note (id, body) VALUES (:id, :body)";
static const char count_notes[] = "SELECT count(*) FROM note";

static inline bool write_note(Db *db, void *data, GError **error)
{
    Note *note = data;
    note->runs++;
    return db_insert(db, insert_note, WITH(db_int("id", note->id), db_text("body", note->body)), error);
}

static inline bool is_seen(Fixture *fixture, int64_t id)
{
    Db *reader = store_reader(fixture->store, NULL);
    int64_t value;
    bool found;
    db_integer(reader, "SELECT id FROM note WHERE id = :id", WITH(db_int("id", id)), &value, &found,
               NULL);
    store_return(fixture->store, reader);
    return found;
}

static inline void note_end(void *data, const GError *error)
{
    Note *note = data;
    note->code = error ? error->code : 0;
    note->seen_by_others = is_seen(note->fixture, note->id);
    step(note->ended);
}

typedef struct Barrier {
    Gate begun, held, ended;
} Barrier;

static inline bool stand_in_the_way(Db *db, void *data, GError **error)
{
    (void)error;
    Barrier *barrier = data;
    db_snapshot_end(db_snapshot(db)); /* so that no write joins its transaction */
    step(&barrier->begun);
    wait_for(&barrier->held);
    return true;
}

static inline void ignore(void *data, const GError *error)
{
    (void)data, (void)error;
}

static inline void barrier_end(void *data, const GError *error)
{
    Barrier *barrier = data;
    (void)error;
    step(&barrier->ended);
}

/* Keeps the writer busy, so that what is submitted until it is lifted becomes one group. */
static inline void bar(Fixture *fixture, Barrier *barrier)
{
    *barrier = (Barrier){ GATE(1), GATE(1), GATE(1) };
    store_submit(fixture->store, stand_in_the_way, barrier, barrier_end);
    wait_for(&barrier->begun);
}

/* When it returns nobody looks at the barrier any more. */
static inline void lift(Barrier *barrier)
{
    step(&barrier->held);
    wait_for(&barrier->ended);
}

enum { MANY = 100 };

/* Notes 0 … count - 1, all waiting together; number `odd` does what `work` says. */
static inline void submit(Note *notes, const Note *like, int count, int odd, WriteFunction *work)
{
    for (int i = 0; i < count; i++) {
        notes[i] = *like;
        notes[i].id = i;
        store_submit(like->fixture->store, i == odd ? work : write_note, &notes[i], note_end);
    }
}

/* The same in one group. */
static inline void write_group(Fixture *fixture, Note *notes, int count, int odd, WriteFunction *work)
{
    Barrier barrier;
    Gate ended = GATE(count);
    bar(fixture, &barrier);
    submit(notes, &(Note){ .fixture = fixture, .ended = &ended }, count, odd, work);
    lift(&barrier);
    wait_for(&ended);
}

static inline void ended_alone(const Note *notes, int count, int odd, int code, int runs)
{
    for (int i = 0; i < count; i++) {
        g_assert_cmpint(notes[i].code, ==, i == odd ? code : 0);
        g_assert_cmpint(notes[i].runs, ==, runs);
        g_assert_cmpint(notes[i].seen_by_others, ==, i != odd);
    }
}
