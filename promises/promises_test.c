// SPDX-License-Identifier: Apache-2.0
/* Promises in place of papers: given, kept, missed, checked, found untrue; what is refused; on a file and on a server. */
#include "promises/life.h"

#include "licences/bench_test.h"

static const char application[] = "[\"申请书\"]", identity[] = "[\"身份证\"]", both[] = "[\"申请书\", \"身份证\"]", plan[] = "[\"平面图\"]";

typedef struct Giving {
    int64_t number;
    const json_t *names;
    bool consent;
} Giving;

static bool give_work(const Context *context, void *data, GError **error)
{
    const Giving *g = data;
    g_auto(Case) after = { 0 };
    return promise_give(context, g->number, &(SubjectInput){ .seen = -1, .materials = g->names }, g->consent, &after, error);
}

static bool give(Bench *b, const Actor *actor, int64_t number, const char *day, const char *papers, bool consent, GError **error)
{
    g_autoptr(json_t) names = json_loads(papers, 0, NULL);
    Giving g = { number, names, consent };
    return write_as(b, actor, at(day, 11), give_work, &g, error);
}

static void gives(Bench *b, const Actor *actor, int64_t number, const char *day, const char *papers)
{
    g_autoptr(GError) error = NULL;
    give(b, actor, number, day, papers, true, &error);
    g_assert_no_error(error);
}

static void gives_not(Bench *b, const Actor *actor, int64_t number, const char *papers, bool consent, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_auto(Case) before = present(b, number);
    g_assert_false(give(b, actor, number, "2014-08-19", papers, consent, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_auto(Case) after = present(b, number);
    g_assert_cmpint(before.events, ==, after.events);
}

/* The form may be vouched for, the identity card may follow; of this application there is nothing on paper yet. */
static int64_t handed_in(Bench *b, const char *papers)
{
    CHANGE(b, "2014-08-01", "申请书;Application form;required;1;0;applicant", "申请书;Application form;required;1;0;applicant;;;;;;;yes",
           "身份证;Identity card;required;0;1;applicant", "身份证;Identity card;required;0;1;applicant;;;;;;yes");
    int64_t number = drafted(b, "2014-08-18");
    g_autoptr(json_t) names = json_loads(papers, 0, NULL);
    done(b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ .materials = names }, RECEIVED);
    done(b, &people[TOWN_REVIEWER], number, "2014-08-18", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    return number;
}

static Promise promise_of(Bench *b, int64_t case_number, enum promise_kind kind)
{
    Promise found = { 0 };
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    g_autoptr(GArray) numbers = promises_of(&context, case_number, UINT_MAX, NULL);
    for (guint i = 0; i < numbers->len && !(found.number && found.promise == (int64_t)kind); i++) {
        promise_clear(&found);
        g_assert_true(subject_load(context.db, COUNTY, &promise_kind, g_array_index(numbers, int64_t, i), &found, NULL));
    }
    store_return(b->store, context.db);
    g_assert_true(found.number && found.promise == (int64_t)kind);
    return found;
}

static void assert_promise(Bench *b, int64_t case_number, enum promise_kind kind, enum promise_state state)
{
    g_auto(Promise) found = promise_of(b, case_number, kind);
    g_assert_cmpstr(promise_state_names[found.state], ==, promise_state_names[state]);
}

typedef struct PromiseTaking {
    int64_t number;
    enum promise_action action;
    SubjectInput input;
} PromiseTaking;

static bool promise_work(const Context *context, void *data, GError **error)
{
    const PromiseTaking *t = data;
    g_auto(Promise) after = { 0 };
    return subject_act(context, &promise_kind, t->number, &promise_rules[t->action], &t->input, &after, error);
}

/* Empty when it was done. Owned by the caller. */
static char *try_promise(Bench *b, const Actor *actor, int64_t case_number, enum promise_kind kind, const char *day, enum promise_action action, SubjectInput input)
{
    g_autoptr(GError) error = NULL;
    g_auto(Promise) found = promise_of(b, case_number, kind);
    input.seen = -1;
    PromiseTaking t = { found.number, action, input };
    if (write_as(b, actor, at(day, 11), promise_work, &t, &error))
        return g_strdup("");
    g_autoptr(json_t) details = trouble_details(error);
    return g_strdup(json_text(details, "reason"));
}

static json_t *paper_of(Bench *b, int64_t number, const char *kind)
{
    size_t i;
    json_t *each, *content = NULL;
    g_autoptr(json_t) all = documents_of(b, "case", number);
    Db *db = store_reader(b->store, NULL);
    json_array_foreach(all, i, each)
        if (strcmp(json_text(each, "document_kind"), kind) == 0)
            g_assert_true(files_document_content(db, COUNTY, json_text(each, "code"), &content, NULL));
    store_return(b->store, db);
    return content;
}

/* ---- what follows ---- */

static void what_follows_counts_until_the_decision(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = handed_in(&b, application);
    refused(&b, &people[ORGAN_REVIEWER], number, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, "cases.incomplete");
    gives(&b, &people[VILLAGE_CLERK], number, "2014-08-19", identity);
    g_autoptr(json_t) letter = paper_of(&b, number, "following_letter");
    g_assert_cmpstr(json_text(letter, "due_day"), ==, "2014-09-02"); /* ten working days, as the item promises */
    g_assert_null(json_object_get(letter, "ticked_at"));
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    g_autoptr(json_t) notice = paper_of(&b, number, "acceptance");
    g_assert_cmpstr(json_text(notice, "following"), ==, "身份证");
    g_assert_cmpstr(json_text(notice, "following_day"), ==, "2014-09-02");
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-20", PASS, (SubjectInput){ .opinion = "符合" }, REVIEW);
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-20", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.incomplete");
    assert_promise(&b, number, PROMISE_FOLLOWS, PROMISE_GIVEN);
    attach(&b, &people[VILLAGE_CLERK], number, "2014-08-21", "身份证");
    assert_promise(&b, number, PROMISE_FOLLOWS, PROMISE_KEPT);
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    g_assert_cmpint(ring_until(&b, "2014-09-03", 1), ==, 0); /* nothing is withdrawn that was brought */
    close_bench(&b);
}

static void a_paper_seen_by_the_organ_keeps_the_promise(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = handed_in(&b, application);
    gives(&b, &people[VILLAGE_CLERK], number, "2014-08-19", identity);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-20", PASS, (SubjectInput){ .opinion = "符合" }, REVIEW);
    g_autofree char *foreign = try_promise(&b, &people[OTHER_ORGAN], number, PROMISE_FOLLOWS, "2014-08-20", PROMISE_FULFIL, (SubjectInput){ 0 });
    g_assert_cmpstr(foreign, ==, "promises.not_yours");
    g_autofree char *blind = try_promise(&b, &reviewer, number, PROMISE_FOLLOWS, "2014-08-20", PROMISE_FULFIL, (SubjectInput){ 0 });
    g_assert_cmpstr(blind, ==, "promises.papers_not_seen");
    g_autoptr(json_t) seen = json_pack("{s:b}", "papers_seen", true);
    g_autofree char *own = try_promise(&b, &reviewer, number, PROMISE_FOLLOWS, "2014-08-20", PROMISE_FULFIL, (SubjectInput){ .fields = seen });
    g_assert_cmpstr(own, ==, "");
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    close_bench(&b);
}

static void what_does_not_follow_ends_the_case(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = handed_in(&b, application);
    gives(&b, &people[VILLAGE_CLERK], number, "2014-08-19", identity);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    refused(&b, &people[ORGAN_HEAD], number, "2014-08-20", UNACCEPT, (SubjectInput){ 0 }, "cases.not_yours");
    g_autofree char *early = try_promise(&b, &the_system, number, PROMISE_FOLLOWS, "2014-09-02", PROMISE_MISS, (SubjectInput){ 0 });
    g_assert_cmpstr(early, ==, "promises.not_over");
    g_assert_cmpint(ring_until(&b, "2014-09-02", 23), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-03", 1), ==, 1);
    g_auto(Case) after = present(&b, number);
    g_assert_cmpint(after.state, ==, WITHDRAWN);
    g_assert_cmpint(case_measure(&after, ENDED_CASES), ==, 1);
    assert_promise(&b, number, PROMISE_FOLLOWS, PROMISE_MISSED);
    g_autoptr(json_t) notice = paper_of(&b, number, "unacceptance");
    g_assert_cmpstr(json_text(notice, "deadline_day"), ==, "2014-09-02");
    g_assert_cmpstr(json_text(json_array_get(json_object_get(notice, "materials"), 0), "name"), ==, "身份证");
    close_bench(&b);
}

static void what_is_missed_before_acceptance_is_missing_again(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = handed_in(&b, "[]");
    g_autoptr(json_t) form = json_loads(application, 0, NULL);
    gives(&b, &people[VILLAGE_CLERK], number, "2014-08-19", identity);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-20", CORRECT, (SubjectInput){ .materials = form, .reason = "缺少申请书" }, CORRECTION);
    g_assert_cmpint(ring_until(&b, "2014-09-03", 1), ==, 1);
    assert_promise(&b, number, PROMISE_FOLLOWS, PROMISE_MISSED);
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-03", SUPPLY, (SubjectInput){ .materials = form }, RECEIVED);
    refused(&b, &people[ORGAN_REVIEWER], number, "2014-09-03", ACCEPT, (SubjectInput){ 0 }, "cases.incomplete");
    close_bench(&b);
}

/* ---- what is vouched for ---- */

static int64_t vouched_and_granted(Bench *b)
{
    int64_t number = handed_in(b, identity);
    gives(b, &people[VILLAGE_CLERK], number, "2014-08-19", application);
    g_autoptr(json_t) seen = json_pack("{s:b}", "papers_seen", true);
    g_autofree char *by_hand = try_promise(b, &reviewer, number, PROMISE_VOUCHED, "2014-08-19", PROMISE_FULFIL, (SubjectInput){ .fields = seen });
    g_assert_cmpstr(by_hand, ==, "promises.is_checked");
    done(b, &people[ORGAN_REVIEWER], number, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(b, &people[ORGAN_REVIEWER], number, "2014-08-20", PASS, (SubjectInput){ .opinion = "符合" }, REVIEW);
    done(b, &people[ORGAN_APPROVER], number, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    return number;
}

static void what_is_vouched_for_is_checked_within_sixty_days(void)
{
    char text[DAY_TEXT];
    Bench b;
    open_bench(&b);
    int64_t number = vouched_and_granted(&b);
    g_auto(Promise) found = promise_of(&b, number, PROMISE_VOUCHED);
    g_assert_cmpint(found.state, ==, PROMISE_CHECKING);
    g_assert_cmpstr(day_text((Day)found.due_day, text), ==, "2014-11-19");
    g_autofree char *silent = try_promise(&b, &reviewer, number, PROMISE_VOUCHED, "2014-10-08", PROMISE_CONFIRM, (SubjectInput){ 0 });
    g_assert_cmpstr(silent, ==, "promises.needed");
    g_autofree char *told = try_promise(&b, &reviewer, number, PROMISE_VOUCHED, "2014-10-08", PROMISE_CONFIRM, (SubjectInput){ .opinion = "属实" });
    g_assert_cmpstr(told, ==, "");
    assert_promise(&b, number, PROMISE_VOUCHED, PROMISE_KEPT);
    g_autofree char *late = try_promise(&b, &people[ORGAN_HEAD], number, PROMISE_VOUCHED, "2014-10-09", PROMISE_BREAK, because);
    g_assert_cmpstr(late, ==, "promises.not_now");
    close_bench(&b);
}

static void what_was_not_true_ends_the_decision_and_the_licence(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = vouched_and_granted(&b);
    done(&b, &people[TOWN_REVIEWER], number, "2014-08-22", ISSUE, (SubjectInput){ 0 }, ISSUED);
    g_autofree char *unread = try_promise(&b, &reviewer, number, PROMISE_VOUCHED, "2014-10-08", PROMISE_BREAK, because);
    g_assert_cmpstr(unread, ==, "promises.not_yours");
    g_autofree char *told = try_promise(&b, &people[ORGAN_HEAD], number, PROMISE_VOUCHED, "2014-10-08", PROMISE_BREAK, because);
    g_assert_cmpstr(told, ==, "");
    g_auto(Case) after = present(&b, number);
    g_assert_cmpint(after.state, ==, REVOKED);
    g_assert_cmpint(after.due_at, ==, 0);
    g_auto(Licence) licence = now_of(&b, licence_of(&b, number));
    g_assert_cmpint(licence.state, ==, LICENCE_REVOKED);
    assert_last_document(&b, licence.number, "revocation");
    g_autoptr(json_t) none = paper_of(&b, number, "decision_revoked");
    g_assert_null(none); /* one paper tells of both */
    refused(&b, &people[VILLAGE_CLERK], number, "2014-10-08", DELIVER, (SubjectInput){ 0 }, "cases.not_yours");
    close_bench(&b);
}

static void a_decision_without_a_licence_has_its_own_paper(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = vouched_and_granted(&b);
    refused(&b, &people[ORGAN_HEAD], number, "2014-08-22", REVOKE, because, "cases.no_action");
    g_autofree char *told = try_promise(&b, &people[ORGAN_HEAD], number, PROMISE_VOUCHED, "2014-10-08", PROMISE_BREAK, because);
    g_assert_cmpstr(told, ==, "");
    g_autoptr(json_t) paper = paper_of(&b, number, "decision_revoked");
    g_assert_cmpstr(json_text(paper, "reason"), ==, because.reason);
    g_assert_cmpstr(json_text(paper, "basis"), ==, because.basis);
    close_bench(&b);
}

/* ---- what is refused, and what ends ---- */

static void a_promise_is_given_once_and_by_who_may(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = handed_in(&b, "[]");
    const Actor neighbour = { .kind = HOLDER, .id = number + 1, .name = "" };
    gives_not(&b, &people[VILLAGE_CLERK], number, both, false, "promises.consent");
    gives_not(&b, &people[VILLAGE_CLERK], number, plan, true, "cases.not_promisable");
    gives_not(&b, &people[VILLAGE_CLERK], number, "[\"房产证\"]", true, "cases.not_promisable");
    gives_not(&b, &people[VILLAGE_CLERK], number, "[]", true, "cases.needed");
    gives_not(&b, &people[OTHER_TOWN], number, both, true, "cases.not_yours");
    gives_not(&b, &visitor, number, both, true, "cases.not_yours");
    gives_not(&b, &neighbour, number, both, true, "cases.not_yours"); /* the holder of another case */
    g_autoptr(json_t) names = json_loads(both, 0, NULL);
    refused(&b, &people[VILLAGE_CLERK], number, "2014-08-19", PROMISE, (SubjectInput){ .materials = names }, "cases.no_action");
    gives(&b, &people[VILLAGE_CLERK], number, "2014-08-19", both);
    gives_not(&b, &people[VILLAGE_CLERK], number, both, true, "cases.promised_already");
    assert_promise(&b, number, PROMISE_FOLLOWS, PROMISE_GIVEN);
    assert_promise(&b, number, PROMISE_VOUCHED, PROMISE_GIVEN);
    g_autoptr(json_t) letter = paper_of(&b, number, "vouching_letter");
    g_assert_nonnull(letter);
    close_bench(&b);
}

static void what_the_item_does_not_let_follow_is_not_promised(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = drafted(&b, "2014-08-18");
    g_autoptr(json_t) none = json_array();
    done(&b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ .materials = none }, RECEIVED);
    gives_not(&b, &people[VILLAGE_CLERK], number, identity, true, "cases.not_promisable");
    close_bench(&b);
}

static void a_promise_ends_with_its_case(void)
{
    Bench b;
    open_bench(&b);
    int64_t number = handed_in(&b, "[]");
    gives(&b, &people[VILLAGE_CLERK], number, "2014-08-19", both);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-20", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(&b, &people[ORGAN_REVIEWER], number, "2014-08-21", PASS, (SubjectInput){ .opinion = "不符" }, REVIEW);
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-22", REFUSE, (SubjectInput){ .reason = "不符合条件" }, REFUSED);
    assert_promise(&b, number, PROMISE_FOLLOWS, PROMISE_DROPPED);
    assert_promise(&b, number, PROMISE_VOUCHED, PROMISE_DROPPED);
    g_assert_cmpint(ring_until(&b, "2014-09-03", 1), ==, 0);
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/promises/what follows counts until the decision", what_follows_counts_until_the_decision);
    add("/promises/a paper seen by the organ keeps the promise", a_paper_seen_by_the_organ_keeps_the_promise);
    add("/promises/what does not follow ends the case", what_does_not_follow_ends_the_case);
    add("/promises/what is missed before acceptance is missing again", what_is_missed_before_acceptance_is_missing_again);
    add("/promises/what is vouched for is checked within sixty days", what_is_vouched_for_is_checked_within_sixty_days);
    add("/promises/what was not true ends the decision and the licence", what_was_not_true_ends_the_decision_and_the_licence);
    add("/promises/a decision without a licence has its own paper", a_decision_without_a_licence_has_its_own_paper);
    add("/promises/a promise is given once and by who may", a_promise_is_given_once_and_by_who_may);
    add("/promises/what the item does not let follow is not promised", what_the_item_does_not_let_follow_is_not_promised);
    add("/promises/a promise ends with its case", a_promise_ends_with_its_case);
    return g_test_run();
}
