// SPDX-License-Identifier: Apache-2.0
/* Statements, readers and migrations. */
#include "db/fixture_test.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- parameters ---- */

static void refuses(Db *db, const char *sql, const DbArg *args, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(db_run(db, sql, args, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_assert_nonnull(strstr(error->message, why));
}

static void missing_or_surplus_parameters_are_refused(Fixture *fixture, const void *server)
{
    Db *db = store_reader(fixture->store, NULL);
    g_autoptr(GError) error = NULL;
    refuses(db, "SELECT :a, :b", WITH(db_int("a", 1)), ":b was not given");
    refuses(db, "SELECT :a, :b", NULL, ":a was not given");
    refuses(db, "SELECT :a", WITH(db_int("a", 1), db_int("c", 2)), ":c was given but not used");
    refuses(db, "SELECT 1", WITH(db_int("a", 1)), ":a was given but not used");
    refuses(db, "SELECT :a", WITH(db_int("a", 1), db_int("a", 2)), ":a was given but twice");
    refuses(db, "SELECT ?", NULL, "without a :name");
    refuses(db, "SELECT 1; SELECT 2", NULL, "not one statement");
    refuses(db, " -- nothing", NULL, "not one statement");
    refuses(db, "SELECT :a", WITH(db_text("a", "\xff")), "not UTF-8");
    refuses(db, "SELECT :a", WITH(db_text("a", "sixteen letters \xff")), "not UTF-8");
    refuses(db, "SELECT :a", WITH(db_text("a", "eight of\xe5\xbc")), "not UTF-8");
    db_run(db, "SELECT :b, :a, :b;\n", WITH(db_int("a", 1), db_int("b", 2)), &error);
    g_assert_no_error(error);
    refuses(db, "SELECT \"text\"", NULL, server ? "does not exist" : "no such column");
    store_return(fixture->store, db);
}

static void statement_text_built_at_run_time_is_not_mistaken(Fixture *fixture, const void *data)
{
    (void)data;
    Db *db = store_reader(fixture->store, NULL);
    char sql[32];
    for (int i = 0; i < 2000; i++) {
        g_snprintf(sql, sizeof sql, "SELECT %d", i % 1500);
        g_assert_cmpint(ask(db, sql), ==, i % 1500);
    }
    store_return(fixture->store, db);
}

static void one_statement_cannot_be_open_twice(Fixture *fixture, const void *data)
{
    (void)data;
    static const char sql[] = "SELECT 1";
    Db *db = store_reader(fixture->store, NULL);
    g_autoptr(GError) error = NULL;
    DbRows *rows = db_query(db, sql, NULL, NULL);
    g_assert_null(db_query(db, sql, NULL, &error));
    g_assert_error(error, TROUBLE, FAULT);
    db_rows_end(rows);
    g_assert_cmpint(ask(db, sql), ==, 1);
    store_return(fixture->store, db);
}

/* ---- values ---- */

static const char paper[] = "a\0b\xff";

static bool save_note(Db *db, void *data, GError **error)
{
    (void)data;
    static const char sql[] = "INSERT INTO note (id, body, paper) VALUES (:id, :body, :paper)";
    return db_run(db, sql,
                  WITH(db_int("id", INT64_MAX), db_text("body", "平湖'\"\n€𠮷"),
                       db_bytes("paper", paper, sizeof paper)),
                  error) &&
           db_run(db, sql,
                  WITH(db_int("id", INT64_MIN), db_text("body", NULL), db_bytes("paper", NULL, 0)),
                  error) &&
           db_run(db, sql, WITH(db_text("body", ""), db_bytes("paper", "", 0), db_int("id", 0)),
                  error);
}

static const char all_notes[] = "SELECT id, body, paper FROM note ORDER BY id";

static void values_come_back_in_json(Db *db)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) rows = db_rows(db, all_notes, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *text = json_canonical(rows);
    g_assert_cmpstr(text, ==,
                    "[{\"body\":null,\"id\":-9223372036854775808,\"paper\":null},"
                    "{\"body\":\"\",\"id\":0,\"paper\":\"\"},"
                    "{\"body\":\"平湖'\\\"\\n€𠮷\",\"id\":9223372036854775807,"
                    "\"paper\":\"610062ff00\"}]");
}

static void values_come_back_in_columns(Db *db)
{
    size_t length;
    g_autoptr(DbRows) rows = db_query(db, all_notes, NULL, NULL);
    g_assert_true(db_next(rows, NULL));
    g_assert_cmpint(db_column_int(rows, 0), ==, INT64_MIN);
    g_assert_null(db_column_text(rows, 1));
    g_assert_null(db_column_bytes(rows, 2, &length));
    g_assert_cmpint(db_column_int(rows, 1), ==, 0);
    g_assert_true(db_next(rows, NULL));
    g_assert_cmpstr(db_column_text(rows, 1), ==, "");
    g_assert_nonnull(db_column_bytes(rows, 2, &length));
    g_assert_cmpuint(length, ==, 0);
    g_assert_true(db_next(rows, NULL));
    g_assert_cmpint(db_column_int(rows, 0), ==, INT64_MAX);
    const void *bytes = db_column_bytes(rows, 2, &length);
    g_assert_cmpuint(length, ==, sizeof paper);
    g_assert_true(memcmp(bytes, paper, sizeof paper) == 0);
    g_assert_false(db_next(rows, NULL));
    g_assert_false(db_next(rows, NULL));
    g_assert_false(db_failed(rows));
}

static void values_are_read_as_they_were_written(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    store_write(fixture->store, save_note, NULL, &error);
    g_assert_no_error(error);
    Db *db = store_reader(fixture->store, NULL);
    values_come_back_in_json(db);
    values_come_back_in_columns(db);
    store_return(fixture->store, db);
}

static void first_row_is_found_or_refused(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t value = 1;
    bool found = true;
    have_notes(fixture);
    write_sql(fixture, "INSERT INTO note (id, body) VALUES (4, 'x')");
    Db *db = store_reader(fixture->store, NULL);
    g_autoptr(json_t) row = db_row(db, "SELECT id FROM note", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(json_number(row, "id"), ==, 4);
    g_assert_true(db_integer(db, "SELECT id FROM note WHERE id = 5", NULL, &value, &found, NULL));
    g_assert_false(found);
    g_assert_null(db_row(db, "SELECT id FROM note WHERE id = 5", NULL, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    store_return(fixture->store, db);
}

/* More of them than are fetched at once; others are asked for meanwhile, and the statement is asked again. */
static void cursor_fetches_all_rows_in_parts(Fixture *fixture, const void *data)
{
    (void)data;
    enum { MUCH = 5000 };
    static const char all[] = "/* all rows */ SELECT id FROM note WHERE id >= :first ORDER BY id";
    g_autofree char *many = g_strdup_printf("INSERT INTO note (id) WITH RECURSIVE n(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM n"
                                            " WHERE id < %d) SELECT id FROM n", MUCH - 1);
    have_notes(fixture);
    write_sql(fixture, many);
    Db *db = store_reader(fixture->store, NULL);
    for (int64_t first = 0; first <= MUCH; first += MUCH / 5) {
        g_autoptr(DbRows) rows = db_query(db, all, WITH(db_int("first", first)), NULL);
        int64_t id = first;
        for (; db_next(rows, NULL); id++)
            g_assert_cmpint(db_column_int(rows, 0), ==, id);
        g_assert_false(db_failed(rows));
        g_assert_cmpint(id, ==, MUCH);
        g_assert_cmpint(ask(db, count_notes), ==, MUCH);
    }
    store_return(fixture->store, db);
}

static bool change_notes(Db *db, void *changed, GError **error)
{
    return db_run(db, "INSERT INTO note (id) VALUES (1), (2), (3)", NULL, error) &&
           db_change(db, "UPDATE note SET body = 'x' WHERE id > :id", WITH(db_int("id", 1)),
                     changed, error);
}

static void changed_rows_are_counted(Fixture *fixture, const void *data)
{
    (void)data;
    int64_t changed = 0;
    have_notes(fixture);
    g_assert_true(store_write(fixture->store, change_notes, &changed, NULL));
    g_assert_cmpint(changed, ==, 2);
}

static bool take_number(Db *db, void *id, GError **error)
{
    return db_next_id(db, 330482, "case", id, error);
}

static bool take_other_number(Db *db, void *id, GError **error)
{
    return db_next_id(db, 330481, "case", id, error);
}

static void series_rise_in_each_county(Fixture *fixture, const void *data)
{
    (void)data;
    int64_t id;
    have_notes(fixture);
    for (int64_t i = 1; i <= 3; i++) {
        g_assert_true(store_write(fixture->store, take_number, &id, NULL));
        g_assert_cmpint(id, ==, i);
    }
    g_assert_true(store_write(fixture->store, take_other_number, &id, NULL));
    g_assert_cmpint(id, ==, 1);
}

/* ---- what the engine refuses ---- */

static void refuses_write(Fixture *fixture, const char *sql, int code, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(store_write(fixture->store, run_sql, (void *)sql, &error));
    g_assert_error(error, TROUBLE, code);
    g_assert_nonnull(strstr(error->message, why));
}

static void duplicate_key_is_a_conflict(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    write_sql(fixture, "CREATE UNIQUE INDEX note_body ON note (body)");
    write_sql(fixture, "INSERT INTO note (id, body) VALUES (1, 'x')");
    refuses_write(fixture, "INSERT INTO note (id) VALUES (1)", CONFLICT, "db.clash");
    refuses_write(fixture, "INSERT INTO note (id, body) VALUES (2, 'x')", CONFLICT, "db.clash");
}

static void wrong_type_is_a_fault(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    refuses_write(fixture, "INSERT INTO note (id, body) VALUES ('x', 'y')", FAULT, "mismatch");
    refuses_write(fixture, "INSERT INTO note (id, paper) VALUES (1, 'y')", FAULT, "BLOB");
    refuses_write(fixture, "INSERT INTO note (id, weight) VALUES (1, 'y')", FAULT, "REAL");
}

static void append_only_rows_cannot_be_changed(Fixture *fixture, const void *server)
{
    const char *why = server ? "permission denied for table journal" : "journal is append-only";
    have_notes(fixture);
    write_sql(fixture, "INSERT INTO journal (id, line) VALUES (1, 'x')");
    refuses_write(fixture, "UPDATE journal SET line = 'y'", FAULT, why);
    refuses_write(fixture, "DELETE FROM journal", FAULT, why);
    if (!server)
        refuses_write(fixture, "REPLACE INTO journal (id, line) VALUES (1, 'y')", FAULT, why);
    refuses_write(fixture,
                  "INSERT INTO journal (id, line) VALUES (1, 'y') ON CONFLICT (id) "
                  "DO UPDATE SET line = excluded.line",
                  FAULT, why);
    write_sql(fixture, "INSERT INTO journal (id, line) VALUES (2, 'z')");
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM journal WHERE line = 'x'"), ==, 1);
}

static bool read_settings(Db *db, void *data, GError **error)
{
    (void)data, (void)error;
    g_assert_cmpint(ask(db, "PRAGMA synchronous"), ==, 2); /* FULL */
    g_assert_cmpint(ask(db, "PRAGMA foreign_keys"), ==, 1);
    return true;
}

static bool add_page(Db *db, void *data, GError **error)
{
    (void)data;
    int64_t note;
    bool found;
    return db_integer(db, "INSERT INTO page (note) VALUES (1) RETURNING note", NULL, &note, &found,
                      error);
}

static void write_is_durable_and_keeps_references(Fixture *fixture, const void *data)
{
    (void)data;
    g_assert_true(store_write(fixture->store, read_settings, NULL, NULL));
    have_notes(fixture);
    write_sql(fixture, "CREATE TABLE page (note BIGINT REFERENCES note (id))");
    refuses_write(fixture, "INSERT INTO page (note) VALUES (1)", FAULT, "FOREIGN KEY");
    g_autoptr(GError) error = NULL;
    g_assert_false(store_write(fixture->store, add_page, NULL, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM page"), ==, 0);
}

/* ---- readers ---- */

static void reader_sees_one_snapshot(Fixture *fixture, const void *data)
{
    (void)data;
    static const char sql[] = "SELECT count(*) FROM note";
    have_notes(fixture);
    Db *reader = store_reader(fixture->store, NULL);
    g_assert_cmpint(ask(reader, sql), ==, 0);
    write_sql(fixture, "INSERT INTO note (id) VALUES (1)");
    g_assert_cmpint(ask(reader, sql), ==, 0);
    g_assert_cmpint(ask_store(fixture, sql), ==, 1);
    store_return(fixture->store, reader);
    g_assert_cmpint(ask_store(fixture, sql), ==, 1);
}

static void reader_cannot_write(Fixture *fixture, const void *server)
{
    static const char *const writes[] = { "INSERT INTO note (id) VALUES (1)", "CREATE TABLE other (id BIGINT)" };
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(writes); i++) {
        Db *reader = store_reader(fixture->store, NULL);
        refuses(reader, writes[i], NULL, server ? "read-only" : "readonly");
        store_return(fixture->store, reader);
    }
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM note"), ==, 0);
}

static void *lend_and_return(void *data)
{
    Fixture *fixture = data;
    for (int i = 0; i < 300; i++)
        g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM note"), >=, 0);
    return NULL;
}

static void readers_wait_for_a_free_connection(Fixture *fixture, const void *data)
{
    (void)data;
    pthread_t threads[5];
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_assert_cmpint(pthread_create(&threads[i], NULL, lend_and_return, fixture), ==, 0);
    for (int i = 0; i < 50; i++)
        write_sql(fixture, "INSERT INTO note (id) SELECT count(*) FROM note");
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        pthread_join(threads[i], NULL);
    g_assert_cmpuint(fixture->store->readers->opened, <=, 2);
}

/* ---- opening ---- */

static void second_program_is_refused(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(fixture->file, 1, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "db.in_use");
    g_assert_cmpstr(json_text(details, "file"), ==, fixture->file);
    g_autofree char *other = g_build_filename(fixture->folder, "other.db", NULL);
    g_assert_cmpint(symlink(fixture->file, other), ==, 0);
    g_clear_error(&error);
    g_assert_null(store_open(other, 1, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_cmpint(g_remove(other), ==, 0);
    store_close(fixture->store);
    fixture->store = store_open(fixture->file, 1, NULL);
    g_assert_nonnull(fixture->store);
}

static void refused(const GError *error, enum trouble code, const char *reason)
{
    g_assert_error(error, TROUBLE, (int)code);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void file_with_two_names_is_refused(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(fixture->folder, "other.db", NULL);
    g_assert_cmpint(link(fixture->file, other), ==, 0);
    g_assert_null(store_open(other, 1, &error));
    refused(error, CONFLICT, "db.linked");
    g_assert_cmpint(g_remove(other), ==, 0);
}

/* ---- for reading only ---- */

static const Room *const own[] = { &db_room, NULL };

static void reading_store_opens_beside_a_writer(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    store_migrate(fixture->store, own, 7, &error);
    write_sql(fixture, "CREATE TABLE note (id BIGINT)");
    g_autoptr(Store) beside = store_open_reading(fixture->file, 1, own, &error);
    g_assert_no_error(error);
    Fixture other = { .store = beside };
    Db *reader = store_reader(beside, NULL);
    g_assert_cmpint(ask(reader, count_notes), ==, 0);
    write_sql(fixture, "INSERT INTO note (id) VALUES (1)");
    g_assert_cmpint(ask(reader, count_notes), ==, 0);
    store_return(beside, reader);
    g_assert_cmpint(ask_store(&other, count_notes), ==, 1);
    g_assert_false(store_write(beside, run_sql, (void *)"DELETE FROM note", &error));
    g_assert_nonnull(strstr(error->message, "for reading only"));
}

static void foreign_schema_is_refused(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open_reading(fixture->file, 1, own, &error));
    refused(error, CONFLICT, "db.other_tables");
    g_clear_error(&error);
    have_notes(fixture);
    g_assert_null(store_open_reading(fixture->file, 1, own, &error));
    refused(error, CONFLICT, "db.other_tables");
    g_clear_error(&error);
    g_assert_null(store_open_reading("/nowhere/test.db", 1, own, &error));
    refused(error, NOT_FOUND, "db.missing");
}

static void file_is_private_to_its_account(Fixture *fixture, const void *data)
{
    (void)data;
    static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(fixture->file, ends[i], NULL);
        struct stat found;
        g_assert_cmpint(stat(file, &found), ==, 0);
        g_assert_cmpint(found.st_mode & 077, ==, 0);
    }
}

static void file_that_is_no_database_is_refused(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(fixture->folder, "letter.txt", NULL);
    g_autofree char *lock = g_strconcat(file, ".lock", NULL);
    g_autofree char *letter = g_strnfill(5000, 'x');
    g_assert_true(g_file_set_contents(file, letter, -1, NULL));
    g_assert_null(store_open(file, 1, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_assert_nonnull(strstr(error->message, "letter.txt is damaged or not a database"));
    g_assert_cmpint(g_remove(file), ==, 0);
    g_assert_cmpint(g_remove(lock), ==, 0);
    g_clear_error(&error);
    g_assert_null(store_open("/nowhere/test.db", 1, &error));
    g_assert_nonnull(strstr(error->message, "cannot open /nowhere/test.db"));
}

/* ---- migrations ---- */

static const char count_migrations[] = "SELECT count(*) FROM migration";

static void migration_runs_once(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    have_notes(fixture);
    g_assert_cmpint(ask_store(fixture, count_migrations), ==, 3);
    g_assert_cmpint(ask_store(fixture, "SELECT applied_at FROM migration WHERE room = 'notes'"), ==,
                    7);
}

static void does_not_start(Fixture *fixture, const char *name, const char *sql, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(migrate(fixture, name, sql, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_assert_nonnull(strstr(error->message, why));
}

static void unknown_migration_stops_the_start(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    does_not_start(fixture, "notes/002-more.sql", "", "notes/001-notes.sql, which this program");
    does_not_start(fixture, "notes/001-other.sql", notes_schema, "does not know");
}

static void changed_migration_stops_the_start(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    does_not_start(fixture, "notes/001-notes.sql", "CREATE TABLE note (id BIGINT);", "has changed");
}

static void failed_migration_leaves_nothing(Fixture *fixture, const void *server)
{
    does_not_start(fixture, "notes/001-notes.sql",
                   "CREATE TABLE note (id BIGINT PRIMARY KEY); INSERT INTO note VALUES (1);"
                   "INSERT INTO note VALUES (1);",
                   "notes/001-notes.sql failed");
    g_assert_cmpint(ask_store(fixture, server ? "SELECT count(*) FROM pg_class WHERE relname = 'note'"
                                           : "SELECT count(*) FROM sqlite_master WHERE name = 'note'"), ==, 0);
    g_assert_cmpint(ask_store(fixture, count_migrations), ==, 2);
    have_notes(fixture);
}

static void migration_out_of_order_stops_the_start(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    Embedded files[] = { *embedded_find("db/001-db.sql"), *embedded_find("db/002-sums.sql"),
                         { "notes/002-b.sql", "", 0 },
                         { "notes/001-a.sql", "", 0 } };
    g_assert_false(migrate_from(fixture->store, files, G_N_ELEMENTS(files), notes_room, 7, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_assert_nonnull(strstr(error->message, "001-a.sql comes too late"));
    files[3].name = "notes/002-c.sql";
    g_clear_error(&error);
    g_assert_false(migrate_from(fixture->store, files, G_N_ELEMENTS(files), notes_room, 7, &error));
    g_assert_nonnull(strstr(error->message, "002-c.sql comes too late"));
}

static void embedded_migrations_are_applied(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    static const Room nothing = { "nothing" };
    static const Room *const rooms[] = { &db_room, &nothing, NULL };
    store_migrate(fixture->store, rooms, 7, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_store(fixture, count_migrations), ==, 4);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_BOTH(name, test) add_on_both("/db/" name, test)
#define ON_A_FILE(name, test) add_on_file("/db/" name, test)
    ON_BOTH("missing or surplus parameters are refused", missing_or_surplus_parameters_are_refused);
    ON_BOTH("statement text built at run time is not mistaken", statement_text_built_at_run_time_is_not_mistaken);
    ON_BOTH("one statement cannot be open twice", one_statement_cannot_be_open_twice);
    ON_BOTH("values are read as they were written", values_are_read_as_they_were_written);
    ON_BOTH("first row is found or refused", first_row_is_found_or_refused);
    ON_BOTH("cursor fetches all rows in parts", cursor_fetches_all_rows_in_parts);
    ON_BOTH("changed rows are counted", changed_rows_are_counted);
    ON_BOTH("series rise in each county", series_rise_in_each_county);
    ON_BOTH("duplicate key is a conflict", duplicate_key_is_a_conflict);
    ON_A_FILE("wrong type is a fault", wrong_type_is_a_fault);
    ON_BOTH("append only rows cannot be changed", append_only_rows_cannot_be_changed);
    ON_A_FILE("write is durable and keeps references", write_is_durable_and_keeps_references);
    ON_BOTH("reader sees one snapshot", reader_sees_one_snapshot);
    ON_BOTH("reader cannot write", reader_cannot_write);
    ON_BOTH("readers wait for a free connection", readers_wait_for_a_free_connection);
    ON_A_FILE("second program is refused", second_program_is_refused);
    ON_A_FILE("file with two names is refused", file_with_two_names_is_refused);
    ON_BOTH("reading store opens beside a writer", reading_store_opens_beside_a_writer);
    ON_BOTH("foreign schema is refused", foreign_schema_is_refused);
    ON_A_FILE("file is private to its account", file_is_private_to_its_account);
    ON_A_FILE("file that is no database is refused", file_that_is_no_database_is_refused);
    ON_BOTH("migration runs once", migration_runs_once);
    ON_BOTH("unknown migration stops the start", unknown_migration_stops_the_start);
    ON_BOTH("changed migration stops the start", changed_migration_stops_the_start);
    ON_BOTH("failed migration leaves nothing", failed_migration_leaves_nothing);
    ON_BOTH("migration out of order stops the start", migration_out_of_order_stops_the_start);
    ON_BOTH("embedded migrations are applied", embedded_migrations_are_applied);
    return g_test_run();
}
