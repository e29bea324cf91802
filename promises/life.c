// SPDX-License-Identifier: Apache-2.0
/* The life of a promise as a table (Zhejiang's rules on running at most once, 2018, arts. 11 and 14; Licensing Law art. 69).
 *
 *   GIVEN --fulfil--> KEPT: the paper is there        GIVEN --check--> CHECKING --confirm--> KEPT
 *   GIVEN --miss----> MISSED: acceptance withdrawn                     CHECKING --break----> BROKEN: decision withdrawn
 *   GIVEN --drop----> DROPPED: the case has ended otherwise
 *
 * A promise to bring a paper later ends by fulfil or miss; one in place of a paper is checked from the decision on. */
#include "promises/life.h"

#include <string.h>

const char *const promise_kind_names[] = { CASE_FOLLOWS, CASE_VOUCHED, NULL };
const char *const promise_state_names[PROMISE_STATES + 1] = { "given", "checking", "kept", "missed", "broken", "dropped", NULL };

enum { PRESENT_COLUMNS = 1 };
#define OF(member, ...) RECORD_COLUMN(Promise, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(division, RECORD_INTEGER, NULL),
    OF(due_day, RECORD_DAY, .group = PRESENT_COLUMNS),
    OF(events, RECORD_INTEGER, .group = PRESENT_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(is_ticked, RECORD_FLAG, NULL),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(materials, RECORD_JSON, NULL),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ, RECORD_INTEGER, NULL),
    OF(promise, RECORD_WORD, promise_kind_names),
    OF(state, RECORD_WORD, promise_state_names, PRESENT_COLUMNS),
};

const Record promise_record = { "promise", sizeof(Promise), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, NULL };

void promise_clear(Promise *self)
{
    record_clear(&promise_record, self);
}

/* ---- guards and effects ---- */

/* A scan keeps a promise by itself; by hand does who has seen the paper, and nobody one that stands in its place: it is checked. */
static bool is_seen(const SubjectTurn *turn, GError **error)
{
    const Promise *self = turn->present;
    if (turn->context->actor->kind == SYSTEM)
        return true;
    if (self->promise != PROMISE_FOLLOWS)
        return refuse(error, CONFLICT, "promises.is_checked", NULL);
    return json_flag(turn->input->fields, "papers_seen") || refuse_field(error, "papers_seen", "promises.papers_not_seen", NULL);
}

static bool offers(const SubjectTurn *turn)
{
    return turn->rule != &promise_rules[PROMISE_FULFIL] || ((const Promise *)turn->present)->promise == PROMISE_FOLLOWS;
}

static bool is_over(const SubjectTurn *turn, GError **error)
{
    const Promise *self = turn->present;
    return (self->promise == PROMISE_FOLLOWS && day_of(turn->context->now) > self->due_day) || refuse(error, CONFLICT, "promises.not_over", NULL);
}

/* Nothing is withdrawn of a case that is not accepted yet: its paper is missing again. */
static bool withdraw_acceptance(const SubjectTurn *turn, void *next, GError **error)
{
    const Promise *self = turn->present;
    g_auto(Case) of = { 0 }, after = { 0 };
    g_autoptr(json_t) materials = json_loads(self->materials, 0, NULL);
    const SubjectInput input = { .seen = -1, .materials = materials, .day = (Day)self->due_day };
    (void)next;
    if (!subject_load(turn->context->db, turn->context->county, &case_kind, self->case_number, &of, error))
        return false;
    return !of.accepted_on || case_act(turn->context, self->case_number, UNACCEPT, &input, &after, error);
}

static bool begin_check(const SubjectTurn *turn, void *record, GError **error)
{
    Promise *next = record;
    (void)error;
    next->due_day = calendar_add(turn->context->calendar, day_of(turn->context->now), PROMISE_CHECK_DAYS);
    return true;
}

/* *any: a licence of the case was in force, and is revoked. */
static bool revoke_licences(const SubjectTurn *turn, int64_t case_number, bool *any, GError **error)
{
    size_t i;
    json_t *row;
    const Context *context = turn->context;
    const SubjectRule *rule = &licence_rules[LICENCE_REVOKE];
    g_autoptr(json_t) licences = licences_of_case(context->db, context->county, case_number, error);
    const SubjectInput input = { .seen = -1, .reason = turn->input->reason, .basis = turn->input->basis };
    json_array_foreach(licences, i, row) {
        int64_t number = json_number(row, "number");
        g_auto(Licence) licence = { 0 }, after = { 0 };
        if (!subject_load(context->db, context->county, &licence_kind, number, &licence, error))
            return false;
        if (!(rule->from & 1u << licence.state))
            continue;
        *any = true;
        if (!subject_act(context, &licence_kind, number, rule, &input, &after, error))
            return false;
    }
    return licences != NULL;
}

/* Art. 69: the decision is withdrawn, and with it the licence; one paper tells of both. */
static bool withdraw_decision(const SubjectTurn *turn, void *next, GError **error)
{
    bool any = false;
    g_auto(Case) after = { 0 };
    const Promise *self = turn->present;
    (void)next;
    if (!revoke_licences(turn, self->case_number, &any, error))
        return false;
    g_autoptr(json_t) fields = json_pack("{s:b}", "is_licensed", any);
    const SubjectInput input = { .seen = -1, .reason = turn->input->reason, .basis = turn->input->basis, .fields = fields };
    return case_act(turn->context, self->case_number, REVOKE, &input, &after, error);
}

/* ---- the table ---- */

#define IN(state) (1u << (state))

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule promise_rules[PROMISE_ACTIONS] = {
    [PROMISE_FULFIL] = { "fulfil", "promise.fulfilled", IN(PROMISE_GIVEN), BY_ITS_ORGAN | BY_SYSTEM, CLERK | REVIEWER, PROMISE_KEPT,
                         TAKES_OPINION | TAKES_OWN, .main = true, .guard = is_seen },
    [PROMISE_MISS] = { "miss", "promise.missed", IN(PROMISE_GIVEN), BY_SYSTEM, 0, PROMISE_MISSED, .guard = is_over, .effect = withdraw_acceptance },
    [PROMISE_CHECK] = { "check", "promise.to_check", IN(PROMISE_GIVEN), BY_SYSTEM, 0, PROMISE_CHECKING, .effect = begin_check },
    [PROMISE_CONFIRM] = { "confirm", "promise.confirmed", IN(PROMISE_CHECKING), BY_ITS_ORGAN, REVIEWER | APPROVER, PROMISE_KEPT, NEED_OPINION,
                          .main = true },
    [PROMISE_BREAK] = { "break", "promise.broken", IN(PROMISE_CHECKING), BY_ITS_ORGAN, HEAD, PROMISE_BROKEN, NEED_REASON | NEED_BASIS,
                        .effect = withdraw_decision, .law = "《行政许可法》第六十九条" },
    [PROMISE_DROP] = { "drop", "promise.dropped", IN(PROMISE_GIVEN), BY_SYSTEM, 0, PROMISE_DROPPED },
};

static Instant due(const void *present, const SubjectRule **rule)
{
    const Promise *self = present;
    *rule = &promise_rules[PROMISE_MISS];
    return self->state == PROMISE_GIVEN && self->due_day ? instant_at((Day)self->due_day + 1, 0) : 0;
}

static bool may_see(const Actor *actor, const void *present)
{
    const Promise *self = present;
    const Case of = { .number = self->case_number, .organ = self->organ, .place = self->division, .channel = AT_COUNTY };
    return case_may_see(actor, &of);
}

const SubjectKind promise_kind = {
    .name = "promise", .words = "promises", .none = "promises.no_promise", .is_of_person = true, .paths = { [HOLDER] = "/promises", [STAFF] = "/desk/promises" },
    .record = &promise_record, .states = promise_state_names, .rules = promise_rules, .rule_size = sizeof(SubjectRule),
    .rule_count = PROMISE_ACTIONS, .state = offsetof(Promise, state), .events = offsetof(Promise, events), .head = offsetof(Promise, head),
    .unwritten = offsetof(Promise, unwritten), .always_group = PRESENT_COLUMNS, .item = offsetof(Promise, item),
    .organ = offsetof(Promise, organ), .division = offsetof(Promise, division), .holder = offsetof(Promise, case_number), .is_beside = true,
    .may_begin = case_may_promise, .may_see = may_see, .offers = offers, .fields = promise_act_fields, .timer = "promise.due", .due = due, .answer = promise_answer,
};
