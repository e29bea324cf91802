// SPDX-License-Identifier: Apache-2.0
/* The life of a case as a table (Licensing Law arts. 32–50).
 *
 *   DRAFT --submit--> RECEIVED --accept, deem--> REVIEW <--suspend, resume--> SUSPENDED
 *                       |  ^                       |
 *                correct|  |supply                 +--grant--> GRANTED --issue--> ISSUED --deliver--+
 *                       v  |                       |                                                v
 *                    CORRECTION                    +--refuse-> REFUSED ------deliver----------> DELIVERED
 *                       |                                                                           |
 *                    lapse                                                                        close
 *                       v                                                                           v
 *                   WITHDRAWN      RECEIVED --not-needed--> NOT_NEEDED                           CLOSED
 *                                  RECEIVED --decline-----> NOT_ACCEPTED
 *   deliver: also from GRANTED where the item prints nothing.
 *   withdraw: from DRAFT, RECEIVED, CORRECTION, REVIEW, SUSPENDED to WITHDRAWN.
 *   terminate: from RECEIVED, CORRECTION, REVIEW, SUSPENDED to TERMINATED.
 *
 * Within RECEIVED and REVIEW a case walks the item's own steps (pre-review at the town, review,
 * decision) by pass and return. Silence never grants a licence (no deemed approval); silence for five
 * working days after the receipt does accept the application (art. 32). */
#include "cases/code.h"
#include "cases/papers.h"

#include <string.h>

const char *const case_state_names[CASE_STATES + 1] = {
    [DRAFT] = "draft", [RECEIVED] = "received", [CORRECTION] = "correction", [REVIEW] = "review",
    [SUSPENDED] = "suspended", [GRANTED] = "granted", [REFUSED] = "refused", [ISSUED] = "issued",
    [DELIVERED] = "delivered", [CLOSED] = "closed", [NOT_NEEDED] = "not_needed",
    [NOT_ACCEPTED] = "not_accepted", [WITHDRAWN] = "withdrawn", [TERMINATED] = "terminated",
};

const char *const channel_names[] = { "county", "town", "village", "online", NULL };

#define LICENSING "《行政许可法》"

static const Item *item_of(const SubjectTurn *turn)
{
    const CaseWork *work = turn->work;
    return work->item;
}

static enum case_action action_of(const SubjectTurn *turn)
{
    return (enum case_action)((const CaseRule *)(const void *)turn->rule - case_rules);
}

/* ---- guards: what the table alone cannot tell ---- */

static bool is_over(const SubjectTurn *turn, enum case_clock which)
{
    g_autoptr(ClockReading) reading = case_clock(turn->present, which, turn->context->calendar, turn->context->now);
    return reading && reading->overdue;
}

/* Art. 32: all that is missing is told at once, and once only, within five working days. Art. 42: the limit is extended once,
 * before it has run out. NULL: nothing is against it. */
static const char *reason_against(const SubjectTurn *turn)
{
    const Case *self = turn->present;
    switch (action_of(turn)) {
    case CORRECT: return self->corrected ? "cases.corrected_already" : is_over(turn, INTAKE_CLOCK) ? "cases.intake_over" : NULL;
    case DEEM: return item_kind(self->act)->is_licence && is_over(turn, INTAKE_CLOCK) ? NULL : "cases.intake_not_over";
    case EXTEND: return self->extended ? "cases.extended_already" : is_over(turn, STATUTORY_CLOCK) ? "cases.limit_over" : NULL;
    case OUTLAST: return day_of(turn->context->now) > self->special_until ? NULL : "cases.special_not_over";
    case LAPSE: return self->correct_by && day_of(turn->context->now) > self->correct_by ? NULL : "cases.wait_not_over";
    case OVERDUE: return !self->overdue && is_over(turn, STATUTORY_CLOCK) ? NULL : "cases.not_overdue";
    case RATE: return self->rated ? "cases.rated_already" : NULL;
    default: return NULL;
    }
}

static bool is_time(const SubjectTurn *turn, GError **error)
{
    const char *reason = reason_against(turn);
    return !reason || refuse(error, CONFLICT, reason, NULL);
}

static bool may_ask(const SubjectTurn *turn, GError **error)
{
    return is_time(turn, error) && case_asks_all(turn, error);
}

/* As long as the item's law lets at the most; a refusal names the bound with its unit. */
static bool is_within(int64_t days, int most, enum day_unit unit, const char *reason, GError **error)
{
    return days <= most || refuse_field(error, "days", reason, "most", DECIMAL(most), day_unit_names[unit], "1", NULL);
}

static bool may_extend(const SubjectTurn *turn, GError **error)
{
    const ItemExtension *most = &item_of(turn)->extension;
    if (!most->days)
        return refuse(error, CONFLICT, "cases.no_extension", NULL);
    return is_time(turn, error) && is_within(turn->input->days, most->days, most->unit, "cases.extension_too_long", error);
}

const ItemSpecial *life_special(const Item *item, const char *kind)
{
    for (size_t i = 0; i < item->special_count; i++)
        if (g_strcmp0(item->specials[i].kind, kind) == 0)
            return &item->specials[i];
    return NULL;
}

static bool is_special_of(const SubjectTurn *turn, GError **error)
{
    const ItemSpecial *special = life_special(item_of(turn), turn->input->special);
    if (special)
        return is_within(turn->input->days, special->days, WORKING_DAYS, "cases.special_too_long", error);
    return refuse_field(error, "special", "cases.special_unknown", "special", turn->input->special, NULL);
}

/* Events after an erasure have a new salt, which may be erased in its turn. */
static bool is_not_erased(const SubjectTurn *turn, GError **error)
{
    bool erased;
    if (!case_is_erased(turn->context, turn->present, &erased, error))
        return false;
    return !erased || refuse(error, CONFLICT, "cases.erased_already", NULL);
}

/* Where a term of keeping runs, use is restricted instead. The system erases when it is over, or again what a backup has brought back. */
static bool may_erase(const SubjectTurn *turn, GError **error)
{
    Day until = 0;
    bool is_system = turn->context->actor->kind == SYSTEM;
    if (!is_not_erased(turn, error) || (!is_system && !case_kept_until(turn->context, turn->present, &until, error)))
        return false;
    return until <= day_of(turn->context->now) || refuse(error, CONFLICT, "cases.kept_still", "until_day", DAY_WRITTEN(until), NULL);
}

/* The day is that of the term, which the security administrator's page computes, or that of the list beside a restored backup. */
static bool may_restrict(const SubjectTurn *turn, GError **error)
{
    Day until = turn->input->day;
    bool is_system = turn->context->actor->kind == SYSTEM;
    if (!is_not_erased(turn, error) || (!is_system && !case_kept_until(turn->context, turn->present, &until, error)))
        return false;
    if (until != turn->input->day || until <= day_of(turn->context->now))
        return is_system || refuse(error, CONFLICT, "cases.no_term", NULL);
    return !((const Case *)turn->present)->restricted_until || refuse(error, CONFLICT, "cases.restricted_already", NULL);
}

/* For what the law asks an auditor still sees them, and says why. */
static bool is_in_use(const SubjectTurn *turn, GError **error)
{
    return !((const Case *)turn->present)->restricted_until || identity_has_role(turn->context->actor, AUDITOR) ||
           refuse(error, CONFLICT, "cases.restricted", NULL);
}

/* A member of the staff who prints a slip knows its code too. */
static bool is_holder_alone(const SubjectTurn *turn, GError **error)
{
    return code_opens_all(turn->context->actor, turn->present) || refuse(error, NOT_ALLOWED, "cases.code_was_shown", NULL);
}

static bool may_rate(const SubjectTurn *turn, GError **error)
{
    return is_in_use(turn, error) && is_holder_alone(turn, error) && is_time(turn, error);
}

/* Only the handler that makes the slip brings along what is to be kept of its code. */
static bool has_slip(const SubjectTurn *turn, GError **error)
{
    if (!json_object_get(turn->input->fields, CODE_HASH))
        return refuse(error, NOT_FOUND, "cases.no_action", NULL);
    return is_not_erased(turn, error) && is_in_use(turn, error);
}

static bool take_code(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    (void)error;
    record_set(&next->code_hash, json_text(turn->input->fields, CODE_HASH));
    next->unwritten |= CODE_PART;
    return true;
}

/* ---- what an action changes beside the state ---- */

void case_pin(Case *self, const Item *item)
{
    self->item_version = item->version;
    record_set(&self->item, item->code);
    record_set(&self->item_name, item->name);
    record_set(&self->item_name_en, item->name_en);
    record_set(&self->act, item->kind->is_licence ? "" : item->type);
    self->organ = item->organ;
    self->promised_days = item->promised.days;
    self->promised_unit = item->promised.unit;
    self->statutory_days = item->statutory.days;
    self->statutory_unit = item->statutory.unit;
    self->from_receipt = item->from_receipt;
}

/* The case goes on under the version that is in force when it is accepted; later changes of the item do not touch it. Deemed
 * acceptance is that of the day on which the papers came, and kept no window busy. */
static void accept(const SubjectTurn *turn, Case *next)
{
    const CaseWork *work = turn->work;
    bool is_deemed = action_of(turn) == DEEM;
    case_pin(next, work->next);
    next->accepted_on = is_deemed ? life_received(next, turn->context->calendar) : day_of(turn->context->now);
    next->accepted_hour = is_deemed ? NO_HOUR : minute_of(turn->context->now) / 60;
    if (!is_deemed && catalogue_step(work->next, STEP_REVIEW, 0) == SIZE_MAX) /* then this is the review */
        eyes_note(turn, next);
    next->unwritten |= PINNED_PART;
}

/* The Licensing Law is cited for licences alone; a decision on anything else rests on the item's own basis. */
const char *life_law(const SubjectTurn *turn)
{
    const Item *item = item_of(turn);
    enum case_action action = action_of(turn);
    if (item->kind->is_licence || !g_str_has_prefix(turn->rule->law, LICENSING))
        return turn->rule->law;
    return action == GRANT || action == REFUSE ? json_text(item->details, "basis") : NULL;
}

const char *life_document(const SubjectTurn *turn)
{
    switch (action_of(turn)) {
    case GRANT: return item_of(turn)->kind->granted;
    case REFUSE: return item_of(turn)->kind->refused;
    default: return turn->rule->document;
    }
}

void life_show_draft(const Context *context, Case *self)
{
    self->draft_staff = context->actor->kind == STAFF ? context->actor->id : 0;
    self->draft_at = context->now;
    self->unwritten |= DRAFT_PART;
}

static void ask(const SubjectTurn *turn, Case *next)
{
    const Context *context = turn->context;
    next->corrected = 1;
    g_free(next->missing);
    next->missing = json_canonical(turn->input->materials);
    if (context->actor->kind != LOADER) /* the notice of another system named its own day, or none */
        next->correct_by = calendar_add(context->calendar, day_of(context->now), case_correction_days(context, item_of(turn)));
}

static void restrict_until(Case *next, Day day)
{
    next->restricted_until = day;
    next->unwritten |= RESTRICTED_PART;
}

static void stand_still(Case *next, const char *special, Day until)
{
    record_set(&next->special, special);
    next->special_until = until;
}

void life_change(const SubjectTurn *turn, Case *next)
{
    const Case *present = turn->present;
    papers_take(turn, next);
    switch (action_of(turn)) {
    case ACCEPT:
    case DEEM: accept(turn, next); break;
    case PASS: eyes_note(turn, next); break;
    case GRANT:
    case REFUSE:
        next->decided_on = day_of(turn->context->now);
        next->decision = action_of(turn) == GRANT ? GRANTED_IT : REFUSED_IT;
        record_set(&next->granted, action_of(turn) == GRANT ? json_text(turn->input->fields, "granted") : "");
        next->unwritten |= DECIDED_PART;
        break;
    case CORRECT: ask(turn, next); break;
    case SUPPLY:
        record_set(&next->missing, "");
        next->correct_by = 0;
        break;
    /* A town or village gets back what it passed up with its opinion. */
    case RETURN_BACK: next->returned |= present->state == RECEIVED && (next->channel == AT_TOWN || next->channel == AT_VILLAGE); break;
    case SUSPEND: stand_still(next, turn->input->special, calendar_add(turn->context->calendar, day_of(turn->context->now), (int)turn->input->days)); break;
    case RESUME: stand_still(next, "", 0); break;
    case EXTEND: next->extended = turn->input->days; break;
    case OUTLAST:
    case OVERDUE: next->overdue = 1; break;
    case RATE: next->rated = turn->input->level; break;
    case ERASE:
    case ERASE_AGAIN: restrict_until(next, 0); break;
    case RESTRICT:
    case RESTRICT_AGAIN: restrict_until(next, turn->input->day); break;
    case REVEAL:
        if (!present->events)
            life_show_draft(turn->context, next);
        break;
    default: break;
    }
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define AT(step) (1u << (step))
enum { ALIVE = (1 << CLOSED) - 1 }; /* DRAFT to DELIVERED */
enum { ENDED = IN(CLOSED) | IN(NOT_NEEDED) | IN(NOT_ACCEPTED) | IN(WITHDRAWN) | IN(TERMINATED) };
#define PRIVACY "《个人信息保护法》第四十七条"

/* rule: name, event, states, relations, roles, next state, needs, document, main; then steps, move, mark, holder, stop, message */
const CaseRule case_rules[CASE_ACTIONS] = {
    [SUBMIT] = { { "submit", "case.received", IN(DRAFT), BY_HOLDER | BY_PLACE, 0, RECEIVED, TAKES_MATERIALS, "receipt", true,
                   .guard = case_may_tick, .law = LICENSING "第二十九条" }, 0, TO_NEXT, "received", DEPARTMENT },
    [PASS] = { { "pass", "case.passed", IN(RECEIVED) | IN(REVIEW), BY_DESK, 0, SUBJECT_STAYS, NEED_OPINION, NULL, true,
                 .law = LICENSING "第三十四条" }, AT(STEP_PREREVIEW) | AT(STEP_REVIEW), TO_NEXT },
    [RETURN_BACK] = { { "return", "case.returned", IN(RECEIVED) | IN(REVIEW), BY_DESK, 0, SUBJECT_STAYS, NEED_REASON },
                      AT(STEP_ACCEPT) | AT(STEP_REVIEW) | AT(STEP_DECIDE), TO_PREVIOUS },
    [CORRECT] = { { "correct", "case.correction_asked", IN(RECEIVED), BY_DESK, 0, CORRECTION, NEED_MATERIALS | NEED_REASON,
                    "correction", .guard = may_ask, .law = LICENSING "第三十二条" },
                  AT(STEP_PREREVIEW) | AT(STEP_ACCEPT), STAY, "correction", APPLICANT, .message = CORRECTION_MESSAGE },
    [SUPPLY] = { { "supply", "case.corrected", IN(CORRECTION), BY_HOLDER | BY_PLACE | BY_ITS_ORGAN, CLERK | REVIEWER, RECEIVED,
                   TAKES_MATERIALS, NULL, true, case_all_supplied, .law = LICENSING "第三十二条" }, 0, STAY, "supplied", DEPARTMENT,
                 .message = SUPPLIED_MESSAGE },
    [ACCEPT] = { { "accept", "case.accepted", IN(RECEIVED), BY_DESK, 0, REVIEW, TAKES_OPINION | TAKES_MATERIALS, "acceptance", true,
                   case_is_complete, .law = LICENSING "第三十二条" }, AT(STEP_ACCEPT), TO_AFTER_ACCEPT, "accepted", DEPARTMENT },
    [DECLARE_NOT_NEEDED] = { { "not-needed", "case.not_needed", IN(RECEIVED), BY_DESK, 0, NOT_NEEDED, NEED_REASON, "not_needed",
                               .law = LICENSING "第三十二条" },
                             AT(STEP_PREREVIEW) | AT(STEP_ACCEPT), STAY, "not_needed", DEPARTMENT, true, DECIDED_MESSAGE },
    [DECLINE] = { { "decline", "case.not_accepted", IN(RECEIVED), BY_DESK, 0, NOT_ACCEPTED, NEED_REASON | TAKES_ORGAN | TAKES_BASIS | TAKES_FALSE_PAPERS,
                    "not_accepted", .guard = case_may_decline, .law = LICENSING "第三十二条" }, AT(STEP_ACCEPT), STAY, "not_accepted", DEPARTMENT, true, DECIDED_MESSAGE },
    [DEEM] = { { "deem", "case.deemed_accepted", IN(RECEIVED), BY_SYSTEM, 0, REVIEW, 0, "deemed", .guard = is_time,
                 .law = LICENSING "第三十二条" }, 0, TO_AFTER_ACCEPT, "deemed_accepted", DEPARTMENT },
    [SUSPEND] = { { "suspend", "case.suspended", IN(REVIEW), BY_DESK, 0, SUSPENDED, NEED_SPECIAL | NEED_DAYS, "special",
                    .guard = is_special_of, .law = LICENSING "第四十五条" },
                  AT(STEP_REVIEW) | AT(STEP_DECIDE), STAY, "", SPECIAL_PROCEDURE, .message = DECIDED_MESSAGE },
    [RESUME] = { { "resume", "case.resumed", IN(SUSPENDED), BY_DESK, 0, REVIEW, NEED_OPINION, NULL, true,
                   .law = LICENSING "第四十五条" }, 0, STAY, "resumed", DEPARTMENT },
    [EXTEND] = { { "extend", "case.extended", IN(REVIEW), BY_ITS_ORGAN, HEAD, SUBJECT_STAYS, NEED_REASON | NEED_DAYS | NEED_EXTENSION, "extension",
                   .guard = may_extend, .law = LICENSING "第四十二条" }, 0, STAY, "extended", DEPARTMENT },
    [GRANT] = { { "grant", "case.granted", IN(REVIEW), BY_DESK, 0, GRANTED, NEED_OPINION | TAKES_GRANTED | TAKES_MATERIALS, "decision", true,
                  case_may_grant, .law = LICENSING "第三十八条" }, AT(STEP_DECIDE), TO_NEXT, "decided", DEPARTMENT, true, DECIDED_MESSAGE },
    [REFUSE] = { { "refuse", "case.refused", IN(REVIEW), BY_DESK, 0, REFUSED, NEED_REASON | TAKES_BASIS | TAKES_FALSE_PAPERS, "refusal",
                   .guard = case_needs_other_eyes, .law = LICENSING "第三十八条" }, AT(STEP_DECIDE), TO_DELIVER, "decided", DEPARTMENT, true, DECIDED_MESSAGE },
    [ISSUE] = { { "issue", "case.issued", IN(GRANTED), BY_DESK, 0, ISSUED, 0, NULL, true, .law = LICENSING "第三十九条" },
                AT(STEP_ISSUE), TO_NEXT, "issued", DEPARTMENT },
    [DELIVER] = { { "deliver", "case.delivered", IN(GRANTED) | IN(ISSUED) | IN(REFUSED), BY_DESK, 0, DELIVERED, TAKES_DELIVERY, "delivery", true,
                    delivery_fits, delivery_take, .law = LICENSING "第四十四条" }, AT(STEP_DELIVER), STAY, "delivered", DEPARTMENT, true },
    [CLOSE] = { { "close", "case.closed", IN(DELIVERED), BY_DESK | BY_ITS_ORGAN, CLERK | REVIEWER, CLOSED, .main = true } },
    [WITHDRAW] = { { "withdraw", "case.withdrawn", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED),
                     BY_HOLDER | BY_PLACE, 0, WITHDRAWN, NEED_REASON, .guard = is_holder_alone }, 0, STAY, "withdrawn", APPLICANT, true },
    [TERMINATE] = { { "terminate", "case.terminated", IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED), BY_ITS_ORGAN, REVIEWER, TERMINATED, NEED_REASON | TAKES_BASIS | TAKES_GROUND, "termination",
                      .guard = terminate_fits }, 0, STAY, "terminated", DEPARTMENT, true, DECIDED_MESSAGE },
    /* Zhejiang's rules on government services, art. 11: the notice has named the day and said so. */
    [LAPSE] = { { "lapse", "case.deemed_withdrawn", IN(CORRECTION), BY_SYSTEM, 0, WITHDRAWN, 0, "lapse", .guard = is_time }, 0, STAY,
                "withdrawn", APPLICANT, true, DECIDED_MESSAGE },
    [OVERDUE] = { { "overdue", "case.overdue", IN(REVIEW), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = is_time,
                    .law = LICENSING "第四十二条" }, .message = OVERDUE_MESSAGE },
    /* Art. 45 leaves out of the limit what was told; what goes beyond it counts again, and as late. */
    [OUTLAST] = { { "outlast", "case.outlasted", IN(SUSPENDED), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = is_time,
                    .law = LICENSING "第四十五条" }, 0, STAY, "outlasted", DEPARTMENT, .message = OUTLASTED_MESSAGE },
    [ATTACH] = { { "attach", "case.paper_added", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED),
                   BY_HOLDER | BY_PLACE | BY_DESK, 0, SUBJECT_STAYS, NEED_PAPERS, .guard = case_has_material } },
    [REVEAL] = { { "reveal", "case.revealed", IN(CASE_STATES) - 1, BY_VIEWER, 0, SUBJECT_STAYS, NEED_REASON, .guard = is_in_use, .inner = true } },
    [RATE] = { { "rate", "case.rated", IN(DELIVERED) | IN(CLOSED), BY_HOLDER, 0, SUBJECT_STAYS, NEED_LEVEL | TAKES_OPINION, NULL,
                 true, .guard = may_rate } },
    [NEW_SLIP] = { { "new-slip", "case.slip_made", (IN(CASE_STATES) - 1) & ~IN(DRAFT), BY_PLACE, 0, SUBJECT_STAYS, .guard = has_slip,
                     .effect = take_code } },
    [OWN_CODE] = { { "own-code", "case.code_taken", (IN(CASE_STATES) - 1) & ~IN(DRAFT), BY_HOLDER, 0, SUBJECT_STAYS, NEED_ID_NUMBER, .guard = has_slip,
                     .effect = take_code } },
    [ERASE] = { { "erase", LEDGER_ERASED, ENDED, BY_KEEPER | BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON, .guard = may_erase, .law = PRIVACY } },
    /* A restored backup has brought back an applicant who was erased since: where the case's end is lost with it, it ends now. */
    [ERASE_AGAIN] = { { "erase-again", LEDGER_ERASED, ALIVE, BY_SYSTEM, 0, TERMINATED, NEED_REASON, .law = PRIVACY }, 0, STAY, "terminated",
                      DEPARTMENT, true },
    [RESTRICT] = { { "restrict", LEDGER_RESTRICTED, ENDED, BY_KEEPER | BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON | NEED_DAY, .guard = may_restrict,
                     .law = PRIVACY } },
    [RESTRICT_AGAIN] = { { "restrict-again", LEDGER_RESTRICTED, ALIVE & ~IN(DRAFT), BY_SYSTEM, 0, TERMINATED, NEED_REASON | NEED_DAY, .law = PRIVACY },
                         0, STAY, "terminated", DEPARTMENT, true },
    /* The system takes it for a new calendar, or where an older program counted wrongly (reschedule.c). */
    [RESCHEDULE] = { { "reschedule", "case.rescheduled",
                       (ALIVE | IN(CLOSED)) & ~IN(DRAFT), BY_SYSTEM, 0, SUBJECT_STAYS } },
};

/* ---- who ---- */

Post life_place(const Case *self, int64_t county)
{
    static const int64_t organs[] = { [AT_TOWN] = TOWN_CENTRE_ORGAN, [AT_VILLAGE] = VILLAGE_POINT_ORGAN };
    if (self->channel == AT_TOWN || self->channel == AT_VILLAGE)
        return (Post){ organs[self->channel], self->place, CLERK };
    return (Post){ self->organ, division_county(county), CLERK };
}

bool life_took_in(const Actor *actor, const Case *self, int64_t county)
{
    Post place = life_place(self, county);
    return self->channel != ONLINE && actor->kind == STAFF && identity_may(actor, CLERK, place.organ, place.division);
}

bool life_has_receipt(const Actor *actor, const Case *self, int64_t county)
{
    return identity_holds(actor, self->number) || life_took_in(actor, self, county);
}

bool life_sees_all(const Post *post)
{
    return (post->roles & (SUPERVISOR | AUDITOR)) || (post->organ == CENTRE_ORGAN && (post->roles & HEAD));
}

static bool sees(const Post *post, const Case *self)
{
    if (life_sees_all(post))
        return true;
    if (post->organ == TOWN_CENTRE_ORGAN || post->organ == VILLAGE_POINT_ORGAN)
        return division_within(self->place, post->division);
    return post->organ == self->organ;
}

/* An application from home belongs to the applicant alone until it is submitted, also when it is withdrawn before. */
static bool is_at_home(const Case *self)
{
    return self->channel == ONLINE && (!self->mark_count || strcmp(self->marks[0].why, "received") != 0);
}

bool case_may_see(const Actor *actor, const void *present)
{
    const Case *self = present;
    if (actor->kind == HOLDER)
        return identity_holds(actor, self->number);
    if (actor->kind == STAFF && is_at_home(self))
        return false;
    for (size_t i = 0; actor->kind == STAFF && i < actor->post_count; i++)
        if (sees(&actor->posts[i], self))
            return true;
    return actor->kind == SYSTEM;
}

static bool is_of_staff(const Actor *actor, unsigned who, const Case *self, int64_t county)
{
    Post place = life_place(self, county);
    if ((who & BY_DESK) && self->desk_role &&
        identity_may(actor, (unsigned)self->desk_role, self->desk_organ, self->desk_division))
        return true;
    if ((who & BY_PLACE) && identity_may(actor, CLERK, place.organ, place.division))
        return true;
    return (who & BY_VIEWER) && case_may_see(actor, self);
}

bool life_is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    const Case *self = present;
    bool is_staff = actor->kind == STAFF;
    if (actor->kind == LOADER) /* the posts of those days are not known here */
        return !(rule->relations & (BY_VIEWER | BY_KEEPER));
    if (is_staff && is_at_home(self) && !(rule->relations & BY_KEEPER))
        return false;
    return subject_is_entitled(actor, &case_kind, self, rule, county) || (is_staff && is_of_staff(actor, rule->relations, self, county));
}

bool life_is_open(const SubjectTurn *turn)
{
    const Case *self = turn->present;
    const Item *item = item_of(turn);
    const CaseRule *rule = (const void *)turn->rule;
    if (rule->steps && !(rule->steps & AT(item->steps[self->step].kind)))
        return false;
    return rule->move != TO_PREVIOUS || life_step(item, (size_t)self->step, TO_PREVIOUS) != (size_t)self->step;
}

/* ---- what follows ---- */

/* Going back never leaves the phase: not before acceptance from review, not to the receipt. */
static bool may_go_back_to(enum step_kind from, enum step_kind to)
{
    return from == STEP_ACCEPT ? to == STEP_PREREVIEW : to == STEP_REVIEW;
}

size_t life_step(const Item *item, size_t step, enum move move)
{
    size_t accept = catalogue_step(item, STEP_ACCEPT, 0);
    switch (move) {
    case TO_NEXT: return MIN(step + 1, item->step_count - 1);
    case TO_AFTER_ACCEPT: return accept + 1;
    case TO_DELIVER: return catalogue_step(item, STEP_DELIVER, step);
    case TO_PREVIOUS:
        return step > 0 && may_go_back_to(item->steps[step].kind, item->steps[step - 1].kind) ? step - 1 : step;
    default: return step;
    }
}

void life_desk(Case *self, const Item *item, int64_t county)
{
    StepHolder desk = { 0, 0, 0 };
    Post place = life_place(self, county);
    if (IN(self->state) & (IN(DRAFT) | IN(CORRECTION)))
        desk = (StepHolder){ place.organ, place.division, self->channel == ONLINE && self->state == DRAFT ? 0 : CLERK };
    else if (self->state < CLOSED)
        desk = catalogue_step_holder(item, (size_t)self->step, county, self->place);
    self->desk_organ = desk.organ;
    self->desk_division = desk.division;
    self->desk_role = desk.role;
}
