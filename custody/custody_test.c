// SPDX-License-Identifier: Apache-2.0
/* Originals that a desk keeps: against a receipt, until they are handed back, and not beyond the end of the case. */
#include "cases/bench_test.h"

#include "custody/room.h"
#include "outbox/outbox.h"

static bool leave_work(const Context *context, void *data, GError **error)
{
    g_auto(Custody) made = { 0 };
    Acting *a = data;
    const Deposit deposit = { .case_number = a->number, .originals = "房屋所有权证\n\n 租赁合同 ", .pieces = 2 };
    bool begun = custody_begin(context, &deposit, &made, error);
    a->number = made.number;
    return begun;
}

static int64_t left(Bench *b, int64_t number, GError **error)
{
    Acting a = { .number = number };
    return write_as(b, &people[VILLAGE_CLERK], at("2014-08-18", 11), leave_work, &a, error) ? a.number : 0;
}

static int64_t left_now(Bench *b, int64_t number)
{
    g_autoptr(GError) error = NULL;
    int64_t made = left(b, number, &error);
    g_assert_no_error(error);
    return made;
}

static bool back_work(const Context *context, void *data, GError **error)
{
    g_auto(Custody) next = { 0 };
    const int64_t *number = data;
    g_autoptr(json_t) fields = json_pack("{s:s}", "receiver", "李示例");
    const SubjectInput input = { .seen = -1, .fields = fields };
    return subject_act(context, &custody_kind, *number, &custody_rules[CUSTODY_HAND_BACK], &input, &next, error);
}

static bool unsigned_work(const Context *context, void *data, GError **error)
{
    g_auto(Custody) next = { 0 };
    const int64_t *number = data;
    return subject_act(context, &custody_kind, *number, &custody_rules[CUSTODY_HAND_BACK], &(SubjectInput){ .seen = -1 }, &next, error);
}

static void assert_reason(GError *error, const char *reason)
{
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static Custody found(Bench *b, int64_t number)
{
    Custody self;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(subject_load(db, COUNTY, &custody_kind, number, &self, NULL));
    store_return(b->store, db);
    return self;
}

/* The facts of the only document of that kind. Owned by the caller. */
static json_t *paper_of(Bench *b, int64_t number, size_t place, const char *kind)
{
    json_t *content = NULL;
    g_autofree char *subject = g_strdup_printf("custody/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) all = files_documents(db, COUNTY, subject, NULL);
    g_assert_cmpstr(json_text(json_array_get(all, place), "document_kind"), ==, kind);
    g_assert_true(files_document_content(db, COUNTY, json_text(json_array_get(all, place), "code"), &content, NULL));
    store_return(b->store, db);
    return content;
}

static int64_t delivered(Bench *b)
{
    int64_t n = to_decide(b, "2014-08-18");
    done(b, &people[ORGAN_APPROVER], n, "2014-08-18", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(b, &people[TOWN_REVIEWER], n, "2014-08-18", ISSUE, (SubjectInput){ 0 }, ISSUED);
    done(b, &people[VILLAGE_CLERK], n, "2014-08-18", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    return n;
}

static void assert_whole(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    subject_verify(&context, &custody_kind, NULL, NULL, &count, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
    bench_close(b);
}

static void a_case_is_not_closed_while_originals_are_here(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL, none = NULL, nobody = NULL;
    int64_t n = delivered(&b), custody = left_now(&b, n);
    g_autoptr(json_t) receipt = paper_of(&b, custody, 0, "custody_receipt");
    g_assert_cmpstr(json_text(receipt, "applicant_name"), ==, "张示例");
    g_assert_cmpuint(json_array_size(json_object_get(receipt, "materials")), ==, 2);
    g_assert_cmpstr(json_text(receipt, "place_kept"), ==, "新仓镇三叉河村便民服务点");
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-19", CLOSE, (SubjectInput){ 0 }, "custody.originals_here");
    g_assert_false(write_as(&b, &people[OTHER_TOWN], at("2014-08-19", 9), back_work, &custody, &none));
    assert_reason(none, "custody.not_yours");
    g_assert_false(write_as(&b, &people[VILLAGE_CLERK], at("2014-08-19", 9), unsigned_work, &custody, &nobody));
    assert_reason(nobody, "custody.needed");
    g_assert_true(write_as(&b, &people[VILLAGE_CLERK], at("2014-08-19", 9), back_work, &custody, &error));
    g_assert_no_error(error);
    g_autoptr(json_t) slip = paper_of(&b, custody, 1, "custody_return");
    g_assert_cmpstr(json_text(slip, "receiver"), ==, "李示例");
    g_auto(Custody) self = found(&b, custody);
    g_assert_true(self.state == CUSTODY_BACK && self.back_day == day_parse("2014-08-19"));
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    assert_whole(&b);
}

static void only_a_desk_of_the_case_takes_them_and_only_while_it_runs(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) early = NULL, late = NULL, elsewhere = NULL;
    int64_t draft = drafted(&b, "2014-08-18"), n = delivered(&b);
    g_assert_cmpint(left(&b, draft, &early), ==, 0);
    assert_reason(early, "custody.case_over");
    Acting a = { .number = n };
    g_assert_false(write_as(&b, &people[OTHER_TOWN], at("2014-08-18", 11), leave_work, &a, &elsewhere));
    assert_reason(elsewhere, "custody.not_your_desk");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    g_assert_cmpint(left(&b, n, &late), ==, 0);
    assert_reason(late, "custody.case_over");
    assert_whole(&b);
}

static int64_t messages(Bench *b)
{
    int64_t count;
    bool is_there;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM message WHERE county = :county AND template = 'custody.messages.left'",
                             WITH(db_int("county", COUNTY)), &count, &is_there, NULL));
    store_return(b->store, db);
    return count;
}

static void who_withdraws_has_his_originals_back(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = under_review(&b, "2014-08-18");
    left_now(&b, n);
    left_now(&b, n);
    g_assert_cmpint(messages(&b), ==, 0);
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    g_assert_cmpint(messages(&b), ==, 2); /* of each that is left */
    assert_whole(&b);
}

static bool erase_work(const Context *context, void *data, GError **error)
{
    g_auto(Case) next = { 0 };
    const Acting *a = data;
    return case_act(context, a->number, a->action, &a->input, &next, error);
}

static void with_the_case_goes_what_was_left(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    static const Post keeper_post = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR };
    static const Actor keeper = { STAFF, PEOPLE + 2, "工作人员", &keeper_post, 1, NULL };
    int64_t n = delivered(&b), custody = left_now(&b, n);
    g_assert_true(write_as(&b, &people[VILLAGE_CLERK], at("2014-08-19", 9), back_work, &custody, &error));
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
    Acting a = { n, ERASE, { .seen = -1, .reason = "本人申请" }, NULL };
    g_assert_true(write_as(&b, &keeper, at("2014-08-20", 9), erase_work, &a, &error));
    g_assert_no_error(error);
    g_auto(Custody) self = found(&b, custody);
    g_assert_true(!*self.originals && !*self.depositor && !*self.receiver);
    assert_whole(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/custody/a case is not closed while originals are here", a_case_is_not_closed_while_originals_are_here);
    g_test_add_func("/custody/only a desk of the case takes them and only while it runs", only_a_desk_of_the_case_takes_them_and_only_while_it_runs);
    g_test_add_func("/custody/who withdraws has his originals back", who_withdraws_has_his_originals_back);
    g_test_add_func("/custody/with the case goes what was left", with_the_case_goes_what_was_left);
    return g_test_run();
}
