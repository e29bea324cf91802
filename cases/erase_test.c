// SPDX-License-Identifier: Apache-2.0
/* Terms of keeping (PIPL art. 47): within one, erasure restricts the use of personal data, and the system erases at its end. */
#include "cases/bench_test.h"
#include "cases/code.h"

static const Post keeping = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR }, auditing = { CENTRE_ORGAN, 330482000000, AUDITOR };
static const Actor keeper = { STAFF, PEOPLE + 1, "工作人员", &keeping, 1, NULL }, auditor = { STAFF, PEOPLE + 2, "工作人员", &auditing, 1, NULL };
static const SubjectInput because = { .reason = "本人要求删除" };

static int64_t withdrawn(Bench *b)
{
    int64_t number = drafted(b, "2014-08-18");
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" };
    done(b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    done(b, &holder, number, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    return number;
}

static SubjectInput until(const char *day)
{
    return (SubjectInput){ .reason = because.reason, .day = day_parse(day) };
}

static void assert_timer(Bench *b, int64_t number, Instant expected)
{
    Instant set;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_assert_true(timer_at(db, COUNTY, subject, CASE_LIMIT, &set, NULL));
    store_return(b->store, db);
    g_assert_cmpint(set, ==, expected);
}

/* The facts of the last event of that kind. Owned by the caller. */
static json_t *facts_of(Bench *b, int64_t number, const char *kind)
{
    size_t i;
    json_t *event, *facts = NULL;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    json_array_foreach(events, i, event)
        if (strcmp(json_text(event, "kind"), kind) == 0)
            facts = json_object_get(json_object_get(event, "payload"), "facts");
    store_return(b->store, db);
    return json_incref(facts);
}

static bool take_timers(const Context *context, void *count, GError **error)
{
    return timers_take(context, 100, count, error);
}

static int64_t pass_night(Bench *b, const char *day)
{
    int64_t count = 0;
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at(day, 3), take_timers, &count, &error);
    g_assert_no_error(error);
    return count;
}

static void within_its_term_a_case_is_restricted_instead(void)
{
    Bench b;
    bench_open(&b);
    b.context.keeping_years = 10;
    int64_t number = withdrawn(&b);
    refused(&b, &keeper, number, "2014-08-20", ERASE, because, "cases.kept_still");
    refused(&b, &keeper, number, "2014-08-20", RESTRICT, until("2014-08-21"), "cases.no_term");
    refused(&b, &people[WATCHER], number, "2014-08-20", RESTRICT, until("2024-08-19"), "cases.not_yours");
    done(&b, &keeper, number, "2014-08-20", RESTRICT, until("2024-08-19"), WITHDRAWN);
    refused(&b, &keeper, number, "2014-08-20", RESTRICT, until("2024-08-19"), "cases.restricted_already");
    g_auto(Case) kept = present(&b, number);
    g_assert_cmpstr(kept.applicant, ==, villager().name);
    g_autoptr(json_t) shown = case_applicant(&kept, true);
    static const char *const hidden[] = { "name", "id_number", "telephone", "contact" };
    for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++)
        g_assert_cmpstr(json_text(shown, hidden[i]), ==, "");
    g_assert_cmpint(json_number(shown, "division"), ==, 0);
    refused(&b, &people[WATCHER], number, "2014-08-21", REVEAL, because, "cases.restricted");
    g_autoptr(json_t) slip = json_pack("{s:s}", CODE_HASH, "kept");
    refused(&b, &people[VILLAGE_CLERK], number, "2014-08-21", NEW_SLIP, (SubjectInput){ .fields = slip }, "cases.restricted");
    done(&b, &auditor, number, "2014-08-21", REVEAL, because, WITHDRAWN);
    g_autoptr(json_t) facts = facts_of(&b, number, LEDGER_RESTRICTED);
    g_assert_cmpstr(json_text(facts, "day"), ==, "2024-08-19");
    g_assert_cmpstr(json_text(facts, "basis"), ==, "《个人信息保护法》第四十七条");
    assert_timer(&b, number, at("2024-08-19", 2));
    bench_close(&b);
}

static void at_the_end_of_its_term_it_is_erased(void)
{
    Bench b;
    bench_open(&b);
    b.context.keeping_years = 10;
    int64_t number = withdrawn(&b);
    done(&b, &keeper, number, "2014-08-20", RESTRICT, until("2024-08-19"), WITHDRAWN);
    pass_night(&b, "2024-08-18");
    g_auto(Case) kept = present(&b, number);
    g_assert_cmpstr(kept.applicant, ==, villager().name);
    g_assert_cmpint(pass_night(&b, "2024-08-19"), >, 0);
    g_auto(Case) erased = present(&b, number);
    g_assert_cmpstr(erased.applicant, ==, "");
    g_assert_cmpint(erased.restricted_until, ==, 0);
    g_autoptr(json_t) facts = facts_of(&b, number, LEDGER_ERASED), before = facts_of(&b, number, LEDGER_RESTRICTED);
    g_assert_cmpstr(json_text(facts, "reason"), ==, "term_over");
    g_assert_cmpstr(json_text(before, "day"), ==, "2024-08-19"); /* the list beside the database tells it as before */
    assert_timer(&b, number, 0);
    refused(&b, &keeper, number, "2024-08-20", ERASE, because, "cases.erased_already");
    bench_close(&b);
}

static void after_its_term_it_is_erased_as_ever(void)
{
    Bench b;
    bench_open(&b);
    b.context.keeping_years = 1;
    int64_t number = withdrawn(&b);
    refused(&b, &keeper, number, "2015-08-18", ERASE, because, "cases.kept_still");
    refused(&b, &keeper, number, "2015-08-19", RESTRICT, until("2015-08-19"), "cases.no_term");
    done(&b, &keeper, number, "2015-08-19", ERASE, because, WITHDRAWN);
    bench_close(&b);
}

static bool import_with_terms(const Context *context, void *data, GError **error)
{
    int64_t changed;
    g_autoptr(GString) table = g_string_new(items);
    g_string_replace(table, "origin\n", "origin,keeping_years\n", 1);
    g_string_replace(table, "made up\n", data, 1);
    return catalogue_import(context, table->str, table->len, day_of(context->now), &changed, error);
}

static void an_item_says_its_own_term(void)
{
    Bench b;
    bench_open(&b);
    b.context.keeping_years = 10;
    static const struct { const char *cell, *day; } terms[] = { { "made up,0\n", NULL }, { "made up,30\n", "2044-08-19" }, { "made up,\n", "2024-08-19" } };
    for (size_t i = 0; i < G_N_ELEMENTS(terms); i++) {
        g_autoptr(GError) error = NULL;
        write_as(&b, &the_system, at("2014-08-18", 8), import_with_terms, (void *)(uintptr_t)terms[i].cell, &error);
        g_assert_no_error(error);
        int64_t number = withdrawn(&b);
        done(&b, &keeper, number, "2014-08-20", terms[i].day ? RESTRICT : ERASE, terms[i].day ? until(terms[i].day) : because, WITHDRAWN);
    }
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/erase/within its term a case is restricted instead", within_its_term_a_case_is_restricted_instead);
    g_test_add_func("/erase/at the end of its term it is erased", at_the_end_of_its_term_it_is_erased);
    g_test_add_func("/erase/after its term it is erased as ever", after_its_term_it_is_erased_as_ever);
    g_test_add_func("/erase/an item says its own term", an_item_says_its_own_term);
    return g_test_run();
}
