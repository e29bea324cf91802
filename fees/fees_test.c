// SPDX-License-Identifier: Apache-2.0
/* Fees by the catalogue alone; the step that waits for them; the counter, the bank's table and its messages; on a file and on a server. */
#include "fees/life.h"

#include "licences/bench_test.h"

static const char copies[] = "工本费";
#define CHARGED(b) CHANGE(b, "2014-08-01", "keywords,origin\n", "keywords,origin,fees\n", "made up\n", \
                          "made up,工本费;Cost of copies;1000;;示例收费标准;yes;本;copy|检测费;Test;;按面积计算\n")

typedef struct Noting {
    int64_t number;
    FeeAsk ask;
    Fee made;
} Noting;

static bool note_work(const Context *context, void *data, GError **error)
{
    Noting *n = data;
    g_auto(Case) of = { 0 };
    fee_clear(&n->made);
    n->made = (Fee){ 0 };
    return subject_load(context->db, context->county, &case_kind, n->number, &of, error) && fee_begin(context, &of, &n->ask, &n->made, error);
}

static char *reason_in(GError *error)
{
    g_autoptr(json_t) details = error ? trouble_details(error) : NULL;
    return g_strdup(details ? json_text(details, "reason") : "");
}

/* The number of the notice; 0 where it is refused for the reason. */
static int64_t noted(Bench *b, const Actor *actor, int64_t number, FeeAsk ask, const char *reason)
{
    Noting n = { .number = number, .ask = ask };
    g_autoptr(GError) error = NULL;
    g_auto(Case) before = present(b, number);
    bool made = write_as(b, actor, at("2014-08-22", 10), note_work, &n, &error);
    g_autofree char *told = reason_in(error);
    g_assert_cmpstr(told, ==, reason);
    g_auto(Case) after = present(b, number);
    g_assert_cmpint(before.events, ==, after.events);
    int64_t fee = made ? n.made.number : 0;
    fee_clear(&n.made);
    return fee;
}

static Fee fee_now(Bench *b, int64_t number)
{
    Fee found = { 0 };
    Db *db = store_reader(b->store, NULL);
    g_assert_true(subject_load(db, COUNTY, &fee_kind, number, &found, NULL));
    store_return(b->store, db);
    return found;
}

static void assert_fee(Bench *b, int64_t number, enum fee_state state)
{
    g_auto(Fee) found = fee_now(b, number);
    g_assert_cmpstr(fee_state_names[found.state], ==, fee_state_names[state]);
}

typedef struct FeeTaking {
    int64_t number;
    enum fee_action action;
    SubjectInput input;
} FeeTaking;

static bool fee_work(const Context *context, void *data, GError **error)
{
    const FeeTaking *t = data;
    g_auto(Fee) after = { 0 };
    return subject_act(context, &fee_kind, t->number, &fee_rules[t->action], &t->input, &after, error);
}

static void acts(Bench *b, const Actor *actor, int64_t number, enum fee_action action, SubjectInput input, const char *reason)
{
    g_autoptr(GError) error = NULL;
    input.seen = -1;
    FeeTaking t = { number, action, input };
    write_as(b, actor, at("2014-08-25", 10), fee_work, &t, &error);
    g_autofree char *told = reason_in(error);
    g_assert_cmpstr(told, ==, reason);
}

static void pays(Bench *b, const Actor *actor, int64_t number, const char *reason)
{
    g_autoptr(json_t) fields = json_pack("{s:s, s:s}", "channel", "cash", "receipt", "0001234");
    acts(b, actor, number, FEE_PAY, (SubjectInput){ .fields = fields }, reason);
}

/* Granted on 21 August by an item that charges 10 yuan for a copy. */
static int64_t granted(Bench *b)
{
    int64_t number = to_decide(b, "2014-08-20");
    done(b, &people[ORGAN_APPROVER], number, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    return number;
}

/* ---- amounts ---- */

static void amounts_are_read_without_rounding(void)
{
    static const struct { const char *text; int64_t fen; } all[] = {
        { "20", 2000 }, { "20.00", 2000 }, { "20.5", 2050 }, { "0.01", 1 }, { "1,234.56", 123456 }, { "1000000000.00", FEE_MOST },
        { "", 0 }, { "0", 0 }, { "-20", 0 }, { "+20", 0 }, { "20.005", 0 }, { "2e3", 0 }, { "1,23", 0 }, { "1000000000.01", 0 },
        { "99999999999999999999", 0 }, { "20 ", 0 }, { "２０", 0 }, { "20.", 0 }, { ".5", 0 }, { "NaN", 0 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        int64_t fen = 0;
        g_assert_cmpint(fee_amount_read(all[i].text, &fen), ==, all[i].fen > 0);
        if (all[i].fen)
            g_assert_cmpint(fen, ==, all[i].fen);
    }
}

/* ---- what waits ---- */

static void a_licence_is_not_issued_before_its_fee_is_settled(void)
{
    Bench b;
    open_bench(&b);
    CHARGED(&b);
    int64_t number = granted(&b);
    refused(&b, &people[TOWN_REVIEWER], number, "2014-08-22", ISSUE, (SubjectInput){ 0 }, "fees.not_noted");
    int64_t fee = noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", 2 }, "");
    g_auto(Fee) made = fee_now(&b, fee);
    g_assert_cmpint(made.total, ==, 2000);
    g_assert_cmpstr(made.basis, ==, "示例收费标准");
    refused(&b, &people[TOWN_REVIEWER], number, "2014-08-22", ISSUE, (SubjectInput){ 0 }, "fees.unpaid");
    pays(&b, &people[OTHER_ORGAN], fee, "fees.not_yours");
    acts(&b, &people[VILLAGE_CLERK], fee, FEE_PAY, (SubjectInput){ 0 }, "fees.needed");
    pays(&b, &people[VILLAGE_CLERK], fee, ""); /* where it was handed in */
    pays(&b, &people[VILLAGE_CLERK], fee, "fees.not_now");
    done(&b, &people[TOWN_REVIEWER], number, "2014-08-26", ISSUE, (SubjectInput){ 0 }, ISSUED);
    done(&b, &people[VILLAGE_CLERK], number, "2014-08-27", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    g_autoptr(json_t) papers = documents_of(&b, "case", number);
    bool is_there = false;
    for (size_t i = 0; i < json_array_size(papers); i++)
        is_there |= strcmp(json_text(json_array_get(papers, i), "document_kind"), "payment_notice") == 0;
    g_assert_true(is_there);
    close_bench(&b);
}

static void a_line_may_name_an_earlier_step(void)
{
    Bench b;
    open_bench(&b);
    CHANGE(&b, "2014-08-01", "keywords,origin\n", "keywords,origin,fees\n", "made up\n", "made up,检测费;Test;5000;;示例标准;no;;;decide\n");
    int64_t number = to_decide(&b, "2014-08-20");
    refused(&b, &people[ORGAN_APPROVER], number, "2014-08-21", GRANT, (SubjectInput){ .opinion = "同意" }, "fees.not_noted");
    int64_t fee = noted(&b, &people[ORGAN_APPROVER], number, (FeeAsk){ "检测费", "", 1 }, "");
    pays(&b, &clerk, fee, "");
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-26", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(&b, &people[TOWN_REVIEWER], number, "2014-08-26", ISSUE, (SubjectInput){ 0 }, ISSUED);
    close_bench(&b);
}

static void what_is_refused_is_delivered_without_a_fee(void)
{
    Bench b;
    open_bench(&b);
    CHARGED(&b);
    int64_t number = to_decide(&b, "2014-08-20");
    done(&b, &people[ORGAN_APPROVER], number, "2014-08-21", REFUSE, (SubjectInput){ .reason = "不符" }, REFUSED);
    done(&b, &people[VILLAGE_CLERK], number, "2014-08-22", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    close_bench(&b);
}

/* ---- nothing but the catalogue ---- */

static void nothing_is_charged_that_the_catalogue_does_not_have(void)
{
    Bench b;
    open_bench(&b);
    int64_t free_of_charge = granted(&b);
    noted(&b, &people[TOWN_REVIEWER], free_of_charge, (FeeAsk){ copies, "", 1 }, "fees.not_charged");
    done(&b, &people[TOWN_REVIEWER], free_of_charge, "2014-08-22", ISSUE, (SubjectInput){ 0 }, ISSUED);
    CHARGED(&b);
    int64_t number = granted(&b);
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ "咨询费", "", 1 }, "fees.no_line");
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ "检测费", "", 1 }, "fees.no_line"); /* told in words alone */
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", 0 }, "fees.quantity");
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", -1 }, "fees.quantity");
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", INT64_MAX }, "fees.quantity");
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ "", "", 1 }, "fees.reason_needed");
    noted(&b, &people[OTHER_ORGAN], number, (FeeAsk){ copies, "", 1 }, "fees.not_your_case");
    int64_t fee = noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ "", "首次申领免费", 1 }, "");
    assert_fee(&b, fee, FEE_NOTHING);
    done(&b, &people[TOWN_REVIEWER], number, "2014-08-22", ISSUE, (SubjectInput){ 0 }, ISSUED);
    close_bench(&b);
}

static void the_head_waives_and_refunds_with_a_reason(void)
{
    Bench b;
    open_bench(&b);
    CHARGED(&b);
    int64_t number = granted(&b);
    int64_t fee = noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", 1 }, "");
    noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", 1 }, "fees.noted_already");
    acts(&b, &clerk, fee, FEE_CANCEL, (SubjectInput){ .reason = "数量有误" }, "");
    refused(&b, &people[TOWN_REVIEWER], number, "2014-08-25", ISSUE, (SubjectInput){ 0 }, "fees.not_noted");
    int64_t other = noted(&b, &people[TOWN_REVIEWER], number, (FeeAsk){ copies, "", 1 }, "");
    acts(&b, &clerk, other, FEE_WAIVE, because, "fees.not_yours");
    acts(&b, &people[ORGAN_HEAD], other, FEE_WAIVE, (SubjectInput){ .reason = "低保" }, "fees.needed");
    acts(&b, &people[ORGAN_HEAD], other, FEE_WAIVE, (SubjectInput){ .reason = "低保", .basis = "示例办法第三条" }, "");
    done(&b, &people[TOWN_REVIEWER], number, "2014-08-26", ISSUE, (SubjectInput){ 0 }, ISSUED);
    acts(&b, &people[ORGAN_HEAD], other, FEE_REFUND, (SubjectInput){ .reason = "误收" }, "fees.not_now");
    close_bench(&b);
}

/* ---- the bank ---- */

typedef struct Importing {
    const char *table;
    int64_t taken, known;
    size_t length; /* 0: that of the text */
} Importing;

static bool import_work(const Context *context, void *data, GError **error)
{
    Importing *i = data;
    return fee_import(context, i->table, i->length ? i->length : strlen(i->table), &i->taken, &i->known, error);
}

static int64_t due_fee(Bench *b)
{
    return noted(b, &people[TOWN_REVIEWER], granted(b), (FeeAsk){ copies, "", 2 }, "");
}

static void a_table_of_the_bank_is_taken_whole_and_once(void)
{
    Bench b;
    open_bench(&b);
    CHARGED(&b);
    int64_t one = due_fee(&b), other = due_fee(&b);
    g_autofree char *good = g_strdup_printf("reference,amount,day\n%" PRId64 ",20.00,2014-08-23\n%" PRId64 ",\"20\",2014-08-24\n", one, other);
    g_autofree char *bad = g_strdup_printf("reference,amount,day\n%" PRId64 ",19.99,2014-08-23\n%" PRId64 ",20.00,2014-09-30\n"
                                           "330483140822000001,20.00,2014-08-23\n%" PRId64 ",20,2014-08-23\nx,-5,y\n", one, other, one);
    Importing wrong = { .table = bad }, right = { .table = good }, again = { .table = good }, foreign = { .table = good };
    g_autoptr(GError) error = NULL, not_yours = NULL;
    g_assert_false(write_as(&b, &clerk, at("2014-08-25", 10), import_work, &wrong, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_autoptr(json_t) faults = json_loads(json_text(details, "faults"), 0, NULL);
    g_assert_cmpuint(json_array_size(faults), ==, 7); /* the amount; the day; no such reference; twice; and all of the last line */
    assert_fee(&b, one, FEE_DUE);
    g_assert_false(write_as(&b, &people[OTHER_ORGAN], at("2014-08-25", 10), import_work, &foreign, &not_yours));
    assert_fee(&b, one, FEE_DUE);
    g_assert_true(write_as(&b, &clerk, at("2014-08-25", 10), import_work, &right, NULL));
    g_assert_cmpint(right.taken, ==, 2);
    g_auto(Fee) paid = fee_now(&b, other);
    g_assert_true(paid.state == FEE_PAID && paid.paid_day == day_parse("2014-08-24"));
    g_assert_true(write_as(&b, &clerk, at("2014-08-26", 10), import_work, &again, NULL));
    g_assert_true(again.taken == 0 && again.known == 2);
    g_auto(Fee) still = fee_now(&b, other);
    g_assert_cmpint(still.events, ==, paid.events);
    close_bench(&b);
}

static void a_workbook_of_the_bank_is_taken_as_its_table(void)
{
    Bench b;
    open_bench(&b);
    CHARGED(&b);
    int64_t fee = due_fee(&b);
    g_autofree char *reference = g_strdup_printf("%" PRId64, fee);
    static const char *const titles[] = { "reference", "amount", "day" };
    static const enum cell_kind kinds[] = { CELL_TEXT, CELL_TEXT, CELL_TEXT };
    const char *cells[] = { reference, "20.00", "2014/8/23" };
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    g_ptr_array_add(rows, cells);
    const ViewTable table = { 3, titles, kinds, rows };
    g_autoptr(GBytes) workbook = view_xlsx(&table, NULL);
    Importing given = { .table = g_bytes_get_data(workbook, NULL), .length = g_bytes_get_size(workbook) };
    g_assert_true(write_as(&b, &clerk, at("2014-08-25", 10), import_work, &given, NULL));
    g_assert_cmpint(given.taken, ==, 1);
    assert_fee(&b, fee, FEE_PAID);
    close_bench(&b);
}

typedef struct Crediting {
    FeePayment payment;
    bool fits;
} Crediting;

static bool credit_work(const Context *context, void *data, GError **error)
{
    Crediting *c = data;
    return fee_credit(context, &c->payment, &c->fits, error);
}

static bool credits(Bench *b, int64_t reference, int64_t amount, const char *day, const char *message, const char *reason)
{
    g_autoptr(GError) error = NULL;
    Crediting c = { { reference, amount, day_parse(day), 4, message }, false };
    write_as(b, &the_system, at("2014-08-25", 10), credit_work, &c, &error);
    g_autofree char *told = reason_in(error);
    g_assert_cmpstr(told, ==, reason);
    return c.fits;
}

static void a_message_of_the_bank_counts_once_and_for_the_whole_amount(void)
{
    Bench b;
    open_bench(&b);
    CHARGED(&b);
    int64_t fee = due_fee(&b);
    credits(&b, 330482140822000999, 2000, "2014-08-23", "m1", "fees.no_fee");
    credits(&b, fee, 2000, "2014-08-26", "m1", "fees.day_to_come");
    credits(&b, fee, 2000, "2014-08-21", "m1", "fees.day_before");
    g_assert_false(credits(&b, fee, 1999, "2014-08-23", "m1", ""));
    g_auto(Fee) other = fee_now(&b, fee);
    g_assert_true(other.state == FEE_DUE && other.received == 1999);
    credits(&b, fee, 1999, "2014-08-23", "m1", "fees.replayed");
    g_assert_true(credits(&b, fee, 2000, "2014-08-24", "m2", ""));
    g_auto(Fee) paid = fee_now(&b, fee);
    g_assert_true(paid.state == FEE_PAID && paid.received == 0);
    credits(&b, fee, 2000, "2014-08-24", "m2", "fees.paid_already");
    acts(&b, &the_system, fee, FEE_CREDIT, (SubjectInput){ 0 }, "fees.no_action"); /* nobody credits without a payment */
    acts(&b, &people[ORGAN_HEAD], fee, FEE_REFUND, (SubjectInput){ .reason = "重复缴费" }, "");
    credits(&b, fee, 2000, "2014-08-24", "m3", "fees.not_due");
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fees/amounts are read without rounding", amounts_are_read_without_rounding);
    add("/fees/a licence is not issued before its fee is settled", a_licence_is_not_issued_before_its_fee_is_settled);
    add("/fees/a line may name an earlier step", a_line_may_name_an_earlier_step);
    add("/fees/what is refused is delivered without a fee", what_is_refused_is_delivered_without_a_fee);
    add("/fees/nothing is charged that the catalogue does not have", nothing_is_charged_that_the_catalogue_does_not_have);
    add("/fees/the head waives and refunds with a reason", the_head_waives_and_refunds_with_a_reason);
    add("/fees/a table of the bank is taken whole and once", a_table_of_the_bank_is_taken_whole_and_once);
    add("/fees/a workbook of the bank is taken as its table", a_workbook_of_the_bank_is_taken_as_its_table);
    add("/fees/a message of the bank counts once and for the whole amount", a_message_of_the_bank_counts_once_and_for_the_whole_amount);
    return g_test_run();
}
