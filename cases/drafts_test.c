// SPDX-License-Identifier: Apache-2.0
/* Drafts: unknown to the ledger until they are handed in, and gone when nobody does. */
#include "cases/bench_test.h"

static bool use_up_numbers(Db *db, void *data, GError **error)
{
    (void)data;
    return db_run(db, "INSERT INTO ids (county, name, next) VALUES (:county, 'case-140818', 800001)", WITH(db_int("county", COUNTY)), error);
}

static void the_last_numbers_of_a_day_are_for_the_desks(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    g_auto(Case) online = { 0 };
    g_assert_true(store_write(b.store, use_up_numbers, NULL, NULL));
    g_assert_false(try_draft(&b, &visitor, village, ONLINE, "2014-08-18", &online, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "cases.numbers_for_desks");
    g_assert_cmpint(drafted(&b, "2014-08-18") % 1000000, ==, 800001);
    bench_close(&b);
}

static int64_t ledger_of(Bench *b)
{
    int64_t size = -1;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(ledger_size(db, COUNTY, &size, NULL));
    store_return(b->store, db);
    return size;
}

static int64_t rows_of(Bench *b, const char *table, const char *where, int64_t number)
{
    bool found;
    int64_t count = -1;
    g_autofree char *sql = g_strdup_printf("/* all rows */ SELECT COUNT(*) FROM %s WHERE county = :county AND %s%" PRId64 "%s", table, where, number,
                                           strchr(where, '\'') ? "'" : "");
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, sql, WITH(db_int("county", COUNTY)), &count, &found, NULL));
    store_return(b->store, db);
    return count;
}

static void scan(Bench *b, int64_t number, const char *content)
{
    Upload upload = paper(b, content);
    done(b, &people[VILLAGE_CLERK], number, "2014-08-18", ATTACH,
         (SubjectInput){ .material = "申请书", .uploads = &upload, .upload_count = 1 }, DRAFT);
    g_free((char *)(uintptr_t)upload.path);
}

static void the_ledger_learns_of_a_draft_when_it_is_handed_in(void)
{
    Bench b;
    bench_open(&b);
    int64_t before = ledger_of(&b), number = drafted(&b, "2014-08-18");
    scan(&b, number, "%PDF-1.4 one");
    done(&b, &people[VILLAGE_CLERK], number, "2014-08-18", REVEAL, (SubjectInput){ .reason = "核对" }, DRAFT);
    g_assert_cmpint(ledger_of(&b), ==, before);
    assert_sound(&b);
    done(&b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    g_assert_cmpint(ledger_of(&b), ==, before + 2);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    const json_t *first = json_array_get(events, 0), *payload = json_object_get(first, "payload");
    const json_t *scanned = json_array_get(json_object_get(json_object_get(payload, "facts"), "papers"), 0);
    g_assert_cmpstr(json_text(first, "kind"), ==, "case.drafted");
    g_assert_cmpstr(json_text(json_object_get(payload, "change"), "state"), ==, "");
    g_assert_cmpuint(strlen(json_text(scanned, "hash")), ==, 64);
    g_assert_null(json_object_get(scanned, "name"));
    g_assert_cmpstr(json_text(json_array_get(events, 1), "kind"), ==, "case.received");
    store_return(b.store, db);
    bench_close(&b);
}

static int64_t seen_of(Bench *b, int64_t number)
{
    g_auto(Case) found = present(b, number);
    return subject_seen(&case_kind, &found);
}

static void of_two_at_one_draft_the_second_notices(void)
{
    Bench b;
    bench_open(&b);
    const Actor *clerk = &people[VILLAGE_CLERK];
    int64_t number = drafted(&b, "2014-08-18"), page = seen_of(&b, number);
    done(&b, clerk, number, "2014-08-18", REVEAL, (SubjectInput){ .seen = page, .reason = "核对" }, DRAFT);
    g_assert_cmpint(seen_of(&b, number), ==, page); /* a look changes nothing */
    scan(&b, number, "%PDF-1.4 one");
    refused(&b, clerk, number, "2014-08-18", WITHDRAW, (SubjectInput){ .seen = page, .reason = "不办了" }, "subject.draft_stale");
    refused(&b, clerk, number, "2014-08-18", SUBMIT, (SubjectInput){ .seen = page }, "subject.draft_stale");
    page = seen_of(&b, number);
    done(&b, clerk, number, "2014-08-18", SUBMIT, (SubjectInput){ .seen = page }, RECEIVED);
    refused(&b, clerk, number, "2014-08-18", REVEAL, (SubjectInput){ .seen = page, .reason = "核对" }, "cases.stale");
    g_assert_cmpint(seen_of(&b, number), ==, 2);
    bench_close(&b);
}

static bool end(const Context *context, void *unused, GError **error)
{
    (void)unused;
    return case_end_drafts(context, "", 0, error);
}

static void end_on(Bench *b, const char *day)
{
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at(day, 3), end, NULL, &error);
    g_assert_no_error(error);
}

static void a_draft_that_nobody_hands_in_is_gone_after_thirty_days(void)
{
    Bench b;
    bench_open(&b);
    int64_t before = ledger_of(&b), number = drafted(&b, "2014-08-18"), withdrawn = drafted(&b, "2014-08-18"), later = drafted(&b, "2014-08-20"),
            kept = drafted(&b, "2014-08-18");
    done(&b, &people[VILLAGE_CLERK], kept, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &people[VILLAGE_CLERK], withdrawn, "2014-08-18", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    scan(&b, number, "%PDF-1.4 one");
    end_on(&b, "2014-09-17");
    g_assert_cmpint(rows_of(&b, "case_now", "number = ", number), ==, 1); /* on its thirtieth day */
    end_on(&b, "2014-09-18");
    g_assert_cmpint(rows_of(&b, "case_now", "number = ", number) + rows_of(&b, "case_now", "number = ", withdrawn), ==, 0);
    g_assert_cmpint(rows_of(&b, "paper", "subject = 'case/", number), ==, 0);
    g_assert_cmpint(rows_of(&b, "case_now", "number = ", kept) + rows_of(&b, "case_now", "number = ", later), ==, 2);
    g_assert_cmpint(ledger_of(&b), ==, before + 2);
    g_assert_cmpint(rows_of(&b, "party", "id > ", 0), ==, 1);
    b.context.draft_days = 10;
    end_on(&b, "2014-09-18");
    g_assert_cmpint(rows_of(&b, "case_now", "number = ", later), ==, 0);
    bench_close(&b);
}

/* A second error over the first would be a warning, which ends a test. */
static void a_start_that_fails_goes_no_further(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    Context context = b.context;
    context.county = COUNTY + 1;
    context.now = at("2014-08-18", 9);
    context.db = store_reader(b.store, NULL);
    g_assert_false(case_settle(&context, &error));
    g_assert_nonnull(error);
    store_return(b.store, context.db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/drafts/the last numbers of a day are for the desks", the_last_numbers_of_a_day_are_for_the_desks);
    g_test_add_func("/drafts/the ledger learns of a draft when it is handed in", the_ledger_learns_of_a_draft_when_it_is_handed_in);
    g_test_add_func("/drafts/a draft that nobody hands in is gone after thirty days", a_draft_that_nobody_hands_in_is_gone_after_thirty_days);
    g_test_add_func("/drafts/of two at one draft the second notices", of_two_at_one_draft_the_second_notices);
    g_test_add_func("/drafts/a start that fails goes no further", a_start_that_fails_goes_no_further);
    return g_test_run();
}
