// SPDX-License-Identifier: Apache-2.0
/* How consultations begin, what is told of them, and how long they hold a decision. */
#include "consultations/life.h"

#include <string.h>

/* The facts of the letter (征求意见函). */
static char *document(const SubjectTurn *turn, void *next, GError **error)
{
    const Consultation *self = next;
    const Context *context = turn->context;
    g_auto(Case) of = { 0 };
    if (!subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return NULL;
    g_autofree char *issuer = files_issuer(context, self->organ, false, error), *number = subject_number_grouped(self->case_number);
    g_autoptr(json_t) asked = issuer ? identity_organ(context->db, context->county, self->asked, error) : NULL;
    if (!asked)
        return NULL;
    g_autoptr(json_t) content = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:O}", "number", number, "item_name", self->item_name, "item_name_en",
                                          self->item_name_en, "applicant_name", of.applicant, "language", language_tags[CHINESE], "act", of.act,
                                          "question", self->question, "asked_name", json_object_get(asked, "full_name"), "asked_name_en",
                                          json_object_get(asked, "full_name_en"));
    json_object_set_new(content, "issuer", json_loads(issuer, 0, NULL));
    json_put_day(content, "day", day_of(context->now));
    json_put_day(content, "due_day", (Day)self->due_day);
    json_t *materials = json_loads(self->materials, 0, NULL);
    json_object_set_new(content, "has_materials", json_boolean(materials != NULL));
    json_object_set_new(content, "materials", materials);
    return json_canonical(content);
}

/* ---- the kind ---- */

static bool may_see(const Actor *actor, const void *present)
{
    const Consultation *self = present;
    return actor->kind == SYSTEM || (actor->kind == STAFF && (identity_is_of(actor, self->organ) || identity_is_of(actor, self->asked) ||
                                                              identity_has_role(actor, SUPERVISOR | AUDITOR)));
}

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    const Consultation *self = present;
    bool is_asked = actor->kind == STAFF && identity_may(actor, rule->roles, self->asked, division_county(county));
    return ((rule->relations & BY_ASKED) && is_asked) || subject_is_entitled(actor, &consultation_kind, self, rule, county);
}

static bool may_begin(const Context *context, const void *of)
{
    const Case *self = of;
    return self->state == REVIEW && identity_may(context->actor, REVIEWER | HEAD, self->organ, division_county(context->county));
}

static bool tell_beside(const Context *context, const void *present, json_t *row, GError **error)
{
    const Consultation *self = present;
    (void)context, (void)error;
    if (self->state == CONSULTATION_AWAITED)
        json_put_day(row, "due_day", (Day)self->due_day);
    return true;
}

static Instant due(const void *present, const SubjectRule **rule)
{
    const Consultation *self = present;
    *rule = &consultation_rules[CONSULTATION_PASS_DAY];
    return self->state == CONSULTATION_AWAITED && !self->late ? instant_at((Day)self->due_day + 1, 0) : 0;
}

const SubjectKind consultation_kind = {
    .name = "consultation", .words = "consultations", .none = "consultations.none", .is_of_person = true, .is_beside = true, .may_begin = may_begin, .tell_beside = tell_beside,
    .paths = { [STAFF] = "/desk/consultations" }, .may_see = may_see, .record = &consultation_record, .states = consultation_state_names,
    .rules = consultation_rules, .rule_size = sizeof(SubjectRule), .rule_count = CONSULTATION_ACTIONS,
    .state = offsetof(Consultation, state), .events = offsetof(Consultation, events), .head = offsetof(Consultation, head),
    .unwritten = offsetof(Consultation, unwritten), .always_group = CONSULTATION_PRESENT, .item = offsetof(Consultation, item),
    .organ = offsetof(Consultation, organ), .holder = offsetof(Consultation, case_number), .restricted = offsetof(Consultation, is_restricted), .relations = (const char *const[]){ "asked", NULL },
    .is_entitled = is_entitled, .timer = CONSULTATION_TIMER, .due = due, .document = document, .answer = consultation_answer,
    .fields = consultation_act_fields,
};

/* ---- beginning ---- */

bool consultation_ask(const Context *context, const Case *of, const SubjectInput *input, Consultation *out, GError **error)
{
    record_init(&consultation_record, out);
    out->case_number = of->number;
    out->organ = of->organ;
    record_set(&out->item, of->item);
    record_set(&out->item_name, of->item_name);
    record_set(&out->item_name_en, of->item_name_en);
    return subject_draw_number(context, &consultation_kind, day_of(context->now), &out->number, error) &&
           subject_begin(context, &consultation_kind, out, "consultation.opinion_begun", NULL, error) &&
           subject_take(context, &consultation_kind, out, &consultation_rules[CONSULTATION_ASK], input, NULL, error) &&
           subject_save(context, &consultation_kind, out, error);
}

/* ---- what a case's actions wait for ---- */

static bool take_back(const Context *context, int64_t number, GError **error)
{
    g_auto(Consultation) out = { 0 };
    Context as_system = *context;
    as_system.actor = &(Actor){ .kind = SYSTEM, .name = "" };
    return subject_act(&as_system, &consultation_kind, number, &consultation_rules[CONSULTATION_TAKE_BACK],
                       &(SubjectInput){ .seen = -1, .reason = "case_decided" }, &out, error);
}

static bool hold(const Context *context, const SubjectChange *change, bool moves, GError **error)
{
    Day until;
    size_t count;
    int64_t numbers[AWAITED_MOST];
    const Case *before = change->before, *after = change->after;
    bool decides = after->decision != before->decision;
    if ((after->state < GRANTED || before->state >= GRANTED) && !moves)
        return true;
    if (!consultation_awaited(context->db, context->county, after->number, numbers, &count, &until, error))
        return false;
    if (decides && count && until >= day_of(context->now))
        return refuse(error, CONFLICT, "consultations.is_awaited", "until_day", DAY_WRITTEN(until), NULL);
    for (size_t i = 0; i < count; i++)
        if (!take_back(context, numbers[i], error))
            return false;
    return true;
}

/* ---- telling people ---- */

static const char *const names[] = { "item_name", "number_grouped", "due_day", NULL };

const MessageTemplate consultation_messages[] = {
    [ASKED_MESSAGE] = { "consultations.messages.asked", names },
    [ANSWERED_MESSAGE] = { "consultations.messages.answered", names },
    [LATE_MESSAGE] = { "consultations.messages.late", names },
    { 0 },
};

static bool tell(const Context *context, const SubjectChange *change, GError **error)
{
    static const enum consultation_message told[CONSULTATION_ACTIONS] = { [CONSULTATION_ASK] = ASKED_MESSAGE, [CONSULTATION_ANSWER] = ANSWERED_MESSAGE,
                                                                          [CONSULTATION_PASS_DAY] = LATE_MESSAGE };
    const Consultation *self = change->after;
    size_t action = subject_rule_place(&consultation_kind, change->rule);
    if (!change->rule || action > CONSULTATION_PASS_DAY)
        return true;
    g_autofree char *path = subject_path(&consultation_kind, self->number, STAFF), *number = subject_number_grouped(self->case_number);
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s, s:s}", "path", path, "item_name", self->item_name, "item_name_en", self->item_name_en,
                                       "number_grouped", number);
    json_put_day(data, "due_day", (Day)self->due_day);
    const MessageTo to = to_desk(action == CONSULTATION_ANSWER ? self->organ : self->asked, division_county(context->county), REVIEWER);
    return notify(context, &to, &consultation_messages[told[action]], data, error);
}

bool consultation_hear(const Context *context, const SubjectChange *change, GError **error)
{
    if (change->kind == &consultation_kind)
        return tell(context, change, error);
    return change->kind != &case_kind || !change->rule || context->actor->kind == LOADER ||
           hold(context, change, subject_rule_place(&case_kind, change->rule) == TRANSFER, error);
}
