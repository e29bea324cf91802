// SPDX-License-Identifier: Apache-2.0
/* What only a server can do wrong: answers read out of step, numbers in its own form, statements prepared in vain. */
#include "db/desk_test.h"
#include "db/postgres.h"

/* ---- few round trips ---- */

static bool look_at_batch(Db *db, void *batch, GError **error)
{
    (void)error;
    *(unsigned *)batch = db->server->batch;
    return true;
}

static void a_group_ends_in_one_round_trip(Desk *desk, const void *server)
{
    (void)server;
    Note notes[MANY];
    unsigned before, after;
    have_notes(desk);
    write_group(desk, notes, MANY, -1, NULL); /* prepares what the next one needs */
    write_sql(desk, "DELETE FROM note");
    g_assert_true(store_write(desk->store, look_at_batch, &before, NULL));
    write_group(desk, notes, MANY, -1, NULL);
    g_assert_true(store_write(desk->store, look_at_batch, &after, NULL));
    ended_alone(notes, MANY, -1, 0, 1);
    g_assert_cmpuint(after - before, <=, 2 + 1 + 1); /* two looks, a barrier, the hundred; and one when much was sent */
}

typedef struct Firsts {
    int64_t a, b, again; /* of the series a and b, read after all was raised by 100; and a once more */
} Firsts;

static bool raise_and_ask(Db *db, void *data, GError **error)
{
    Firsts *self = data;
    return db_run(db, "UPDATE ids SET next = next + 100 WHERE county = 0", NULL, error) && series_next(db, 0, "a", &self->a, error) &&
           series_next(db, 0, "b", &self->b, error) && series_next(db, 0, "a", &self->again, error);
}

static bool draw_a(Db *db, void *number, GError **error)
{
    return db_next_id(db, 0, "a", number, error);
}

/* It stands with the turn, before anything the work does: that is how one sees it here. */
static void what_one_write_asked_first_comes_with_the_turn_of_the_next(Desk *desk, const void *server)
{
    (void)server;
    static const char *const rooms[] = { "db", NULL };
    Firsts one, other;
    int64_t number;
    g_assert_true(store_migrate(desk->store, rooms, 1, NULL));
    write_sql(desk, "INSERT INTO ids (county, name, next) VALUES (0, 'a', 5), (0, 'b', 9)");
    g_assert_true(store_write(desk->store, raise_and_ask, &one, NULL));
    g_assert_true(one.a == 105 && one.b == 109 && one.again == 105);
    g_assert_true(store_write(desk->store, raise_and_ask, &other, NULL));
    g_assert_true(other.a == 105 && other.b == 109 && other.again == 205);
    for (int64_t i = 0; i < 3; i++) {
        g_assert_true(store_write(desk->store, draw_a, &number, NULL));
        g_assert_cmpint(number, ==, 205 + i);
    }
    g_assert_cmpint(ask_store(desk, "SELECT next FROM ids WHERE county = 0 AND name = 'a'"), ==, 208);
}

static bool ask_a_table(Db *db, void *data, GError **error)
{
    (void)data;
    g_autoptr(DbRows) rows = db_query_first(db, "SELECT id FROM flag WHERE id = :county", 0, NULL, error);
    db_next(rows, error);
    return !db_failed(rows);
}

static void what_can_be_asked_no_more_is_forgotten(Desk *desk, const void *server)
{
    (void)server;
    have_notes(desk);
    write_sql(desk, "CREATE TABLE flag (id BIGINT)");
    g_assert_true(store_write(desk->store, ask_a_table, NULL, NULL));
    write_sql(desk, "DROP TABLE flag");
    for (int i = 0; i < 2; i++)
        store_write(desk->store, ask_a_table, NULL, NULL);
    write_sql(desk, "INSERT INTO note (id) VALUES (1)");
    g_assert_cmpint(ask_store(desk, count_notes), ==, 1);
}

typedef struct Foreseeing {
    bool asks; /* the first work asks what it has foreseen, after it has changed it */
    int64_t first, second;
} Foreseeing;

static bool count_into(Db *db, int64_t *count, GError **error)
{
    bool found;
    return db_integer(db, count_notes, NULL, count, &found, error);
}

static bool foresee_and_write(Db *db, void *data, GError **error)
{
    Foreseeing *self = data;
    db_foresee(db, count_notes, NULL);
    return db_run(db, insert_note, WITH(db_int("id", 1), db_text("body", "x")), error) && (!self->asks || count_into(db, &self->first, error));
}

static bool count_again(Db *db, void *data, GError **error)
{
    return count_into(db, &((Foreseeing *)data)->second, error);
}

/* Both in one transaction. */
static void write_two(Desk *desk, Foreseeing *self)
{
    Barrier barrier;
    bar(desk, &barrier);
    store_submit(desk->store, foresee_and_write, self, ignore);
    store_submit(desk->store, count_again, self, ignore);
    lift(&barrier);
    write_sql(desk, "DELETE FROM note");
}

/* It was asked before the work changed anything: that is how one sees it here. */
static void what_a_work_foresees_is_asked_at_once(Desk *desk, const void *server)
{
    (void)server;
    Foreseeing self = { .asks = true, .first = -1 };
    have_notes(desk);
    write_two(desk, &self);
    g_assert_cmpint(self.first, ==, 0);
    g_assert_cmpint(self.second, ==, 1);
}

static void what_nobody_asks_is_not_the_next_works(Desk *desk, const void *server)
{
    (void)server;
    Foreseeing self = { .second = -1 };
    have_notes(desk);
    write_two(desk, &self);
    g_assert_cmpint(self.second, ==, 1);
}

static bool foresee_nonsense(Db *db, void *data, GError **error)
{
    bool *told = data;
    db_foresee(db, "SELECT nothing FROM note", NULL);
    db_foresee(db, count_notes, WITH(db_int("surplus", 1)));
    *told = !db_integer(db, "SELECT nothing FROM note", NULL, &(int64_t){ 0 }, &(bool){ false }, error);
    return !*told;
}

static void what_is_foreseen_wrongly_is_told_to_who_asks(Desk *desk, const void *server)
{
    (void)server;
    bool told = false;
    g_autoptr(GError) error = NULL;
    have_notes(desk);
    g_assert_false(store_write(desk->store, foresee_nonsense, &told, &error));
    g_assert_true(told);
    g_assert_nonnull(strstr(error->message, "nothing"));
    write_sql(desk, "INSERT INTO note (id) VALUES (1)");
    g_assert_cmpint(ask_store(desk, count_notes), ==, 1);
}

/* Several of one statement, of which each has its own answer. */
static void a_reader_foresees_several(Desk *desk, const void *server)
{
    (void)server;
    static const char body_of[] = "SELECT id, body FROM note WHERE id = :id";
    have_notes(desk);
    write_sql(desk, "INSERT INTO note (id, body) VALUES (1, 'one'), (2, 'two'), (3, 'three')");
    Db *db = store_reader(desk->store, NULL);
    for (int64_t id = 1; id <= 3; id++)
        db_foresee(db, body_of, WITH(db_int("id", id)));
    unsigned batch = db->server->batch;
    for (int64_t id = 3; id >= 1; id--) {
        g_autoptr(DbRows) rows = db_query(db, body_of, WITH(db_int("id", id)), NULL);
        g_assert_true(db_next(rows, NULL));
        g_assert_cmpint(db_column_int(rows, 0), ==, id);
    }
    g_assert_cmpuint(db->server->batch - batch, ==, 1);
    store_return(desk->store, db);
}

/* ---- statements ---- */

/* What was prepared while a table was small is not to read it whole when it has grown. */
static void statements_go_by_their_index(Desk *desk, const void *server)
{
    (void)server;
    g_assert_cmpint(ask_store(desk, "SELECT COUNT(*) FROM pg_settings WHERE name = 'enable_seqscan' AND setting = 'off'"), ==, 1);
}

/* Of answers that are kept that was a fifth of the work. */
static void long_texts_are_packed_the_quick_way(Desk *desk, const void *server)
{
    (void)server;
    g_autofree char *body = g_strnfill(20000, 'x');
    Note note = { .body = body };
    have_notes(desk);
    g_assert_true(store_write(desk->store, write_note, &note, NULL));
    g_assert_cmpint(ask_store(desk, "SELECT COUNT(*) FROM note WHERE pg_column_compression(body) = 'lz4' AND length(body) = 20000"), ==, 1);
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

static void what_was_prepared_in_vain_is_prepared_again(Desk *desk, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    int64_t changed = 0;
    have_notes(desk);
    g_assert_false(store_write(desk->store, clash_and_prepare, NULL, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_cmpint(ask_store(desk, count_notes), ==, 0);
    write_sql(desk, "INSERT INTO note (id) VALUES (1)");
    g_assert_true(store_write(desk->store, change_first, &changed, NULL));
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

static void who_goes_on_after_a_failure_fails(Desk *desk, const void *server)
{
    (void)server;
    Note notes[3];
    g_autoptr(GError) error = NULL;
    have_notes(desk);
    g_assert_false(store_write(desk->store, go_on_after_a_clash, NULL, &error));
    g_assert_error(error, TROUBLE, FAULT);
    write_group(desk, notes, 3, 1, go_on_after_a_clash);
    g_assert_cmpint(ask_store(desk, count_notes), ==, 2);
}

static bool write_twice(Db *db, void *data, GError **error)
{
    (void)data;
    static const char sql[] = "INSERT INTO flag (id, yes, body) VALUES (:id, :yes, :body)";
    return db_run(db, sql, WITH(db_int("id", 1), (DbArg){ .name = "yes" }, db_text("body", NULL)), error) &&
           db_run(db, sql, WITH(db_int("id", 2), db_int("yes", 1), db_text("body", "x")), error);
}

static void null_says_nothing_of_the_type(Desk *desk, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    write_sql(desk, "CREATE TABLE flag (id BIGINT, yes INTEGER CHECK (yes IN (0, 1)), body TEXT)");
    store_write(desk->store, write_twice, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ask_store(desk, "SELECT yes FROM flag WHERE id = 2"), ==, 1);
    g_assert_cmpint(ask_store(desk, "SELECT yes FROM flag WHERE id = 1"), ==, 0);
}

/* ---- numbers ---- */

static bool write_number(Db *db, void *number, GError **error)
{
    return db_run(db, "UPDATE note SET id = :id", WITH(db_int("id", *(int64_t *)number)), error);
}

static void sums_are_whole_numbers(Desk *desk, const void *server)
{
    (void)server;
    static const int64_t numbers[] = { 0, 1, -1, 9999, 10000, -10000, 123450000, 1000000000000, 330482140903000123, -98765432100007, INT64_MAX };
    have_notes(desk);
    write_sql(desk, "INSERT INTO note (id) VALUES (3)");
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        int64_t number = numbers[i];
        g_assert_true(store_write(desk->store, write_number, &number, NULL));
        g_assert_cmpint(ask_store(desk, "SELECT SUM(id) FROM note"), ==, number);
        g_assert_cmpint(ask_store(desk, "SELECT id FROM note"), ==, number);
    }
}

static void reals_come_back_in_json(Desk *desk, const void *server)
{
    (void)server;
    have_notes(desk);
    write_sql(desk, "INSERT INTO note (id, weight) VALUES (1, -0.25)");
    Db *db = store_reader(desk->store, NULL);
    g_autoptr(json_t) row = db_row(db, "SELECT id, weight, body, SUM(id) AS all_ids, 7 AS seven FROM note GROUP BY id, weight, body", NULL, NULL);
    g_autofree char *text = json_canonical(row);
    g_assert_cmpstr(text, ==, "{\"all_ids\":1,\"body\":null,\"id\":1,\"seven\":7,\"weight\":-0.25}");
    store_return(desk->store, db);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_SERVER(name, test) add_on_server("/db/" name, test)
#define ON_A_DESK(name, test) add_on_both("/db/" name, test)
    ON_A_SERVER("a group ends in one round trip", a_group_ends_in_one_round_trip);
    ON_A_SERVER("what one write asked first comes with the turn of the next", what_one_write_asked_first_comes_with_the_turn_of_the_next);
    ON_A_SERVER("what can be asked no more is forgotten", what_can_be_asked_no_more_is_forgotten);
    ON_A_SERVER("what a work foresees is asked at once", what_a_work_foresees_is_asked_at_once);
    ON_A_SERVER("what nobody asks is not the next work's", what_nobody_asks_is_not_the_next_works);
    ON_A_SERVER("what is foreseen wrongly is told to who asks", what_is_foreseen_wrongly_is_told_to_who_asks);
    ON_A_SERVER("a reader foresees several", a_reader_foresees_several);
    ON_A_SERVER("statements go by their index", statements_go_by_their_index);
    ON_A_SERVER("long texts are packed the quick way", long_texts_are_packed_the_quick_way);
    ON_A_SERVER("what was prepared in vain is prepared again", what_was_prepared_in_vain_is_prepared_again);
    ON_A_SERVER("who goes on after a failure fails", who_goes_on_after_a_failure_fails);
    ON_A_DESK("null says nothing of the type", null_says_nothing_of_the_type);
    ON_A_DESK("sums are whole numbers", sums_are_whole_numbers);
    ON_A_DESK("reals come back in json", reals_come_back_in_json);
    return g_test_run();
}
