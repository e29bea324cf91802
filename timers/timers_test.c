// SPDX-License-Identifier: Apache-2.0
#include "db/server_test.h"
#include "rooms.h"
#include "timers/store.h"

#include <pthread.h>
#include <string.h>

enum { COUNTY = 330482, MANY = 250 };
static const Instant morning = INT64_C(1409720000000);

/* ---- kinds of the test ---- */

static bool count_up(const Context *context, const char *subject, Instant at, GError **error)
{
    int64_t count;
    g_autofree char *series = g_strconcat("rung ", subject, NULL);
    g_assert_cmpint(context->actor->kind, ==, SYSTEM);
    g_assert_cmpint(at, <=, context->now);
    return db_next_id(context->db, context->county, series, &count, error) && db_next_id(context->db, context->county, "all", &count, error);
}

/* Fails until it has been tried at an instant that lies two hours after the one it was set for. */
static bool fail_at_first(const Context *context, const char *subject, Instant at, GError **error)
{
    return count_up(context, subject, at, error) &&
           (context->now >= at + 120 * MINUTE_MS || refuse(error, CONFLICT, "base.not_found", NULL));
}

static bool find_no_room(const Context *context, const char *subject, Instant at, GError **error)
{
    (void)context, (void)subject, (void)at;
    return refuse(error, FULL, "base.no_room", NULL);
}

static bool set_again(const Context *context, const char *subject, Instant at, GError **error)
{
    return count_up(context, subject, at, error) && timer_set(context, subject, "test.again", at + DAY_MS, error);
}

static int64_t timers_kept(Db *db)
{
    int64_t count = 0;
    bool found;
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM timer WHERE county = :county", WITH(db_int("county", COUNTY)),
                             &count, &found, NULL));
    return count;
}

/* The write has taken away this timer alone so far. */
static bool stand_alone(const Context *context, const char *subject, Instant at, GError **error)
{
    Db *before = db_snapshot(context->db);
    g_assert_nonnull(before);
    g_assert_cmpint(timers_kept(before), ==, timers_kept(context->db) + 1);
    db_snapshot_end(before);
    return count_up(context, subject, at, error);
}

static const TimerKind kinds[] = {
    { "test.count", count_up }, { "test.fail", fail_at_first }, { "test.full", find_no_room }, { "test.again", set_again },
    { "test.alone", stand_alone, .is_alone = true }, { 0 },
};
static const Room test_room = { "test", .timers = kinds };
static const Room *const with_test[] = { ROOMS(ROOM_LISTED) &test_room, NULL };

/* ---- the fixture ---- */

typedef struct Fixture {
    const char *server;
    char *folder, *address;
    Store *store;
    Context context;
} Fixture;

typedef struct Job {
    Context context;
    TimerWork *work;
    void *data;
} Job;

static bool run_job(Db *db, void *data, GError **error)
{
    Job *job = data;
    job->context.db = db;
    return job->work(&job->context, job->data, error);
}

static bool write_in(void *writer, TimerWork *work, void *data, GError **error)
{
    Fixture *f = writer;
    Job job = { f->context, work, data };
    return store_write(f->store, run_job, &job, error);
}

static void fixture_open(Fixture *f, const void *server)
{
    g_autoptr(GError) error = NULL;
    *f = (Fixture){ .server = server, .folder = g_dir_make_tmp("timers-XXXXXX", NULL) };
    f->address = server ? make_database(server) : g_build_filename(f->folder, "test.db", NULL);
    f->store = store_open_together(f->address, 2, with_test, morning, &error);
    g_assert_no_error(error);
    f->context = (Context){ .county = COUNTY, .now = morning, .rooms = with_test };
}

static void fixture_close(Fixture *f)
{
    store_close(f->store);
    if (f->server)
        drop_database(f->server, f->address);
    remove_tree(f->folder);
    g_free(f->folder);
    g_free(f->address);
}

typedef struct Setting {
    const char *subject, *kind;
    Instant at;
} Setting;

static bool set_work(const Context *context, void *data, GError **error)
{
    const Setting *self = data;
    return self->at ? timer_set(context, self->subject, self->kind, self->at, error) : timer_clear(context, self->subject, self->kind, error);
}

static void set(Fixture *f, const char *subject, const char *kind, Instant at)
{
    g_autoptr(GError) error = NULL;
    write_in(f, set_work, &(Setting){ subject, kind, at }, &error);
    g_assert_no_error(error);
}

static bool set_at_0(const Context *context, void *kind, GError **error)
{
    return timer_set(context, "thing/a", kind, 0, error);
}

/* Sets and clears or moves more timers in one write than it keeps in memory. */
static bool change_many(const Context *context, void *data, GError **error)
{
    (void)data;
    for (int i = 0; i < 3 * MANY; i++) {
        g_autofree char *subject = g_strdup_printf("thing/%03d", i);
        if (!timer_move(context, subject, "test.count", 0, morning, error) ||
            !timer_move(context, subject, "test.count", morning, i % 3 ? 0 : morning + i, error))
            return false;
        Instant at;
        if (i % 100 == 0 && (!timer_at(context->db, COUNTY, subject, "test.count", &at, error) || at != (i % 3 ? 0 : morning + i)))
            return fault(error, "%s is set for %" PRId64, subject, at);
    }
    return timer_move(context, "thing/000", "test.count", morning, 0, error);
}

static void set_many(Fixture *f, const char *kind, int first, int end)
{
    for (int i = first; i < end; i++) {
        g_autofree char *subject = g_strdup_printf("thing/%03d", i);
        set(f, subject, kind, morning - i);
    }
}

static TimerCounts run_until(Fixture *f, Instant now)
{
    TimerCounts counts;
    g_autoptr(GError) error = NULL;
    f->context.now = now;
    timers_run(write_in, f, &counts, &error);
    g_assert_no_error(error);
    return counts;
}

/* How often the series was counted up by work that stands. */
static int64_t rung(Fixture *f, const char *series)
{
    int64_t next = 0;
    bool found;
    Db *db = store_reader(f->store, NULL);
    g_assert_true(db_integer(db, "SELECT next FROM ids WHERE county = :county AND name = :name",
                             WITH(db_int("county", COUNTY), db_text("name", series)), &next, &found, NULL));
    store_return(f->store, db);
    return found ? next - 1 : 0;
}

static Instant set_for(Fixture *f, const char *subject, const char *kind)
{
    Instant at;
    Db *db = store_reader(f->store, NULL);
    g_assert_true(timer_at(db, COUNTY, subject, kind, &at, NULL));
    store_return(f->store, db);
    return at;
}

static void expect_warnings(int count)
{
    for (int i = 0; i < count; i++)
        g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "the timer test.fail of *");
}

/* ---- tests ---- */

static void the_last_change_of_a_write_stands(const void *server)
{
    Fixture f;
    g_autoptr(GError) error = NULL;
    fixture_open(&f, server);
    write_in(&f, change_many, NULL, &error);
    g_assert_no_error(error);
    Db *db = store_reader(f.store, NULL);
    g_assert_cmpint(timers_kept(db), ==, MANY - 1);
    store_return(f.store, db);
    g_assert_cmpint(set_for(&f, "thing/000", "test.count"), ==, 0);
    g_assert_cmpint(set_for(&f, "thing/003", "test.count"), ==, morning + 3);
    g_assert_cmpint(set_for(&f, "thing/749", "test.count"), ==, 0);
    fixture_close(&f);
}

static void a_subject_of_sixty_letters_has_timers(const void *server)
{
    static const char subject[] = "thing/330482140818000001012345678901234567890123456789012345";
    Fixture f;
    fixture_open(&f, server);
    g_assert_cmpuint(strlen(subject), ==, 60);
    set(&f, subject, "test.count", morning);
    g_assert_cmpint(set_for(&f, subject, "test.count"), ==, morning);
    g_assert_cmpint(run_until(&f, morning).done, ==, 1);
    fixture_close(&f);
}

static void due_timers_are_done_once(const void *server)
{
    Fixture f;
    fixture_open(&f, server);
    set(&f, "thing/a", "test.count", morning - 2);
    set(&f, "thing/b", "test.count", morning);
    set(&f, "thing/c", "test.count", morning + 1);
    set(&f, "thing/d", "test.count", morning - 1);
    set(&f, "thing/d", "test.count", 0);
    g_assert_cmpint(run_until(&f, morning).done, ==, 2);
    g_assert_cmpint(run_until(&f, morning).done, ==, 0);
    g_assert_true(rung(&f, "rung thing/a") == 1 && rung(&f, "rung thing/b") == 1 && rung(&f, "rung thing/c") == 0 && rung(&f, "rung thing/d") == 0);
    g_assert_cmpint(set_for(&f, "thing/c", "test.count"), ==, morning + 1);
    set(&f, "thing/c", "test.count", morning + 5); /* anew */
    g_assert_cmpint(run_until(&f, morning + 4).done, ==, 0);
    g_assert_cmpint(run_until(&f, morning + 5).done, ==, 1);
    fixture_close(&f);
}

static void a_timer_may_set_itself_anew(const void *server)
{
    Fixture f;
    fixture_open(&f, server);
    set(&f, "thing/a", "test.again", morning);
    g_assert_cmpint(run_until(&f, morning).done, ==, 1);
    g_assert_cmpint(set_for(&f, "thing/a", "test.again"), ==, morning + DAY_MS);
    g_assert_cmpint(run_until(&f, morning + DAY_MS).done, ==, 1);
    fixture_close(&f);
}

static void a_failing_timer_keeps_no_other_and_is_tried_again(const void *server)
{
    Fixture f;
    fixture_open(&f, server);
    set_many(&f, "test.count", 0, MANY);
    set(&f, "thing/bad", "test.fail", morning - 7);
    set(&f, "thing/worse", "test.fail", morning - 120);
    expect_warnings(2);
    TimerCounts first = run_until(&f, morning);
    g_assert_cmpint(first.done, ==, MANY);
    g_assert_cmpint(first.failed, ==, 2);
    g_assert_cmpint(rung(&f, "all"), ==, MANY);
    g_assert_cmpint(run_until(&f, morning + MINUTE_MS - 1).failed, ==, 0);
    static const int64_t minutes[] = { 1, 3, 7, 15, 31, 63 }; /* each wait twice the one before */
    for (size_t i = 0; i < G_N_ELEMENTS(minutes); i++) {
        expect_warnings(2);
        g_assert_cmpint(run_until(&f, morning + minutes[i] * MINUTE_MS).failed, ==, 2);
        g_assert_cmpint(run_until(&f, morning + minutes[i] * MINUTE_MS).failed, ==, 0);
    }
    g_test_assert_expected_messages();
    g_assert_true(rung(&f, "rung thing/bad") == 0 && rung(&f, "rung thing/worse") == 0);
    g_assert_cmpint(run_until(&f, morning + 127 * MINUTE_MS).done, ==, 2);
    g_assert_true(rung(&f, "rung thing/bad") == 1 && rung(&f, "rung thing/worse") == 1);
    fixture_close(&f);
}

/* Two of them follow on each other, the last one ends what is due. */
static void a_kind_that_is_alone_shares_its_write_with_none(const void *server)
{
    static const Instant before[] = { 120, 119, 3, 0 };
    Fixture f;
    fixture_open(&f, server);
    set_many(&f, "test.count", 0, MANY);
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
        g_autofree char *subject = g_strdup_printf("thing/z%zu", i);
        set(&f, subject, "test.alone", morning - before[i]);
    }
    TimerCounts counts = run_until(&f, morning);
    g_assert_cmpint(counts.failed, ==, 0);
    g_assert_cmpint(counts.done, ==, MANY + (int64_t)G_N_ELEMENTS(before));
    g_assert_cmpint(rung(&f, "all"), ==, MANY + (int64_t)G_N_ELEMENTS(before));
    fixture_close(&f);
}

static void a_full_disk_is_no_timers_fault(const void *server)
{
    Fixture f;
    TimerCounts counts;
    g_autoptr(GError) error = NULL;
    fixture_open(&f, server);
    set(&f, "thing/a", "test.count", morning - 1);
    set(&f, "thing/b", "test.full", morning);
    g_assert_false(timers_run(write_in, &f, &counts, &error));
    g_assert_error(error, TROUBLE, FULL);
    g_assert_cmpint(counts.failed, ==, 0);
    set(&f, "thing/b", "test.full", 0);
    g_assert_cmpint(run_until(&f, morning).done, ==, 1);
    fixture_close(&f);
}

static void a_kind_that_no_room_has_is_named(const void *server)
{
    Fixture f;
    g_autoptr(GError) unknown = NULL, cleared = NULL, at_0 = NULL, kept = NULL;
    fixture_open(&f, server);
    g_assert_false(write_in(&f, set_work, &(Setting){ "thing/a", "test.none", morning }, &unknown));
    g_assert_nonnull(strstr(unknown->message, "test.none"));
    g_assert_false(write_in(&f, set_work, &(Setting){ "thing/a", "test.never", 0 }, &cleared));
    g_assert_nonnull(strstr(cleared->message, "test.never"));
    g_assert_false(write_in(&f, set_at_0, "test.nothing", &at_0));
    g_assert_nonnull(strstr(at_0->message, "test.nothing"));
    set(&f, "thing/a", "test.count", morning);
    f.context.db = store_reader(f.store, NULL);
    g_assert_true(timers_check(&f.context, NULL));
    f.context.rooms = rooms;
    g_assert_false(timers_check(&f.context, &kept));
    g_assert_nonnull(strstr(kept->message, "test.count"));
    store_return(f.store, f.context.db);
    fixture_close(&f);
}

static void *run_beside(void *data)
{
    TimerCounts counts;
    g_autoptr(GError) error = NULL;
    timers_run(write_in, data, &counts, &error);
    g_assert_no_error(error);
    return GINT_TO_POINTER((int)counts.done);
}

/* A file is one program's alone. */
static void two_servers_take_turns(const void *server)
{
    Fixture f;
    pthread_t thread;
    void *done;
    fixture_open(&f, server);
    Fixture other = f;
    other.store = store_open_together(f.address, 2, with_test, morning, NULL);
    set_many(&f, "test.count", 0, MANY);
    g_assert_cmpint(pthread_create(&thread, NULL, run_beside, &other), ==, 0);
    int own = GPOINTER_TO_INT(run_beside(&f));
    pthread_join(thread, &done);
    g_assert_cmpint(own + GPOINTER_TO_INT(done), ==, MANY);
    g_assert_cmpint(rung(&f, "all"), ==, MANY);
    store_close(other.store);
    fixture_close(&f);
}

static void add(const char *path, GTestDataFunc test)
{
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    g_autofree char *other = g_strconcat("/postgresql", path, NULL);
    g_test_add_data_func(path, NULL, test);
    if (server)
        g_test_add_data_func(other, server, test);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    add("/timers/due timers are done once", due_timers_are_done_once);
    add("/timers/a subject of sixty letters has timers", a_subject_of_sixty_letters_has_timers);
    add("/timers/the last change of a write stands", the_last_change_of_a_write_stands);
    add("/timers/a timer may set itself anew", a_timer_may_set_itself_anew);
    add("/timers/a failing timer keeps no other and is tried again", a_failing_timer_keeps_no_other_and_is_tried_again);
    add("/timers/a kind that is alone shares its write with none", a_kind_that_is_alone_shares_its_write_with_none);
    add("/timers/a full disk is no timer's fault", a_full_disk_is_no_timers_fault);
    add("/timers/a kind that no room has is named", a_kind_that_no_room_has_is_named);
    if (server)
        g_test_add_data_func("/postgresql/timers/two servers take turns", server, two_servers_take_turns);
    return g_test_run();
}
