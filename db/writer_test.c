// SPDX-License-Identifier: Apache-2.0
/* The writer's promises to the writes that share a group, and to many threads. */
#include "db/fixture_test.h"

/* ---- groups ---- */

static bool write_and_refuse(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && refuse(error, NOT_ALLOWED, "notes.no", NULL);
}

static bool write_and_fail(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && fault(error, "a bug");
}

static void queued_writes_share_a_commit(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(fixture);
    WriterCounts before = store_writer_counts(fixture->store);
    write_group(fixture, notes, MANY, -1, NULL);
    WriterCounts after = store_writer_counts(fixture->store);
    g_assert_cmpuint(after.writes - before.writes, ==, MANY + 1);
    g_assert_cmpuint(after.transactions - before.transactions, ==, 2);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, MANY);
    for (int i = 0; i < MANY; i++) {
        g_assert_cmpint(notes[i].code, ==, 0);
        g_assert_true(notes[i].seen_by_others);
    }
}

/* A write that others join while it runs. */
typedef struct First {
    Barrier barrier;
    Note note;
} First;

static bool write_and_be_joined(Db *db, void *data, GError **error)
{
    First *first = data;
    bool written = write_note(db, &first->note, error);
    step(&first->barrier.begun);
    wait_for(&first->barrier.held);
    return written;
}

static void first_ended(void *data, const GError *error)
{
    barrier_end(&((First *)data)->barrier, error);
}

/* Number 40 of the others is refused. */
static void write_joined(Fixture *fixture, First *first, Note *notes)
{
    Gate ended = GATE(MANY);
    *first = (First){ { GATE(1), GATE(1), GATE(1) }, { .id = MANY } };
    store_submit(fixture->store, write_and_be_joined, first, first_ended);
    wait_for(&first->barrier.begun);
    submit(notes, &(Note){ .fixture = fixture, .ended = &ended }, MANY, 40, write_and_refuse);
    lift(&first->barrier);
    wait_for(&ended);
}

/* On a file they share the next one. */
static void writes_that_arrive_meanwhile_share_the_commit(Fixture *fixture, const void *server)
{
    First first;
    Note notes[MANY];
    have_notes(fixture);
    WriterCounts before = store_writer_counts(fixture->store);
    write_joined(fixture, &first, notes);
    g_assert_cmpuint(store_writer_counts(fixture->store).transactions - before.transactions, ==, server ? 1 : 2);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, MANY);
    g_assert_cmpint(notes[40].code, ==, NOT_ALLOWED);
}

static void refusal_among_joining_writes_reruns_the_first_once(Fixture *fixture, const void *server)
{
    First first;
    Note notes[MANY];
    have_notes(fixture);
    for (int round = 0; round < 4; round++) {
        write_joined(fixture, &first, notes);
        g_assert_cmpint(first.note.runs, ==, round || !server ? 1 : 2);
        g_assert_cmpint(notes[0].runs, ==, round ? 1 : 2);
        g_assert_cmpint(notes[40].code, ==, NOT_ALLOWED);
        g_assert_cmpint(ask_store(fixture, count_notes), ==, MANY);
        write_sql(fixture, "DELETE FROM note");
    }
}

static void refusal_rolls_back_only_its_write(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(fixture);
    write_group(fixture, notes, MANY, 40, write_and_refuse);
    for (int i = 41; i < MANY; i++)
        notes[i].runs++; /* they had not begun when the group was undone */
    ended_alone(notes, MANY, 40, NOT_ALLOWED, 2);
    g_assert_cmpuint(store_writer_counts(fixture->store).faults, ==, 0);
}

static void consecutive_refusals_rerun_the_group_once(Fixture *fixture, const void *data)
{
    (void)data;
    static const struct {
        int odd, runs;
    } groups[] = { { MANY - 1, 2 }, { MANY - 1, 1 }, { 0, 1 }, { -1, 1 }, { -1, 1 }, { MANY - 1, 2 } };
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        Note notes[MANY];
        write_group(fixture, notes, MANY, groups[i].odd, write_and_refuse);
        ended_alone(notes, MANY, groups[i].odd, NOT_ALLOWED, groups[i].runs);
        write_sql(fixture, "DELETE FROM note");
    }
}

static void conflict_rolls_back_only_its_write(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[3];
    have_notes(fixture);
    write_sql(fixture, "INSERT INTO note (id) VALUES (1)");
    write_group(fixture, notes, 3, -1, NULL);
    g_assert_cmpint(notes[0].code, ==, 0);
    g_assert_cmpint(notes[1].code, ==, CONFLICT);
    g_assert_cmpint(notes[2].code, ==, 0);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, 3);
}

static void fault_fails_alone(Fixture *fixture, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(fixture);
    write_group(fixture, notes, MANY, 40, write_and_fail);
    for (int i = 41; i < MANY; i++)
        notes[i].runs++; /* they had not begun when the group was undone */
    ended_alone(notes, MANY, 40, FAULT, 2);
    g_assert_cmpuint(store_writer_counts(fixture->store).faults, ==, 1);
}

static bool ends_the_transaction(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && db_run(db, "ROLLBACK", NULL, error);
}

static bool says_nothing(Db *db, void *data, GError **error)
{
    write_note(db, data, error);
    return false;
}

static bool leaves_rows_open(Db *db, void *data, GError **error)
{
    Note *note = data;
    note->runs++;
    DbRows *rows = db_query(db, "INSERT INTO note (id) VALUES (:id), (-1) RETURNING id",
                            WITH(db_int("id", note->id)), error);
    return db_next(rows, error);
}

static void write_that_breaks_the_rules_fails_alone(Fixture *fixture, const void *data)
{
    (void)data;
    static WriteFunction *const works[] = { ends_the_transaction, says_nothing, leaves_rows_open };
    Note notes[3];
    have_notes(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
        write_group(fixture, notes, 3, 1, works[i]);
        g_assert_cmpint(notes[0].code, ==, 0);
        g_assert_cmpint(notes[1].code, ==, FAULT);
        g_assert_cmpint(notes[2].code, ==, 0);
        g_assert_cmpint(ask_store(fixture, count_notes), ==, 2);
        write_sql(fixture, "DELETE FROM note");
    }
}

static bool write_inside(Db *db, void *data, GError **error)
{
    (void)db;
    Note *note = data;
    return store_write(note->fixture->store, write_note, note, error);
}

static void write_cannot_wait_for_a_write(Fixture *fixture, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    Note note = { .fixture = fixture };
    g_assert_false(store_write(fixture->store, write_inside, &note, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

static void closing_waits_for_submitted_writes(Fixture *fixture, const void *data)
{
    (void)data;
    Barrier barrier;
    Note notes[MANY];
    have_notes(fixture);
    bar(fixture, &barrier);
    for (int i = 0; i < MANY; i++) {
        notes[i] = (Note){ .id = i + 1 };
        store_submit(fixture->store, write_note, &notes[i], ignore);
    }
    lift(&barrier);
    store_close(fixture->store);
    fixture->store = store_open(fixture->file, 1, NULL);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, MANY);
}

/* ---- many threads ---- */

typedef struct Hand {
    Fixture *fixture;
    int64_t first;
} Hand;

enum { HANDS = 4, EACH = 200 };

static bool write_pair(Db *db, void *id, GError **error)
{
    return db_run(db, "INSERT INTO note (id) VALUES (:id)", WITH(db_int("id", *(int64_t *)id)),
                  error) &&
           db_run(db, "INSERT INTO journal (id) VALUES (:id)", WITH(db_int("id", *(int64_t *)id)),
                  error);
}

/* Both tables grow together, so every snapshot finds them equal. */
static void *write_and_compare(void *data)
{
    Hand *hand = data;
    for (int64_t id = hand->first; id < hand->first + EACH; id++) {
        g_assert_true(store_write(hand->fixture->store, write_pair, &id, NULL));
        g_assert_true(is_seen(hand->fixture, id));
        Db *reader = store_reader(hand->fixture->store, NULL);
        int64_t notes = ask(reader, count_notes);
        g_assert_cmpint(ask(reader, "SELECT count(*) FROM journal"), ==, notes);
        store_return(hand->fixture->store, reader);
    }
    return NULL;
}

static void many_threads_write_and_read(Fixture *fixture, const void *data)
{
    (void)data;
    pthread_t threads[HANDS];
    Hand hands[HANDS];
    have_notes(fixture);
    for (int i = 0; i < HANDS; i++) {
        hands[i] = (Hand){ fixture, i * EACH };
        g_assert_cmpint(pthread_create(&threads[i], NULL, write_and_compare, &hands[i]), ==, 0);
    }
    for (int i = 0; i < HANDS; i++)
        pthread_join(threads[i], NULL);
    g_assert_cmpint(ask_store(fixture, count_notes), ==, HANDS * EACH);
}

/* ---- what a transaction remembers ---- */

enum { SUM = 1000000 }; /* the note that holds the sum of the others' numbers, and in its body how often it was written */

static bool flush_sum(Db *db, int64_t county, void *memory, GError **error)
{
    g_assert_cmpint(county, ==, 7);
    return db_run(db,
        "INSERT INTO note (id, weight, body) VALUES (:id, :sum, 'x')"
        " ON CONFLICT (id) DO UPDATE SET weight = excluded.weight, body = note.body || 'x'",
        WITH(db_int("id", SUM), db_int("sum", *(const int64_t *)memory)), error);
}

static bool add_to_sum(Db *db, void *data, GError **error)
{
    bool fresh, found;
    const Note *note = data;
    int64_t *sum = db_transaction_state(db, 7, flush_sum, sizeof *sum, &fresh);
    if (fresh && !db_integer(db, "SELECT weight FROM note WHERE id = :id", WITH(db_int("id", SUM)), sum, &found, error))
        return false;
    *sum += note->id;
    return true;
}

static bool add_and_refuse(Db *db, void *data, GError **error)
{
    return add_to_sum(db, data, error) && refuse(error, NOT_ALLOWED, "notes.no", NULL);
}

static bool add_and_fail(Db *db, void *data, GError **error)
{
    return add_to_sum(db, data, error) && fault(error, "a bug");
}

/* The numbers 1 to 100 in one group, of which `odd` does what `work` says. */
static void sum_up(Fixture *fixture, int odd, WriteFunction *work)
{
    Note notes[MANY];
    Barrier barrier;
    Gate ended = GATE(MANY);
    bar(fixture, &barrier);
    for (int i = 0; i < MANY; i++) {
        notes[i] = (Note){ .fixture = fixture, .ended = &ended, .id = i + 1 };
        store_submit(fixture->store, i == odd ? work : add_to_sum, &notes[i], note_end);
    }
    lift(&barrier);
    wait_for(&ended);
}

static void transaction_state_is_flushed_once(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    sum_up(fixture, -1, NULL);
    g_assert_cmpint(ask_store(fixture, "SELECT weight FROM note"), ==, 5050);
    g_assert_cmpint(ask_store(fixture, "SELECT length(body) FROM note"), ==, 1);
    sum_up(fixture, -1, NULL);
    g_assert_cmpint(ask_store(fixture, "SELECT weight FROM note"), ==, 10100);
    g_assert_cmpint(ask_store(fixture, "SELECT length(body) FROM note"), ==, 2);
}

static void rolled_back_transaction_state_is_restored(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    sum_up(fixture, 40, add_and_refuse);
    g_assert_cmpint(ask_store(fixture, "SELECT weight FROM note"), ==, 5050 - 41);
    sum_up(fixture, 0, add_and_refuse); /* who was the first to ask */
    g_assert_cmpint(ask_store(fixture, "SELECT weight FROM note"), ==, 10100 - 41 - 1);
    sum_up(fixture, 50, add_and_fail); /* each alone then */
    g_assert_cmpint(ask_store(fixture, "SELECT weight FROM note"), ==, 15150 - 41 - 1 - 51);
}

static bool flush_nothing(Db *db, int64_t county, void *memory, GError **error)
{
    (void)db, (void)county, (void)memory, (void)error;
    return true;
}

static bool ask_for_state(Db *db, void *fresh, GError **error)
{
    (void)error;
    db_transaction_state(db, 7, flush_nothing, 1, fresh);
    db_transaction_state_carry(db, 7, flush_nothing, true);
    return true;
}

static bool is_carried(Fixture *fixture, int64_t county)
{
    bool fresh = true;
    store_set_county(fixture->store, county);
    g_assert_true(store_write(fixture->store, ask_for_state, &fresh, NULL));
    return !fresh;
}

static void transaction_state_is_carried_until_another_writes(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    g_assert_false(is_carried(fixture, 7));
    g_assert_true(is_carried(fixture, 7));
    store_set_county(fixture->store, 8);
    write_sql(fixture, "INSERT INTO note (id) VALUES (1)");
    g_assert_true(is_carried(fixture, 7));
    g_assert_false(is_carried(fixture, 8)); /* a write of another county that asks for this one's */
    g_assert_false(is_carried(fixture, 7));
    store_set_county(fixture->store, 0);
    write_sql(fixture, "INSERT INTO note (id) VALUES (2)"); /* it may have been of any county */
    g_assert_false(is_carried(fixture, 7));
    g_assert_true(is_carried(fixture, 7));
    g_autoptr(Db) other = engine_open(fixture->file, ENGINE_WRITES, NULL);
    g_assert_true(engine_begin(other, NULL) && run_sql(other, (void *)"INSERT INTO journal (id) VALUES (3)", NULL) && engine_commit(other, NULL));
    g_assert_false(is_carried(fixture, 7));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_BOTH(name, test) add_on_both("/db/writer/" name, test)
    ON_BOTH("queued writes share a commit", queued_writes_share_a_commit);
    ON_BOTH("writes that arrive meanwhile share the commit", writes_that_arrive_meanwhile_share_the_commit);
    ON_BOTH("refusal among joining writes reruns the first once", refusal_among_joining_writes_reruns_the_first_once);
    ON_BOTH("refusal rolls back only its write", refusal_rolls_back_only_its_write);
    ON_BOTH("consecutive refusals rerun the group once", consecutive_refusals_rerun_the_group_once);
    ON_BOTH("conflict rolls back only its write", conflict_rolls_back_only_its_write);
    ON_BOTH("fault fails alone", fault_fails_alone);
    ON_BOTH("write that breaks the rules fails alone", write_that_breaks_the_rules_fails_alone);
    ON_BOTH("write cannot wait for a write", write_cannot_wait_for_a_write);
    ON_BOTH("closing waits for submitted writes", closing_waits_for_submitted_writes);
    ON_BOTH("transaction state is flushed once", transaction_state_is_flushed_once);
    ON_BOTH("rolled back transaction state is restored", rolled_back_transaction_state_is_restored);
    add_on_file("/db/writer/transaction state is carried until another writes", transaction_state_is_carried_until_another_writes);
    ON_BOTH("many threads write and read", many_threads_write_and_read);
    return g_test_run();
}
