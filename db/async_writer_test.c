// SPDX-License-Identifier: Apache-2.0
/* Statements behind a work: all carried out, in their order, before anybody reads; nothing of a work in which one fails. */
#include "db/fixture_test.h"

enum { NOTES = 20000, LARGE = 1 << 20 };

static const char insert_line[] = "INSERT INTO journal (id, line) VALUES (:id, :line)";

static bool write_line(Db *db, int64_t id, const char *line, GError **error)
{
    return db_run(db, insert_line, WITH(db_int("id", id), db_text("line", line)), error);
}

static bool write_lines(Db *db, void *data, GError **error)
{
    (void)data;
    db_use_async_writer(db);
    for (int64_t i = 0; i < NOTES; i++) {
        g_autofree char *line = g_strdup_printf("line %" PRId64, i);
        if (!write_line(db, i, line, error))
            return false;
    }
    return true;
}

static void queued_statements_all_run(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    store_write(fixture->store, write_lines, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM journal WHERE line = 'line ' || id AND id = rowid"), ==, NOTES);
}

static bool read_between(Db *db, void *data, GError **error)
{
    (void)data;
    db_use_async_writer(db);
    for (int64_t i = 0; i < 200; i++) {
        if (!write_line(db, i, "", error))
            return false;
        g_assert_cmpint(ask(db, "SELECT count(*) FROM journal"), ==, i + 1);
    }
    return true;
}

static void reads_see_queued_statements(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    store_write(fixture->store, read_between, NULL, &error);
    g_assert_no_error(error);
}

/* While rows are open on its thread, its statements run there too. */
static bool copy_notes(Db *db, void *data, GError **error)
{
    (void)data;
    db_use_async_writer(db);
    for (int64_t i = 0; i < 100; i++)
        if (!db_run(db, insert_note, WITH(db_int("id", i), db_text("body", "copied")), error))
            return false;
    g_autoptr(DbRows) rows = db_query(db, "SELECT id, body FROM note ORDER BY id", NULL, error);
    while (db_next(rows, error))
        if (!write_line(db, db_column_int(rows, 0), db_column_text(rows, 1), error))
            return false;
    return !db_failed(rows);
}

static void statements_may_be_queued_while_rows_are_open(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    store_write(fixture->store, copy_notes, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM journal WHERE line = 'copied'"), ==, 100);
}

/* The snapshot shows the rows of before, whether the write's own rows are written yet or not. */
static bool read_before(Db *db, void *data, GError **error)
{
    Db *before = db_snapshot(db);
    g_assert_nonnull(before);
    db_use_async_writer(db);
    for (int64_t i = 0; i < 2000; i++) {
        if (!write_line(db, 100 + i, "", error))
            return false;
        if (i % 100 == 0)
            g_assert_cmpint(ask(before, "SELECT count(*) FROM journal"), ==, 0);
    }
    db_snapshot_end(before);
    *(bool *)data = true;
    return true;
}

static bool find_nothing_before(Db *db, void *data, GError **error)
{
    (void)error;
    *(bool *)data = !db_snapshot(db);
    return true;
}

static void snapshot_sees_the_state_before_its_write(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[MANY];
    Barrier barrier;
    Gate ended = GATE(MANY);
    bool seen = false, none = false;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    store_write(fixture->store, read_before, &seen, &error);
    g_assert_no_error(error);
    g_assert_true(seen);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM journal"), ==, 2000);
    bar(fixture, &barrier);
    store_submit(fixture->store, find_nothing_before, &none, ignore);
    submit(notes, &(Note){ .fixture = fixture, .ended = &ended }, MANY, -1, NULL);
    lift(&barrier);
    wait_for(&ended);
    g_assert_true(none);
}

static bool write_large(Db *db, void *data, GError **error)
{
    const char *large = data;
    db_use_async_writer(db);
    for (int64_t i = 0; i < 8; i++)
        if (!write_line(db, i, i % 2 ? large : "small", error))
            return false;
    return true;
}

static void text_may_be_larger_than_the_buffer(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_strnfill(LARGE, 'x');
    have_notes(fixture);
    store_write(fixture->store, write_large, large, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_store(fixture, "SELECT sum(length(line)) FROM journal"), ==, 4 * (LARGE + 5));
}

/* The first clash is told, however much was taken down since. */
static bool write_twice(Db *db, void *data, GError **error)
{
    db_use_async_writer(db);
    for (int64_t i = 0; i < NOTES; i++)
        if (!write_line(db, i == NOTES / 2 ? 7 : i, "", error))
            return false;
    *(bool *)data = true;
    return true;
}

static bool write_last_twice(Db *db, void *data, GError **error)
{
    db_use_async_writer(db);
    *(bool *)data = true;
    return write_line(db, 1, "", error) && write_line(db, 1, "again", error);
}

static void conflict_in_queued_statements_rolls_the_write_back(Fixture *fixture, const void *data)
{
    (void)data;
    static const struct { WriteFunction *work; bool ends; } works[] = { { write_twice, false }, { write_last_twice, true } };
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
        bool ended = false;
        g_autoptr(GError) error = NULL;
        g_assert_false(store_write(fixture->store, works[i].work, &ended, &error));
        g_assert_error(error, TROUBLE, CONFLICT);
        g_assert_cmpint(ended, ==, works[i].ends);
        g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM journal"), ==, 0);
    }
}

static bool clash_behind(Db *db, void *data, GError **error)
{
    db_use_async_writer(db);
    return write_note(db, data, error) && db_run(db, insert_note, WITH(db_int("id", 0), db_text("body", "again")), error);
}

static void queued_statements_spare_other_writes(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(fixture);
    write_group(fixture, notes, MANY, MANY / 2, clash_behind);
    for (int i = MANY / 2 + 1; i < MANY; i++)
        notes[i].runs++; /* they had not begun when the group was undone */
    ended_alone(notes, MANY, MANY / 2, CONFLICT, 2);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_FILE(name, test) g_test_add("/db/async_writer/" name, Fixture, NULL, set_up, test, tear_down)
    ON_A_FILE("queued statements all run", queued_statements_all_run);
    ON_A_FILE("reads see queued statements", reads_see_queued_statements);
    ON_A_FILE("statements may be queued while rows are open", statements_may_be_queued_while_rows_are_open);
    ON_A_FILE("snapshot sees the state before its write", snapshot_sees_the_state_before_its_write);
    ON_A_FILE("text may be larger than the buffer", text_may_be_larger_than_the_buffer);
    ON_A_FILE("conflict in queued statements rolls the write back", conflict_in_queued_statements_rolls_the_write_back);
    ON_A_FILE("queued statements spare other writes", queued_statements_spare_other_writes);
    return g_test_run();
}
