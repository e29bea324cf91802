// SPDX-License-Identifier: Apache-2.0
/* Order and quantity (Licensing Law art. 57): who was accepted first is decided first, and no more is granted than there is. */
#include "cases/bench_test.h"

/* From then on two a year, or a month. */
static void limit(Bench *b, const char *day, const char *quota)
{
    g_autofree char *row = g_strdup_printf("made up,%s\n", quota);
    CHANGE(b, day, "keywords,origin\n", "keywords,origin,quota\n", "made up\n", row);
}

static const SubjectInput agreed = { .opinion = "同意" };

static void grant(Bench *b, int64_t number, const char *day)
{
    done(b, &people[ORGAN_APPROVER], number, day, GRANT, agreed, GRANTED);
}

static void refuse_grant(Bench *b, int64_t number, const char *day, const char *reason)
{
    refused(b, &people[ORGAN_APPROVER], number, day, GRANT, agreed, reason);
}

/* Accepted at these hours and passed on to be decided. */
static void accept_at(Bench *b, int64_t number, const char *day, int hour)
{
    g_autoptr(GError) error = NULL;
    Acting accepts = { .number = number, .action = ACCEPT, .input = { .seen = -1 } };
    write_as(b, &people[ORGAN_REVIEWER], at(day, hour), act, &accepts, &error);
    g_assert_no_error(error);
    done(b, &people[ORGAN_REVIEWER], number, day, PASS, agreed, REVIEW);
}

static void who_was_accepted_first_is_decided_first(void)
{
    Bench b;
    bench_open(&b);
    limit(&b, "2014-08-01", "5;year;示例条例第一条");
    int64_t one = at_the_organ(&b, "2014-08-18"), two = at_the_organ(&b, "2014-08-18"), three = at_the_organ(&b, "2014-08-18");
    accept_at(&b, three, "2014-08-18", 9);
    accept_at(&b, one, "2014-08-19", 9);
    accept_at(&b, two, "2014-08-19", 8); /* of a day the hour tells, whatever the number */
    g_autoptr(GError) error = NULL;
    g_assert_false(take_as(&b, &people[ORGAN_APPROVER], one, "2014-08-20", GRANT, agreed, NULL, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_autofree char *first = subject_number_grouped(three);
    g_assert_cmpstr(json_text(details, "reason"), ==, "cases.out_of_order");
    g_assert_cmpstr(json_text(details, "number_grouped"), ==, first);
    grant(&b, three, "2014-08-20");
    refuse_grant(&b, one, "2014-08-20", "cases.out_of_order");
    done(&b, &people[ORGAN_APPROVER], two, "2014-08-20", REFUSE, (SubjectInput){ .reason = "不符" }, REFUSED); /* is decided, too */
    grant(&b, one, "2014-08-20");
    bench_close(&b);
}

static void no_more_is_granted_than_there_is(void)
{
    Bench b;
    bench_open(&b);
    limit(&b, "2014-08-01", "1;month");
    int64_t none = to_decide(&b, "2014-08-15"), one = to_decide(&b, "2014-08-18"), two = to_decide(&b, "2014-08-19");
    done(&b, &people[ORGAN_APPROVER], none, "2014-08-20", REFUSE, (SubjectInput){ .reason = "不符" }, REFUSED); /* takes nothing */
    grant(&b, one, "2014-08-20");
    refuse_grant(&b, two, "2014-08-29", "cases.quantity_used");
    grant(&b, two, "2014-09-01"); /* of the next month */
    int64_t three = to_decide(&b, "2014-09-02");
    refuse_grant(&b, three, "2014-09-03", "cases.quantity_used");
    done(&b, &people[ORGAN_APPROVER], three, "2014-09-03", REFUSE, (SubjectInput){ .reason = "数量已满" }, REFUSED);
    bench_close(&b);
}

static void a_year_is_that_of_the_calendar(void)
{
    Bench b;
    bench_open(&b);
    limit(&b, "2014-08-01", "1;year");
    int64_t one = to_decide(&b, "2014-11-24"), two = to_decide(&b, "2014-12-30");
    grant(&b, one, "2014-11-26");
    refuse_grant(&b, two, "2014-12-31", "cases.quantity_used");
    grant(&b, two, "2015-01-04");
    bench_close(&b);
}

static void without_a_number_nobody_waits_for_others(void)
{
    Bench b;
    bench_open(&b);
    int64_t one = to_decide(&b, "2014-08-18"), two = to_decide(&b, "2014-08-19");
    grant(&b, two, "2014-08-20");
    grant(&b, one, "2014-08-20");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/quota/who was accepted first is decided first", who_was_accepted_first_is_decided_first);
    g_test_add_func("/quota/no more is granted than there is", no_more_is_granted_than_there_is);
    g_test_add_func("/quota/a year is that of the calendar", a_year_is_that_of_the_calendar);
    g_test_add_func("/quota/without a number nobody waits for others", without_a_number_nobody_waits_for_others);
    return g_test_run();
}
