// SPDX-License-Identifier: Apache-2.0
/* What is looked up before a write: on a file at once, on a server together with what others want to know. */
#include "db/desk_test.h"
#include "db/postgres.h"

enum { SOME = 20, AT_ONCE = 8 };

/* One who looks, and what he found. */
typedef struct Looking {
    Desk *desk;
    Gate *begun, *held, *ended; /* begun and held: where he waits in the middle; may be NULL */
    pthread_t thread;
    int foreseen, looked, code;
    unsigned batch; /* of the connection, when he had looked */
    int64_t id, found;
} Looking;

static const char body_of[] = "SELECT id FROM note WHERE id = :id";

static void foresee(Db *db, void *data)
{
    Looking *self = data;
    self->foreseen++;
    db_foresee(db, body_of, WITH(db_int("id", self->id)));
}

static void look(Db *db, void *data, const GError *error)
{
    bool found = false;
    Looking *self = data;
    self->looked++;
    self->thread = pthread_self();
    self->code = error ? error->code : 0;
    if (self->begun)
        step(self->begun);
    if (self->held)
        wait_for(self->held);
    if (db)
        db_integer(db, body_of, WITH(db_int("id", self->id)), &self->found, &found, NULL);
    if (db && db->server)
        self->batch = db->server->batch;
    step(self->ended);
}

static void have_some(Desk *desk)
{
    have_notes(desk);
    for (int64_t id = 1; id <= SOME; id++) {
        Note note = { .id = id };
        g_assert_true(store_write(desk->store, write_note, &note, NULL));
    }
}

static void each_is_told_what_he_asks(Desk *desk, const void *server)
{
    Gate ended = GATE(1);
    Looking one = { .ended = &ended, .id = 7 };
    have_some(desk);
    store_look(desk->store, foresee, look, &one);
    if (!server)
        g_assert_cmpint(ended.left, ==, 0); /* before the call returned */
    wait_for(&ended);
    g_assert_cmpint(one.found, ==, 7);
    g_assert_cmpint(one.looked, ==, 1);
    g_assert_cmpint(one.foreseen, ==, server != NULL);
    g_assert_cmpint(pthread_equal(one.thread, pthread_self()), ==, !server);
}

static void many_are_asked_together(Desk *desk, const void *server)
{
    (void)server;
    Gate begun = GATE(1), held = GATE(1), first_ended = GATE(1), ended = GATE(SOME);
    Looking first = { .begun = &begun, .held = &held, .ended = &first_ended, .id = 1 }, some[SOME];
    have_some(desk);
    store_look(desk->store, foresee, look, &first);
    wait_for(&begun);
    for (int64_t i = 0; i < SOME; i++) {
        some[i] = (Looking){ .ended = &ended, .id = i + 1 };
        store_look(desk->store, foresee, look, &some[i]);
    }
    step(&held);
    wait_for(&first_ended);
    wait_for(&ended);
    for (int64_t i = 0; i < SOME; i++) {
        g_assert_cmpint(some[i].found, ==, i + 1);
        g_assert_cmpint(some[i].batch - first.batch, ==, 1 + i / AT_ONCE);
    }
}

static void foresee_nothing(Db *db, void *data)
{
    (void)db, (void)data;
}

static void look_at_series(Db *db, void *data, const GError *error)
{
    Looking *self = data;
    g_assert_null(error);
    g_assert_true(series_next(db, self->id, "a", &self->found, NULL));
    step(self->ended);
}

/* What the connection has learnt to ask first it asks for each of the counties, whatever their order. */
static void each_is_told_of_his_county(Desk *desk, const void *server)
{
    (void)server;
    static const char *const rooms[] = { "db", NULL };
    Store *shares[] = { store_share(desk->store), store_share(desk->store) };
    g_assert_true(store_migrate(desk->store, rooms, 1, NULL));
    write_sql(desk, "INSERT INTO ids (county, name, next) VALUES (1, 'a', 11), (2, 'a', 12)");
    for (int i = 0; i < 2; i++)
        store_serves(shares[i], i + 1);
    for (int round = 0; round < 3; round++) {
        Gate ended = GATE(SOME);
        Looking some[SOME];
        for (int i = 0; i < SOME; i++) {
            some[i] = (Looking){ .ended = &ended, .id = 2 - i % 3 % 2 };
            store_look(shares[some[i].id - 1], foresee_nothing, look_at_series, &some[i]);
        }
        wait_for(&ended);
        for (int i = 0; i < SOME; i++)
            g_assert_cmpint(some[i].found, ==, 10 + some[i].id);
    }
    for (int i = 0; i < 2; i++)
        store_close(shares[i]);
}

static void count_write_and_count(Db *db, void *data, const GError *error)
{
    Looking *self = data;
    g_assert_null(error);
    g_assert_cmpint(ask(db, count_notes), ==, SOME);
    write_sql(self->desk, "INSERT INTO note (id) VALUES (0)");
    self->found = ask(db, count_notes);
    step(self->ended);
}

static void on_a_server_each_commit_is_seen(Desk *desk, const void *server)
{
    (void)server;
    Gate ended = GATE(1);
    Looking one = { .desk = desk, .ended = &ended };
    have_some(desk);
    store_look(desk->store, foresee, count_write_and_count, &one);
    wait_for(&ended);
    g_assert_cmpint(one.found, ==, SOME + 1);
}

static void try_to_write(Db *db, void *data, const GError *error)
{
    Looking *self = data;
    g_assert_null(error);
    self->code = db_run(db, "DELETE FROM note WHERE id = 1", NULL, NULL);
    step(self->ended);
}

static void nothing_can_be_written(Desk *desk, const void *server)
{
    (void)server;
    Gate ended = GATE(1);
    Looking one = { .ended = &ended };
    have_some(desk);
    store_look(desk->store, foresee, try_to_write, &one);
    wait_for(&ended);
    g_assert_false(one.code);
    g_assert_cmpint(ask_store(desk, count_notes), ==, SOME);
}

static void look_once(Desk *desk, Looking *one)
{
    Gate ended = GATE(1);
    *one = (Looking){ .ended = &ended, .id = 3 };
    store_look(desk->store, foresee, look, one);
    wait_for(&ended);
}

static void who_looks_while_it_is_away_is_told_so(Desk *desk, const void *server)
{
    Looking one;
    g_autofree char *name = postgres_name(desk->file);
    have_some(desk);
    look_once(desk, &one);
    g_assert_cmpint(one.found, ==, 3);
    order_database(server, "ALTER DATABASE %s ALLOW_CONNECTIONS false", name);
    order_database(server, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '%s'", name);
    look_once(desk, &one);
    g_assert_cmpint(one.code, ==, BUSY);
    g_assert_cmpint(one.foreseen, ==, 0);
    order_database(server, "ALTER DATABASE %s ALLOW_CONNECTIONS true", name);
    look_once(desk, &one);
    g_assert_cmpint(one.code, ==, 0);
    g_assert_cmpint(one.found, ==, 3);
}

static void what_is_wanted_at_the_end_is_looked_up(Desk *desk, const void *server)
{
    (void)server;
    Gate ended = GATE(SOME);
    Looking some[SOME];
    have_some(desk);
    for (int64_t i = 0; i < SOME; i++) {
        some[i] = (Looking){ .ended = &ended, .id = i + 1 };
        store_look(desk->store, foresee, look, &some[i]);
    }
    store_close(desk->store);
    g_assert_cmpint(ended.left, ==, 0);
    desk->store = store_open(desk->file, 1, NULL);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add_on_both("/db/look/each is told what he asks", each_is_told_what_he_asks);
    add_on_both("/db/look/each is told of his county", each_is_told_of_his_county);
    add_on_both("/db/look/nothing can be written", nothing_can_be_written);
    add_on_both("/db/look/what is wanted at the end is looked up", what_is_wanted_at_the_end_is_looked_up);
    add_on_server("/db/look/many are asked together", many_are_asked_together);
    add_on_server("/db/look/each commit is seen", on_a_server_each_commit_is_seen);
    add_on_server("/db/look/who looks while it is away is told so", who_looks_while_it_is_away_is_told_so);
    return g_test_run();
}
