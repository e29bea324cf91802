// SPDX-License-Identifier: Apache-2.0
/* Applicants found by keyed hashes: from the receipt on, until their data are erased or restricted in their use. */
#include "cases/bench_test.h"
#include "cases/store.h"

static const Post keeping = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR };
static const Actor keeper = { STAFF, PEOPLE + 1, "工作人员", &keeping, 1, NULL };

static bool note_first(const Case *self, void *first)
{
    *(int64_t *)first = self->number;
    return false;
}

/* The newest case that is found; 0: none. */
static int64_t found(Bench *b, Sought typed)
{
    SoughtWays ways;
    int64_t first = 0, count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    typed.name = typed.name ? typed.name : "";
    typed.id_number = typed.id_number ? typed.id_number : "";
    typed.telephone = typed.telephone ? typed.telephone : "";
    sought_ways(&context, CASE_SOUGHT, &typed, &ways, &error);
    for (size_t i = 0; !error && !first && i < ways.count; i++)
        case_each_sought(&context, &ways.ways[i], 10, note_first, &first, &count, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
    return first;
}

static int64_t rows(Bench *b)
{
    bool any;
    int64_t count = -1;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM case_hash WHERE county = :county", WITH(db_int("county", COUNTY)), &count, &any, NULL));
    store_return(b->store, db);
    return count;
}

static int64_t handed_in(Bench *b, const char *day)
{
    int64_t number = drafted(b, day);
    done(b, &people[VILLAGE_CLERK], number, day, SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    return number;
}

static int64_t withdrawn(Bench *b, const char *day)
{
    int64_t number = handed_in(b, day);
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" };
    done(b, &holder, number, day, WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    return number;
}

static void who_hands_in_is_found(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = drafted(&b, "2014-08-18");
    g_assert_cmpint(rows(&b), ==, 0); /* a draft is its maker's alone */
    g_assert_cmpint(found(&b, (Sought){ .name = "张示例" }), ==, 0);
    done(&b, &people[VILLAGE_CLERK], number, "2014-08-19", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    static const char *const names[] = { "张示例", "张 示例", "示例", "例", "zhangshili", "zsl" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpint(found(&b, (Sought){ .name = names[i] }), ==, number);
    g_assert_cmpint(found(&b, (Sought){ .id_number = "330499198001010013" }), ==, number);
    g_assert_cmpint(found(&b, (Sought){ .telephone = "+86 138 0000 0000" }), ==, number);
    g_assert_cmpint(found(&b, (Sought){ .place = village, .day = day_parse("2014-08-19") }), ==, number);
    g_assert_cmpint(found(&b, (Sought){ .place = village, .day = day_parse("2014-08-18") }), ==, 0);
    g_assert_cmpint(found(&b, (Sought){ .name = "李示例" }), ==, 0);
    int64_t before = rows(&b);
    done(&b, &people[TOWN_REVIEWER], number, "2014-08-20", PASS, (SubjectInput){ .opinion = "齐全" }, RECEIVED);
    g_assert_cmpint(rows(&b), ==, before);
    bench_close(&b);
}

static void who_is_erased_is_found_by_nothing(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = withdrawn(&b, "2014-08-18");
    g_assert_cmpint(found(&b, (Sought){ .name = "张示例" }), ==, number);
    done(&b, &keeper, number, "2014-08-20", ERASE, (SubjectInput){ .reason = "本人要求删除" }, WITHDRAWN);
    g_assert_cmpint(rows(&b), ==, 0);
    bench_close(&b);
}

static void whose_use_is_restricted_is_found_by_nothing(void)
{
    Bench b;
    bench_open(&b);
    b.context.keeping_years = 10;
    int64_t number = withdrawn(&b, "2014-08-18"), other = handed_in(&b, "2014-08-18");
    const SubjectInput until = { .reason = "本人要求删除", .day = day_parse("2024-08-18") };
    int64_t of_two = rows(&b);
    done(&b, &keeper, number, "2014-08-20", RESTRICT, until, WITHDRAWN);
    g_assert_cmpint(rows(&b), ==, of_two / 2);
    g_assert_cmpint(found(&b, (Sought){ .name = "张示例" }), ==, other);
    bench_close(&b);
}

/* ---- an older database ---- */

static bool run_sql(const Context *context, void *sql, GError **error)
{
    return db_run(context->db, sql, WITH(db_int("county", context->county)), error);
}

static void run(Bench *b, const char *sql)
{
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at("2014-08-25", 1), run_sql, (void *)(uintptr_t)sql, &error);
    g_assert_no_error(error);
}

static bool settle_work(const Context *context, void *data, GError **error)
{
    (void)data;
    return subject_room.settle(context, error);
}

static void settle(Bench *b)
{
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at("2014-08-25", 1), settle_work, NULL, &error);
    g_assert_no_error(error);
}

static void cases_of_before_are_found_once_the_county_is_opened(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = handed_in(&b, "2014-08-18");
    withdrawn(&b, "2014-08-19");
    drafted(&b, "2014-08-20");
    int64_t before = rows(&b);
    run(&b, "/* all rows */ DELETE FROM case_hash WHERE county = :county");
    settle(&b);
    g_assert_cmpint(rows(&b), ==, before);
    g_assert_cmpint(found(&b, (Sought){ .place = village, .day = day_parse("2014-08-18") }), ==, number);
    settle(&b); /* nothing is written twice */
    g_assert_cmpint(rows(&b), ==, before);
    bench_close(&b);
}

/* ---- verifying ---- */

static void note_row(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)detail;
    g_string_append_printf(data, "%s %s %s;", table, row, reason);
}

static void note_none(void *data, int64_t more)
{
    (void)data, (void)more;
}

static void assert_told(Bench *b, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    const VerifyReport report = { .data = told, .found = note_row, .went_on = note_none };
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    subject_verify_sought(&context, &case_kind, &report, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
    g_assert_cmpstr(told->str, ==, expected);
}

static void verifying_tells_what_is_missing_and_what_is_too_much(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = handed_in(&b, "2014-08-18"), last = handed_in(&b, "2014-08-19");
    g_autofree char *first_wrong = g_strdup_printf("case_hash %" PRId64 " cases.found_sought;", number);
    g_autofree char *none = g_strdup_printf("%scase_hash %" PRId64 " cases.found_sought;", first_wrong, last + 5);
    assert_told(&b, "");
    g_autofree char *less = g_strdup_printf("/* all rows */ DELETE FROM case_hash WHERE county = :county AND number = %" PRId64
                                            " AND hash = (SELECT MAX(hash) FROM case_hash WHERE county = 330482 AND number = %" PRId64 ")", number, number);
    run(&b, less);
    assert_told(&b, first_wrong);
    g_autofree char *more = g_strdup_printf("INSERT INTO case_hash (county, number, hash) VALUES (:county, %" PRId64 ", 7)", last + 5);
    run(&b, more);
    assert_told(&b, none);
    bench_close_unsound(&b);
}

typedef struct Kept {
    const char *token;
    json_t *found;
} Kept;

static bool keep_question(const Context *context, void *data, GError **error)
{
    g_autoptr(json_t) question = json_pack("{s:s}", "name", "张示例");
    const Kept *kept = data;
    return case_asked_keep(context, kept->token, question, context->now - 30 * MINUTE_MS, error);
}

static bool find_question(const Context *context, void *data, GError **error)
{
    Kept *kept = data;
    return case_asked_find(context, kept->token, context->now - 30 * MINUTE_MS, &kept->found, error);
}

static void assert_question(Bench *b, const Actor *actor, Instant now, const char *name)
{
    Kept kept = { "one", NULL };
    g_autoptr(GError) error = NULL;
    write_as(b, actor, now, find_question, &kept, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(json_text(kept.found, "name"), ==, name);
    json_decref(kept.found);
}

static void a_question_is_kept_for_half_an_hour_and_for_who_asked(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    Kept one = { "one", NULL }, two = { "two", NULL };
    write_as(&b, &people[VILLAGE_CLERK], at("2014-08-18", 9), keep_question, &one, &error);
    g_assert_no_error(error);
    assert_question(&b, &people[VILLAGE_CLERK], at("2014-08-18", 9) + 30 * MINUTE_MS, "张示例");
    assert_question(&b, &people[VILLAGE_CLERK], at("2014-08-18", 9) + 31 * MINUTE_MS, "");
    assert_question(&b, &people[TOWN_REVIEWER], at("2014-08-18", 9), "");
    write_as(&b, &people[TOWN_REVIEWER], at("2014-08-18", 10), keep_question, &two, &error);
    g_assert_no_error(error);
    assert_question(&b, &people[VILLAGE_CLERK], at("2014-08-18", 9), ""); /* and then it is gone */
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/find/who hands in is found", who_hands_in_is_found);
    g_test_add_func("/find/who is erased is found by nothing", who_is_erased_is_found_by_nothing);
    g_test_add_func("/find/whose use is restricted is found by nothing", whose_use_is_restricted_is_found_by_nothing);
    g_test_add_func("/find/cases of before are found once the county is opened", cases_of_before_are_found_once_the_county_is_opened);
    g_test_add_func("/find/verifying tells what is missing and what is too much", verifying_tells_what_is_missing_and_what_is_too_much);
    g_test_add_func("/find/a question is kept for half an hour and for who asked", a_question_is_kept_for_half_an_hour_and_for_who_asked);
    return g_test_run();
}
