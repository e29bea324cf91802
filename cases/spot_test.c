// SPDX-License-Identifier: Apache-2.0
/* A decision on the spot (Licensing Law art. 34 §2) is what one would have by taking each step, or nothing at all. */
#include "cases/bench_test.h"

static const int64_t county = 330482000000;
static const Post all_seats = { ORGAN, 330482000000, CLERK | REVIEWER | APPROVER | ISSUER }, some_seats = { ORGAN, 330482000000, CLERK | REVIEWER | ISSUER };
static const Actor one = { STAFF, PEOPLE + 2, "工作人员", &all_seats, 1, NULL }, other = { STAFF, PEOPLE + 3, "工作人员", &some_seats, 1, NULL };

static void open_spot(Bench *b)
{
    bench_open(b);
    CHANGE(b, "2014-08-01", ",10,working,person", ",0,working,person", "3,licence,no,", "3,licence,yes,",
           "receive;village/town/county;clerk|prereview;town;reviewer|accept;county;reviewer|review;county;reviewer|decide;county;approver|issue;town;issuer|deliver;town/village;clerk",
           "receive;county;clerk|accept;county;reviewer|review;county;reviewer|decide;county;approver|issue;county;issuer|deliver;county;clerk");
}

static int64_t at_the_counter(Bench *b)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    try_draft(b, &one, county, AT_COUNTY, "2014-08-18", &made, &error);
    g_assert_no_error(error);
    return made.number;
}

static bool decide_work(const Context *context, void *data, GError **error)
{
    g_auto(Case) self = { 0 };
    Acting *a = data;
    return subject_load(context->db, COUNTY, &case_kind, a->number, &self, error) && case_decide_on_spot(context, &self, &a->input, error) &&
           subject_save(context, &case_kind, &self, error);
}

static bool decide(Bench *b, const Actor *actor, int64_t number, const json_t *papers, GError **error)
{
    g_autoptr(json_t) fields = json_pack("{s:s, s:s}", "granted", "二楼", "receiver", "张示例");
    Acting a = { .number = number, .input = { .seen = -1, .opinion = "符合条件", .materials = papers, .fields = fields } };
    return write_as(b, actor, at("2014-08-18", 10), decide_work, &a, error);
}

/* Nothing is changed by what is refused. */
static void assert_refused(Bench *b, const Actor *actor, int64_t number, const json_t *papers, const char *reason, int64_t state)
{
    g_autoptr(GError) error = NULL;
    g_auto(Case) before = present(b, number);
    g_assert_false(decide(b, actor, number, papers, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_auto(Case) after_it = present(b, number);
    g_assert_true(after_it.state == state && after_it.events == before.events && after_it.held == before.held);
}

/* "received opinion=… receipt", one line for each event: its kind, facts and the kind of its document. */
static char *told(Bench *b, int64_t number)
{
    size_t i;
    json_t *each;
    GString *lines = g_string_new(NULL);
    Db *db = store_reader(b->store, NULL);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    json_array_foreach(events, i, each) {
        json_t *facts = json_object_get(json_object_get(each, "payload"), "facts"), *document = json_object_get(facts, "document");
        json_object_set(facts, "document", json_object_get(document, "document_kind"));
        g_autofree char *text = json_canonical(facts);
        g_string_append_printf(lines, "%s %s\n", json_text(each, "kind"), text);
    }
    store_return(b->store, db);
    return g_string_free(lines, FALSE);
}

/* In the order of the acts, though all have one instant; and nobody waits five days to be told of what is decided already. */
static void assert_papers(Bench *b, int64_t number)
{
    g_autoptr(json_t) receipt = NULL;
    static const char *const first[] = { "receipt", "acceptance" };
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        g_assert_cmpstr(json_text(json_array_get(all, i), "document_kind"), ==, first[i]);
    g_assert_true(files_document_content(db, COUNTY, json_text(json_array_get(all, 0), "code"), &receipt, NULL));
    store_return(b->store, db);
    g_assert_true(json_flag(receipt, CASE_ON_SPOT));
}

static void it_is_what_each_step_would_have_done(void)
{
    Bench b;
    open_spot(&b);
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) papers = necessary_papers(), fields = json_pack("{s:s, s:s}", "granted", "二楼", "receiver", "张示例");
    int64_t by_hand = at_the_counter(&b), at_once = at_the_counter(&b);
    const SubjectInput with = { .opinion = "符合条件", .fields = fields };
    done(&b, &one, by_hand, "2014-08-18", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    done(&b, &one, by_hand, "2014-08-18", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    done(&b, &one, by_hand, "2014-08-18", PASS, with, REVIEW);
    done(&b, &one, by_hand, "2014-08-18", GRANT, with, GRANTED);
    done(&b, &one, by_hand, "2014-08-18", ISSUE, with, ISSUED);
    done(&b, &one, by_hand, "2014-08-18", DELIVER, with, DELIVERED);
    g_assert_true(decide(&b, &one, at_once, papers, &error));
    g_assert_no_error(error);
    g_autofree char *steps = told(&b, by_hand), *step = told(&b, at_once);
    g_assert_cmpstr(step, ==, steps);
    g_assert_nonnull(strstr(step, "case.delivered"));
    g_assert_nonnull(strstr(step, "materials")); /* the facts are among what is compared */
    g_auto(Case) left = present(&b, by_hand), right = present(&b, at_once);
    g_assert_true(right.state == DELIVERED && right.spent == left.spent && right.kept == left.kept && right.held == left.held);
    g_assert_cmpstr(right.granted, ==, "二楼");
    assert_papers(&b, at_once);
    bench_close(&b);
}

static void what_was_received_before_is_decided_too(void)
{
    Bench b;
    open_spot(&b);
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) papers = necessary_papers();
    int64_t n = at_the_counter(&b);
    done(&b, &one, n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    g_assert_true(decide(&b, &one, n, papers, &error));
    g_assert_no_error(error);
    assert_refused(&b, &one, n, papers, "cases.spot_not_now", DELIVERED);
    bench_close(&b);
}

static void all_of_it_or_nothing(void)
{
    Bench b;
    open_spot(&b);
    g_autoptr(json_t) papers = necessary_papers(), some = json_pack("[s]", "申请书"), unknown = json_pack("[s]", "房产证");
    int64_t n = at_the_counter(&b);
    assert_refused(&b, &one, n, some, "cases.incomplete", DRAFT);
    assert_refused(&b, &one, n, unknown, "cases.no_such_material", DRAFT);
    assert_refused(&b, &other, n, papers, "cases.spot_not_yours", DRAFT);
    assert_refused(&b, &people[OTHER_ORGAN], n, papers, "cases.not_your_case", DRAFT);
    bench_close(&b);
}

static void what_takes_days_is_not_decided_at_once(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) papers = necessary_papers();
    assert_refused(&b, &people[TOWN_REVIEWER], drafted(&b, "2014-08-18"), papers, "cases.not_on_spot", DRAFT);
    bench_close(&b);
}

static void the_kind_of_a_case_follows_from_what_happened(void)
{
    static const struct { int64_t state, corrected, joint; bool is_instant; const char *details, *kind; } all[] = {
        { REVIEW, 0, 0, false, "{}", "promised" },
        { REVIEW, 0, 0, true, "{}", "instant" },
        { REVIEW, 0, 0, true, "{\"handling\": \"instant\"}", "instant" },
        { REVIEW, 0, 0, false, "{\"handling\": \"forwarded\"}", "forwarded" },
        { REVIEW, 0, 0, false, "{\"co_organs\": [{\"name\": \"x\"}]}", "joint" },
        { REVIEW, 0, 1, false, "{\"handling\": \"promised\"}", "joint" },
        { REVIEW, 1, 1, false, "{}", "supplemented" },
        { CLOSED, 1, 0, false, "{\"handling\": \"joint\"}", "supplemented" },
        { NOT_ACCEPTED, 1, 0, true, "{}", "returned" },
        { NOT_NEEDED, 0, 0, false, "{\"handling\": \"promised\"}", "returned" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(json_t) details = json_loads(all[i].details, 0, NULL);
        const Item item = { .details = details, .instant = all[i].is_instant };
        const Case self = { .state = all[i].state, .corrected = all[i].corrected, .joint = all[i].joint };
        g_assert_cmpstr(case_handling(&self, &item), ==, all[i].kind);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/spot/it is what each step would have done", it_is_what_each_step_would_have_done);
    g_test_add_func("/spot/what was received before is decided too", what_was_received_before_is_decided_too);
    g_test_add_func("/spot/all of it or nothing", all_of_it_or_nothing);
    g_test_add_func("/spot/what takes days is not decided at once", what_takes_days_is_not_decided_at_once);
    g_test_add_func("/spot/the kind of a case follows from what happened", the_kind_of_a_case_follows_from_what_happened);
    return g_test_run();
}
