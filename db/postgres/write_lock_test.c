// SPDX-License-Identifier: Apache-2.0
/* Several programs on one database of a server: works take turns, none is lost or done twice, whoever goes away is in
 * nobody's way, and who stood still too long cannot write. */
#include "db/fixture_test.h"
#include "db/postgres/postgres.h"

#include <sys/socket.h>
#include <sys/wait.h>

enum { COUNTY = 7, OF_EACH = 60 };

/* The room as the program itself has it: migrations that are built in. */
static const Room *const no_rooms[] = { &db_room, NULL };

static Store *join(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_open_together(fixture->file, 2, no_rooms, 7, &error);
    g_assert_no_error(error);
    store_set_county(store, COUNTY);
    return store;
}

/* The fixture's own store becomes one of several; notes are there, outside the list of migrations. */
static void share(Fixture *fixture)
{
    write_sql(fixture, "CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT)");
    store_close(fixture->store);
    fixture->store = join(fixture);
}

/* ---- turns ---- */

static bool write_numbered(Db *db, void *data, GError **error)
{
    Note *note = data;
    note->runs++;
    return db_next_id(db, COUNTY, "notes", &note->id, error) &&
           db_run(db, insert_note, WITH(db_int("id", note->id), db_text("body", note->body)), error);
}

static bool write_unnumbered(Db *db, void *data, GError **error)
{
    Note *note = data;
    note->runs++;
    return db_run(db, "INSERT INTO line (body) VALUES (:body)", WITH(db_text("body", note->body)), error);
}

/* A read before the first write finds what the transaction before has left. */
static bool read_and_write(Db *db, void *data, GError **error)
{
    Note *note = data;
    int64_t last;
    bool found;
    note->runs++;
    return db_integer(db, "SELECT COALESCE(MAX(id), 0) FROM note", NULL, &last, &found, error) &&
           db_next_id(db, COUNTY, "notes", &note->id, error) &&
           (note->id == last + 1 || fault(error, "number %" PRId64 " after %" PRId64, note->id, last)) &&
           db_run(db, insert_note, WITH(db_int("id", note->id), db_text("body", note->body)), error);
}

static void note_kept(void *data, const GError *error)
{
    Note *note = data;
    note->code = error ? error->code : 0;
    step(note->ended);
}

static void submit_some(Fixture *fixture, Store *store, Note *notes, Gate *ended, const char *body)
{
    for (int i = 0; i < OF_EACH; i++) {
        notes[i] = (Note){ .fixture = fixture, .ended = ended, .body = body };
        store_submit(store, read_and_write, &notes[i], note_kept);
    }
}

/* One after the other, each in a transaction of its own. */
static void *write_some(void *data)
{
    Note note = { .body = "other" };
    for (int i = 0; i < OF_EACH; i++)
        g_assert_true(store_write(data, read_and_write, &note, NULL));
    return NULL;
}

static void write_lock_keeps_series_without_gaps(Fixture *fixture, const void *server)
{
    (void)server;
    pthread_t thread;
    Note notes[2 * OF_EACH];
    Gate ended = GATE(2 * OF_EACH);
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    g_assert_cmpint(pthread_create(&thread, NULL, write_some, other), ==, 0);
    submit_some(fixture, fixture->store, notes, &ended, "one");
    write_some(fixture->store);
    submit_some(fixture, other, notes + OF_EACH, &ended, "one");
    wait_for(&ended);
    pthread_join(thread, NULL);
    for (int i = 0; i < 2 * OF_EACH; i++)
        g_assert_cmpint(notes[i].code, ==, 0);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 4 * OF_EACH);
    g_assert_cmpint(ask_store(fixture, "SELECT MAX(id) FROM note"), ==, 4 * OF_EACH);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM note WHERE body = 'other'"), ==, 2 * OF_EACH);
}

typedef struct Numbered {
    int64_t county, id;
    unsigned trips; /* that the number took */
    bool refused;
} Numbered;

static bool take_number(Db *db, void *data, GError **error)
{
    Numbered *self = data;
    unsigned before = db->server->batch;
    if (!db_next_id(db, self->county, "notes", &self->id, error))
        return false;
    self->trips = db->server->batch - before;
    return !self->refused || refuse(error, CONFLICT, "db.busy", NULL);
}

static void series_are_read_again_only_after_another_writer(Fixture *fixture, const void *server)
{
    (void)server;
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    Store *own = fixture->store;
    const struct { Store *store; bool refused; int64_t id; unsigned trips; } turns[] = {
        { own, false, 1, 1 }, { own, false, 2, 0 }, { own, false, 3, 0 }, { other, false, 4, 1 }, { own, false, 5, 1 },
        { own, true, 6, 0 }, { own, false, 6, 1 }, { own, false, 7, 0 }, { other, true, 8, 1 }, { own, false, 8, 0 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(turns); i++) {
        Numbered numbered = { .county = COUNTY, .refused = turns[i].refused };
        g_assert_cmpint(store_write(turns[i].store, take_number, &numbered, NULL), ==, !turns[i].refused);
        g_assert_cmpint(numbered.id, ==, turns[i].id);
        g_assert_cmpuint(numbered.trips, ==, turns[i].trips);
    }
}

static void somebody_waits(Fixture *fixture)
{
    bool waits = false;
    while (!waits) {
        g_autofree char *count = server_value(fixture->file, "SELECT count(*) FROM pg_stat_activity"
                                                          " WHERE datname = current_database() AND wait_event_type = 'Lock'");
        waits = strcmp(count, "0") != 0;
    }
}

static void writes_queued_during_a_wait_join_the_group(Fixture *fixture, const void *server)
{
    (void)server;
    share(fixture);
    Store *own = fixture->store, *other = join(fixture);
    Note first = { .fixture = fixture, .id = MANY }, notes[MANY];
    Gate ended = GATE(MANY + 1);
    Barrier barrier;
    WriterCounts before = store_writer_counts(own);
    first.ended = &ended;
    fixture->store = other;
    bar(fixture, &barrier);
    fixture->store = own;
    store_submit(own, write_note, &first, note_end);
    somebody_waits(fixture);
    submit(notes, &(Note){ .fixture = fixture, .ended = &ended }, MANY, -1, NULL);
    lift(&barrier);
    wait_for(&ended);
    ended_alone(notes, MANY, -1, 0, 1);
    g_assert_cmpuint(store_writer_counts(own).transactions - before.transactions, ==, 1);
    store_close(other);
}

static void other_counties_do_not_wait_for_the_lock(Fixture *fixture, const void *server)
{
    (void)server;
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    Barrier barrier;
    Note note = { .fixture = fixture, .id = 1 };
    store_set_county(fixture->store, 1);
    store_set_county(other, 2);
    bar(fixture, &barrier);
    g_assert_true(store_write(other, write_note, &note, NULL));
    lift(&barrier);
}

/* ---- several counties ---- */

enum { COUNTIES = 3 };

static void share_among(Store *store, Store *shares[static COUNTIES])
{
    for (int i = 0; i < COUNTIES; i++) {
        shares[i] = store_share(store);
        store_set_county(shares[i], i + 1);
    }
}

/* The same with the store's own writer for all: there are two, which shares have in turn. */
static void share_one_writer(Store *store, Store *shares[static COUNTIES])
{
    for (int i = 0; i < COUNTIES; i++) {
        shares[i] = store_share(store);
        store_set_county(shares[i], i + 1);
        store_close(store_share(store));
    }
}

static void close_shares(Store *shares[static COUNTIES])
{
    for (int i = 0; i < COUNTIES; i++)
        store_close(shares[i]);
}

static void writes_of_several_counties_share_a_transaction(Fixture *fixture, const void *server)
{
    (void)server;
    Note notes[MANY];
    Gate ended = GATE(MANY);
    Barrier barrier;
    Store *shares[COUNTIES];
    share(fixture);
    share_one_writer(fixture->store, shares);
    bar(fixture, &barrier);
    WriterCounts before = store_writer_counts(fixture->store);
    for (int i = 0; i < MANY; i++) {
        notes[i] = (Note){ .fixture = fixture, .ended = &ended, .id = i };
        store_submit(shares[(MANY - i) % COUNTIES], write_note, &notes[i], note_end);
    }
    lift(&barrier);
    wait_for(&ended);
    ended_alone(notes, MANY, -1, 0, 1);
    g_assert_cmpuint(store_writer_counts(fixture->store).transactions - before.transactions, ==, 2);
    close_shares(shares);
}

static void number_is(Store *store, int64_t county, int64_t id, unsigned trips)
{
    Numbered numbered = { .county = county };
    g_assert_true(store_write(store, take_number, &numbered, NULL));
    g_assert_cmpint(numbered.id, ==, id);
    g_assert_cmpuint(numbered.trips, ==, trips);
}

static void each_county_carries_its_own_series(Fixture *fixture, const void *server)
{
    (void)server;
    Barrier barrier;
    Numbered numbers[] = { { .county = 1 }, { .county = 2 } };
    Store *shares[COUNTIES];
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    share_one_writer(fixture->store, shares);
    number_is(shares[0], 1, 1, 1);
    number_is(shares[1], 2, 1, 1);
    number_is(shares[0], 1, 2, 0);
    bar(fixture, &barrier);
    for (int i = 0; i < 2; i++)
        store_submit(shares[i], take_number, &numbers[i], ignore);
    lift(&barrier);
    number_is(shares[1], 2, 3, 0);
    g_assert_cmpuint(numbers[0].trips + numbers[1].trips, ==, 0); /* in one transaction */
    store_set_county(other, 1);
    number_is(other, 1, 4, 1);
    number_is(shares[1], 2, 4, 0);
    number_is(shares[0], 1, 5, 1);
    close_shares(shares);
}

static void series_goes_on_through_a_group_of_several_counties(Fixture *fixture, const void *server)
{
    (void)server;
    Barrier barrier;
    Gate ended = GATE(2);
    Note notes[] = { { .fixture = fixture, .ended = &ended }, { .fixture = fixture, .ended = &ended, .id = 1 } };
    Numbered numbers[] = { { .county = COUNTY }, { .county = COUNTY }, { .county = COUNTY } };
    Store *shares[COUNTIES];
    share(fixture);
    share_one_writer(fixture->store, shares);
    Store *own = fixture->store;
    g_assert_true(store_write(shares[0], take_number, &numbers[0], NULL));
    fixture->store = shares[0]; /* the transaction before the group is of its first county alone */
    bar(fixture, &barrier);
    fixture->store = own;
    store_submit(shares[0], take_number, &numbers[1], ignore);
    for (int i = 0; i < 2; i++)
        store_submit(shares[1], write_note, &notes[i], note_end);
    lift(&barrier);
    wait_for(&ended);
    g_assert_true(store_write(shares[0], take_number, &numbers[2], NULL));
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(numbers[i].id, ==, i + 1);
    close_shares(shares);
}

static bool tell_counties(Db *db, void *data, GError **error)
{
    (void)error;
    int64_t *told = data;
    g_assert_cmpint(db->counties->len, ==, COUNTIES);
    memcpy(told, db->counties->data, COUNTIES * sizeof *told);
    return true;
}

/* In another order two could wait for each other. */
static void locks_are_taken_in_the_order_of_the_counties(Fixture *fixture, const void *server)
{
    (void)server;
    Barrier barrier;
    int64_t told[COUNTIES] = { 0 };
    Store *shares[COUNTIES];
    share(fixture);
    share_one_writer(fixture->store, shares);
    bar(fixture, &barrier);
    for (int i = 2 * COUNTIES; i > 0; i--)
        store_submit(shares[i % COUNTIES], tell_counties, told, ignore);
    lift(&barrier);
    close_shares(shares);
    store_close(fixture->store); /* after all that waits */
    for (int i = 0; i < COUNTIES; i++)
        g_assert_cmpint(told[i], ==, i + 1);
    fixture->store = join(fixture);
}

/* A write whose county another program holds waits for it; the others that came meanwhile wait for the next group. */
static void write_of_another_county_waits_for_the_next_group(Fixture *fixture, const void *server)
{
    (void)server;
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    Store *shares[COUNTIES], *own = fixture->store;
    Note notes[2] = { { .fixture = fixture, .id = 1 }, { .fixture = fixture, .id = 2 } };
    Gate ended = GATE(2);
    Barrier barrier;
    share_one_writer(own, shares);
    store_set_county(other, 2);
    fixture->store = other;
    bar(fixture, &barrier);
    fixture->store = own;
    WriterCounts before = store_writer_counts(own);
    notes[0].ended = notes[1].ended = &ended;
    store_submit(shares[1], write_note, &notes[0], note_end);
    somebody_waits(fixture);
    store_submit(shares[2], write_note, &notes[1], note_end);
    lift(&barrier);
    wait_for(&ended);
    ended_alone(notes, 2, -1, 0, 1);
    g_assert_cmpuint(store_writer_counts(own).transactions - before.transactions, ==, 2);
    close_shares(shares);
}

static void county_does_not_wait_for_another_writer(Fixture *fixture, const void *server)
{
    (void)server;
    share(fixture);
    Store *shares[COUNTIES], *own = fixture->store;
    Barrier barrier;
    Note note = { .fixture = fixture, .id = 1 };
    share_among(own, shares);
    fixture->store = shares[0];
    bar(fixture, &barrier);
    g_assert_true(store_write(shares[1], write_note, &note, NULL));
    lift(&barrier);
    fixture->store = own;
    close_shares(shares);
}

/* Two programs, each with works of all counties in an order of its own. */
static void *write_to_all(void *data)
{
    Store *shares[COUNTIES];
    Note notes[OF_EACH];
    Gate ended = GATE(OF_EACH);
    share_among(data, shares);
    for (int i = 0; i < OF_EACH; i++) {
        notes[i] = (Note){ .ended = &ended, .body = "all" };
        store_submit(shares[g_random_int_range(0, COUNTIES)], write_unnumbered, &notes[i], note_kept);
    }
    wait_for(&ended);
    for (int i = 0; i < OF_EACH; i++)
        g_assert_cmpint(notes[i].code, ==, 0);
    close_shares(shares);
    return NULL;
}

static void two_writers_never_deadlock(Fixture *fixture, const void *server)
{
    (void)server;
    enum { ROUNDS = 20 };
    pthread_t thread;
    share(fixture);
    write_sql(fixture, "CREATE TABLE line (body TEXT)");
    Store *other = join(fixture);
    for (int i = 0; i < ROUNDS; i++) {
        g_assert_cmpint(pthread_create(&thread, NULL, write_to_all, other), ==, 0);
        write_to_all(fixture->store);
        pthread_join(thread, NULL);
    }
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM line"), ==, 2 * ROUNDS * OF_EACH);
    store_close(other); /* a server counts a connection's deadlocks when it ends */
    store_close(fixture->store);
    g_autofree char *deadlocks = server_value(fixture->file, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    g_assert_cmpstr(deadlocks, ==, "0");
    fixture->store = join(fixture);
}

/* ---- who goes away ---- */

static bool take_and_stay(Db *db, void *data, GError **error)
{
    char byte = 1;
    Note *note = data;
    bool written = write_note(db, note, error) && engine_end_rows(db);
    pipeline_wait(db, NULL);
    g_assert_cmpint(write(note->code, &byte, 1), ==, 1);
    pause();
    return written;
}

static G_NORETURN void stay_in_the_middle(const char *file, int pipe)
{
    Note note = { .id = 1, .code = pipe };
    Store *store = store_open_together(file, 1, no_rooms, 7, NULL);
    store_write(store, take_and_stay, &note, NULL);
    abort();
}

/* Another process, which has written and not committed when this returns. */
static pid_t begin_elsewhere(Fixture *fixture)
{
    int ends[2];
    char byte;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0)
        stay_in_the_middle(fixture->file, ends[1]);
    close(ends[1]);
    g_assert_cmpint(read(ends[0], &byte, 1), ==, 1);
    close(ends[0]);
    return child;
}

/* Forks while no store is open: a thread's locks would go along. */
static void killed_program_releases_the_lock(Fixture *fixture, const void *server)
{
    (void)server;
    Note note = { .fixture = fixture, .id = 1 };
    share(fixture);
    g_clear_pointer(&fixture->store, store_close);
    pid_t child = begin_elsewhere(fixture);
    fixture->store = join(fixture);
    gint64 began = g_get_monotonic_time();
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    g_assert_true(store_write(fixture->store, write_note, &note, NULL));
    g_assert_cmpint(g_get_monotonic_time() - began, <, 5 * G_TIME_SPAN_SECOND);
    g_assert_cmpint(note.runs, ==, 1);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
}

/* ---- who stands still ---- */

static bool be_impatient(Db *db, void *data, GError **error)
{
    (void)data;
    return db_run(db, "SET idle_in_transaction_session_timeout = 200", NULL, error);
}

typedef struct Stall {
    Note note;
    Barrier barrier;
} Stall;

/* Stands still in the middle of its first run. */
static bool stand_still(Db *db, void *data, GError **error)
{
    int64_t count;
    bool found;
    Stall *stall = data;
    if (!write_note(db, &stall->note, error) || !db_integer(db, count_notes, NULL, &count, &found, error))
        return false;
    if (stall->note.runs == 1)
        stand_in_the_way(db, &stall->barrier, error);
    return true;
}

static void stall_ended(void *data, const GError *error)
{
    note_kept(&((Stall *)data)->note, error);
}

/* The other has taken the number meanwhile; the late one finds that when its work is run again. */
static void stalled_program_loses_the_lock_and_cannot_commit(Fixture *fixture, const void *server)
{
    (void)server;
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    Gate ended = GATE(1);
    Note note = { .id = 1, .body = "in time" };
    Stall stall = { { .fixture = fixture, .ended = &ended, .id = 1, .body = "late" }, { GATE(1), GATE(1) } };
    g_assert_true(store_write(other, be_impatient, NULL, NULL));
    store_submit(other, stand_still, &stall, stall_ended);
    wait_for(&stall.barrier.begun);
    g_assert_true(store_write(fixture->store, write_note, &note, NULL));
    lift(&stall.barrier);
    wait_for(&ended);
    g_assert_cmpint(stall.note.runs, ==, 2);
    g_assert_cmpint(stall.note.code, ==, CONFLICT);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM note WHERE body = 'in time'"), ==, 1);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 1);
}

/* ---- what became of a commit ---- */

/* The commit arrives; that it was done is not heard. Others have had their turns before we look. */
static bool write_and_go_deaf(Db *db, void *data, GError **error)
{
    if (!write_numbered(db, data, error))
        return false;
    g_assert_cmpint(shutdown(PQsocket(db->server->link), SHUT_RD), ==, 0);
    return true;
}

static void *write_on(void *data)
{
    Note note = { .body = "other" };
    for (int i = 0; i < OF_EACH; i++)
        g_assert_true(store_write(data, write_numbered, &note, NULL));
    return NULL;
}

static void committed_write_is_not_repeated_while_others_write(Fixture *fixture, const void *server)
{
    (void)server;
    pthread_t thread;
    share(fixture);
    g_autoptr(Store) other = join(fixture);
    g_assert_cmpint(pthread_create(&thread, NULL, write_on, other), ==, 0);
    for (int i = 0; i < OF_EACH; i++) {
        Note note = { .body = "one" };
        g_assert_true(store_write(fixture->store, write_and_go_deaf, &note, NULL));
        g_assert_cmpint(note.runs, ==, 1);
    }
    pthread_join(thread, NULL);
    g_assert_cmpint(ask_store(fixture, "SELECT count(*) FROM note WHERE body = 'one'"), ==, OF_EACH);
    g_assert_cmpint(ask_store(fixture, "SELECT MAX(id) FROM note"), ==, 2 * OF_EACH);
}

/* ---- who may join ---- */

static void refused_in_use(const void *opened, GError **error)
{
    g_assert_null(opened);
    g_assert_error(*error, TROUBLE, CONFLICT);
    g_assert_nonnull(strstr((*error)->message, "db.in_use"));
    g_clear_error(error);
}

static void exclusive_open_is_refused_at_once(Fixture *fixture, const void *server)
{
    (void)server;
    g_autoptr(GError) error = NULL;
    refused_in_use(store_open_together(fixture->file, 1, no_rooms, 7, &error), &error);
    share(fixture);
    refused_in_use(store_open(fixture->file, 1, &error), &error);
}

static void file_has_one_program(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    refused_in_use(store_open_together(fixture->file, 1, no_rooms, 7, &error), &error);
    store_close(fixture->store);
    fixture->store = join(fixture);
    write_sql(fixture, "INSERT INTO ids (county, name, next) VALUES (1, 'x', 1)");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_SERVER(name, test) add_on_server("/db/write_lock/" name, test)
    ON_A_SERVER("write lock keeps series without gaps", write_lock_keeps_series_without_gaps);
    ON_A_SERVER("series are read again only after another writer", series_are_read_again_only_after_another_writer);
    ON_A_SERVER("writes queued during a wait join the group", writes_queued_during_a_wait_join_the_group);
    ON_A_SERVER("other counties do not wait for the lock", other_counties_do_not_wait_for_the_lock);
    ON_A_SERVER("writes of several counties share a transaction", writes_of_several_counties_share_a_transaction);
    ON_A_SERVER("each county carries its own series", each_county_carries_its_own_series);
    ON_A_SERVER("series goes on through a group of several counties", series_goes_on_through_a_group_of_several_counties);
    ON_A_SERVER("write of another county waits for the next group", write_of_another_county_waits_for_the_next_group);
    ON_A_SERVER("county does not wait for another writer", county_does_not_wait_for_another_writer);
    ON_A_SERVER("locks are taken in the order of the counties", locks_are_taken_in_the_order_of_the_counties);
    ON_A_SERVER("two writers never deadlock", two_writers_never_deadlock);
    ON_A_SERVER("killed program releases the lock", killed_program_releases_the_lock);
    ON_A_SERVER("stalled program loses the lock and cannot commit", stalled_program_loses_the_lock_and_cannot_commit);
    ON_A_SERVER("committed write is not repeated while others write", committed_write_is_not_repeated_while_others_write);
    ON_A_SERVER("exclusive open is refused at once", exclusive_open_is_refused_at_once);
    add_on_file("/db/write_lock/file has one program", file_has_one_program);
    return g_test_run();
}
