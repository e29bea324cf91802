// SPDX-License-Identifier: Apache-2.0
/* The security log's chain, its heads in the ledger, what is removed after its time, and what an examination finds. On a file and on
 * a server. */
#include "fixture_test.h"
#include "security/log.h"

#include <string.h>

enum { COUNTY = 330482, ENTRIES = 6 };

/* ---- writing ---- */

typedef bool Work(const Context *context, const void *data, GError **error);
typedef struct Job {
    Fixture *fixture;
    Work *work;
    const void *data;
} Job;

static bool run_job(Db *db, void *data, GError **error)
{
    static const Post post = { 7, 330482000000, AUDITOR };
    static const Actor auditor = { .kind = STAFF, .id = 3, .name = "", .posts = &post, .post_count = 1 };
    const Job *job = data;
    const Context context = { .db = db, .county = COUNTY, .actor = &auditor, .now = job->fixture->now, .random = random_secure, .rooms = rooms };
    return job->work(&context, job->data, error);
}

static void write_by(Fixture *f, Work *work, const void *data)
{
    g_autoptr(GError) error = NULL;
    Job job = { f, work, data };
    store_write(f->store, run_job, &job, &error);
    g_assert_no_error(error);
}

static bool add(const Context *context, const void *count, GError **error)
{
    bool well = true;
    for (int i = 0; well && i < *(const int *)count; i++) {
        g_autofree char *subject = g_strdup_printf("case/%d", i % 2);
        const SecurityEntry entry = { i % 3 ? SECURITY_SCAN : SECURITY_OPENED, .account = "wang", .subject = subject, .network = "192.0.2.0/24" };
        well = security_write(context, &entry, error);
    }
    return well;
}

static void add_entries(Fixture *f, int count)
{
    write_by(f, add, &count);
}

static bool close_day(const Context *context, const void *data, GError **error)
{
    (void)data;
    return security_day(context, SECURITY_LOG_SUBJECT, context->now, error);
}

/* Another program's hand in the table, which tells the program at work nothing: it begins anew. */
static bool run_sql(const Context *context, const void *sql, GError **error)
{
    return db_run(context->db, sql, WITH(db_int("county", COUNTY)), error);
}

static void tamper(Fixture *f, const char *sql)
{
    write_by(f, run_sql, sql);
    store_close(f->store);
    f->store = store_with_rooms(f->address, 2);
}

/* ---- examining ---- */

static void hear(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)detail;
    g_string_append_printf(data, "%s %s %s; ", table, row, reason);
}

static void assert_found(Fixture *f, const char *wanted)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) found = g_string_new(NULL);
    const VerifyReport told = { .found = hear, .data = found };
    Context context = { .db = store_reader(f->store, &error), .county = COUNTY, .rooms = rooms };
    g_assert_true(security_verify(&context, &told, &count, &error));
    store_return(f->store, context.db);
    g_assert_no_error(error);
    g_assert_cmpstr(found->str, ==, wanted);
}

static int64_t number_of(Fixture *f, const char *sql)
{
    int64_t number;
    bool found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(f->store, &error);
    g_assert_true(db_integer(db, sql, WITH(db_int("county", COUNTY)), &number, &found, &error));
    store_return(f->store, db);
    return number;
}

static int64_t entries(Fixture *f)
{
    return number_of(f, "/* all rows */ SELECT COUNT(*) FROM security_entry WHERE county = :county");
}

static int64_t events(Fixture *f, const char *kind)
{
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM event WHERE county = :county AND subject = 'security/log' AND kind = '%s'", kind);
    return number_of(f, sql);
}

/* ---- tests ---- */

static void a_log_that_nobody_touched_is_whole(Fixture *f, const void *data)
{
    (void)data;
    assert_found(f, "");
    add_entries(f, ENTRIES);
    assert_found(f, "");
    write_by(f, close_day, NULL);
    add_entries(f, ENTRIES);
    write_by(f, close_day, NULL);
    assert_found(f, "");
    g_assert_cmpint(events(f, "security.head"), ==, 2);
    g_assert_cmpint(entries(f), ==, 2 * ENTRIES);
}

#define AS_IT_WAS(columns) \
    "INSERT INTO security_entry (county, number, at, kind, outcome, actor, account, organ, subject, purpose, network, times, hash) SELECT " columns
/* Rows can be removed and put back, though not updated. */
static bool replace_third(const Context *context, const void *data, GError **error)
{
    (void)data;
    return run_sql(context, AS_IT_WAS("county, 1000, at, kind, outcome, actor, 'li', organ, subject, purpose, network, times, hash")
                   " FROM security_entry WHERE county = :county AND number = 3", error) &&
           run_sql(context, "DELETE FROM security_entry WHERE county = :county AND number = 3", error) &&
           run_sql(context, AS_IT_WAS("county, 3, at, kind, outcome, actor, account, organ, subject, purpose, network, times, hash")
                   " FROM security_entry WHERE county = :county AND number = 1000", error) &&
           run_sql(context, "DELETE FROM security_entry WHERE county = :county AND number = 1000", error);
}

static void an_altered_entry_is_found(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    write_by(f, replace_third, NULL);
    assert_found(f, "security_entry 3 security.found_altered; ");
}

static void a_removed_entry_is_found(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    tamper(f, "DELETE FROM security_entry WHERE county = :county AND number = 3");
    assert_found(f, "security_entry 3 security.found_missing; ");
}

static void the_newest_is_missed(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    tamper(f, "DELETE FROM security_entry WHERE county = :county AND number = 6");
    assert_found(f, "security_entry 6 security.found_newest; ");
}

/* Both ends are altered as well: only the ledger knows. */
static void a_log_shortened_with_its_end_is_found(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    write_by(f, close_day, NULL);
    tamper(f, "DELETE FROM security_entry WHERE county = :county AND number > 4");
    tamper(f, "UPDATE security_log SET number = 4, hash = (SELECT hash FROM security_entry WHERE county = :county AND number = 4)"
              " WHERE county = :county");
    assert_found(f, "security_entry 6 security.found_shorter; ");
}

static void a_log_written_anew_is_found(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    write_by(f, close_day, NULL);
    tamper(f, "DELETE FROM security_entry WHERE county = :county AND number > 0");
    tamper(f, "DELETE FROM security_log WHERE county = :county");
    f->now += MINUTE_MS;
    add_entries(f, ENTRIES);
    assert_found(f, "security_entry 6 security.found_other; ");
}

static void a_beginning_cut_off_is_found(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    tamper(f, "UPDATE security_log SET first = 3, before = (SELECT hash FROM security_entry WHERE county = :county AND number = 2)"
              " WHERE county = :county");
    tamper(f, "DELETE FROM security_entry WHERE county = :county AND number < 3");
    assert_found(f, "security_log 3 security.found_beginning; ");
}

static void entries_go_after_six_months_and_not_before(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    f->now = instant_at(day_from(2014, 10, 3), 600);
    add_entries(f, 1);
    f->now = instant_at(day_from(2015, 3, 31), 10);
    write_by(f, close_day, NULL);
    g_assert_cmpint(entries(f), ==, ENTRIES + 1);
    f->now = instant_at(day_from(2015, 4, 2), 10);
    write_by(f, close_day, NULL);
    g_assert_cmpint(entries(f), ==, 1);
    g_assert_cmpint(events(f, "security.swept"), ==, 1);
    assert_found(f, "");
    f->now = instant_at(day_from(2016, 1, 1), 10);
    write_by(f, close_day, NULL);
    g_assert_cmpint(entries(f), ==, 0);
    assert_found(f, "");
    add_entries(f, 2);
    assert_found(f, "");
}

static void many_entries_go_in_several_writes(Fixture *f, const void *data)
{
    enum { MANY = 5200 };
    (void)data;
    add_entries(f, MANY);
    f->now += 300 * (Instant)DAY_MS;
    write_by(f, close_day, NULL);
    g_assert_cmpint(entries(f), ==, 200);
    g_assert_cmpint(events(f, "security.head"), ==, 0);
    write_by(f, close_day, NULL);
    g_assert_cmpint(entries(f), ==, 0);
    g_assert_cmpint(events(f, "security.head"), ==, 1);
    assert_found(f, "");
}

static void nobody_updates_an_entry(Fixture *f, const void *data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    add_entries(f, 1);
    Job job = { f, run_sql, "UPDATE security_entry SET account = 'li' WHERE county = :county" };
    g_assert_false(store_write(f->store, run_job, &job, &error));
    g_assert_error(error, TROUBLE, FAULT);
    assert_found(f, "");
}

static void a_person_is_told_each_organ_and_day_once(Fixture *f, const void *data)
{
    (void)data;
    add_entries(f, ENTRIES);
    f->now += DAY_MS;
    add_entries(f, ENTRIES);
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) all = security_accesses(db, COUNTY, "case/1", NULL);
    store_return(f->store, db);
    g_autoptr(GString) told = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        g_string_append_printf(told, "%s %" PRId64 " %s; ", json_text(one, "day"), json_number(one, "organ"), json_text(one, "kind"));
    }
    g_assert_true(strstr(told->str, "2014-09-04 7 opened; ") && strstr(told->str, "2014-09-04 7 scan; "));
    g_assert_true(strstr(told->str, "2014-09-03 7 opened; ") && strstr(told->str, "2014-09-03 7 scan; "));
    g_assert_cmpint((int)json_array_size(all), ==, 4);
}

#define TEST(name) fixture_add("security", #name, name)

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    TEST(a_log_that_nobody_touched_is_whole);
    TEST(an_altered_entry_is_found);
    TEST(a_removed_entry_is_found);
    TEST(the_newest_is_missed);
    TEST(a_log_shortened_with_its_end_is_found);
    TEST(a_log_written_anew_is_found);
    TEST(a_beginning_cut_off_is_found);
    TEST(entries_go_after_six_months_and_not_before);
    TEST(many_entries_go_in_several_writes);
    TEST(nobody_updates_an_entry);
    TEST(a_person_is_told_each_organ_and_day_once);
    return g_test_run();
}
