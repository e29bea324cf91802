// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482 };

typedef struct Bench {
    char *folder;
    char *file;
    Store *store;
} Bench;

static void bench_open(Bench *b)
{
    b->folder = g_dir_make_tmp("ledger-XXXXXX", NULL);
    b->file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(b->file, 2);
}

static void bench_close(Bench *b)
{
    store_close(b->store);
    g_autoptr(GDir) dir = g_dir_open(b->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(b->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(b->folder);
    g_free(b->folder);
    g_free(b->file);
}

typedef struct Append {
    const char *subject;
    const char *payload;
    int64_t expected;
    Event event;
} Append;

static bool append(Db *db, void *data, GError **error)
{
    Append *a = data;
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    a->event = (Event){ .subject = a->subject, .kind = "case.test", .item = "", .at = 1409720000000,
                        .payload = a->payload };
    return ledger_append(&context, &a->event, a->expected, error);
}

static void events_are_numbered_and_chained(void)
{
    Bench b;
    bench_open(&b);
    for (int i = 0; i < 20; i++) {
        Append a = { i % 2 ? "case/1" : "case/2", "{}", i / 2, { 0 } };
        g_assert_true(store_write(b.store, append, &a, NULL));
        g_assert_cmpint(a.event.number, ==, i + 1);
        g_assert_cmpint(a.event.sequence, ==, i / 2 + 1);
    }
    int64_t count = 0;
    Db *db = store_reader(b.store, NULL);
    g_assert_true(ledger_check(db, COUNTY, NULL, &count, NULL));
    g_assert_cmpint(count, ==, 20);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, "case/1", 8, NULL);
    g_assert_cmpuint(json_array_size(events), ==, 2);
    g_assert_cmpint(json_number(json_array_get(events, 1), "sequence"), ==, 10);
    store_return(b.store, db);
    bench_close(&b);
}

static void a_stale_event_is_refused(void)
{
    Bench b;
    bench_open(&b);
    Append first = { "case/1", "{}", 0, { 0 } }, second = { "case/1", "{}", 0, { 0 } };
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(b.store, append, &first, NULL));
    g_assert_false(store_write(b.store, append, &second, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "current"), ==, "1");
    bench_close(&b);
}

static bool catch_up(Db *db, void *data, GError **error)
{
    Context *context = data;
    context->db = db;
    return ledger_catch_up(context, error);
}

static void a_clock_is_held_at_what_another_server_has_recorded(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(Clock) clock = clock_new();
    Append a = { "case/1", "{}", 0, { 0 } }; /* by a server whose clock this one does not know */
    g_assert_true(store_write(b.store, append, &a, NULL));
    for (int i = 0; i < 2; i++) {
        Context context = { .county = COUNTY, .clock = clock, .now = a.event.at - 1000 };
        g_assert_true(store_write(b.store, catch_up, &context, NULL));
        g_assert_cmpint(context.now, ==, a.event.at);
    }
    Context later = { .county = COUNTY, .clock = clock, .now = a.event.at + 1000 };
    g_assert_true(store_write(b.store, catch_up, &later, NULL));
    g_assert_cmpint(later.now, ==, a.event.at + 1000);
    bench_close(&b);
}

static bool meddle(Db *db, void *data, GError **error)
{
    return db_run(db, data, WITH(db_int("county", COUNTY)), error);
}

static void nobody_alters_an_event(void)
{
    Bench b;
    bench_open(&b);
    static char *const attempts[] = {
        "/* all rows */ UPDATE event SET payload = '{\"x\":1}' WHERE county = :county",
        "/* all rows */ UPDATE event SET at = at + 1 WHERE county = :county",
        "/* all rows */ DELETE FROM event WHERE county = :county",
    };
    Append a = { "case/1", "{}", 0, { 0 } };
    g_assert_true(store_write(b.store, append, &a, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++)
        g_assert_false(store_write(b.store, meddle, attempts[i], NULL));
    bench_close(&b);
}

static void three_events(Bench *b)
{
    bench_open(b);
    for (int i = 0; i < 3; i++) {
        Append a = { "case/1", "{\"days\":20}", i, { 0 } };
        g_assert_true(store_write(b->store, append, &a, NULL));
    }
}

static void collect(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    g_assert_cmpstr(detail, ==, "");
    g_string_append_printf(data, "%s %s %s;", table, row, reason + strlen("ledger.found_"));
}

static void pass(void *data, int64_t more)
{
    (void)data;
    g_assert_cmpint(more, >=, 0);
}

/* Exactly these differences, each once; and the first is a fault where nobody is told. */
static void assert_found(Bench *b, const char *differences)
{
    int64_t count = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) found = g_string_new(NULL);
    const VerifyReport told = { collect, pass, found };
    Db *db = store_reader(b->store, NULL);
    g_assert_true(ledger_check(db, COUNTY, &told, &count, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(found->str, ==, differences);
    g_assert_false(ledger_check(db, COUNTY, NULL, &count, &error));
    g_assert_error(error, TROUBLE, FAULT);
    store_return(b->store, db);
    bench_close(b);
}

static bool drop_guard(Db *db, void *data, GError **error)
{
    return db_run(db, data, WITH({ .name = NULL }), error);
}

/* Somebody with the file in hand can take the guard away; the chain tells. */
static void an_altered_row_is_found(void)
{
    Bench b;
    three_events(&b);
    g_assert_true(store_write(b.store, drop_guard, (char *)(uintptr_t)"DROP TRIGGER event_forbids_update", NULL));
    g_assert_true(store_write(b.store, meddle,
        "/* all rows */ UPDATE event SET payload = '{\"days\":30}' WHERE county = :county AND number = 2", NULL));
    assert_found(&b, "event 2 chain;");
}

static void a_row_slipped_in_is_found(void)
{
    Bench b;
    three_events(&b);
    g_assert_true(store_write(b.store, meddle,
        "/* all rows */ INSERT INTO event SELECT county, 4, subject, 4, kind, item, organ, division, actor_kind,"
        " actor, at, payload, commitment, leaf, hash, version FROM event WHERE county = :county AND number = 3", NULL));
    assert_found(&b, "event 4 chain;ledger_edge  edge;");
}

/* Every other alteration that the tables allow is found, by name. */
static void whatever_is_altered_is_found(void)
{
    static const struct { char *guard, *change; const char *told; } turns[] = {
        { "DROP TRIGGER event_forbids_update", "UPDATE event SET leaf = zeroblob(32) WHERE county = :county AND number = 2", "event 2 leaf;" },
        { "DROP TRIGGER event_forbids_update", "UPDATE event SET commitment = zeroblob(32) WHERE county = :county AND number = 2", "event 2 commitment;" },
        { NULL, "/* all rows */ UPDATE ledger_salt SET salt = CAST('0123456789abcdef' AS BLOB) WHERE county = :county", "event 1 commitment;event 2 commitment;event 3 commitment;" },
        { NULL, "UPDATE ledger_edge SET peaks = zeroblob(64) WHERE county = :county", "ledger_edge  edge;" },
        { "DROP TRIGGER event_forbids_delete", "DELETE FROM event WHERE county = :county AND number = 3", "ledger_edge  edge;" },
        { "DROP TRIGGER event_forbids_update", "UPDATE event SET hash = zeroblob(32) WHERE county = :county AND number = 2", "event 2 chain;" },
        { "DROP TRIGGER event_forbids_delete", "DELETE FROM event WHERE county = :county AND number = 2", "event 2 gap;event 3 chain;ledger_edge  edge;" },
        { NULL, "INSERT INTO ledger_node (county, level, number, hash) VALUES (:county, 1, 0, zeroblob(32))", "ledger_node 1/0 node;" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(turns); i++) {
        Bench b;
        three_events(&b);
        if (turns[i].guard)
            g_assert_true(store_write(b.store, drop_guard, turns[i].guard, NULL));
        g_assert_true(store_write(b.store, meddle, turns[i].change, NULL));
        assert_found(&b, turns[i].told);
    }
}

/* ---- salts ---- */

static bool forget(Db *db, void *data, GError **error)
{
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    return ledger_forget(&context, data, error);
}

static bool erase(Db *db, void *data, GError **error)
{
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    Event event = { .subject = data, .kind = LEDGER_ERASED, .item = "", .at = 1409720000000, .payload = "{}" };
    return ledger_append(&context, &event, -1, error) && ledger_forget(&context, data, error);
}

static int64_t count_salts(Bench *b, const char *which)
{
    int64_t count = 0;
    bool found;
    g_autofree char *sql = g_strdup_printf("/* all rows */ SELECT COUNT(*) FROM ledger_salt WHERE county = :county AND %s", which);
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, sql, WITH(db_int("county", COUNTY)), &count, &found, NULL));
    store_return(b->store, db);
    return count;
}

/* Events after an erasure are bound with a new salt that nobody can guess either. */
static void an_erased_salt_leaves_the_tree_valid(void)
{
    Bench b;
    int64_t count = 0;
    three_events(&b);
    Append other = { "case/2", "{}", 0, { 0 } }, later = { "case/1", "{}", 4, { 0 } }, last = { "case/1", "{}", 5, { 0 } };
    g_assert_true(store_write(b.store, append, &other, NULL));
    g_assert_true(store_write(b.store, erase, (char *)(uintptr_t)"case/1", NULL));
    g_assert_cmpint(count_salts(&b, "length(salt) = 16"), ==, 1);
    g_assert_true(store_write(b.store, append, &later, NULL));
    g_assert_true(store_write(b.store, append, &last, NULL));
    g_assert_cmpint(count_salts(&b, "length(salt) = 16"), ==, 2);
    g_assert_cmpint(count_salts(&b, "length(salt) = 16 AND subject = 'case/1' AND since = 5"), ==, 1);
    g_assert_cmpint(count_salts(&b, "length(salt) = 0 AND subject = 'case/1' AND since = 1"), ==, 1);
    Db *db = store_reader(b.store, NULL);
    g_assert_true(ledger_check(db, COUNTY, NULL, &count, NULL));
    g_assert_cmpint(count, ==, 7);
    store_return(b.store, db);
    bench_close(&b);
}

static void a_salt_erased_without_record_is_found(void)
{
    Bench b;
    three_events(&b);
    g_assert_true(store_write(b.store, forget, (char *)(uintptr_t)"case/1", NULL));
    assert_found(&b, "ledger_salt case/1 erased;ledger_salt case/1 erased;ledger_salt case/1 erased;");
    three_events(&b);
    g_assert_true(store_write(b.store, erase, (char *)(uintptr_t)"case/1", NULL));
    Append later = { "case/1", "{}", 4, { 0 } };
    g_assert_true(store_write(b.store, append, &later, NULL));
    g_assert_true(store_write(b.store, forget, (char *)(uintptr_t)"case/1", NULL));
    assert_found(&b, "ledger_salt case/1 erased;");
    three_events(&b);
    g_assert_true(store_write(b.store, meddle, "/* all rows */ DELETE FROM ledger_salt WHERE county = :county", NULL));
    assert_found(&b, "ledger_salt case/1 no_salt;ledger_salt case/1 no_salt;ledger_salt case/1 no_salt;");
}

/* ---- of persons ---- */

#define PERSONAL(rest) "{\"change\":{\"state\":\"received\"},\"facts\":{" rest "},\"private\":\"ab\"}"

static bool append_personal(Db *db, void *data, GError **error)
{
    Append *a = data;
    Context context = { .db = db, .county = COUNTY, .random = random_secure };
    a->event = (Event){ .subject = a->subject, .kind = a->expected < 0 ? LEDGER_ERASED : "case.test", .item = "", .at = 1409720000000,
                        .division = 330482106002, .payload = a->payload, .version = EVENT_PERSONAL };
    return ledger_append(&context, &a->event, a->expected, error) &&
           (a->expected >= 0 || ledger_forget(&context, a->subject, error));
}

static char *payloads(Bench *b)
{
    g_autoptr(GString) all = g_string_new(NULL);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) events = db_rows(db, "/* all rows */ SELECT payload FROM event WHERE county = :county ORDER BY number",
                                       WITH(db_int("county", COUNTY)), NULL);
    for (size_t i = 0; i < json_array_size(events); i++)
        g_string_append_printf(all, "%s;", json_text(json_array_get(events, i), "payload"));
    store_return(b->store, db);
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static void erased_of_three(Bench *b)
{
    bench_open(b);
    Append old = { "case/1", PERSONAL("\"reason\":\"of before\""), 0, { 0 } }, first = { "case/1", PERSONAL("\"opinion\":\"张三}\\\"{\""), 1, { 0 } },
           none = { "case/1", PERSONAL(""), 2, { 0 } }, erasure = { "case/1", PERSONAL("\"reason\":\"asked\""), -1, { 0 } },
           other = { "case/2", PERSONAL("\"reason\":\"another\""), 0, { 0 } };
    g_assert_true(store_write(b->store, append, &old, NULL));
    g_assert_true(store_write(b->store, append_personal, &first, NULL));
    g_assert_true(store_write(b->store, append_personal, &other, NULL));
    g_assert_true(store_write(b->store, append_personal, &none, NULL));
    g_assert_true(store_write(b->store, append_personal, &erasure, NULL));
}

/* An event of the version before cannot lose them without the chain showing it. */
static void an_erasure_takes_the_facts_and_the_chain_holds(void)
{
    Bench b;
    erased_of_three(&b);
    g_autofree char *kept = payloads(&b);
    g_assert_cmpstr(kept, ==, PERSONAL("\"reason\":\"of before\"") ";" PERSONAL("") ";" PERSONAL("\"reason\":\"another\"") ";" PERSONAL("") ";"
                              PERSONAL("\"reason\":\"asked\"") ";");
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) told = NULL, none = NULL;
    g_assert_true(ledger_erasure(db, COUNTY, "case/1", &told, NULL));
    g_assert_true(ledger_erasure(db, COUNTY, "case/2", &none, NULL));
    g_assert_cmpstr(json_text(told, "reason"), ==, "asked");
    g_assert_cmpstr(json_text(told, "day"), ==, "2014-09-03");
    g_assert_cmpint(json_number(told, "number"), ==, 5);
    g_assert_null(none);
    int64_t count = 0;
    g_assert_true(ledger_check(db, COUNTY, NULL, &count, NULL));
    g_assert_cmpint(count, ==, 5);
    store_return(b.store, db);
    bench_close(&b);
}

static void what_an_erasure_leaves_is_bound(void)
{
    static const struct { const char *sql, *found; } meddled[] = {
        { "/* all rows */ UPDATE event SET payload = replace(payload, 'received', '') WHERE county = :county AND number = 2", "event 2 chain;" },
        { "/* all rows */ UPDATE event SET payload = replace(payload, 'asked', 'as') WHERE county = :county AND number = 5", "event 5 chain;" },
        { "/* all rows */ UPDATE event SET payload = replace(payload, 'another', 'made') WHERE county = :county AND number = 3", "event 3 commitment;" },
        { "/* all rows */ UPDATE event SET payload = replace(payload, 'of before', '') WHERE county = :county AND number = 1", "event 1 chain;" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(meddled); i++) {
        Bench b;
        erased_of_three(&b);
        g_assert_true(store_write(b.store, meddle, (char *)(uintptr_t)meddled[i].sql, NULL));
        assert_found(&b, meddled[i].found);
    }
}

/* ---- over tiles ---- */

typedef struct Run {
    int from, to;
} Run;

static bool append_run(Db *db, void *data, GError **error)
{
    const Run *run = data;
    for (int i = run->from; i < run->to; i++) {
        Append a = { "case/1", "{}", i, { 0 } };
        if (!append(db, &a, error))
            return false;
    }
    return true;
}

static void the_tree_grows_over_tiles_and_restarts(void)
{
    Bench b;
    int64_t count = 0, nodes = 0;
    bool found;
    bench_open(&b);
    Run first = { 0, 300 }, second = { 300, 600 };
    g_assert_true(store_write(b.store, append_run, &first, NULL));
    store_close(b.store);
    b.store = store_with_rooms(b.file, 2);
    g_assert_true(store_write(b.store, append_run, &second, NULL));
    Db *db = store_reader(b.store, NULL);
    g_assert_true(ledger_check(db, COUNTY, NULL, &count, NULL));
    g_assert_cmpint(count, ==, 600);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM ledger_node WHERE county = :county", WITH(db_int("county", COUNTY)), &nodes, &found, NULL));
    g_assert_cmpint(nodes, ==, 2); /* two whole tiles of 256 */
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/events are numbered and chained", events_are_numbered_and_chained);
    g_test_add_func("/ledger/a stale event is refused", a_stale_event_is_refused);
    g_test_add_func("/ledger/nobody alters an event", nobody_alters_an_event);
    g_test_add_func("/ledger/an altered row is found", an_altered_row_is_found);
    g_test_add_func("/ledger/a row slipped in is found", a_row_slipped_in_is_found);
    g_test_add_func("/ledger/whatever is altered is found", whatever_is_altered_is_found);
    g_test_add_func("/ledger/an erased salt leaves the tree valid", an_erased_salt_leaves_the_tree_valid);
    g_test_add_func("/ledger/a salt erased without record is found", a_salt_erased_without_record_is_found);
    g_test_add_func("/ledger/an erasure takes the facts and the chain holds", an_erasure_takes_the_facts_and_the_chain_holds);
    g_test_add_func("/ledger/a clock is held at what another server has recorded", a_clock_is_held_at_what_another_server_has_recorded);
    g_test_add_func("/ledger/what an erasure leaves is bound", what_an_erasure_leaves_is_bound);
    g_test_add_func("/ledger/the tree grows over tiles and restarts", the_tree_grows_over_tiles_and_restarts);
    return g_test_run();
}
