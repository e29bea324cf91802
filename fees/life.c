// SPDX-License-Identifier: Apache-2.0
/* The life of a payment notice as a table.
 *
 *   DUE --pay, credit--> PAID --refund--> REFUNDED
 *   DUE --waive--> WAIVED        DUE, NOTHING --cancel--> CANCELLED: another may be made
 *   DUE --mismatch--> DUE: another amount came, which the register shows */
#include "fees/life.h"

#include <string.h>

const char *const fee_state_names[FEE_STATES + 1] = { "due", "paid", "exempt", "nothing", "refunded", "void", NULL };
const char *const fee_channel_names[] = { "", "cash", "card", "bank", "online", NULL };
enum { CASH = 1, CARD };

enum { PRESENT_COLUMNS = 1 };
#define OF(member, ...) RECORD_COLUMN(Fee, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(amount, RECORD_MONEY, NULL),
    OF(basis, RECORD_TEXT, NULL),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(channel, RECORD_WORD, fee_channel_names, PRESENT_COLUMNS),
    OF(division, RECORD_INTEGER, NULL),
    OF(events, RECORD_INTEGER, .group = PRESENT_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(is_reducible, RECORD_FLAG, NULL),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(line, RECORD_TEXT, NULL),
    OF(line_en, RECORD_TEXT, NULL),
    OF(made_day, RECORD_DAY, NULL),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ, RECORD_INTEGER, NULL),
    OF(paid_day, RECORD_DAY, .group = PRESENT_COLUMNS),
    OF(quantity, RECORD_INTEGER, NULL),
    OF(receipt, RECORD_TEXT, .group = PRESENT_COLUMNS),
    OF(received, RECORD_MONEY, .group = PRESENT_COLUMNS),
    OF(state, RECORD_WORD, fee_state_names, PRESENT_COLUMNS),
    OF(total, RECORD_MONEY, NULL),
    OF(unit, RECORD_TEXT, NULL),
    OF(unit_en, RECORD_TEXT, NULL),
};

const Record fee_record = { "fee", sizeof(Fee), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, NULL };

void fee_clear(Fee *self)
{
    record_clear(&fee_record, self);
}

/* ---- guards and effects ---- */

static const char *said(const SubjectTurn *turn, const char *name)
{
    return json_text(turn->input->fields, name);
}

static bool is_reducible(const SubjectTurn *turn, GError **error)
{
    return ((const Fee *)turn->present)->is_reducible || refuse(error, CONFLICT, "fees.not_reducible", NULL);
}

/* A message that was told before is told by another, or is an attack. */
static bool is_new_message(const SubjectTurn *turn, GError **error)
{
    const Fee *self = turn->present;
    const FeePayment *payment = turn->work;
    if (payment->day > day_of(turn->context->now) || payment->day < self->made_day)
        return refuse_field(error, "day", payment->day < self->made_day ? "fees.day_before" : "fees.day_to_come", NULL);
    return !*self->receipt || strcmp(self->receipt, payment->receipt) != 0 || refuse(error, CONFLICT, "fees.replayed", NULL);
}

/* In cash or by card, with the number of the receipt. */
static bool is_told(const SubjectTurn *turn, GError **error)
{
    const char *channel = said(turn, "channel");
    if (strcmp(channel, fee_channel_names[CASH]) != 0 && strcmp(channel, fee_channel_names[CARD]) != 0)
        return refuse_field(error, "channel", "fees.needed", NULL);
    return *said(turn, "receipt") || refuse_field(error, "receipt", "fees.needed", NULL);
}

static bool pay(const SubjectTurn *turn, void *record, GError **error)
{
    Fee *next = record;
    (void)error;
    next->channel = (int64_t)name_place(fee_channel_names, said(turn, "channel"));
    record_set(&next->receipt, said(turn, "receipt"));
    next->paid_day = day_of(turn->context->now);
    next->received = 0;
    return true;
}

static bool credit(const SubjectTurn *turn, void *record, GError **error)
{
    Fee *next = record;
    const FeePayment *payment = turn->work;
    (void)error;
    next->channel = payment->channel;
    next->paid_day = payment->day;
    next->received = 0;
    record_set(&next->receipt, payment->receipt);
    return true;
}

static bool note_mismatch(const SubjectTurn *turn, void *record, GError **error)
{
    Fee *next = record;
    const FeePayment *payment = turn->work;
    (void)error;
    next->received = payment->amount;
    record_set(&next->receipt, payment->receipt);
    return true;
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define LICENSING "《行政许可法》"
enum { BY_PLACE = BY_OWN };
enum { NEED_PAYMENT = NEED_OWN };

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule fee_rules[FEE_ACTIONS] = {
    [FEE_PAY] = { "pay", "fee.paid", IN(FEE_DUE), BY_ITS_ORGAN | BY_PLACE, CLERK, FEE_PAID, NEED_PAYMENT, NULL, true, .guard = is_told, .effect = pay,
                  .law = LICENSING "第五十九条" },
    [FEE_CREDIT] = { "credit", "fee.credited", IN(FEE_DUE), BY_ITS_ORGAN | BY_SYSTEM, CLERK | HEAD, FEE_PAID, .guard = is_new_message,
                     .effect = credit, .law = LICENSING "第五十九条" },
    [FEE_MISMATCH] = { "mismatch", "fee.mismatched", IN(FEE_DUE), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = is_new_message, .effect = note_mismatch },
    [FEE_WAIVE] = { "waive", "fee.waived", IN(FEE_DUE), BY_ITS_ORGAN, HEAD, FEE_WAIVED, NEED_REASON | NEED_BASIS, .guard = is_reducible },
    [FEE_REFUND] = { "refund", "fee.refunded", IN(FEE_PAID), BY_ITS_ORGAN, HEAD, FEE_REFUNDED, NEED_REASON },
    [FEE_CANCEL] = { "void", "fee.voided", IN(FEE_DUE) | IN(FEE_NOTHING), BY_ITS_ORGAN, CLERK | REVIEWER, FEE_CANCELLED, NEED_REASON },
};

static bool is_of_place(const Actor *actor, const Fee *self)
{
    const int64_t organs[] = { [TOWN_LEVEL] = TOWN_CENTRE_ORGAN, [VILLAGE_LEVEL] = VILLAGE_POINT_ORGAN };
    enum level level = division_level(self->division);
    return level != COUNTY_LEVEL && actor->kind == STAFF && identity_may(actor, CLERK, organs[level], self->division);
}

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    return subject_is_entitled(actor, &fee_kind, present, rule, county) || ((rule->relations & BY_PLACE) && is_of_place(actor, present));
}

/* The bank alone credits, and nothing is waived that cannot be. */
static bool offers(const SubjectTurn *turn)
{
    const Fee *self = turn->present;
    return turn->rule != &fee_rules[FEE_CREDIT] && (turn->rule != &fee_rules[FEE_WAIVE] || self->is_reducible);
}

static bool may_see(const Actor *actor, const void *present)
{
    const Fee *self = present;
    const Case of = { .number = self->case_number, .organ = self->organ, .place = self->division, .channel = AT_COUNTY };
    return case_may_see(actor, &of);
}

/* The bank's payment is the turn's work; without one nothing is credited. */
static bool take(const Context *context, void *self, const SubjectRule *rule, const SubjectInput *input, GError **error)
{
    if (rule == &fee_rules[FEE_CREDIT] || rule == &fee_rules[FEE_MISMATCH])
        return refuse(error, NOT_FOUND, "fees.no_action", NULL);
    return subject_take(context, &fee_kind, self, rule, input, NULL, error);
}

const SubjectKind fee_kind = {
    .name = "fee", .words = "fees", .none = "fees.no_fee", .is_of_person = true, .paths = { [HOLDER] = "/fees", [STAFF] = "/desk/fees" }, .record = &fee_record,
    .states = fee_state_names, .rules = fee_rules, .rule_size = sizeof(SubjectRule), .rule_count = FEE_ACTIONS,
    .state = offsetof(Fee, state), .events = offsetof(Fee, events), .head = offsetof(Fee, head), .unwritten = offsetof(Fee, unwritten),
    .always_group = PRESENT_COLUMNS, .item = offsetof(Fee, item), .organ = offsetof(Fee, organ), .division = offsetof(Fee, division),
    .holder = offsetof(Fee, case_number), .is_beside = true, .may_begin = fee_may_begin, .may_see = may_see,
    .relations = (const char *const[]){ "place", NULL }, .is_entitled = is_entitled, .offers = offers, .fields = fee_act_fields, .take = take,
    .answer = fee_answer,
};

/* ---- what the bank tells ---- */

bool fee_credit(const Context *context, const FeePayment *payment, bool *fits, GError **error)
{
    g_auto(Fee) self = { 0 };
    const SubjectInput input = { .seen = -1 };
    if (!subject_load(context->db, context->county, &fee_kind, payment->reference, &self, error))
        return false;
    *fits = payment->amount == self.total;
    if (self.state == FEE_PAID)
        return refuse(error, CONFLICT, "fees.paid_already", NULL);
    if (self.state != FEE_DUE)
        return refuse(error, CONFLICT, "fees.not_due", "state", fee_state_names[self.state], NULL);
    const SubjectRule *rule = &fee_rules[*fits ? FEE_CREDIT : FEE_MISMATCH];
    return subject_take(context, &fee_kind, &self, rule, &input, payment, error) && subject_save(context, &fee_kind, &self, error);
}
