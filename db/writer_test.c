// SPDX-License-Identifier: Apache-2.0
/* What the writer promises: groups, refusals, faults, a full disk, and a killed process. */
#include "db/desk_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- works that are followed ---- */

/* Counts down to nought. */
typedef struct Gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int left;
} Gate;
#define GATE(count) { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, count }

static void step(Gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->left--;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}

static void wait_for(Gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->left > 0)
        pthread_cond_wait(&gate->moved, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

/* One note to be written, and what came of it. */
typedef struct Note {
    Desk *desk;
    Gate *ended;
    int64_t id;
    const char *body;
    int runs, code;
    bool seen_by_others;
} Note;

static const char insert_note[] = "INSERT INTO note (id, body) VALUES (:id, :body)";
static const char count_notes[] = "SELECT count(*) FROM note";

static bool write_note(Db *db, void *data, GError **error)
{
    Note *note = data;
    note->runs++;
    return db_run(db, insert_note, WITH(db_int("id", note->id), db_text("body", note->body)),
                  error);
}

static bool write_and_refuse(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && refuse(error, NOT_ALLOWED, "notes.no", NULL);
}

static bool write_and_fail(Db *db, void *data, GError **error)
{
    return write_note(db, data, error) && fault(error, "a bug");
}

static bool is_seen(Desk *desk, int64_t id)
{
    Db *reader = store_reader(desk->store, NULL);
    int64_t value;
    bool found;
    db_integer(reader, "SELECT id FROM note WHERE id = :id", WITH(db_int("id", id)), &value, &found,
               NULL);
    store_return(desk->store, reader);
    return found;
}

static void note_end(void *data, const GError *error)
{
    Note *note = data;
    note->code = error ? error->code : 0;
    note->seen_by_others = is_seen(note->desk, note->id);
    step(note->ended);
}

typedef struct Barrier {
    Gate begun, held;
} Barrier;

static bool stand_in_the_way(Db *db, void *data, GError **error)
{
    (void)db, (void)error;
    Barrier *barrier = data;
    step(&barrier->begun);
    wait_for(&barrier->held);
    return true;
}

static void ignore(void *data, const GError *error)
{
    (void)data, (void)error;
}

/* Keeps the writer busy, so that what is submitted until it is lifted becomes one group. */
static void bar(Desk *desk, Barrier *barrier)
{
    *barrier = (Barrier){ GATE(1), GATE(1) };
    store_submit(desk->store, stand_in_the_way, barrier, ignore);
    wait_for(&barrier->begun);
}

static void lift(Barrier *barrier)
{
    step(&barrier->held);
}

enum { MANY = 100 };

/* Notes 0 … count - 1, all waiting together; number `odd` does what `work` says. */
static void submit(Note *notes, const Note *like, int count, int odd, DbWork *work)
{
    for (int i = 0; i < count; i++) {
        notes[i] = *like;
        notes[i].id = i;
        store_submit(like->desk->store, i == odd ? work : write_note, &notes[i], note_end);
    }
}

/* The same in one group. */
static void write_group(Desk *desk, Note *notes, int count, int odd, DbWork *work)
{
    Barrier barrier;
    Gate ended = GATE(count);
    bar(desk, &barrier);
    submit(notes, &(Note){ .desk = desk, .ended = &ended }, count, odd, work);
    lift(&barrier);
    wait_for(&ended);
}

/* ---- groups ---- */

static void those_who_wait_share_a_commit(Desk *desk, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(desk);
    StoreFigures before = store_figures(desk->store);
    write_group(desk, notes, MANY, -1, NULL);
    StoreFigures after = store_figures(desk->store);
    g_assert_cmpuint(after.works - before.works, ==, MANY + 1);
    g_assert_cmpuint(after.groups - before.groups, ==, 2);
    g_assert_cmpint(ask_store(desk, count_notes), ==, MANY);
    for (int i = 0; i < MANY; i++) {
        g_assert_cmpint(notes[i].code, ==, 0);
        g_assert_true(notes[i].seen_by_others);
    }
}

static void ended_alone(const Note *notes, int count, int odd, int code, int runs)
{
    for (int i = 0; i < count; i++) {
        g_assert_cmpint(notes[i].code, ==, i == odd ? code : 0);
        g_assert_cmpint(notes[i].runs, ==, runs);
        g_assert_cmpint(notes[i].seen_by_others, ==, i != odd);
    }
}

static void a_refusal_undoes_only_its_own(Desk *desk, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(desk);
    write_group(desk, notes, MANY, 40, write_and_refuse);
    ended_alone(notes, MANY, 40, NOT_ALLOWED, 1);
    g_assert_cmpuint(store_figures(desk->store).faults, ==, 0);
}

static void a_clash_undoes_only_its_own(Desk *desk, const void *data)
{
    (void)data;
    Note notes[3];
    have_notes(desk);
    write_sql(desk, "INSERT INTO note (id) VALUES (1)");
    write_group(desk, notes, 3, -1, NULL);
    g_assert_cmpint(notes[0].code, ==, 0);
    g_assert_cmpint(notes[1].code, ==, CONFLICT);
    g_assert_cmpint(notes[2].code, ==, 0);
    g_assert_cmpint(ask_store(desk, count_notes), ==, 3);
}

static void a_fault_fails_alone(Desk *desk, const void *data)
{
    (void)data;
    Note notes[MANY];
    have_notes(desk);
    write_group(desk, notes, MANY, 40, write_and_fail);
    for (int i = 41; i < MANY; i++)
        notes[i].runs++; /* they had not begun when the group was undone */
    ended_alone(notes, MANY, 40, FAULT, 2);
    g_assert_cmpuint(store_figures(desk->store).faults, ==, 1);
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

static void a_work_that_breaks_the_rules_fails_alone(Desk *desk, const void *data)
{
    (void)data;
    static DbWork *const works[] = { ends_the_transaction, says_nothing, leaves_rows_open };
    Note notes[3];
    have_notes(desk);
    for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
        write_group(desk, notes, 3, 1, works[i]);
        g_assert_cmpint(notes[0].code, ==, 0);
        g_assert_cmpint(notes[1].code, ==, FAULT);
        g_assert_cmpint(notes[2].code, ==, 0);
        g_assert_cmpint(ask_store(desk, count_notes), ==, 2);
        write_sql(desk, "DELETE FROM note");
    }
}

static bool write_inside(Db *db, void *data, GError **error)
{
    (void)db;
    Note *note = data;
    return store_write(note->desk->store, write_note, note, error);
}

static void a_write_cannot_wait_for_a_write(Desk *desk, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    Note note = { .desk = desk };
    g_assert_false(store_write(desk->store, write_inside, &note, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

static void closing_waits_for_what_was_submitted(Desk *desk, const void *data)
{
    (void)data;
    Barrier barrier;
    Note notes[MANY];
    have_notes(desk);
    bar(desk, &barrier);
    for (int i = 0; i < MANY; i++) {
        notes[i] = (Note){ .id = i };
        store_submit(desk->store, write_note, &notes[i], ignore);
    }
    lift(&barrier);
    store_close(desk->store);
    desk->store = store_open(desk->file, 1, NULL);
    g_assert_cmpint(ask_store(desk, count_notes), ==, MANY);
}

/* ---- many threads ---- */

typedef struct Hand {
    Desk *desk;
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
        g_assert_true(store_write(hand->desk->store, write_pair, &id, NULL));
        g_assert_true(is_seen(hand->desk, id));
        Db *reader = store_reader(hand->desk->store, NULL);
        int64_t notes = ask(reader, count_notes);
        g_assert_cmpint(ask(reader, "SELECT count(*) FROM journal"), ==, notes);
        store_return(hand->desk->store, reader);
    }
    return NULL;
}

static void many_hands_write_and_read(Desk *desk, const void *data)
{
    (void)data;
    pthread_t threads[HANDS];
    Hand hands[HANDS];
    have_notes(desk);
    for (int i = 0; i < HANDS; i++) {
        hands[i] = (Hand){ desk, i * EACH };
        g_assert_cmpint(pthread_create(&threads[i], NULL, write_and_compare, &hands[i]), ==, 0);
    }
    for (int i = 0; i < HANDS; i++)
        pthread_join(threads[i], NULL);
    g_assert_cmpint(ask_store(desk, count_notes), ==, HANDS * EACH);
}

/* ---- a busy and a full disk ---- */

static void another_program_makes_it_busy(Desk *desk, const void *data)
{
    (void)data;
    Note notes[3];
    Gate ended = GATE(3);
    have_notes(desk);
    g_autoptr(Db) other = engine_open(desk->file, true, NULL);
    g_assert_true(engine_begin(other, NULL));
    submit(notes, &(Note){ .desk = desk, .ended = &ended }, 3, -1, NULL);
    wait_for(&ended);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(notes[i].code, ==, BUSY);
    engine_rollback(other);
    write_group(desk, notes, 3, -1, NULL);
    g_assert_cmpint(ask_store(desk, count_notes), ==, 3);
}

/* Writes until the disk is full; returns how many were acknowledged, of `tried`. */
static int64_t fill(Desk *desk, const char *body, int64_t *tried)
{
    g_autoptr(GError) error = NULL;
    Gate ended = GATE(1);
    int64_t acknowledged = 0;
    while (!error) {
        Note note = { .desk = desk, .ended = &ended, .id = 1000 + (*tried)++, .body = body };
        acknowledged += store_write(desk->store, write_note, &note, &error);
    }
    g_assert_error(error, TROUBLE, FULL);
    g_assert_nonnull(strstr(error->message, "db.full"));
    return acknowledged;
}

typedef void SetRoom(Desk *desk, bool narrow);

static void set_pages(Desk *desk, bool narrow)
{
    write_sql(desk, narrow ? "PRAGMA max_page_count = 40" : "PRAGMA max_page_count = 100000");
}

static void set_file_size(Desk *desk, bool narrow)
{
    (void)desk;
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = narrow ? 500000 : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void a_full_disk(Desk *desk, SetRoom *set_room)
{
    Note notes[MANY];
    int64_t tried = 0;
    g_autofree char *body = g_strnfill(5000, 'x');
    have_notes(desk);
    set_room(desk, true);
    int64_t acknowledged = fill(desk, body, &tried);
    g_assert_cmpint(acknowledged, >, 0);
    g_assert_cmpint(ask_store(desk, count_notes), ==, acknowledged);
    acknowledged += fill(desk, body, &tried);
    g_assert_cmpint(ask_store(desk, count_notes), ==, acknowledged);
    set_room(desk, false);
    write_group(desk, notes, MANY, -1, NULL);
    ended_alone(notes, MANY, -1, 0, 1);
    g_assert_cmpint(ask_store(desk, count_notes), ==, acknowledged + MANY);
}

static void a_full_database_refuses_and_recovers(Desk *desk, const void *data)
{
    (void)data;
    a_full_disk(desk, set_pages);
}

static void a_full_disk_refuses_and_recovers(Desk *desk, const void *data)
{
    (void)data;
    a_full_disk(desk, set_file_size);
}

/* In a group that does not fit as a whole, each gets what there is room for. */
static void a_group_that_is_too_big_is_told_one_by_one(Desk *desk, const void *data)
{
    (void)data;
    g_autofree char *body = g_strnfill(5000, 'x');
    Barrier barrier;
    Gate ended = GATE(MANY);
    Note notes[MANY];
    int64_t acknowledged = 0;
    have_notes(desk);
    set_pages(desk, true);
    bar(desk, &barrier);
    submit(notes, &(Note){ .desk = desk, .ended = &ended, .body = body }, MANY, -1, NULL);
    lift(&barrier);
    wait_for(&ended);
    for (int i = 0; i < MANY; i++) {
        g_assert_cmpint(notes[i].code, ==, notes[i].seen_by_others ? 0 : FULL);
        acknowledged += notes[i].code == 0;
    }
    g_assert_cmpint(acknowledged, >, 0);
    g_assert_cmpint(acknowledged, <, MANY);
    g_assert_cmpint(ask_store(desk, count_notes), ==, acknowledged);
}

/* ---- the log ---- */

static int64_t log_size(Desk *desk)
{
    g_autofree char *file = g_strconcat(desk->file, "-wal", NULL);
    struct stat found;
    g_assert_cmpint(stat(file, &found), ==, 0);
    return found.st_size;
}

static bool write_much(Db *db, void *id, GError **error)
{
    g_autofree char *paper = g_malloc0(4000000);
    ++*(int64_t *)id;
    return db_run(db, "INSERT INTO note (id, paper) VALUES (:id % 2, :paper) "
                      "ON CONFLICT (id) DO UPDATE SET paper = excluded.paper",
                  WITH(db_int("id", *(int64_t *)id), db_bytes("paper", paper, 4000000)), error);
}

/* Readers come and go all the time; the log begins anew all the same and is put away at last. */
static void *read_on(void *data)
{
    Desk *desk = data;
    while (ask_store(desk, "SELECT count(*) FROM journal") == 0)
        continue;
    return NULL;
}

static void the_log_stays_small(Desk *desk, const void *data)
{
    (void)data;
    pthread_t readers[2];
    int64_t id = 0;
    have_notes(desk);
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
        g_assert_cmpint(pthread_create(&readers[i], NULL, read_on, desk), ==, 0);
    for (int i = 0; i < 60; i++)
        g_assert_true(store_write(desk->store, write_much, &id, NULL));
    g_assert_cmpint(log_size(desk), <, 120000000);
    write_sql(desk, "INSERT INTO journal (id) VALUES (1)");
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
        pthread_join(readers[i], NULL);
    gint64 deadline = g_get_monotonic_time() + 30 * G_TIME_SPAN_SECOND;
    while (log_size(desk) > 0 && g_get_monotonic_time() < deadline)
        g_thread_yield();
    g_assert_cmpint(log_size(desk), ==, 0);
}

/* ---- killed ---- */

enum { ROUNDS = 25, AT_ONCE = 16 };

typedef struct Line {
    Store *store;
    int pipe;
    int64_t next;
} Line;

typedef struct Entry {
    Line *line;
    int64_t id;
} Entry;

static bool write_entry(Db *db, void *data, GError **error)
{
    Entry *entry = data;
    return db_run(db, insert_note, WITH(db_int("id", entry->id), db_text("body", "平湖")), error);
}

/* Says which entry is safe, and writes another. */
static void report(void *data, const GError *error)
{
    Entry *entry = data;
    g_assert_no_error(error);
    g_assert_cmpint(write(entry->line->pipe, &entry->id, sizeof entry->id), ==, sizeof entry->id);
    entry->id = entry->line->next++;
    store_submit(entry->line->store, write_entry, entry, report);
}

static G_NORETURN void write_until_killed(const char *file, int pipe, int64_t first)
{
    Entry entries[AT_ONCE];
    Line line = { store_open(file, 1, NULL), pipe, first + AT_ONCE };
    for (int i = 0; i < AT_ONCE; i++) {
        entries[i] = (Entry){ &line, first + i };
        store_submit(line.store, write_entry, &entries[i], report);
    }
    while (true)
        pause();
}

/* Kills the child after some reports; all ids reported are added. */
static void follow_and_kill(pid_t child, int pipe, GArray *reported)
{
    unsigned most = reported->len + (unsigned)g_test_rand_int_range(1, 300);
    int64_t id;
    while (reported->len < most && read(pipe, &id, sizeof id) == sizeof id)
        g_array_append_val(reported, id);
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    while (read(pipe, &id, sizeof id) == sizeof id)
        g_array_append_val(reported, id);
    g_assert_cmpuint(reported->len, >=, most);
}

static void run_and_kill(Desk *desk, int round, GArray *reported)
{
    int ends[2], status;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0)
        write_until_killed(desk->file, ends[1], round * (int64_t)1000000);
    close(ends[1]);
    follow_and_kill(child, ends[0], reported);
    close(ends[0]);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void all_is_there(Desk *desk, const GArray *reported)
{
    desk->store = store_open(desk->file, 1, NULL);
    g_assert_nonnull(desk->store);
    for (unsigned i = 0; i < reported->len; i++)
        g_assert_true(is_seen(desk, g_array_index(reported, int64_t, i)));
    Db *reader = store_reader(desk->store, NULL);
    g_autoptr(json_t) health = db_row(reader, "PRAGMA integrity_check", NULL, NULL);
    g_assert_cmpstr(json_text(health, "integrity_check"), ==, "ok");
    store_return(desk->store, reader);
}

static void what_was_acknowledged_outlives_a_kill(Desk *desk, const void *data)
{
    (void)data;
    g_autoptr(GArray) reported = g_array_new(FALSE, FALSE, sizeof(int64_t));
    have_notes(desk);
    for (int round = 0; round < ROUNDS; round++) {
        store_close(desk->store);
        run_and_kill(desk, round, reported);
        all_is_there(desk, reported);
    }
    g_test_message("%u acknowledged, none lost", reported->len);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_DESK(name, test) g_test_add("/db/writer/" name, Desk, NULL, set_up, test, tear_down)
    ON_A_DESK("those who wait share a commit", those_who_wait_share_a_commit);
    ON_A_DESK("a refusal undoes only its own", a_refusal_undoes_only_its_own);
    ON_A_DESK("a clash undoes only its own", a_clash_undoes_only_its_own);
    ON_A_DESK("a fault fails alone", a_fault_fails_alone);
    ON_A_DESK("a work that breaks the rules fails alone", a_work_that_breaks_the_rules_fails_alone);
    ON_A_DESK("a write cannot wait for a write", a_write_cannot_wait_for_a_write);
    ON_A_DESK("closing waits for what was submitted", closing_waits_for_what_was_submitted);
    ON_A_DESK("many hands write and read", many_hands_write_and_read);
    ON_A_DESK("another program makes it busy", another_program_makes_it_busy);
    ON_A_DESK("a full database refuses and recovers", a_full_database_refuses_and_recovers);
    ON_A_DESK("a full disk refuses and recovers", a_full_disk_refuses_and_recovers);
    ON_A_DESK("a group that is too big is told one by one",
              a_group_that_is_too_big_is_told_one_by_one);
    ON_A_DESK("the log stays small", the_log_stays_small);
    ON_A_DESK("what was acknowledged outlives a kill", what_was_acknowledged_outlives_a_kill);
    return g_test_run();
}
