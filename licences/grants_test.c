// SPDX-License-Identifier: Apache-2.0
/* The public register of decisions to grant, on a file and on a server. */
#include "licences/bench_test.h"

static bool night_work(const Context *context, void *data, GError **error)
{
    (void)data;
    return granted_settle(context, error);
}

static void pass_night(Bench *b, const char *day)
{
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at(day, 1), night_work, NULL, &error);
    g_assert_no_error(error);
}

/* The rows by number. Owned by the caller. */
static json_t *listed(Bench *b)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    json_t *rows = db_rows(db, "/* all rows */ SELECT number, case_number, decision, listed, credit_code, sought, organ, decided_day,"
                               " valid_from_day, valid_to_day, published_day FROM granted WHERE county = 330482 ORDER BY number", NULL, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return rows;
}

static size_t count(Bench *b)
{
    g_autoptr(json_t) rows = listed(b);
    return json_array_size(rows);
}

static int64_t granted_case(Bench *b)
{
    int64_t number = to_decide(b, "2014-09-15");
    done(b, &people[ORGAN_APPROVER], number, "2014-09-16", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    return number;
}

static void a_decision_is_public_on_the_day_after(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = granted_case(&b), refused = to_decide(&b, "2014-09-15");
    done(&b, &people[ORGAN_APPROVER], refused, "2014-09-16", REFUSE, (SubjectInput){ .reason = "不符合" }, REFUSED);
    pass_night(&b, "2014-09-16");
    g_assert_cmpuint(count(&b), ==, 0);
    pass_night(&b, "2014-09-17");
    pass_night(&b, "2014-09-18"); /* once */
    g_autoptr(json_t) rows = listed(&b);
    g_assert_cmpuint(json_array_size(rows), ==, 1);
    const json_t *row = json_array_get(rows, 0);
    g_assert_cmpint(json_number(row, "case_number"), ==, number);
    g_assert_cmpstr(json_text(row, "listed"), ==, "张*例"); /* a person: in part, found by nothing, without number */
    g_assert_cmpstr(json_text(row, "credit_code"), ==, "");
    g_assert_cmpstr(json_text(row, "sought"), ==, "");
    g_assert_true(strstr(json_text(row, "decision"), "〔2014〕") != NULL);
    assert_day(json_number(row, "decided_day"), "2014-09-16");
    assert_day(json_number(row, "valid_from_day"), "2014-09-16");
    assert_day(json_number(row, "valid_to_day"), "2017-09-15");
    assert_day(json_number(row, "published_day"), "2014-09-17");
    close_bench(&b);
}

static void what_was_decided_long_ago_is_entered_once(void)
{
    Bench b;
    open_bench(&b);
    granted_case(&b);
    granted_case(&b);
    pass_night(&b, "2020-01-06");
    g_assert_cmpuint(count(&b), ==, 2);
    pass_night(&b, "2020-01-07");
    g_assert_cmpuint(count(&b), ==, 2);
    close_bench(&b);
}

/* Another system's decision of a day that has been entered already. */
static void what_is_loaded_late_is_entered_too(void)
{
    static const Actor loader = { .kind = LOADER, .name = "" };
    Bench b;
    open_bench(&b);
    g_autoptr(json_t) from = json_pack("{s:s}", "file", "old.csv");
    int64_t late = to_decide(&b, "2014-09-15");
    granted_case(&b);
    pass_night(&b, "2014-09-20");
    g_assert_cmpuint(count(&b), ==, 1);
    done(&b, &loader, late, "2014-09-16", GRANT, (SubjectInput){ .opinion = "同意", .loaded = from }, GRANTED);
    pass_night(&b, "2014-09-21");
    pass_night(&b, "2014-09-22");
    g_assert_cmpuint(count(&b), ==, 2);
    close_bench(&b);
}

static void end_case(Bench *b, int64_t number)
{
    done(b, &people[TOWN_REVIEWER], number, "2014-09-18", ISSUE, (SubjectInput){ 0 }, ISSUED);
    done(b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    done(b, &people[VILLAGE_CLERK], number, "2014-09-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
}

static void an_erased_or_restricted_case_is_not_shown(void)
{
    Bench b;
    open_bench(&b);
    b.context.keeping_years = 10;
    int64_t restricted = granted_case(&b), erased = granted_case(&b), erased_before = granted_case(&b);
    end_case(&b, restricted);
    end_case(&b, erased);
    end_case(&b, erased_before);
    done(&b, &keeper, erased_before, "2025-10-01", ERASE, (SubjectInput){ .reason = "本人要求删除" }, CLOSED);
    pass_night(&b, "2025-10-02");
    g_assert_cmpuint(count(&b), ==, 2);
    done(&b, &keeper, erased, "2025-10-03", ERASE, (SubjectInput){ .reason = "本人要求删除" }, CLOSED);
    g_assert_cmpuint(count(&b), ==, 1);
    b.context.keeping_years = 20;
    done(&b, &keeper, restricted, "2025-10-03", RESTRICT, (SubjectInput){ .reason = "本人要求删除", .day = day_parse("2034-09-19") }, CLOSED);
    g_assert_cmpuint(count(&b), ==, 0);
    pass_night(&b, "2025-10-04");
    g_assert_cmpuint(count(&b), ==, 0);
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    add("/grants/a decision is public on the day after", a_decision_is_public_on_the_day_after);
    add("/grants/what was decided long ago is entered once", what_was_decided_long_ago_is_entered_once);
    add("/grants/what is loaded late is entered too", what_is_loaded_late_is_entered_too);
    add("/grants/an erased or restricted case is not shown", an_erased_or_restricted_case_is_not_shown);
    return g_test_run();
}
