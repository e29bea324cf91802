// SPDX-License-Identifier: Apache-2.0
/* Kinds of acts and how they differ; the demands of the law on acceptance, correction and decision (docs/law.md). */
#include "cases/bench_test.h"

#include "cases/papers.h"

/* ---- what is done by itself, and what was written ---- */

static int64_t rung(Bench *b, const char *day)
{
    int64_t count = 0;
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at(day, 1), ring, &count, &error);
    g_assert_no_error(error);
    return count;
}

/* The facts of the case's last document, which is of this kind. Owned by the caller. */
static json_t *last_paper(Bench *b, int64_t number, const char *kind)
{
    json_t *content = NULL;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    const json_t *last = json_array_get(all, json_array_size(all) - 1);
    g_assert_cmpstr(json_text(last, "document_kind"), ==, kind);
    g_assert_true(files_document_content(db, COUNTY, json_text(last, "code"), &content, NULL));
    store_return(b->store, db);
    return content;
}

static void assert_state(Bench *b, int64_t number, enum case_state state)
{
    g_auto(Case) found = present(b, number);
    g_assert_cmpstr(case_state_names[found.state], ==, case_state_names[state]);
}

/* Handed in by the village's clerk with these papers on paper, and passed on by the town. */
static int64_t handed_in(Bench *b, const json_t *papers)
{
    int64_t number = drafted(b, "2014-08-18");
    done(b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    done(b, &people[TOWN_REVIEWER], number, "2014-08-18", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    return number;
}

/* ---- kinds of acts ---- */

static void every_kind_of_act_has_its_papers(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open(&error);
    g_assert_no_error(error);
    for (const char *const *name = item_kind_names; *name; name++) {
        const char *const papers[] = { item_kind(*name)->granted, item_kind(*name)->refused };
        for (size_t i = 0; i < G_N_ELEMENTS(papers); i++) {
            bool is_there = false;
            for (const DocumentKind *kind = cases_room.documents; kind->name; kind++)
                is_there = is_there || strcmp(kind->name, papers[i]) == 0;
            g_assert_true(is_there);
            for (enum language language = 0; language < LANGUAGES; language++)
                g_assert_nonnull(view_code_word(view, language, "document_kind", papers[i]));
        }
    }
    g_assert_true(item_kind("")->is_licence && item_kind("nothing of the kind")->is_licence); /* as older programs took them */
    g_assert_false(item_kind("service")->is_reviewable || item_kind("filing")->is_licence);
}

static void what_is_no_licence_has_its_own_paper_and_basis(void)
{
    Bench b;
    bench_open(&b);
    CHANGE(&b, "2014-08-01", ",license,", ",confirmation,");
    int64_t granted = to_decide(&b, "2014-08-18"), denied = to_decide(&b, "2014-08-18");
    g_autoptr(GError) error = NULL;
    g_assert_false(take_as(&b, &people[OTHER_ORGAN], granted, "2014-08-19", PASS, (SubjectInput){ .opinion = "x" }, NULL, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "law"), ==, "");
    done(&b, &people[ORGAN_APPROVER], granted, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(&b, &people[ORGAN_APPROVER], denied, "2014-08-19", REFUSE, (SubjectInput){ .reason = "不符" }, REFUSED);
    g_autoptr(json_t) paper = last_paper(&b, granted, "confirmation_granted"), refusal = last_paper(&b, denied, "confirmation_refused");
    g_assert_cmpstr(json_text(paper, "act"), ==, "confirmation");
    g_assert_cmpstr(json_text(paper, "item_basis"), ==, "食品安全法");
    g_assert_cmpstr(json_text(refusal, "act"), ==, "confirmation");
    bench_close(&b);
}

static void silence_accepts_licences_alone(void)
{
    Bench b;
    bench_open(&b);
    int64_t licence = at_the_organ(&b, "2014-08-18");
    CHANGE(&b, "2014-08-19", ",license,", ",filing,");
    int64_t filing = at_the_organ(&b, "2014-08-19");
    g_assert_cmpint(rung(&b, "2014-08-27"), ==, 1);
    assert_state(&b, filing, RECEIVED);
    g_auto(Case) deemed = present(&b, licence);
    g_assert_true(deemed.state == REVIEW && deemed.accepted_on == day_parse("2014-08-18"));
    g_assert_cmpstr(deemed.act, ==, ""); /* by the item as it was on that day */
    g_autoptr(json_t) notice = last_paper(&b, licence, "deemed");
    g_assert_cmpstr(json_text(notice, "accepted_day"), ==, "2014-08-18");
    bench_close(&b);
}

/* ---- complete or not accepted ---- */

static void an_incomplete_application_is_neither_accepted_nor_granted(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) one = json_pack("[s]", "申请书"), other = json_pack("[s]", "身份证"), none = json_array(), unknown = json_pack("[s]", "房产证");
    int64_t bare = handed_in(&b, none), partly = handed_in(&b, one);
    g_autoptr(json_t) receipt = last_paper(&b, partly, "receipt");
    const json_t *lacking = json_object_get(receipt, "lacking");
    g_assert_cmpuint(json_array_size(lacking), ==, 1);
    g_assert_cmpstr(json_text(json_array_get(lacking, 0), "name"), ==, "身份证");
    g_assert_true(json_flag(receipt, "has_lacking"));
    refused(&b, &people[ORGAN_REVIEWER], bare, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, "cases.incomplete");
    refused(&b, &people[ORGAN_REVIEWER], partly, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, "cases.incomplete");
    refused(&b, &people[ORGAN_REVIEWER], partly, "2014-08-19", ACCEPT, (SubjectInput){ .materials = unknown }, "cases.no_such_material");
    done(&b, &people[ORGAN_REVIEWER], partly, "2014-08-19", ACCEPT, (SubjectInput){ .materials = other }, REVIEW);
    g_assert_cmpint(rung(&b, "2014-08-26"), ==, 1); /* silence accepts what is bare */
    done(&b, &people[ORGAN_REVIEWER], bare, "2014-08-26", PASS, (SubjectInput){ .opinion = "材料不齐" }, REVIEW);
    refused(&b, &people[ORGAN_APPROVER], bare, "2014-08-26", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.incomplete");
    attach(&b, &people[VILLAGE_CLERK], bare, "2014-08-26", "申请书");
    refused(&b, &people[ORGAN_APPROVER], bare, "2014-08-26", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.incomplete");
    done(&b, &people[ORGAN_APPROVER], bare, "2014-08-26", GRANT, (SubjectInput){ .opinion = "同意", .materials = other }, GRANTED);
    bench_close(&b);
}

static void a_refusal_needs_no_paper(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) none = json_array();
    int64_t bare = handed_in(&b, none);
    g_assert_cmpint(rung(&b, "2014-08-26"), ==, 1);
    done(&b, &people[ORGAN_REVIEWER], bare, "2014-08-26", PASS, (SubjectInput){ .opinion = "材料不齐" }, REVIEW);
    done(&b, &people[ORGAN_APPROVER], bare, "2014-08-26", REFUSE, (SubjectInput){ .reason = "材料不齐" }, REFUSED);
    bench_close(&b);
}

static void from_home_nobody_ticks_papers(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Case) made = { 0 };
    g_autoptr(json_t) papers = necessary_papers();
    g_assert_true(try_draft(&b, &visitor, village, ONLINE, "2014-08-18", &made, NULL));
    Actor holder = { .kind = HOLDER, .id = made.number, .name = "" };
    refused(&b, &holder, made.number, "2014-08-18", SUBMIT, (SubjectInput){ .materials = papers }, "cases.staff_alone_tick");
    attach(&b, &holder, made.number, "2014-08-18", "申请书");
    attach(&b, &holder, made.number, "2014-08-18", "身份证");
    done(&b, &holder, made.number, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &people[TOWN_REVIEWER], made.number, "2014-08-18", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], made.number, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    bench_close(&b);
}

static void assert_held(Bench *b, int64_t number, int64_t held)
{
    g_auto(Case) found = present(b, number);
    g_assert_cmpint(found.held, ==, held);
}

/* Bits are those of the version under which the case goes on. */
static void papers_stay_with_their_names_when_the_item_changes(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = at_the_organ(&b, "2014-08-18");
    CHANGE(&b, "2014-08-19", "申请书;Application form;required;1;0;applicant|", "照片;Photograph;optional;1;0;applicant|申请书;Application form;required;1;0;applicant|");
    assert_held(&b, n, 1 << 0 | 1 << 1);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    assert_held(&b, n, 1 << 1 | 1 << 2);
    bench_close(&b);
}

/* ---- corrections ---- */

static int64_t asked(Bench *b, const json_t *missing)
{
    int64_t n = at_the_organ(b, "2014-08-18");
    done(b, &people[ORGAN_REVIEWER], n, "2014-08-18", CORRECT, (SubjectInput){ .materials = missing, .reason = "缺身份证" }, CORRECTION);
    return n;
}

static void who_never_corrects_has_withdrawn(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) missing = json_pack("[s]", "身份证");
    int64_t n = asked(&b, missing);
    g_autoptr(json_t) notice = last_paper(&b, n, "correction");
    g_assert_cmpstr(json_text(notice, "deadline_day"), ==, "2014-09-09"); /* fifteen working days; the 8th is a holiday */
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-09-09", TERMINATE, (SubjectInput){ .reason = "x" }, "cases.wait_not_over");
    g_assert_cmpint(rung(&b, "2014-09-09"), ==, 0);
    refused(&b, &people[VILLAGE_CLERK], n, "2014-09-10", SUPPLY, (SubjectInput){ .materials = missing }, "cases.correction_over");
    g_assert_cmpint(rung(&b, "2014-09-10"), ==, 1);
    assert_state(&b, n, WITHDRAWN);
    g_autoptr(json_t) lapse = last_paper(&b, n, "lapse");
    g_assert_cmpstr(json_text(lapse, "deadline_day"), ==, "2014-09-09");
    g_assert_cmpstr(json_text(lapse, "day"), ==, "2014-09-10");
    bench_close(&b);
}

static void a_case_is_terminated_on_a_ground_of_law_alone(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) death = json_pack("{s:s}", "end_ground", "death"), dissolution = json_pack("{s:s}", "end_ground", "dissolution"),
                      whim = json_pack("{s:s}", "end_ground", "whim"), missing = json_pack("[s]", "身份证");
    int64_t received = at_the_organ(&b, "2014-08-18"), reviewed = under_review(&b, "2014-08-18"), wanting = asked(&b, missing);
    const int64_t all[] = { received, reviewed, wanting };
    refused(&b, &people[ORGAN_REVIEWER], received, "2014-08-19", TERMINATE, (SubjectInput){ .reason = "x" }, "cases.end_ground_needed");
    refused(&b, &people[ORGAN_REVIEWER], reviewed, "2014-08-19", TERMINATE, (SubjectInput){ .reason = "x", .fields = whim }, "cases.end_ground_needed");
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        refused(&b, &people[ORGAN_REVIEWER], all[i], "2014-08-19", TERMINATE, (SubjectInput){ .reason = "x", .fields = dissolution },
                "cases.end_ground_of_person");
        done(&b, &people[ORGAN_REVIEWER], all[i], "2014-08-19", TERMINATE, (SubjectInput){ .reason = "死亡证明", .fields = death }, TERMINATED);
        g_autoptr(json_t) notice = last_paper(&b, all[i], "termination");
        g_assert_cmpstr(json_text(notice, "end_ground"), ==, "death");
        g_assert_true(json_flag(notice, "in_review"));
    }
    bench_close(&b);
}

static void a_correction_asks_for_all_that_is_missing_and_nothing_else(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) one = json_pack("[s]", "申请书"), other = json_pack("[s]", "身份证"), phantom = json_pack("[s,s]", "身份证", "房产证"),
                      both = json_pack("[s,s]", "身份证", "申请书");
    int64_t n = handed_in(&b, one);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", CORRECT, (SubjectInput){ .materials = phantom, .reason = "x" }, "cases.no_such_material");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", CORRECT, (SubjectInput){ .materials = one, .reason = "未签名" }, "cases.not_all_asked");
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", CORRECT, (SubjectInput){ .materials = both, .reason = "未签名" }, CORRECTION);
    Actor holder = { .kind = HOLDER, .id = n, .name = "" };
    refused(&b, &holder, n, "2014-08-20", SUPPLY, (SubjectInput){ 0 }, "cases.still_missing_from_home");
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-20", SUPPLY, (SubjectInput){ .materials = other }, "cases.still_missing");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-20", SUPPLY, (SubjectInput){ .materials = both }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-21", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    bench_close(&b);
}

static void an_item_has_its_own_time_to_correct(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) missing = json_pack("[s]", "身份证");
    b.context.correction_days = 10;
    int64_t by_centre = asked(&b, missing);
    CHANGE(&b, "2014-08-01", "keywords,origin\n", "keywords,origin,correction_days\n", "made up\n", "made up,5\n");
    int64_t by_item = asked(&b, missing);
    g_auto(Case) centre = present(&b, by_centre), item = present(&b, by_item);
    g_assert_cmpint(centre.correct_by, ==, day_parse("2014-09-01"));
    g_assert_cmpint(item.correct_by, ==, day_parse("2014-08-25"));
    bench_close(&b);
}

static void what_still_does_not_fit_is_not_accepted(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) missing = json_pack("[s]", "身份证");
    int64_t n = asked(&b, missing), first = at_the_organ(&b, "2014-08-18"), elsewhere = at_the_organ(&b, "2014-08-18");
    refused(&b, &people[ORGAN_REVIEWER], first, "2014-08-19", DECLINE, (SubjectInput){ .reason = "材料不全" }, "cases.decline_ground");
    done(&b, &people[ORGAN_REVIEWER], elsewhere, "2014-08-19", DECLINE, (SubjectInput){ .reason = "不属本机关", .organ = "市监局" }, NOT_ACCEPTED);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-20", SUPPLY, (SubjectInput){ .materials = missing }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-21", DECLINE, (SubjectInput){ .reason = "身份证已过期" }, NOT_ACCEPTED);
    g_autoptr(json_t) unfit = last_paper(&b, n, "not_accepted"), other = last_paper(&b, elsewhere, "not_accepted");
    g_assert_true(json_flag(unfit, "unfit") && !json_flag(other, "unfit"));
    g_assert_cmpstr(json_text(other, "other_organ"), ==, "市监局");
    bench_close(&b);
}

static void false_papers_are_refused_by_article_78(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) fields = json_pack("{s:b}", "false_papers", true);
    const SubjectInput input = { .reason = "租赁合同系伪造", .fields = fields };
    int64_t n = at_the_organ(&b, "2014-08-18"), reviewed = to_decide(&b, "2014-08-18");
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", DECLINE, input, NOT_ACCEPTED);
    done(&b, &people[ORGAN_APPROVER], reviewed, "2014-08-19", REFUSE, input, REFUSED);
    g_autoptr(json_t) declined = last_paper(&b, n, "not_accepted"), refusal = last_paper(&b, reviewed, "refusal");
    g_assert_true(json_flag(declined, "false_papers") && json_flag(refusal, "false_papers"));
    Db *db = store_reader(b.store, NULL);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, reviewed);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    store_return(b.store, db);
    const json_t *last = json_array_get(events, json_array_size(events) - 1);
    g_assert_cmpstr(json_text(json_object_get(json_object_get(last, "payload"), "facts"), "basis"), ==, "《行政许可法》第七十八条");
    bench_close(&b);
}

/* ---- four eyes ---- */

static void who_reviewed_does_not_decide(void)
{
    Bench b;
    bench_open(&b);
    static const Post seat = { ORGAN, 330482000000, REVIEWER | APPROVER };
    static const Actor both = { STAFF, PEOPLE + 2, "工作人员", &seat, 1, NULL };
    int64_t n = under_review(&b, "2014-08-18");
    done(&b, &both, n, "2014-08-19", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    refused(&b, &both, n, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.reviewed_yourself_alone");
    refused(&b, &both, n, "2014-08-19", REFUSE, (SubjectInput){ .reason = "不符" }, "cases.reviewed_yourself_alone");
    done(&b, &people[ORGAN_APPROVER], n, "2014-08-19", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    bench_close(&b);
}

static void on_the_spot_one_person_does_it_all(void)
{
    Bench b;
    bench_open(&b);
    CHANGE(&b, "2014-08-01", ",10,working,person", ",0,working,person", "3,licence,no,", "3,licence,yes,");
    static const Post seat = { ORGAN, 330482000000, REVIEWER | APPROVER };
    static const Actor both = { STAFF, PEOPLE + 2, "工作人员", &seat, 1, NULL };
    int64_t n = under_review(&b, "2014-08-18");
    done(&b, &both, n, "2014-08-18", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    done(&b, &both, n, "2014-08-18", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/acts/every kind of act has its papers", every_kind_of_act_has_its_papers);
    g_test_add_func("/acts/what is no licence has its own paper and basis", what_is_no_licence_has_its_own_paper_and_basis);
    g_test_add_func("/acts/silence accepts licences alone", silence_accepts_licences_alone);
    g_test_add_func("/acts/an incomplete application is neither accepted nor granted", an_incomplete_application_is_neither_accepted_nor_granted);
    g_test_add_func("/acts/a refusal needs no paper", a_refusal_needs_no_paper);
    g_test_add_func("/acts/from home nobody ticks papers", from_home_nobody_ticks_papers);
    g_test_add_func("/acts/papers stay with their names when the item changes", papers_stay_with_their_names_when_the_item_changes);
    g_test_add_func("/acts/who never corrects has withdrawn", who_never_corrects_has_withdrawn);
    g_test_add_func("/acts/a case is terminated on a ground of law alone", a_case_is_terminated_on_a_ground_of_law_alone);
    g_test_add_func("/acts/a correction asks for all that is missing and nothing else", a_correction_asks_for_all_that_is_missing_and_nothing_else);
    g_test_add_func("/acts/an item has its own time to correct", an_item_has_its_own_time_to_correct);
    g_test_add_func("/acts/what still does not fit is not accepted", what_still_does_not_fit_is_not_accepted);
    g_test_add_func("/acts/false papers are refused by article 78", false_papers_are_refused_by_article_78);
    g_test_add_func("/acts/who reviewed does not decide", who_reviewed_does_not_decide);
    g_test_add_func("/acts/on the spot one person does it all", on_the_spot_one_person_does_it_all);
    return g_test_run();
}
