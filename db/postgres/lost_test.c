// SPDX-License-Identifier: Apache-2.0
/* A server goes away at every point of a write: nothing is lost that was acknowledged, nothing is done twice. Without a
 * server there is nothing to lose. */
#include "db/fixture_test.h"
#include "db/postgres/postgres.h"

#include <sys/socket.h>

/* All connections to the fixture's database end. */
static void cut(Fixture *fixture)
{
    server_order(fixture->file, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                             " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

static int64_t notes_there(Fixture *fixture)
{
    g_autofree char *count = server_value(fixture->file, count_notes);
    return g_ascii_strtoll(count, NULL, 10);
}

/* ---- at every point ---- */

static void connection_lost_between_writes_is_restored(Fixture *fixture, const void *server)
{
    (void)server;
    have_notes(fixture);
    for (int i = 0; i < 3; i++) {
        Note note = { .id = i };
        g_assert_cmpint(ask_store(fixture, count_notes), ==, i);
        cut(fixture);
        g_assert_true(store_write(fixture->store, write_note, &note, NULL));
        g_assert_cmpint(note.runs, ==, 1);
    }
    g_assert_cmpint(notes_there(fixture), ==, 3);
}

static bool write_and_be_cut(Db *db, void *data, GError **error)
{
    Note *note = data;
    if (!write_note(db, data, error))
        return false;
    if (note->runs == 1)
        cut(note->fixture);
    return true;
}

static bool write_be_cut_and_read(Db *db, void *data, GError **error)
{
    int64_t count;
    bool found;
    return write_and_be_cut(db, data, error) && db_integer(db, count_notes, NULL, &count, &found, error);
}

/* The commit arrives; that it was done is not heard. */
static bool write_and_go_deaf(Db *db, void *data, GError **error)
{
    if (!write_note(db, data, error))
        return false;
    g_assert_cmpint(shutdown(PQsocket(db->server->link), SHUT_RD), ==, 0);
    return true;
}

static void alone(Fixture *fixture, WriteFunction *work, int runs)
{
    g_autoptr(GError) error = NULL;
    Note note = { .fixture = fixture, .id = 7 };
    have_notes(fixture);
    store_write(fixture->store, work, &note, &error);
    g_assert_no_error(error);
    g_assert_cmpint(note.runs, ==, runs);
    g_assert_cmpint(notes_there(fixture), ==, 1);
}

static void connection_lost_during_a_write_runs_it_again(Fixture *fixture, const void *server)
{
    (void)server;
    alone(fixture, write_be_cut_and_read, 2);
}

static void connection_lost_before_the_commit_runs_it_again(Fixture *fixture, const void *server)
{
    (void)server;
    alone(fixture, write_and_be_cut, 2);
}

static void connection_lost_after_the_commit_runs_nothing_twice(Fixture *fixture, const void *server)
{
    (void)server;
    alone(fixture, write_and_go_deaf, 1);
}

enum { FEW = 10 };

static void connection_lost_in_a_group_runs_all_again(Fixture *fixture, const void *server)
{
    (void)server;
    static WriteFunction *const works[] = { write_be_cut_and_read, write_and_be_cut, write_and_go_deaf };
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
        Note notes[FEW];
        write_group(fixture, notes, FEW, 4, works[i]);
        for (int k = 0; k < FEW; k++)
            g_assert_cmpint(notes[k].code, ==, 0);
        g_assert_cmpint(notes_there(fixture), ==, FEW);
        write_sql(fixture, "DELETE FROM note");
    }
}

/* ---- what is told ---- */

static bool have_no_patience(Db *db, void *data, GError **error)
{
    (void)data, (void)error;
    db->server->patience = 1;
    return true;
}

static void open_to_all(Fixture *fixture, const void *server, bool open)
{
    g_autofree char *name = postgres_name(fixture->file);
    order_database(server, open ? "ALTER DATABASE %s ALLOW_CONNECTIONS true" : "ALTER DATABASE %s ALLOW_CONNECTIONS false", name);
    if (!open)
        order_database(server, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '%s'", name);
}

static void told(const GError *error, const char *reason)
{
    g_assert_error(error, TROUBLE, BUSY);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void server_away_refuses_then_reconnects(Fixture *fixture, const void *server)
{
    g_autoptr(GError) error = NULL;
    Note notes[FEW];
    have_notes(fixture);
    g_assert_true(store_write(fixture->store, have_no_patience, NULL, NULL));
    open_to_all(fixture, server, false);
    Note note = { .id = 1 };
    g_assert_false(store_write(fixture->store, write_note, &note, &error));
    told(error, "db.away");
    g_clear_error(&error);
    g_assert_null(store_reader(fixture->store, &error));
    told(error, "db.away");
    open_to_all(fixture, server, true);
    g_assert_true(store_write(fixture->store, write_note, &note, NULL));
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 1);
    write_sql(fixture, "DELETE FROM note");
    write_group(fixture, notes, FEW, -1, NULL);
    ended_alone(notes, FEW, -1, 0, 1);
}

static bool write_and_be_left(Db *db, void *data, GError **error)
{
    Note *note = data;
    if (!write_note(db, data, error))
        return false;
    open_to_all(note->fixture, g_getenv("PINGHU_DATABASE_SERVER"), false);
    return true;
}

static void commit_in_doubt_is_reported_unknown(Fixture *fixture, const void *server)
{
    g_autoptr(GError) error = NULL;
    Note note = { .fixture = fixture, .id = 1 };
    have_notes(fixture);
    g_assert_true(store_write(fixture->store, have_no_patience, NULL, NULL));
    g_assert_false(store_write(fixture->store, write_and_be_left, &note, &error));
    told(error, "db.unknown");
    g_assert_cmpint(note.runs, ==, 1);
    open_to_all(fixture, server, true);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 0);
}

/* ---- who is in the way ---- */

/* Somebody who does not wait for his turn. */
static bool change_what_another_changes(Db *db, void *data, GError **error)
{
    int64_t count;
    bool found;
    Note *note = data;
    note->runs++;
    if (!db_integer(db, count_notes, NULL, &count, &found, error))
        return false;
    server_order(note->fixture->file, "UPDATE note SET body = 'theirs' WHERE id = 1");
    return db_run(db, "UPDATE note SET body = body || ', ours' WHERE id = 1", NULL, error);
}

static void retried_write_sees_the_commits_of_others(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    Note note = { .fixture = fixture };
    have_notes(fixture);
    write_sql(fixture, "INSERT INTO note (id, body) VALUES (1, 'first')");
    store_write(fixture->store, change_what_another_changes, &note, &error);
    g_assert_no_error(error);
    g_assert_cmpint(note.runs, ==, 1);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM note WHERE body = 'theirs, ours'"), ==, 1);
}

static void second_program_is_refused(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    g_assert_null(store_open(fixture->file, 1, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_nonnull(strstr(error->message, "db.in_use"));
}

static void database_with_another_collation_is_refused(Fixture *fixture, const void *server)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *own = postgres_name(fixture->file), *name = g_strconcat(own, "_other", NULL);
    order_database(server, "CREATE DATABASE %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'", name);
    g_autofree char *address = server_address(server, name);
    g_assert_null(store_open(address, 1, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_nonnull(strstr(error->message, "db.locale"));
    drop_database(server, address);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_SERVER(name, test) add_on_server("/db/lost/" name, test)
    ON_A_SERVER("connection lost between writes is restored", connection_lost_between_writes_is_restored);
    ON_A_SERVER("connection lost during a write runs it again", connection_lost_during_a_write_runs_it_again);
    ON_A_SERVER("connection lost before the commit runs it again", connection_lost_before_the_commit_runs_it_again);
    ON_A_SERVER("connection lost after the commit runs nothing twice", connection_lost_after_the_commit_runs_nothing_twice);
    ON_A_SERVER("connection lost in a group runs all again", connection_lost_in_a_group_runs_all_again);
    ON_A_SERVER("server away refuses then reconnects", server_away_refuses_then_reconnects);
    ON_A_SERVER("commit in doubt is reported unknown", commit_in_doubt_is_reported_unknown);
    ON_A_SERVER("retried write sees the commits of others", retried_write_sees_the_commits_of_others);
    ON_A_SERVER("second program is refused", second_program_is_refused);
    ON_A_SERVER("database with another collation is refused", database_with_another_collation_is_refused);
    return g_test_run();
}
