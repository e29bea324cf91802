// SPDX-License-Identifier: Apache-2.0
/* The pure parts of a case: the table of its life, and its number as people write it. */
#include "cases/life.h"

static void the_table_is_closed(void)
{
    Item item = { .step_count = 7 };
    for (int i = 0; i < 7; i++)
        item.steps[i].kind = (enum step_kind)i;
    int open = 0;
    const CaseWork work = { &item, &item };
    for (int state = 0; state < CASE_STATES; state++)
        for (int action = 0; action < CASE_ACTIONS; action++)
            for (int step = 0; step < 7; step++) {
                Case c = { .state = state, .step = step };
                const SubjectTurn turn = { .kind = &case_kind, .rule = &case_rules[action].rule, .present = &c, .work = &work };
                bool is_open = subject_is_open(&turn);
                g_assert_true(!is_open || turn.rule->from & 1u << state);
                g_assert_true(!is_open || state < NOT_NEEDED || action == REVEAL || action == NEW_SLIP || action == OWN_CODE || action == ERASE || action == RESTRICT); /* what has ended stays ended */
                open += is_open;
            }
    g_assert_cmpint(open, >, 50);
}

static void messages_have_no_hole(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open(&error);
    g_assert_no_error(error);
    outbox_check(view, case_messages, &error);
    g_assert_no_error(error);
}

static void numbers_are_read_as_people_write_them(void)
{
    int64_t number;
    g_assert_true(subject_number_read("330482 140903 000123", &number));
    g_assert_cmpint(number, ==, 330482140903000123);
    g_autofree char *grouped = subject_number_grouped(number);
    g_assert_cmpstr(grouped, ==, "330482 140903 000123");
    static const char *const wrong[] = { "", "12", "33048214090300012", "3304821409030001234", "33048214090300012a" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(subject_number_read(wrong[i], &number));
}

static void a_draft_from_home_belongs_to_the_applicant(void)
{
    const Post all = { CENTRE_ORGAN, 330482000000, SUPERVISOR }, counter = { 21, 330482000000, CLERK };
    const Actor watcher = { STAFF, 1, "", &all, 1, NULL }, clerk = { STAFF, 2, "", &counter, 1, NULL }, holder = { .kind = HOLDER, .id = 7 };
    const SubjectRule *submit = &case_rules[SUBMIT].rule;
    Case c = { .number = 7, .organ = 21, .place = 330482103200, .channel = ONLINE, .state = DRAFT };
    g_assert_true(case_may_see(&holder, &c) && life_is_entitled(&holder, &c, submit, 330482));
    g_assert_false(case_may_see(&watcher, &c) || case_may_see(&clerk, &c) || life_is_entitled(&clerk, &c, submit, 330482));
    ClockMark mark = { 0 };
    c.state = WITHDRAWN;
    c.marks = &mark;
    c.mark_count = 1;
    g_strlcpy(c.marks[0].why, "withdrawn", sizeof c.marks[0].why);
    g_assert_false(case_may_see(&watcher, &c) || case_may_see(&clerk, &c));
    g_strlcpy(c.marks[0].why, "received", sizeof c.marks[0].why);
    g_assert_true(case_may_see(&watcher, &c) && case_may_see(&clerk, &c));
    g_assert_false(life_took_in(&clerk, &c, 330482)); /* no desk took it in */
    c.channel = AT_COUNTY;
    g_assert_true(life_took_in(&clerk, &c, 330482));
    g_assert_false(life_took_in(&watcher, &c, 330482) || life_took_in(&holder, &c, 330482));
}

static void assert_shown(const Case *self, bool masked, const char *expected)
{
    g_autoptr(json_t) shown = case_applicant(self, masked);
    g_autofree char *text = json_canonical(shown);
    g_assert_cmpstr(text, ==, expected);
}

/* A person's name and number are hidden; an enterprise's are public (facts: the register of enterprises). */
static void an_applicant_is_masked_by_kind(void)
{
    Case person = { .applicant = "张小三", .applicant_kind = "person", .applicant_id = "330499198001010013", .applicant_telephone = "13812341234",
                    .applicant_contact = "", .applicant_division = 330482103201, .applicant_representative = "", .applicant_address = "" };
    const Case shop = { .applicant = "张三面馆", .applicant_kind = "enterprise", .applicant_id = "92330482MAXXXX090B",
                        .applicant_telephone = "0573-85012345", .applicant_contact = "李四", .applicant_division = 330482103201,
                        .applicant_representative = "", .applicant_address = "" };
    assert_shown(&person, false, "{\"contact\":\"\",\"division\":330482103201,\"id_kind\":\"resident\",\"id_number\":\"330499198001010013\",\"name\":\"张小三\","
                                 "\"party_kind\":\"person\",\"telephone\":\"13812341234\"}");
    assert_shown(&person, true, "{\"contact\":\"\",\"division\":330482103000,\"id_kind\":\"resident\",\"id_number\":\"330499********0013\",\"name\":\"张*三\","
                                "\"party_kind\":\"person\",\"telephone\":\"138****1234\"}");
    assert_shown(&shop, true, "{\"contact\":\"李*\",\"division\":330482103000,\"id_kind\":\"credit_code\",\"id_number\":\"92330482MAXXXX090B\",\"name\":\"张三面馆\","
                              "\"party_kind\":\"enterprise\",\"telephone\":\"0573-****2345\"}");
    person.applicant = person.applicant_kind = person.applicant_id = person.applicant_telephone = "";
    person.applicant_division = 0;
    assert_shown(&person, true, "{\"contact\":\"\",\"division\":0,\"id_number\":\"\",\"name\":\"\",\"party_kind\":\"\",\"telephone\":\"\"}");
}

/* Where no law sets a limit nothing can be overdue; the promise holds all the same. */
static void without_a_limit_nothing_is_overdue(void)
{
    Calendar *calendar = calendar_built_in();
    const Day day = day_from(2014, 9, 3);
    ClockMark marks[] = { { .at = instant_at(day, 600), .day = day, .holder = DEPARTMENT, .why = "received" },
                          { .at = instant_at(day, 660), .day = day, .holder = DEPARTMENT, .why = "accepted" } };
    Case c = { .state = REVIEW, .promised_days = 5, .marks = marks, .mark_count = G_N_ELEMENTS(marks) };
    life_deadlines(&c, calendar);
    g_assert_cmpint(c.alarm_at, ==, 0);
    g_assert_cmpint(day_of(c.due_at), ==, day_from(2014, 9, 11));
    g_assert_null(case_clock(&c, STATUTORY_CLOCK, calendar, instant_at(day_from(2014, 12, 1), 600)));
    c.statutory_days = 20;
    life_deadlines(&c, calendar);
    g_assert_cmpint(c.alarm_at, >, 0);
    calendar_unref(calendar);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/life/the table is closed", the_table_is_closed);
    g_test_add_func("/life/messages have no hole", messages_have_no_hole);
    g_test_add_func("/life/numbers are read as people write them", numbers_are_read_as_people_write_them);
    g_test_add_func("/life/a draft from home belongs to the applicant", a_draft_from_home_belongs_to_the_applicant);
    g_test_add_func("/life/an applicant is masked by kind", an_applicant_is_masked_by_kind);
    g_test_add_func("/life/without a limit nothing is overdue", without_a_limit_nothing_is_overdue);
    return g_test_run();
}
