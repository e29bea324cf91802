// SPDX-License-Identifier: Apache-2.0
/* The sums over tables follow every change and nothing else. */
#include "db/fixture_test.h"

#include <sqlite3.h>

static const char lists[] = "-- recomputed: scratch\n"
                            "CREATE TABLE list (county BIGINT NOT NULL, name TEXT NOT NULL, paper BYTEA, PRIMARY KEY (county, name));\n"
                            "CREATE TABLE line (county BIGINT NOT NULL, name TEXT NOT NULL, number BIGINT NOT NULL CHECK (number > 0),\n"
                            "    weight DOUBLE PRECISION, PRIMARY KEY (county, name, number),\n"
                            "    FOREIGN KEY (county, name) REFERENCES list (county, name) ON DELETE CASCADE);\n"
                            "CREATE TABLE scratch (county BIGINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (county, number));\n";

static void have_lists(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    migrate(fixture, "notes/001-lists.sql", lists, &error);
    g_assert_no_error(error);
    write_sql(fixture, "INSERT INTO list (county, name, paper) VALUES (1, 'a', x'00'), (1, 'b', NULL), (2, 'a', x'')");
    write_sql(fixture, "INSERT INTO line (county, name, number, weight) VALUES (1, 'a', 1, 0.5), (1, 'a', 2, NULL), (2, 'a', 1, -0.0)");
}

static void note(void *names, const char *table, const char *row, const char *reason, const char *detail)
{
    g_string_append_printf(names, "%s %s %s %s;", table, row, reason, detail);
}

static void differs(Fixture *fixture, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    Db *reader = store_reader(fixture->store, NULL);
    const VerifyReport told = { note, NULL, names };
    g_assert_true(db_sums_check(reader, &told, &error));
    g_assert_no_error(error);
    store_return(fixture->store, reader);
    g_assert_cmpstr(names->str, ==, wanted);
}

static void sums_follow_every_change(Fixture *fixture, const void *data)
{
    (void)data;
    static const char *const orders[] = {
        "UPDATE list SET paper = x'0102' WHERE name = 'b'",
        "UPDATE line SET number = number + 10, county = county",
        "INSERT INTO list (county, name) VALUES (1, 'c'), (1, 'a') ON CONFLICT (county, name) DO UPDATE SET paper = x'ff'",
        "INSERT INTO list (county, name) VALUES (1, 'c') ON CONFLICT (county, name) DO NOTHING",
        "INSERT INTO line (county, name, number, weight) VALUES (1, 'c', 1, 3.0), (1, 'c', 2, 1e300)",
        "UPDATE line SET weight = 4.0 WHERE name = 'c'",
        "UPDATE line SET weight = -0.5 WHERE name = 'c'",
        "REPLACE INTO line (county, name, number) VALUES (1, 'c', 1)",
        "DELETE FROM list WHERE county = 1 AND name = 'a'",
        "DELETE FROM line",
        "INSERT INTO scratch (county, number) VALUES (1, 1)",
    };
    have_lists(fixture);
    differs(fixture, "");
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        write_sql(fixture, orders[i]);
        differs(fixture, "");
    }
    g_assert_cmpint(ask_store(fixture, "SELECT rows FROM db_sum WHERE county = 1 AND name = 'list'"), ==, 2);
    g_assert_cmpint(ask_store(fixture, "/* all counties */ SELECT count(*) FROM db_sum WHERE name = 'scratch'"), ==, 0);
}

/* The second row, or the end of the statement, shows that it may not be: what was counted of it counts no more. */
static bool err_and_go_on(Db *db, void *data, GError **error)
{
    (void)data;
    static const char *const wrong[] = {
        "INSERT INTO list (county, name) VALUES (3, 'x'), (1, 'a')",
        "INSERT INTO line (county, name, number) VALUES (1, 'b', 7), (1, 'nobody', 1)",
        "UPDATE line SET number = number - 1",
        "INSERT INTO line (county, name, number) VALUES (1, 'b', 7), (1, 'b', 8), (1, 'b', 0) RETURNING number",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(db_run(db, wrong[i], NULL, NULL));
    return db_run(db, "INSERT INTO list (county, name) VALUES (3, 'y')", NULL, error);
}

static void failed_statement_leaves_the_sums(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    have_lists(fixture);
    store_write(fixture->store, err_and_go_on, NULL, &error);
    g_assert_no_error(error);
    differs(fixture, "");
    g_assert_cmpint(ask_store(fixture, "SELECT rows FROM db_sum WHERE county = 3 AND name = 'list'"), ==, 1);
}

static bool write_and_refuse(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && refuse(error, CONFLICT, "db.clash", NULL);
}

static bool write_and_fail(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && fault(error, "as it happens");
}

static void rolled_back_write_leaves_the_sums(Fixture *fixture, const void *data)
{
    (void)data;
    static WriteFunction *const ends[] = { NULL, write_and_refuse, write_and_fail };
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        Note notes[MANY];
        write_group(fixture, notes, MANY, ends[i] ? MANY / 2 : -1, ends[i]);
        differs(fixture, "");
        write_sql(fixture, "DELETE FROM note");
        differs(fixture, "");
    }
}

static void step_note(void *data, const GError *error)
{
    (void)error;
    step(((Note *)data)->ended);
}

static bool write_list(Db *db, void *data, GError **error)
{
    const Note *note = data;
    return db_run(db, "INSERT INTO list (county, name) VALUES (:county, 'n')", WITH(db_int("county", 1000 + note->id)), error);
}

static bool write_lists_and_refuse(Db *db, void *data, GError **error)
{
    Note note = *(const Note *)data;
    for (note.id = 2 * MANY; note.id < 4 * MANY; note.id++)
        if (!write_list(db, &note, error))
            return false;
    return refuse(error, CONFLICT, "db.clash", NULL);
}

/* Each has a sum of its own, and they are more than a transaction remembers. */
static void sums_of_many_counties_change_in_one_group(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[MANY];
    Barrier barrier;
    Gate ended = GATE(MANY);
    have_lists(fixture);
    bar(fixture, &barrier);
    for (int i = 0; i < MANY; i++) {
        notes[i] = (Note){ .ended = &ended, .id = i };
        store_submit(fixture->store, i == MANY - 2 ? write_lists_and_refuse : write_list, &notes[i], step_note);
    }
    lift(&barrier);
    wait_for(&ended);
    differs(fixture, "");
    g_assert_cmpint(ask_store(fixture, "/* all counties */ SELECT count(*) FROM db_sum WHERE name = 'list' AND county >= 1000 AND rows = 1"), ==, MANY - 1);
}

/* ---- what others do ---- */

static void do_behind(Fixture *fixture, const char *sql)
{
    sqlite3 *link;
    g_assert_cmpint(sqlite3_open(fixture->file, &link), ==, SQLITE_OK);
    sqlite3_busy_timeout(link, 10000);
    g_assert_cmpint(sqlite3_exec(link, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(link);
}

static void change_outside_the_program_is_reported(Fixture *fixture, const void *data)
{
    (void)data;
    have_lists(fixture);
    do_behind(fixture, "UPDATE list SET paper = x'ff' WHERE county = 1 AND name = 'a'");
    differs(fixture, "list county 1 db.found_altered ;");
    do_behind(fixture, "UPDATE list SET paper = x'00' WHERE county = 1 AND name = 'a'");
    differs(fixture, "");
    do_behind(fixture, "DELETE FROM line WHERE county = 2");
    differs(fixture, "line county 2 db.found_rows 0 / 1;");
    do_behind(fixture, "INSERT INTO line VALUES (2, 'a', 1, -0.0), (9, 'a', 1, 0)");
    differs(fixture, "line county 9 db.found_rows 1 / 0;");
    do_behind(fixture, "DELETE FROM line WHERE county = 9; UPDATE db_sum SET sum = sum + 1 WHERE county = 2 AND name = 'line'");
    differs(fixture, "db_sum line db.found_altered ;line county 2 db.found_altered ;");
}

static void table_missing_from_the_sums_is_reported(Fixture *fixture, const void *data)
{
    (void)data;
    have_lists(fixture);
    do_behind(fixture, "DELETE FROM db_watched WHERE name = 'line'");
    differs(fixture, "db_sum line db.found_altered ;db_sum line db.found_altered ;db_watched county 0 db.found_rows 3 / 4;");
}

/* ---- tables that change ---- */

static void changed_table_is_added_up_anew(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    static const char more[] = "UPDATE list SET paper = x'33';\n"
                               "ALTER TABLE list ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';\n"
                               "CREATE TABLE line_new (county BIGINT NOT NULL, number BIGINT NOT NULL);\n"
                               "INSERT INTO line_new SELECT county, number FROM line;\n"
                               "DROP TABLE line;\nALTER TABLE line_new RENAME TO line;\n";
    have_lists(fixture);
    Embedded files[] = { *embedded_find("db/001-db.sql"), *embedded_find("db/002-sums.sql"), { "notes/001-lists.sql", lists, strlen(lists) },
                         { "notes/002-more.sql", more, strlen(more) } };
    migrate_from(fixture->store, files, G_N_ELEMENTS(files), notes_room, 8, &error);
    g_assert_no_error(error);
    differs(fixture, "");
    do_behind(fixture, "UPDATE list SET colour = 'rot' WHERE county = 2");
    differs(fixture, "list county 2 db.found_altered ;");
    do_behind(fixture, "UPDATE list SET colour = 'red' WHERE county = 2");
    write_sql(fixture, "UPDATE list SET colour = 'blau'");
    write_sql(fixture, "UPDATE line SET number = 5");
    differs(fixture, "");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_FILE(name, test) g_test_add("/db/sums/" name, Fixture, NULL, set_up, test, tear_down)
    ON_A_FILE("sums follow every change", sums_follow_every_change);
    ON_A_FILE("failed statement leaves the sums", failed_statement_leaves_the_sums);
    ON_A_FILE("rolled back write leaves the sums", rolled_back_write_leaves_the_sums);
    ON_A_FILE("sums of many counties change in one group", sums_of_many_counties_change_in_one_group);
    ON_A_FILE("change outside the program is reported", change_outside_the_program_is_reported);
    ON_A_FILE("table missing from the sums is reported", table_missing_from_the_sums_is_reported);
    ON_A_FILE("changed table is added up anew", changed_table_is_added_up_anew);
    return g_test_run();
}
