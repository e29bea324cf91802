// SPDX-License-Identifier: Apache-2.0
#include "hearings/life.h"

#include "lists/lists.h"

static const DocumentKind documents[] = {
    { "hearing_right", "听告" },                                        /* 听证告知书, art. 47 */
    { "third_party_notice", "利告" },                                   /* 利害关系人告知书, art. 36 */
    { "hearing_notice", "听通" },                                       /* 听证通知书, art. 48 §1 (1) */
    { "hearing_minutes", "听笔", .table = true, .is_certificate = true }, /* 听证笔录, art. 48 §1 (5) */
    { 0 },
};

static const char *const told_names[] = { "item_name", "number_grouped", "until_day", NULL };
static const char *const called_names[] = { "item_name", "number_grouped", "on_day", "time", "place", NULL };
static const char *const missed_names[] = { "item_name", "number_grouped", "on_day", NULL };
enum { TOLD_MESSAGE, CALLED_MESSAGE, MISSED_MESSAGE };
static const MessageTemplate messages[] = {
    { "hearings.messages.told", told_names, case_telephone },
    { "hearings.messages.called", called_names, case_telephone },
    { "hearings.messages.missed", missed_names },
    { 0 },
};

/* Tells the applicant of his right, and of day and place as often as they are told anew, and the organ of a day that passed without minutes. */
static bool tell(const Context *context, const SubjectChange *change, GError **error)
{
    const Hearing *self = change->after;
    bool is_told = !change->before && self->state == HEARING_TOLD, is_called = change->rule == &hearing_rules[HEARING_CALL],
         is_missed = change->rule == &hearing_rules[HEARING_NOTE_MISSED];
    if (!is_told && !is_called && !is_missed)
        return true;
    g_autofree char *grouped = subject_number_grouped(self->case_number), *path = subject_path(&hearing_kind, self->number, is_missed ? STAFF : HOLDER);
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s, s:s}", "path", path, "item_name", self->item_name, "item_name_en", self->item_name_en,
                                       "number_grouped", grouped);
    json_put_day(data, is_told ? "until_day" : "on_day", (Day)(is_told ? self->ask_by_day : self->day));
    json_put_text(data, "time", self->time);
    json_put_text(data, "place", self->place);
    const MessageTo to = is_missed ? to_desk(self->organ, division_county(context->county), REVIEWER) : to_holder(self->case_number);
    return notify(context, &to, &messages[is_missed ? MISSED_MESSAGE : is_called ? CALLED_MESSAGE : TOLD_MESSAGE], data, error);
}

static bool hear(const Context *context, const SubjectChange *change, GError **error)
{
    return change->kind == &hearing_kind ? tell(context, change, error) : hearing_hear(context, change, error);
}

static bool may_see(const Actor *actor, const void *present)
{
    const Hearing *self = present;
    if (actor->kind == HOLDER)
        return identity_holds(actor, self->case_number);
    for (size_t i = 0; actor->kind == STAFF && i < actor->post_count; i++)
        if (actor->posts[i].organ == self->organ || (actor->posts[i].roles & (SUPERVISOR | AUDITOR)))
            return true;
    return actor->kind == SYSTEM;
}

static char *cited(const void *present)
{
    const Hearing *self = present;
    return self->state == HEARING_HELD ? subject_number_grouped(self->number) : NULL;
}

static bool opens(const Context *context, const void *present, bool *opens, GError **error)
{
    return case_opens_all(context, ((const Hearing *)present)->case_number, opens, error);
}

const SubjectKind hearing_kind = {
    .name = "hearing", .words = "hearings", .none = "hearings.no_hearing", .is_of_person = true,
    .paths = { [HOLDER] = "/hearings", [STAFF] = "/desk/hearings" }, .may_see = may_see, .record = &hearing_record, .states = hearing_state_names,
    .rules = hearing_rules, .rule_size = sizeof(SubjectRule), .rule_count = HEARING_ACTIONS,
    .state = offsetof(Hearing, state), .events = offsetof(Hearing, events), .head = offsetof(Hearing, head),
    .unwritten = offsetof(Hearing, unwritten), .always_group = STATE_COLUMNS, .item = offsetof(Hearing, item), .organ = offsetof(Hearing, organ),
    .holder = offsetof(Hearing, case_number), .is_beside = true, .cited = cited, .may_begin = hearing_may_begin,
    .one_open = 1u << HEARING_TOLD | 1u << HEARING_ASKED | 1u << HEARING_CALLED,
    .timer = "hearing.asking", .due = hearing_due, .follow = hearing_follow, .document = hearing_document, .answer = hearing_answer,
    .opens = opens, .fields = hearing_act_fields,
};

const Room hearings_room = {
    .name = "hearings",
    .routes = hearing_routes,
    .tabs = (const Tab[]){ { "hearings", "/desk/hearings", "/desk/hearings/", REVIEWER | APPROVER | HEAD, 25 }, { 0 } },
    .lists = (const ListSpec *const[]){ &hearing_announced_list, &hearing_desk_list, NULL },
    .subjects = (const SubjectKind *const[]){ &hearing_kind, NULL },
    .documents = documents,
    .messages = messages,
    .timers = (const TimerKind[]){ { "hearing.asking", subject_timer_rang }, { 0 } },
    .listens = hear,
};
