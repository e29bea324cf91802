// SPDX-License-Identifier: Apache-2.0
/* Checkpoints never go back and never say two things of one size, over restarts, restored backups and changes of key. */
#include "ledger/publisher.h"
#include "rooms_test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COUNTY = 330482 };

typedef struct Bench {
    char *folder, *file;
    Store *store;
    Publisher *publisher;
} Bench;

static const Actor operator = { .kind = SYSTEM, .name = "" };

static Context context_of(const Bench *b)
{
    return (Context){ .county = COUNTY, .actor = &operator, .random = random_secure, .now = 1409720000000, .publisher = b->publisher };
}

static void store_start(Bench *b)
{
    b->store = store_with_rooms(b->file, 3);
}

static void bench_open(Bench *b)
{
    *b = (Bench){ .folder = g_dir_make_tmp("publisher-XXXXXX", NULL) };
    b->file = g_build_filename(b->folder, "test.db", NULL);
    g_autofree char *key = g_strconcat(b->file, ".key", NULL);
    g_assert_true(ledger_key_make(key, "pinghu.example", NULL));
    store_start(b);
    b->publisher = ledger_publisher_open(b->store, b->file, COUNTY, NULL);
    g_assert_nonnull(b->publisher);
}

static void stop(Bench *b)
{
    g_clear_pointer(&b->publisher, ledger_publisher_close);
    g_clear_pointer(&b->store, store_close);
}

static void bench_close(Bench *b)
{
    stop(b);
    g_assert_true(remove_tree(b->folder));
    g_free(b->folder);
    g_free(b->file);
}

static void start_again(Bench *b)
{
    stop(b);
    store_start(b);
    b->publisher = ledger_publisher_open(b->store, b->file, COUNTY, NULL);
    g_assert_nonnull(b->publisher);
}

static void assert_refused(const void *done, GError **error, const char *reason)
{
    g_assert_false(done);
    g_autoptr(json_t) details = trouble_details(*error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_clear_error(error);
}

static bool append_one(Db *db, void *data, GError **error)
{
    Event event = { .subject = data, .kind = "case.test", .item = "", .at = 1409720000000, .payload = "{}" };
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    return ledger_append(&context, &event, -1, error);
}

static void append(Bench *b, const char *subject)
{
    g_assert_true(store_write(b->store, append_one, (void *)(uintptr_t)subject, NULL));
}

static char *checkpoint(const Bench *b, int64_t at_least)
{
    Context context = context_of(b);
    g_autoptr(GError) error = NULL;
    char *note = ledger_checkpoint(&context, at_least, &error);
    g_assert_no_error(error);
    return note;
}

static int64_t size_of(const char *note)
{
    const char *line = strchr(note, '\n');
    return g_ascii_strtoll(line + 1, NULL, 10);
}

static char *kept(const Bench *b)
{
    char *text = NULL;
    g_autofree char *file = published_file(b->file);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    return text;
}

/* ---- the log goes on ---- */

static void the_last_one_is_answered_until_a_later_is_asked_for(void)
{
    Bench b;
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *first = checkpoint(&b, 0);
    append(&b, "case/1");
    g_autofree char *again = checkpoint(&b, 1), *second = checkpoint(&b, 2), *on_disk = kept(&b);
    g_assert_cmpint(size_of(first), ==, 1);
    g_assert_cmpstr(first, ==, again);
    g_assert_cmpint(size_of(second), ==, 2);
    g_assert_cmpstr(second, ==, on_disk);
    GError *error = NULL;
    Context context = context_of(&b);
    g_assert_null(ledger_checkpoint(&context, 3, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_error_free(error);
    bench_close(&b);
}

static void what_was_public_is_public_after_a_restart(void)
{
    Bench b;
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *before = checkpoint(&b, 1);
    append(&b, "case/1");
    start_again(&b);
    g_autofree char *after = checkpoint(&b, 1);
    g_assert_cmpstr(before, ==, after);
    bench_close(&b);
}

static bool shrink(Db *db, void *data, GError **error)
{
    return db_run(db, data, WITH(db_int("county", COUNTY)), error);
}

static void nothing_is_signed_that_goes_back_or_is_another(void)
{
    static const char *const changes[] = {
        "UPDATE ledger_edge SET size = 1 WHERE county = :county",
        "UPDATE ledger_edge SET peaks = hash WHERE county = :county",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        Bench b;
        GError *error = NULL;
        bench_open(&b);
        append(&b, "case/1");
        append(&b, "case/1");
        g_autofree char *before = checkpoint(&b, 2);
        g_assert_true(store_write(b.store, shrink, (void *)(uintptr_t)changes[i], NULL));
        Context context = context_of(&b);
        g_assert_false(ledger_publish(&context, &error));
        g_assert_error(error, TROUBLE, FAULT);
        g_error_free(error);
        g_autofree char *after = checkpoint(&b, 0);
        g_assert_cmpstr(before, ==, after);
        bench_close(&b);
    }
}

static void a_full_disk_leaves_the_last_one_whole(void)
{
    Bench b;
    struct rlimit before, none;
    GError *error = NULL;
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *first = checkpoint(&b, 1);
    append(&b, "case/1");
    Context context = context_of(&b);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    none = (struct rlimit){ 16, before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &none), ==, 0);
    char *note = ledger_checkpoint(&context, 2, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    assert_refused(note, &error, "base.no_room");
    g_autofree char *on_disk = kept(&b), *told = checkpoint(&b, 0), *beside = g_strconcat(b.file, ".checkpoint.new", NULL);
    g_assert_cmpstr(on_disk, ==, first);
    g_assert_cmpstr(told, ==, first);
    g_assert_false(g_file_test(beside, G_FILE_TEST_EXISTS));
    g_autofree char *second = checkpoint(&b, 2);
    g_assert_cmpint(size_of(second), ==, 2);
    bench_close(&b);
}

/* ---- a backup ---- */

static void put_back(Bench *b, const char *bytes, gsize length)
{
    stop(b);
    g_assert_true(g_file_set_contents(b->file, bytes, (gssize)length, NULL));
    store_start(b);
}

/* One event in the backup, and `after` more of another case once it is put back. */
static void restored_backup(Bench *b, int after)
{
    gsize length;
    g_autofree char *backup = NULL;
    bench_open(b);
    append(b, "case/1");
    start_again(b); /* nothing is left in the write-ahead log */
    g_assert_true(g_file_get_contents(b->file, &backup, &length, NULL));
    append(b, "case/2");
    append(b, "case/2");
    g_autofree char *note = checkpoint(b, 3);
    g_assert_cmpint(size_of(note), ==, 3);
    put_back(b, backup, length);
    for (int i = 0; i < after; i++)
        append(b, "case/3");
}

static void a_restored_backup_is_refused(void)
{
    static const struct { int after; const char *reason; } cases[] = {
        { 0, "ledger.went_back" }, { 1, "ledger.went_back" }, { 2, "ledger.other_past" }, { 5, "ledger.other_past" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Bench b;
        GError *error = NULL;
        restored_backup(&b, cases[i].after);
        assert_refused(ledger_publisher_open(b.store, b.file, COUNTY, &error), &error, cases[i].reason);
        Db *db = store_reader(b.store, NULL);
        assert_refused(ledger_goes_on(db, COUNTY, b.file, &error) ? b.file : NULL, &error, cases[i].reason);
        store_return(b.store, db);
        bench_close(&b);
    }
}

typedef struct Renewal {
    const char *file;
    bool ends; /* before it is committed */
} Renewal;

static bool record(Db *db, void *data, GError **error)
{
    const Renewal *renewal = data;
    Context context = { .db = db, .county = COUNTY, .actor = &operator, .random = random_secure, .now = 1409720000000 };
    return ledger_renew(&context, renewal->file, error) && (!renewal->ends || fault(error, "the power went"));
}

/* Goes as far as `steps`, as if the power went then. */
static void renew(const Bench *b, int steps)
{
    Renewal renewal = { b->file, steps == 1 };
    g_assert_true(steps < 1 || store_write(b->store, record, &renewal, NULL) == (steps > 1));
    g_assert_true(steps < 3 || ledger_renew_end(b->file, NULL));
}

static void a_new_log_tells_what_was_lost(void)
{
    for (int cut = 0; cut < 3; cut++) {
        Bench b;
        GError *error = NULL;
        restored_backup(&b, 2);
        g_autofree char *old = kept(&b);
        renew(&b, cut);
        assert_refused(ledger_publisher_open(b.store, b.file, COUNTY, &error), &error, "ledger.other_past");
        renew(&b, 3);
        start_again(&b);
        g_autofree char *note = checkpoint(&b, 0), *lost = publisher_lost(b.publisher, 1, NULL);
        g_assert_true(g_str_has_prefix(note, "pinghu.example/2\n4\n")); /* 1 in the backup, 2 after it, 1 that tells */
        g_assert_cmpstr(lost, ==, old);
        g_assert_null(publisher_lost(b.publisher, 2, NULL));
        Db *db = store_reader(b.store, NULL);
        g_autoptr(json_t) events = ledger_events(db, COUNTY, "lost/pinghu.example/3", 0, NULL);
        g_assert_cmpuint(json_array_size(events), ==, 1);
        g_assert_cmpstr(json_text(json_object_get(json_array_get(events, 0), "payload"), "checkpoint"), ==, old);
        store_return(b.store, db);
        g_assert_false(store_write(b.store, record, &(Renewal){ b.file, false }, &error));
        assert_refused(NULL, &error, "ledger.nothing_lost");
        bench_close(&b);
    }
}

static void a_checkpoint_of_another_key_or_of_none_is_refused(void)
{
    Bench b;
    GError *error = NULL;
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *note = checkpoint(&b, 1), *key = g_strconcat(b.file, ".key", NULL), *file = published_file(b.file);
    g_assert_cmpint(size_of(note), ==, 1);
    stop(&b);
    g_assert_true(file_remove(key, NULL) && ledger_key_make(key, "pinghu.example", NULL));
    store_start(&b);
    assert_refused(ledger_publisher_open(b.store, b.file, COUNTY, &error), &error, "ledger.other_key");
    renew(&b, 3); /* a key that is lost ends a log too */
    b.publisher = ledger_publisher_open(b.store, b.file, COUNTY, NULL);
    g_autofree char *after = checkpoint(&b, 0);
    g_assert_true(g_str_has_prefix(after, "pinghu.example/2\n2\n"));
    g_clear_pointer(&b.publisher, ledger_publisher_close);
    g_assert_true(file_replace(file, "pinghu", 0644, NULL));
    assert_refused(ledger_publisher_open(b.store, b.file, COUNTY, &error), &error, "ledger.checkpoint_form");
    bench_close(&b);
}

/* ---- keys ---- */

static bool record_keys(Db *db, void *data, GError **error)
{
    int64_t recorded;
    Context context = context_of(data);
    context.db = db;
    return ledger_keys_record(&context, &recorded, error);
}

static bool retire(Db *db, void *data, GError **error)
{
    Context context = context_of(data);
    context.db = db;
    return ledger_key_retire(&context, error);
}

static char *public_key(const Bench *b)
{
    return note_verifier_text(&ledger_publisher_signer(b->publisher)->verifier);
}

static bool is_signed(const char *note, const char *public)
{
    g_auto(NoteVerifier) key = { 0 };
    g_assert_true(note_verifier_read(public, &key, NULL));
    g_autofree char *text = note_open(&key, note);
    return text != NULL;
}

static void assert_event(const Bench *b, const char *public, const char *kind, size_t sequence)
{
    Db *db = store_reader(b->store, NULL);
    g_autofree char *subject = g_strconcat("key/", public, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    g_assert_cmpuint(json_array_size(events), >=, sequence);
    g_assert_cmpstr(json_text(json_array_get(events, sequence - 1), "kind"), ==, kind);
    store_return(b->store, db);
}

static void one_key_takes_over_from_the_other(void)
{
    Bench b;
    GError *error = NULL;
    struct stat about;
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *old = public_key(&b), *first = checkpoint(&b, 1), *file = g_strconcat(b.file, ".key", NULL);
    g_assert_true(ledger_key_add(file, NULL));
    assert_refused(ledger_key_add(file, &error) ? file : NULL, &error, "ledger.key_two");
    g_assert_true(stat(file, &about) == 0 && (about.st_mode & 0777) == 0600);
    start_again(&b);
    g_autofree char *new = public_key(&b);
    g_assert_cmpstr(new, !=, old);
    for (int i = 0; i < 2; i++) /* the second time there is nothing left to record */
        g_assert_true(store_write(b.store, record_keys, &b, NULL));
    Context context = context_of(&b);
    g_assert_true(ledger_publish(&context, NULL));
    g_autofree char *both = checkpoint(&b, 0);
    g_assert_true(is_signed(first, old) && !is_signed(first, new) && is_signed(both, old) && is_signed(both, new));
    g_assert_cmpint(size_of(both), ==, 3);
    assert_event(&b, old, "key.made", 1);
    assert_event(&b, new, "key.rotated", 1);
    for (int i = 0; i < 2; i++)
        g_assert_true(store_write(b.store, retire, &b, NULL));
    assert_event(&b, old, "key.retired", 2);
    g_assert_true(ledger_key_drop(file, NULL));
    assert_refused(ledger_key_drop(file, &error) ? file : NULL, &error, "ledger.key_one");
    start_again(&b);
    g_autofree char *last = checkpoint(&b, 4);
    g_assert_true(is_signed(last, new) && !is_signed(last, old));
    g_assert_cmpint(size_of(last), ==, 4);
    bench_close(&b);
}

static void the_same_size_is_signed_anew_only_by_a_new_key(void)
{
    Bench b;
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *first = checkpoint(&b, 1), *file = g_strconcat(b.file, ".key", NULL);
    g_assert_true(ledger_key_add(file, NULL));
    start_again(&b);
    Context context = context_of(&b);
    g_assert_true(ledger_publish(&context, NULL));
    g_autofree char *second = checkpoint(&b, 0), *public = public_key(&b);
    size_t text = (size_t)(strstr(first, "\n\n") - first);
    g_assert_true(strncmp(first, second, text + 2) == 0 && is_signed(second, public));
    bench_close(&b);
}

/* ---- as events come ---- */

static char *wait_for_edition(Bench *b, int64_t seen, int64_t size)
{
    for (Edition edition = { .edition = seen };;) {
        g_auto(Edition) next = { 0 };
        g_assert_true(publisher_next(b->publisher, edition.edition, &next));
        if (next.size >= size)
            return g_steal_pointer(&next.note);
        edition.edition = next.edition;
    }
}

static void new_events_are_made_public_and_nothing_else(void)
{
    Bench b;
    bench_open(&b);
    append(&b, "case/1");
    g_assert_true(ledger_publisher_run(b.publisher, NULL));
    g_autofree char *first = wait_for_edition(&b, -1, 1);
    g_assert_cmpint(size_of(first), ==, 1);
    gint64 start = g_get_monotonic_time();
    append(&b, "case/1");
    g_autofree char *second = wait_for_edition(&b, -1, 2), *on_disk = kept(&b);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
    g_assert_cmpstr(second, ==, on_disk);
    bench_close(&b);
}

static void a_late_cosignature_is_left(void)
{
    Bench b;
    g_auto(Edition) edition = { 0 };
    bench_open(&b);
    append(&b, "case/1");
    g_autofree char *bare = checkpoint(&b, 1);
    g_assert_true(publisher_next(b.publisher, -1, &edition));
    publisher_cosigned(b.publisher, edition.edition, "cosigned\n");
    g_autofree char *with = checkpoint(&b, 1), *wanted = g_strconcat(bare, "cosigned\n", NULL);
    g_assert_cmpstr(with, ==, wanted);
    append(&b, "case/1");
    g_autofree char *next = checkpoint(&b, 2);
    publisher_cosigned(b.publisher, edition.edition, "cosigned\n");
    g_autofree char *still = checkpoint(&b, 2);
    g_assert_cmpstr(next, ==, still);
    g_assert_null(strstr(still, "cosigned"));
    bench_close(&b);
}

/* ---- of several ---- */

static char *told(const Bench *b, Publisher *publisher, int64_t at_least)
{
    Bench as = *b;
    as.publisher = publisher;
    return checkpoint(&as, at_least);
}

static void what_one_has_told_the_other_tells(void)
{
    Bench b;
    bench_open(&b);
    Publisher *other = ledger_publisher_open(b.store, b.file, COUNTY, NULL);
    append(&b, "case/1");
    g_autofree char *first = checkpoint(&b, 1), *first_there = told(&b, other, 0);
    g_assert_cmpstr(first_there, ==, first);
    append(&b, "case/1");
    g_autofree char *second = told(&b, other, 2), *second_here = checkpoint(&b, 0);
    g_assert_cmpstr(second_here, ==, second);
    g_assert_cmpint(size_of(second_here), ==, 2);
    ledger_publisher_close(other);
    bench_close(&b);
}

typedef struct Several {
    Bench *b;
    Publisher *publisher;
} Several;

enum { EDITIONS = 40 };

/* Asks for each as soon as it is there; what is told never goes back. */
static void *ask_for_all(void *data)
{
    const Several *self = data;
    int64_t last = 0;
    while (last < EDITIONS) {
        append(self->b, "case/1");
        g_autofree char *note = told(self->b, self->publisher, last + 1), *on_disk = kept(self->b);
        g_assert_cmpint(size_of(note), >, last);
        g_assert_cmpint(size_of(on_disk), >=, size_of(note));
        last = size_of(note);
    }
    return NULL;
}

static void two_at_once_never_go_back(void)
{
    Bench b;
    pthread_t thread;
    bench_open(&b);
    Several here = { &b, b.publisher }, there = { &b, ledger_publisher_open(b.store, b.file, COUNTY, NULL) };
    g_assert_true(ledger_publisher_run(here.publisher, NULL));
    g_assert_true(ledger_publisher_run(there.publisher, NULL));
    g_assert_cmpint(pthread_create(&thread, NULL, ask_for_all, &there), ==, 0);
    ask_for_all(&here);
    pthread_join(thread, NULL);
    ledger_publisher_close(there.publisher);
    bench_close(&b);
}

/* A file descriptor of another process would stand for the lock in the same way. */
static void one_that_does_not_end_is_told_of(void)
{
    Bench b;
    bench_open(&b);
    Context context = context_of(&b);
    g_autoptr(GError) error = NULL;
    g_autofree char *key = g_strconcat(b.file, ".key", NULL);
    int held = open(key, O_RDWR | O_CLOEXEC);
    append(&b, "case/1");
    g_assert_cmpint(flock(held, LOCK_EX), ==, 0);
    g_autofree char *none = ledger_checkpoint(&context, 1, &error);
    assert_refused(none, &error, "ledger.busy");
    close(held);
    g_autofree char *note = checkpoint(&b, 1);
    g_assert_cmpint(size_of(note), ==, 1);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/publisher/the last one is answered until a later is asked for", the_last_one_is_answered_until_a_later_is_asked_for);
    g_test_add_func("/publisher/what was public is public after a restart", what_was_public_is_public_after_a_restart);
    g_test_add_func("/publisher/nothing is signed that goes back or is another", nothing_is_signed_that_goes_back_or_is_another);
    g_test_add_func("/publisher/a full disk leaves the last one whole", a_full_disk_leaves_the_last_one_whole);
    g_test_add_func("/publisher/a restored backup is refused", a_restored_backup_is_refused);
    g_test_add_func("/publisher/a new log tells what was lost", a_new_log_tells_what_was_lost);
    g_test_add_func("/publisher/a checkpoint of another key or of none is refused", a_checkpoint_of_another_key_or_of_none_is_refused);
    g_test_add_func("/publisher/one key takes over from the other", one_key_takes_over_from_the_other);
    g_test_add_func("/publisher/the same size is signed anew only by a new key", the_same_size_is_signed_anew_only_by_a_new_key);
    g_test_add_func("/publisher/new events are made public and nothing else", new_events_are_made_public_and_nothing_else);
    g_test_add_func("/publisher/a late cosignature is left", a_late_cosignature_is_left);
    g_test_add_func("/publisher/what one has told the other tells", what_one_has_told_the_other_tells);
    g_test_add_func("/publisher/two at once never go back", two_at_once_never_go_back);
    g_test_add_func("/publisher/one that does not end is told of", one_that_does_not_end_is_told_of);
    return g_test_run();
}
