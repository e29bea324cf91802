// SPDX-License-Identifier: Apache-2.0
/* Faults that only a server can have: answers read out of step, numbers in its own form, statements prepared in vain. */
#include "db/fixture_test.h"
#include "db/postgres/postgres.h"

/* ---- few round trips ---- */

static bool look_at_batch(Db *db, void *batch, GError **error)
{
    (void)error;
    *(unsigned *)batch = db->server->batch;
    return true;
}

static void group_of_inserts_takes_one_round_trip(Fixture *fixture, const void *server)
{
    (void)server;
    Note notes[MANY];
    unsigned before, after;
    have_notes(fixture);
    write_group(fixture, notes, MANY, -1, NULL); /* prepares what the next one needs */
    write_sql(fixture, "DELETE FROM note");
    g_assert_true(store_write(fixture->store, look_at_batch, &before, NULL));
    write_group(fixture, notes, MANY, -1, NULL);
    g_assert_true(store_write(fixture->store, look_at_batch, &after, NULL));
    ended_alone(notes, MANY, -1, 0, 1);
    g_assert_cmpuint(after - before, <=, 2 + 1 + 1); /* two looks, a barrier, the hundred; and one when much was sent */
}

typedef struct Inserted {
    unsigned statements, waiting, waiting_after_other;
    int64_t counted;
} Inserted;

enum { ROWS = 19 }; /* two statements for eight rows each, and three that wait */

static bool insert_and_count(Db *db, void *data, GError **error)
{
    Inserted *self = data;
    bool found;
    int64_t others;
    const Server *server = db->server;
    unsigned before = server->sent;
    for (int64_t id = 0; id < ROWS; id++)
        if (!db_insert(db, insert_note, WITH(db_int("id", id), db_text("body", id % 2 ? "odd" : NULL)), error))
            return false;
    self->statements = server->sent - before;
    self->waiting = server->inserts->len;
    if (!db_integer(db, "SELECT COUNT(*) FROM migration", NULL, &others, &found, error))
        return false;
    self->waiting_after_other = server->inserts->len;
    return db_integer(db, count_notes, NULL, &self->counted, &found, error);
}

static void inserted_rows_share_statements(Fixture *fixture, const void *server)
{
    (void)server;
    Inserted inserted;
    have_notes(fixture);
    for (int i = 0; i < 2; i++) { /* the first time they are prepared */
        write_sql(fixture, "DELETE FROM note");
        g_assert_true(store_write(fixture->store, insert_and_count, &inserted, NULL));
        g_assert_cmpint(inserted.counted, ==, ROWS);
        g_assert_cmpuint(inserted.statements, ==, i ? 2 : 3);
        g_assert_cmpuint(inserted.waiting, ==, 1);
        g_assert_cmpuint(inserted.waiting_after_other, ==, 1);
    }
    g_assert_cmpint(ask_store(fixture, "SELECT SUM(id) FROM note WHERE body = 'odd'"), ==, 81);
}

static bool insert_otherwise(Db *db, void *data, GError **error)
{
    (void)data;
    return db_insert(db, "INSERT INTO note (id) SELECT :id", WITH(db_int("id", 1)), error);
}

static void insert_of_no_plain_row_is_a_fault(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    g_assert_false(store_write(fixture->store, insert_otherwise, NULL, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

static void lookup_sees_later_commits_and_cannot_write(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    Db *lookup = store_lookup(fixture->store, NULL), *reader = store_reader(fixture->store, NULL);
    g_assert_cmpint(ask(lookup, count_notes), ==, 0);
    g_assert_cmpint(ask(reader, count_notes), ==, 0);
    write_sql(fixture, "INSERT INTO note (id) VALUES (1)");
    g_assert_cmpint(ask(lookup, count_notes), ==, 1);
    g_assert_cmpint(ask(reader, count_notes), ==, 0);
    int64_t changed;
    g_assert_false(db_change(lookup, "DELETE FROM note", NULL, &changed, &error));
    store_return(fixture->store, lookup);
    store_return(fixture->store, reader);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 1);
}

typedef struct Look {
    int64_t counted;
    unsigned batches;
    char *cached; /* NULL: none */
} Look;

/* Counts the notes and reads the version of county 7 along, then asks the cache. */
static void look_once(Fixture *fixture, int64_t county, Look *out)
{
    Db *reader = store_reader(fixture->store, NULL);
    unsigned before = reader->server->batch;
    DbRows *rows = db_query(reader, "SELECT count(*), " DB_CACHE_VERSION " FROM note", WITH(db_int("county", 7)), NULL);
    g_assert_true(db_next(rows, NULL));
    out->counted = db_column_int(rows, 0);
    db_cache_version(reader, 7, db_column_int(rows, 1));
    db_rows_end(rows);
    g_autoptr(json_t) cached = db_cache_get(reader, county, "key");
    out->cached = g_strdup(json_string_value(cached));
    out->batches = reader->server->batch - before;
    g_autoptr(json_t) fresh = json_sprintf("%d notes", (int)out->counted);
    if (!cached)
        db_cache_put(reader, county, "key", fresh);
    store_return(fixture->store, reader);
}

static bool change_reference(Db *db, void *data, GError **error)
{
    (void)data;
    return db_run(db, insert_note, WITH(db_int("id", 1), db_text("body", NULL)), error) && db_reference_changed(db, 7, error);
}

static void version_read_along_takes_no_round_trip(Fixture *fixture, const void *server)
{
    (void)server;
    Look looks[5];
    have_notes(fixture);
    store_set_county(fixture->store, 7);
    for (int i = 0; i < 2; i++)
        look_once(fixture, 7, &looks[i]);
    g_assert_true(store_write(fixture->store, change_reference, NULL, NULL));
    for (int i = 2; i < 4; i++)
        look_once(fixture, 7, &looks[i]);
    look_once(fixture, 8, &looks[4]); /* not the county whose version was read along */
    static const unsigned batches[] = { 1, 1, 1, 1, 2 };
    static const char *const cached[] = { NULL, "0 notes", NULL, "1 notes", NULL };
    for (int i = 0; i < 5; i++) {
        g_assert_cmpuint(looks[i].batches, ==, batches[i]);
        g_assert_cmpstr(looks[i].cached, ==, cached[i]);
        g_free(looks[i].cached);
    }
}

/* ---- statements ---- */

/* A statement prepared while a table was small must not read it whole when it has grown. */
static void prepared_statements_use_their_index(Fixture *fixture, const void *server)
{
    (void)server;
    g_assert_cmpint(ask_store(fixture, "SELECT COUNT(*) FROM pg_settings WHERE name = 'enable_seqscan' AND setting = 'off'"), ==, 1);
}

/* The default compression of kept answers was a fifth of the server's work. */
static void long_texts_are_compressed_by_lz4(Fixture *fixture, const void *server)
{
    (void)server;
    g_autofree char *body = g_strnfill(20000, 'x');
    Note note = { .body = body };
    have_notes(fixture);
    g_assert_true(store_write(fixture->store, write_note, &note, NULL));
    g_assert_cmpint(ask_store(fixture, "SELECT COUNT(*) FROM note WHERE pg_column_compression(body) = 'lz4' AND length(body) = 20000"), ==, 1);
}

static const char first_asked[] = "UPDATE note SET body = 'new' WHERE id = :id";

/* The clash makes the server pass over the other one, and over its being prepared. */
static bool clash_and_prepare(Db *db, void *data, GError **error)
{
    int64_t count;
    bool found;
    (void)data;
    return db_run(db, insert_note, WITH(db_int("id", 1), db_text("body", NULL)), error) &&
           db_run(db, insert_note, WITH(db_int("id", 1), db_text("body", "x")), error) &&
           db_run(db, first_asked, WITH(db_int("id", 1)), error) && db_integer(db, count_notes, NULL, &count, &found, error);
}

static bool change_first(Db *db, void *changed, GError **error)
{
    return db_change(db, first_asked, WITH(db_int("id", 1)), changed, error);
}

static void statement_skipped_after_a_failure_is_prepared_again(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    int64_t changed = 0;
    have_notes(fixture);
    g_assert_false(store_write(fixture->store, clash_and_prepare, NULL, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 0);
    write_sql(fixture, "INSERT INTO note (id) VALUES (1)");
    g_assert_true(store_write(fixture->store, change_first, &changed, NULL));
    g_assert_cmpint(changed, ==, 1);
}

/* A work that does not look goes on after a statement that failed; nothing of it may stay. */
static bool go_on_after_a_clash(Db *db, void *data, GError **error)
{
    int64_t count;
    bool found;
    (void)data, (void)error;
    for (int i = 0; i < 2; i++)
        db_run(db, insert_note, WITH(db_int("id", 5), db_text("body", "x")), NULL);
    db_integer(db, count_notes, NULL, &count, &found, NULL);
    return true;
}

static void write_that_ignores_a_failure_fails(Fixture *fixture, const void *server)
{
    (void)server;
    Note notes[3];
    g_autoptr(GError) error = NULL;
    have_notes(fixture);
    g_assert_false(store_write(fixture->store, go_on_after_a_clash, NULL, &error));
    g_assert_error(error, TROUBLE, FAULT);
    write_group(fixture, notes, 3, 1, go_on_after_a_clash);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 2);
}

static bool write_twice(Db *db, void *data, GError **error)
{
    (void)data;
    static const char sql[] = "INSERT INTO flag (id, yes, body) VALUES (:id, :yes, :body)";
    return db_run(db, sql, WITH(db_int("id", 1), (DbArg){ .name = "yes" }, db_text("body", NULL)), error) &&
           db_run(db, sql, WITH(db_int("id", 2), db_int("yes", 1), db_text("body", "x")), error);
}

static void null_does_not_fix_the_parameter_type(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    write_sql(fixture, "CREATE TABLE flag (id BIGINT, yes INTEGER CHECK (yes IN (0, 1)), body TEXT)");
    store_write(fixture->store, write_twice, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_store(fixture, "SELECT yes FROM flag WHERE id = 2"), ==, 1);
    g_assert_cmpint(ask_store(fixture, "SELECT yes FROM flag WHERE id = 1"), ==, 0);
}

/* ---- numbers ---- */

static bool write_number(Db *db, void *number, GError **error)
{
    return db_run(db, "UPDATE note SET id = :id", WITH(db_int("id", *(int64_t *)number)), error);
}

static void numeric_sums_are_read_exactly(Fixture *fixture, const void *server)
{
    (void)server;
    static const int64_t numbers[] = { 0, 1, -1, 9999, 10000, -10000, 123450000, 1000000000000, 330482140903000123, -98765432100007, INT64_MAX };
    have_notes(fixture);
    write_sql(fixture, "INSERT INTO note (id) VALUES (3)");
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        int64_t number = numbers[i];
        g_assert_true(store_write(fixture->store, write_number, &number, NULL));
        g_assert_cmpint(ask_store(fixture, "SELECT SUM(id) FROM note"), ==, number);
        g_assert_cmpint(ask_store(fixture, "SELECT id FROM note"), ==, number);
    }
}

static void reals_are_read_into_json(Fixture *fixture, const void *server)
{
    (void)server;
    have_notes(fixture);
    write_sql(fixture, "INSERT INTO note (id, weight) VALUES (1, -0.25)");
    Db *db = store_reader(fixture->store, NULL);
    g_autoptr(json_t) row = db_row(db, "SELECT id, weight, body, SUM(id) AS all_ids, 7 AS seven FROM note GROUP BY id, weight, body", NULL, NULL);
    g_autofree char *text = json_canonical(row);
    g_assert_cmpstr(text, ==, "{\"all_ids\":1,\"body\":null,\"id\":1,\"seven\":7,\"weight\":-0.25}");
    store_return(fixture->store, db);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_SERVER(name, test) add_on_server("/db/" name, test)
#define ON_BOTH(name, test) add_on_both("/db/" name, test)
    ON_A_SERVER("group of inserts takes one round trip", group_of_inserts_takes_one_round_trip);
    ON_A_SERVER("version read along takes no round trip", version_read_along_takes_no_round_trip);
    ON_A_SERVER("inserted rows share statements", inserted_rows_share_statements);
    ON_A_SERVER("insert of no plain row is a fault", insert_of_no_plain_row_is_a_fault);
    ON_A_SERVER("lookup sees later commits and cannot write", lookup_sees_later_commits_and_cannot_write);
    ON_A_SERVER("prepared statements use their index", prepared_statements_use_their_index);
    ON_A_SERVER("long texts are compressed by lz4", long_texts_are_compressed_by_lz4);
    ON_A_SERVER("statement skipped after a failure is prepared again", statement_skipped_after_a_failure_is_prepared_again);
    ON_A_SERVER("write that ignores a failure fails", write_that_ignores_a_failure_fails);
    ON_BOTH("null does not fix the parameter type", null_does_not_fix_the_parameter_type);
    ON_BOTH("numeric sums are read exactly", numeric_sums_are_read_exactly);
    ON_BOTH("reals are read into json", reals_are_read_into_json);
    return g_test_run();
}
