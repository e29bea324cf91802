// SPDX-License-Identifier: Apache-2.0
/* The life of a hearing as a table (Licensing Law arts. 36, 46–48).
 *
 *   begun by interest --> TOLD --ask, record-ask--> ASKED --call--> CALLED --hold--> HELD
 *   begun by law, public interest ------------------^  |              |  ^
 *                          |                           |              +--+ call, change-chair
 *                          +--not-asked, give-up-------+--end-unheard-+--> WAIVED
 *   cancel: from TOLD, ASKED and CALLED to CANCELLED, when the case ends. */
#include "hearings/life.h"

#include <string.h>

static Day today(const SubjectTurn *turn)
{
    return day_of(turn->context->now);
}

/* "" also where the page only asks whether the action is open. */
static const char *field(const SubjectTurn *turn, const char *name)
{
    return turn->input ? json_text(turn->input->fields, name) : "";
}

enum hearing_action hearing_action_of(const SubjectTurn *turn)
{
    return (enum hearing_action)(turn->rule - hearing_rules);
}

bool hearing_is_open(const Hearing *self)
{
    return self->state <= HEARING_CALLED;
}

json_t *hearing_parties(const Hearing *self)
{
    json_t *parties = *self->parties ? json_loads(self->parties, 0, NULL) : NULL;
    return parties ? parties : json_array();
}

/* ---- guards: what the table alone cannot tell ---- */

enum { PARTIES_MOST = 50 };

static bool is_asked_by_third_party(const SubjectTurn *turn)
{
    return hearing_action_of(turn) == HEARING_PARTY_ASK || strcmp(field(turn, "asker"), hearing_asker_names[2]) == 0;
}

/* Only the applicant's own hearing, which no third party may ask for, is his to give up. */
static bool is_his_alone(const Hearing *self)
{
    return self->ground == GROUND_INTEREST && !*self->parties && self->asked_by != 2;
}

/* Staying away on the day that was told gives it up; before that day only one's own word does. */
static const char *reason_against_ending(const SubjectTurn *turn)
{
    const Hearing *self = turn->present;
    if (self->ground != GROUND_INTEREST)
        return "hearings.must_be_held";
    bool is_absent = strcmp(field(turn, "cause"), "absent") == 0;
    return is_absent && (self->state != HEARING_CALLED || today(turn) < self->day) ? "hearings.not_absent_yet" : NULL;
}

static const char *reason_against_asking(const SubjectTurn *turn)
{
    const Hearing *self = turn->present;
    if (is_asked_by_third_party(turn) && !*self->parties)
        return "hearings.no_party";
    return today(turn) > self->ask_by_day ? "hearings.asking_over" : NULL;
}

static const char *reason_against(const SubjectTurn *turn)
{
    const Hearing *self = turn->present;
    switch (hearing_action_of(turn)) {
    case HEARING_NAME_PARTY: return self->state == HEARING_TOLD && today(turn) > self->ask_by_day ? "hearings.asking_over" : NULL;
    case HEARING_ASK:
    case HEARING_PARTY_ASK:
    case HEARING_RECORD_ASK: return reason_against_asking(turn);
    case HEARING_GIVE_UP: return is_his_alone(self) ? NULL : "hearings.not_yours_alone";
    case HEARING_NOT_ASKED: return today(turn) > self->ask_by_day ? NULL : "hearings.asking_not_over";
    case HEARING_OBJECT: return self->objected ? "hearings.objected_already" : today(turn) > self->day ? "hearings.day_over" : NULL;
    case HEARING_KEEP_CHAIR: return self->objected ? NULL : "hearings.nobody_objected";
    case HEARING_HOLD: return self->objected ? "hearings.chair_undecided" : today(turn) < self->day ? "hearings.day_not_come" : NULL;
    case HEARING_END_UNHEARD: return reason_against_ending(turn);
    case HEARING_ERASE: return record_tells_person(&hearing_record, self) ? NULL : "hearings.erased_already";
    case HEARING_NOTE_MISSED: return today(turn) > self->day && self->reminded < self->day ? NULL : "hearings.day_not_come";
    default: return NULL;
    }
}

/* At least seven working days after the notice, on a working day, and by the last day on which it may be held. */
static bool is_day_for_it(const SubjectTurn *turn, GError **error)
{
    const Hearing *self = turn->present;
    const Calendar *calendar = turn->context->calendar;
    Day day = turn->input->day, first = calendar_add(calendar, today(turn), HEARING_NOTICE_DAYS);
    if (day < first)
        return refuse_field(error, "day", "hearings.notice_short", "first_day", DAY_WRITTEN(first), NULL);
    if (day > self->hold_by_day && self->hold_by_day >= first)
        return refuse_field(error, "day", "hearings.day_late", "last_day", DAY_WRITTEN((Day)self->hold_by_day), NULL);
    return calendar_works(calendar, day) || refuse_field(error, "day", "hearings.day_off", NULL);
}

static bool has_chair(const SubjectTurn *turn, GError **error)
{
    g_auto(Case) of = { 0 };
    const Hearing *self = turn->present;
    const Context *context = turn->context;
    int64_t chair = json_number(turn->input->fields, "chair");
    if (hearing_action_of(turn) == HEARING_CHANGE_CHAIR && chair == self->chair)
        return refuse_field(error, "chair", "hearings.chair_same", NULL);
    return subject_load(context->db, context->county, &case_kind, self->case_number, &of, error) && hearing_may_chair(context, &of, chair, error);
}

/* The head decides on an objection, or an approver where the head is in the chair, and never the chair himself. */
static bool may_decide_on_chair(const SubjectTurn *turn, GError **error)
{
    unsigned roles = 0;
    const Hearing *self = turn->present;
    const Context *context = turn->context;
    enum hearing_action action = hearing_action_of(turn);
    if (!self->objected || (action != HEARING_CHANGE_CHAIR && action != HEARING_KEEP_CHAIR))
        return true;
    if (!identity_roles(context, self->chair, &roles, error))
        return false;
    bool decides = identity_may(context->actor, roles & HEAD ? APPROVER | HEAD : HEAD, self->organ, division_county(context->county));
    return (decides && context->actor->id != self->chair) || refuse(error, NOT_ALLOWED, "hearings.head_decides", NULL);
}

/* A member of the staff who prints a slip knows its code too: he gives up nothing for the applicant. */
static bool is_himself(const SubjectTurn *turn, GError **error)
{
    bool opens = true;
    if (hearing_action_of(turn) != HEARING_GIVE_UP)
        return true;
    if (!case_is_holders_own(turn->context, ((const Hearing *)turn->present)->case_number, &opens, error))
        return false;
    return opens || refuse(error, NOT_ALLOWED, "cases.code_was_shown", NULL);
}

/* A hearing is given up by all who may want it: the applicant who asked, and each third party that was told. */
static bool is_given_up(const SubjectTurn *turn, GError **error)
{
    size_t i;
    json_t *each;
    g_auto(Case) of = { 0 };
    const Hearing *self = turn->present;
    const Context *context = turn->context;
    const char *by = field(turn, "given_up_by");
    if (hearing_action_of(turn) != HEARING_END_UNHEARD || strcmp(field(turn, "cause"), "gave_up") != 0)
        return true;
    if (!subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return false;
    g_autoptr(json_t) parties = hearing_parties(self);
    bool all = self->asked_by != 1 || strstr(by, of.applicant);
    json_array_foreach(parties, i, each)
        all = all && strstr(by, json_text(each, "name"));
    return (all && *by) || refuse_field(error, "given_up_by", "hearings.not_all_gave_up", NULL);
}

bool hearing_fits(const SubjectTurn *turn, GError **error)
{
    const char *reason = reason_against(turn);
    const Hearing *self = turn->present;
    if (reason)
        return refuse(error, CONFLICT, reason, self->ask_by_day || self->day ? "day" : NULL,
                      DAY_WRITTEN((Day)(self->state == HEARING_TOLD ? self->ask_by_day : self->day)), NULL);
    if (!may_decide_on_chair(turn, error) || !is_himself(turn, error) || !is_given_up(turn, error))
        return false;
    g_autoptr(json_t) parties = hearing_parties(self);
    if ((turn->rule->needs & NEEDS_PARTY) && json_array_size(parties) >= PARTIES_MOST)
        return refuse(error, CONFLICT, "hearings.parties_many", NULL);
    if (hearing_action_of(turn) == HEARING_CALL && !is_day_for_it(turn, error))
        return false;
    return !(turn->rule->needs & NEEDS_CHAIR) || has_chair(turn, error);
}

/* ---- effects ---- */

static bool name_party(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)error;
    g_autoptr(json_t) parties = hearing_parties(next);
    json_array_append_new(parties, json_pack("{s:s, s:s}", "name", field(turn, "name"), "address", field(turn, "address")));
    g_free(next->parties);
    next->parties = json_canonical(parties);
    next->unwritten |= PERSONAL_COLUMNS;
    if (next->state == HEARING_TOLD) /* who is told last has as many days as the others */
        next->ask_by_day = calendar_add(turn->context->calendar, today(turn), HEARING_ASK_DAYS);
    return true;
}

static bool ask(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)error;
    next->asked_by = is_asked_by_third_party(turn) ? 2 : 1;
    next->hold_by_day = calendar_add(turn->context->calendar, today(turn), HEARING_HOLD_DAYS);
    return true;
}

static bool call(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)error;
    size_t closed = name_place(hearing_closed_names, field(turn, "closed"));
    next->day = turn->input->day;
    record_set(&next->time, field(turn, "time"));
    record_set(&next->place, field(turn, "place"));
    next->chair = json_number(turn->input->fields, "chair");
    next->closed = hearing_closed_names[closed] ? (int64_t)closed : 0;
    next->objected = 0;
    next->unwritten |= CALL_COLUMNS;
    return true;
}

static bool change_chair(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)error;
    next->chair = json_number(turn->input->fields, "chair");
    next->objected = 0;
    next->unwritten |= CALL_COLUMNS;
    return true;
}

static bool note_objection(const SubjectTurn *turn, void *record, GError **error)
{
    (void)error;
    ((Hearing *)record)->objected = hearing_action_of(turn) == HEARING_OBJECT;
    return true;
}

static bool write_minutes(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)error;
    record_set(&next->minutes, field(turn, "minutes"));
    record_set(&next->signed_by, field(turn, "signed_by"));
    record_set(&next->unsigned_by, field(turn, "unsigned_by"));
    next->unwritten |= PERSONAL_COLUMNS;
    return true;
}

static bool note_waiver(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)error;
    record_set(&next->signed_by, field(turn, "given_up_by"));
    next->unwritten |= PERSONAL_COLUMNS;
    return true;
}

static bool note_missed(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    (void)turn, (void)error;
    next->reminded = next->day;
    return true;
}

bool hearing_follow(const SubjectTurn *turn, void *record, GError **error)
{
    Hearing *next = record;
    const Hearing *present = turn->present;
    bool ends = hearing_is_open(present) && !hearing_is_open(next);
    return !ends || next->state == HEARING_CANCELLED || hearing_go_on(turn->context, next, error);
}

/* In the night after the last day to ask, and after its own day. */
Instant hearing_due(const void *present, const SubjectRule **rule)
{
    const Hearing *self = present;
    *rule = &hearing_rules[self->state == HEARING_CALLED ? HEARING_NOTE_MISSED : HEARING_NOT_ASKED];
    if (self->state == HEARING_CALLED)
        return self->reminded < self->day ? instant_at((Day)self->day + 1, 0) : 0;
    return self->state == HEARING_TOLD ? instant_at((Day)self->ask_by_day + 1, 0) : 0;
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define LICENSING "《行政许可法》"
enum { WAITING = IN(HEARING_ASKED) | IN(HEARING_CALLED), OPEN = IN(HEARING_TOLD) | WAITING, ANY_STATE = IN(HEARING_STATES) - 1,
       OFFICERS = REVIEWER | APPROVER | HEAD };

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule hearing_rules[HEARING_ACTIONS] = {
    [HEARING_NAME_PARTY] = { "name-party", "hearing.party_told", OPEN, BY_ITS_ORGAN, OFFICERS, SUBJECT_STAYS, NEEDS_PARTY, "third_party_notice",
                             .guard = hearing_fits, .effect = name_party, .law = LICENSING "第三十六条" },
    [HEARING_ASK] = { "ask", "hearing.asked", IN(HEARING_TOLD), BY_HOLDER, 0, HEARING_ASKED, 0, NULL, true, hearing_fits, ask,
                      .law = LICENSING "第四十七条" },
    [HEARING_RECORD_ASK] = { "record-ask", "hearing.asked", IN(HEARING_TOLD), BY_ITS_ORGAN, CLERK | OFFICERS, HEARING_ASKED, NEEDS_ASKER,
                             .guard = hearing_fits, .effect = ask, .law = LICENSING "第四十七条" },
    /* By the code on his notice (party.c), for whom the system writes it down. */
    [HEARING_PARTY_ASK] = { "party-ask", "hearing.asked", IN(HEARING_TOLD), BY_SYSTEM, 0, HEARING_ASKED, 0, .guard = hearing_fits, .effect = ask,
                            .law = LICENSING "第四十七条" },
    [HEARING_GIVE_UP] = { "give-up", "hearing.given_up", OPEN, BY_HOLDER, 0, HEARING_WAIVED, 0, .guard = hearing_fits,
                          .law = LICENSING "第四十七条" },
    [HEARING_NOT_ASKED] = { "not-asked", "hearing.not_asked", IN(HEARING_TOLD), BY_SYSTEM, 0, HEARING_WAIVED, 0, .guard = hearing_fits,
                            .law = LICENSING "第四十七条" },
    [HEARING_CALL] = { "call", "hearing.called", WAITING, BY_ITS_ORGAN, OFFICERS, HEARING_CALLED, NEED_DAY | NEEDS_CALL | NEEDS_CHAIR | TAKES_CLOSED,
                       "hearing_notice", true, hearing_fits, call, .law = LICENSING "第四十八条" },
    [HEARING_NOTE_MISSED] = { "note-missed", "hearing.minutes_missing", IN(HEARING_CALLED), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = hearing_fits,
                              .effect = note_missed, .law = LICENSING "第四十八条" },
    [HEARING_OBJECT] = { "object", "hearing.chair_objected", IN(HEARING_CALLED), BY_HOLDER | BY_ITS_ORGAN, CLERK, SUBJECT_STAYS, NEED_REASON,
                         .guard = hearing_fits, .effect = note_objection, .law = LICENSING "第四十八条" },
    [HEARING_CHANGE_CHAIR] = { "change-chair", "hearing.chair_changed", IN(HEARING_CALLED), BY_ITS_ORGAN, APPROVER | HEAD, SUBJECT_STAYS, NEEDS_CHAIR,
                               "hearing_notice", .guard = hearing_fits, .effect = change_chair, .law = LICENSING "第四十八条" },
    [HEARING_KEEP_CHAIR] = { "keep-chair", "hearing.chair_kept", IN(HEARING_CALLED), BY_ITS_ORGAN, APPROVER | HEAD, SUBJECT_STAYS, NEED_REASON,
                             .guard = hearing_fits, .effect = note_objection, .law = LICENSING "第四十八条" },
    [HEARING_HOLD] = { "hold", "hearing.held", IN(HEARING_CALLED), BY_ITS_ORGAN, CLERK | OFFICERS, HEARING_HELD, NEEDS_MINUTES | TAKES_UNSIGNED,
                       "hearing_minutes", true, hearing_fits, write_minutes, .law = LICENSING "第四十八条" },
    [HEARING_END_UNHEARD] = { "end-unheard", "hearing.ended_unheard", WAITING, BY_ITS_ORGAN, APPROVER | HEAD, HEARING_WAIVED, NEED_REASON | NEEDS_CAUSE | TAKES_GIVEN_UP,
                              .guard = hearing_fits, .effect = note_waiver, .law = LICENSING "第四十七条" },
    [HEARING_CANCEL] = { "cancel", "hearing.cancelled", OPEN, BY_SYSTEM, 0, HEARING_CANCELLED },
    [HEARING_ERASE] = { "erase-hearing", LEDGER_ERASED, ANY_STATE, BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON, .guard = hearing_fits, .law = SUBJECT_PRIVACY },
    [HEARING_RESTRICT] = SUBJECT_RESTRICTED_AS("restrict-hearing", ANY_STATE),
};
