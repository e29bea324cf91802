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
 *   transfer: from RECEIVED, REVIEW to RECEIVED at another organ.
 *   unaccept: from REVIEW, SUSPENDED to WITHDRAWN, where what was promised did not come.
 *   revoke: from GRANTED, ISSUED, DELIVERED, CLOSED to REVOKED.
 *
 * Within RECEIVED and REVIEW a case walks the item's own steps (pre-review at the town, review,
 * decision) by pass and return. Silence never grants a licence (no deemed approval); silence for five
 * working days after the receipt does accept the application (art. 32). */
#include "cases/code.h"
#include "cases/findings.h"
#include "cases/papers.h"
#include "cases/succession.h"

#include <string.h>

const char *const case_state_names[CASE_STATES + 1] = {
    [DRAFT] = "draft", [RECEIVED] = "received", [CORRECTION] = "correction", [REVIEW] = "review",
    [SUSPENDED] = "suspended", [GRANTED] = "granted", [REFUSED] = "refused", [ISSUED] = "issued",
    [DELIVERED] = "delivered", [CLOSED] = "closed", [NOT_NEEDED] = "not_needed",
    [NOT_ACCEPTED] = "not_accepted", [WITHDRAWN] = "withdrawn", [TERMINATED] = "terminated",
    [REVOKED] = "revoked",
};

const char *const channel_names[] = { "county", "town", "village", "online", NULL };

#define LICENSING "《行政许可法》"

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
    bool is_deemed = life_action(turn) == DEEM;
    case_pin(next, work->next);
    next->accepted_on = is_deemed ? life_received(next, turn->context->calendar) : day_of(turn->context->now);
    next->accepted_hour = is_deemed ? NO_HOUR : minute_of(turn->context->now) / 60;
    if (!is_deemed && catalogue_step(work->next, STEP_REVIEW, 0) == SIZE_MAX) /* then this is the review */
        eyes_note(turn, next);
    next->joint = next->joint || json_flag(turn->input->fields, "joint");
    next->unwritten |= PINNED_PART;
}

/* The Licensing Law is cited for licences alone; a decision on anything else rests on the item's own basis. */
const char *life_law(const SubjectTurn *turn)
{
    const Item *item = life_item(turn);
    enum case_action action = life_action(turn);
    if (item->kind->is_licence || !g_str_has_prefix(turn->rule->law, LICENSING))
        return turn->rule->law;
    return action == GRANT || action == REFUSE || action == REVOKE ? json_text(item->details, "basis") : NULL;
}

const char *life_document(const SubjectTurn *turn)
{
    switch (life_action(turn)) {
    case GRANT: return life_is_up(turn->present) ? "above_result" : life_item(turn)->kind->granted;
    case REFUSE: return life_is_up(turn->present) ? "above_result" : life_item(turn)->kind->refused;
    case REVOKE: return json_flag(turn->input->fields, "is_licensed") ? NULL : turn->rule->document;
    default: return turn->rule->document;
    }
}

static bool take_code(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    (void)error;
    record_set(&next->code_hash, json_text(turn->input->fields, CODE_HASH));
    next->unwritten |= CODE_PART;
    return true;
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
    next->missing = json_array_size(turn->input->materials) ? json_canonical(turn->input->materials) : g_strdup("");
    if (context->actor->kind != LOADER) /* the notice of another system named its own day, or none */
        next->correct_by = calendar_add(context->calendar, day_of(context->now), case_correction_days(context, life_item(turn)));
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
    switch (life_action(turn)) {
    case ACCEPT:
    case DEEM: accept(turn, next); break;
    case PASS: eyes_note(turn, next); break;
    case GRANT:
    case REFUSE:
        next->decided_on = day_of(turn->context->now);
        next->decision = life_action(turn) == GRANT ? GRANTED_IT : REFUSED_IT;
        record_set(&next->granted, life_action(turn) == GRANT ? json_text(turn->input->fields, "granted") : "");
        next->unwritten |= DECIDED_PART;
        break;
    case CORRECT: ask(turn, next); break;
    case SUPPLY:
        record_set(&next->missing, "");
        next->correct_by = 0;
        break;
    /* A town or village gets back what it passed up with its opinion. */
    case RETURN_BACK: next->returned |= life_item(turn)->steps[present->step].kind == STEP_ACCEPT && (next->channel == AT_TOWN || next->channel == AT_VILLAGE); break;
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
enum { ALIVE = (1 << CLOSED) - 1, DELIVERABLE = (1 << DELIVERED) - 1 }; /* DRAFT to DELIVERED; to ISSUED */
enum { ENDED = IN(CLOSED) | IN(NOT_NEEDED) | IN(NOT_ACCEPTED) | IN(WITHDRAWN) | IN(TERMINATED) | IN(REVOKED) };
enum { SHARES = IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED) }; /* papers still count */
#define PRIVACY SUBJECT_PRIVACY

/* rule: name, event, states, relations, roles, next state, needs, document, main; then steps, move, mark, holder, stop, message */
const CaseRule case_rules[CASE_ACTIONS] = {
    [SUBMIT] = { { "submit", "case.received", IN(DRAFT), BY_HOLDER | BY_PLACE, 0, RECEIVED, TAKES_MATERIALS, "receipt", true,
                   .guard = guard_hand_in, .effect = hand_in, .law = LICENSING "第二十九条" }, 0, TO_NEXT, "received", DEPARTMENT },
    [PASS] = { { "pass", "case.passed", IN(RECEIVED) | IN(REVIEW), BY_DESK, 0, SUBJECT_STAYS, NEED_OPINION | TAKES_ANSWERS, NULL, true,
                 .effect = findings_take, .law = LICENSING "第三十四条" }, AT(STEP_RECEIVE) | AT(STEP_PREREVIEW) | AT(STEP_REVIEW), TO_NEXT },
    [RETURN_BACK] = { { "return", "case.returned", IN(RECEIVED) | IN(REVIEW), BY_DESK, 0, SUBJECT_STAYS, NEED_REASON },
                      AT(STEP_PREREVIEW) | AT(STEP_ACCEPT) | AT(STEP_REVIEW) | AT(STEP_DECIDE), TO_PREVIOUS },
    [CORRECT] = { { "correct", "case.correction_asked", IN(RECEIVED), BY_DESK, 0, CORRECTION, ASKS_MATERIALS | NEED_REASON,
                    "correction", .guard = guard_ask, .effect = reopened_ask, .law = LICENSING "第三十二条" },
                  AT(STEP_PREREVIEW) | AT(STEP_ACCEPT), STAY, "correction", APPLICANT, .message = CORRECTION_MESSAGE },
    [SUPPLY] = { { "supply", "case.corrected", IN(CORRECTION), BY_HOLDER | BY_PLACE | BY_ITS_ORGAN, CLERK | REVIEWER, RECEIVED,
                   TAKES_MATERIALS | TAKES_ANSWERS, NULL, true, case_all_supplied, reopened_supply, .law = LICENSING "第三十二条" }, 0, STAY, "supplied", DEPARTMENT,
                 .message = SUPPLIED_MESSAGE },
    [ACCEPT] = { { "accept", "case.accepted", IN(RECEIVED), BY_DESK, 0, REVIEW, TAKES_OPINION | TAKES_MATERIALS | TAKES_ANSWERS, "acceptance", true,
                   case_is_complete, findings_take, .law = LICENSING "第三十二条" }, AT(STEP_ACCEPT), TO_AFTER_ACCEPT, "accepted", DEPARTMENT },
    [DECLARE_NOT_NEEDED] = { { "not-needed", "case.not_needed", IN(RECEIVED), BY_DESK, 0, NOT_NEEDED, NEED_REASON, "not_needed",
                               .law = LICENSING "第三十二条" },
                             AT(STEP_PREREVIEW) | AT(STEP_ACCEPT), STAY, "not_needed", DEPARTMENT, true, DECIDED_MESSAGE },
    [DECLINE] = { { "decline", "case.not_accepted", IN(RECEIVED), BY_DESK, 0, NOT_ACCEPTED, NEED_REASON | TAKES_ORGAN | TAKES_BASIS | TAKES_FALSE_PAPERS,
                    "not_accepted", .guard = case_may_decline, .law = LICENSING "第三十二条" }, AT(STEP_ACCEPT), STAY, "not_accepted", DEPARTMENT, true, DECIDED_MESSAGE },
    [DEEM] = { { "deem", "case.deemed_accepted", IN(RECEIVED), BY_SYSTEM, 0, REVIEW, 0, "deemed", .guard = guard_time,
                 .law = LICENSING "第三十二条" }, 0, TO_AFTER_ACCEPT, "deemed_accepted", DEPARTMENT },
    [SUSPEND] = { { "suspend", "case.suspended", IN(REVIEW), BY_DESK | BY_SYSTEM, 0, SUSPENDED, NEED_SPECIAL | NEED_DAYS, "special",
                    .guard = guard_special, .law = LICENSING "第四十五条" },
                  AT(STEP_REVIEW) | AT(STEP_DECIDE), STAY, "", SPECIAL_PROCEDURE, .message = DECIDED_MESSAGE },
    [RESUME] = { { "resume", "case.resumed", IN(SUSPENDED), BY_DESK | BY_SYSTEM, 0, REVIEW, NEED_OPINION, NULL, true, guard_resume,
                   .law = LICENSING "第四十五条" }, 0, STAY, "resumed", DEPARTMENT },
    [EXTEND] = { { "extend", "case.extended", IN(REVIEW), BY_ITS_ORGAN, HEAD, SUBJECT_STAYS, NEED_REASON | NEED_DAYS | NEED_EXTENSION, "extension",
                   .guard = guard_extend, .law = LICENSING "第四十二条" }, 0, STAY, "extended", DEPARTMENT },
    [GRANT] = { { "grant", "case.granted", IN(REVIEW), BY_DESK, 0, GRANTED, NEED_OPINION | TAKES_GRANTED | TAKES_MATERIALS | TAKES_BASIS | TAKES_ABOVE | TAKES_ANSWERS, "decision", true,
                  case_may_grant, findings_take, .law = LICENSING "第三十八条" }, AT(STEP_DECIDE), TO_NEXT, "decided", DEPARTMENT, true, DECIDED_MESSAGE },
    [REFUSE] = { { "refuse", "case.refused", IN(REVIEW), BY_DESK, 0, REFUSED, NEED_REASON | TAKES_BASIS | TAKES_FALSE_PAPERS | TAKES_ABOVE | TAKES_SOME_ANSWERS, "refusal",
                   .guard = case_may_refuse, .effect = findings_take, .law = LICENSING "第三十八条" }, AT(STEP_DECIDE), TO_DELIVER, "decided", DEPARTMENT, true, DECIDED_MESSAGE },
    [ISSUE] = { { "issue", "case.issued", IN(GRANTED), BY_DESK, 0, ISSUED, 0, NULL, true, .law = LICENSING "第三十九条" },
                AT(STEP_ISSUE), TO_NEXT, "issued", DEPARTMENT },
    [DELIVER] = { { "deliver", "case.delivered", IN(GRANTED) | IN(ISSUED) | IN(REFUSED), BY_DESK, 0, DELIVERED, TAKES_DELIVERY, "delivery", true,
                    delivery_fits, delivery_take, .law = LICENSING "第四十四条" }, AT(STEP_DELIVER), STAY, "delivered", DEPARTMENT, true },
    [CLOSE] = { { "close", "case.closed", IN(DELIVERED), BY_DESK | BY_ITS_ORGAN, CLERK | REVIEWER, CLOSED, .main = true } },
    [WITHDRAW] = { { "withdraw", "case.withdrawn", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED),
                     BY_HOLDER | BY_PLACE, 0, WITHDRAWN, NEED_REASON, .guard = guard_holder_alone }, 0, STAY, "withdrawn", APPLICANT, true },
    [TERMINATE] = { { "terminate", "case.terminated", IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED), BY_ITS_ORGAN, REVIEWER, TERMINATED, NEED_REASON | TAKES_BASIS | TAKES_GROUND, "termination",
                      .guard = terminate_fits }, 0, STAY, "terminated", DEPARTMENT, true, DECIDED_MESSAGE },
    /* Zhejiang's rules on government services, art. 11: the notice has named the day and said so. */
    [LAPSE] = { { "lapse", "case.deemed_withdrawn", IN(CORRECTION), BY_SYSTEM, 0, WITHDRAWN, 0, "lapse", .guard = guard_time }, 0, STAY,
                "withdrawn", APPLICANT, true, DECIDED_MESSAGE },
    /* Art. 32 names the organ that has the power; what is in hand there is sent to it, with the whole file. */
    [TRANSFER] = { { "transfer", "case.transferred", IN(RECEIVED) | IN(REVIEW), BY_DESK, 0, RECEIVED, NEED_REASON | NEED_BASIS | NEED_ITEM, "transfer",
                     .guard = transfer_fits, .effect = transfer_take, .law = LICENSING "第三十二条" },
                   AT(STEP_ACCEPT) | AT(STEP_REVIEW) | AT(STEP_DECIDE), STAY, "transferred", DEPARTMENT, .message = TRANSFERRED_MESSAGE },
    [SEND_UP] = { { "send-up", "case.sent_up", IN(REVIEW), BY_DESK, 0, SUBJECT_STAYS, NEED_OPINION | TAKES_MATERIALS, "send_up", true,
                    case_may_grant, levels_send_up, .law = LICENSING "第三十五条" }, AT(STEP_DECIDE), STAY, "sent_up", HIGHER_ORGAN, .message = SENT_UP_MESSAGE },
    [CHANGE_APPLICANT] = { { "change-applicant", "case.applicant_changed", IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED), BY_PLACE | BY_ITS_ORGAN,
                             CLERK | REVIEWER, SUBJECT_STAYS, NEED_REASON | NEED_PAPERS, "new_applicant", .guard = applicant_fits, .effect = applicant_take },
                           0, STAY, "applicant_changed", HOLDERS_COUNT },
    [EDIT] = { { "edit", "case.draft_edited", IN(DRAFT), BY_HOLDER | BY_PLACE, 0, SUBJECT_STAYS, .guard = correct_fits, .effect = correct_take } },
    [ANSWER] = { { "answers", "case.answered", IN(DRAFT), BY_HOLDER | BY_PLACE, 0, SUBJECT_STAYS, .guard = guard_holder_alone, .effect = answers_take } },
    [CORRECT_ANSWERS] = { { "correct-answers", "case.answers_corrected", IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED), BY_PLACE | BY_ITS_ORGAN,
                            CLERK | REVIEWER, SUBJECT_STAYS, NEED_REASON, .effect = answers_correct, .law = "《个人信息保护法》第四十六条" } },
    [CORRECT_APPLICANT] = { { "correct-applicant", "case.applicant_corrected", DELIVERABLE & ~IN(DRAFT), BY_PLACE | BY_ITS_ORGAN, CLERK | REVIEWER, SUBJECT_STAYS,
                              NEED_REASON, .guard = correct_fits, .effect = correct_take, .law = "《个人信息保护法》第四十六条" },
                            0, STAY, "applicant_corrected", HOLDERS_COUNT },
    [REMOVE_PAPER] = { { "remove-paper", "case.paper_removed", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION), BY_HOLDER | BY_PLACE | BY_DESK, 0, SUBJECT_STAYS,
                         .guard = paper_may_go, .effect = paper_take_out } },
    [REPLACE_PAPER] = { { "replace-paper", "case.paper_replaced", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION), BY_HOLDER | BY_PLACE | BY_DESK, 0, SUBJECT_STAYS,
                          NEED_PAPERS, .guard = paper_may_go, .effect = paper_take_out } },
    [PROMISE] = { { "promise", "case.promised", IN(RECEIVED) | IN(CORRECTION), BY_HOLDER | BY_PLACE | BY_DESK, 0, SUBJECT_STAYS, NEED_MATERIALS,
                    .guard = case_promises_fit } },
    [UNACCEPT] = { { "unaccept", "case.acceptance_withdrawn", IN(REVIEW) | IN(SUSPENDED), BY_SYSTEM, 0, WITHDRAWN, NEED_MATERIALS | NEED_DAY,
                     "unacceptance" }, 0, STAY, "withdrawn", APPLICANT, true, DECIDED_MESSAGE },
    [REVOKE] = { { "revoke-decision", "case.decision_revoked", IN(GRANTED) | IN(ISSUED) | IN(DELIVERED) | IN(CLOSED), BY_ITS_ORGAN, HEAD, REVOKED,
                   NEED_REASON | NEED_BASIS, "decision_revoked", .guard = case_revokes, .law = LICENSING "第六十九条" },
                 0, STAY, "revoked", DEPARTMENT, true, DECIDED_MESSAGE },
    [OVERDUE] = { { "overdue", "case.overdue", IN(REVIEW), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = guard_time,
                    .law = LICENSING "第四十二条" }, .message = OVERDUE_MESSAGE },
    /* Art. 45 leaves out of the limit what was told; what goes beyond it counts again, and as late. */
    [OUTLAST] = { { "outlast", "case.outlasted", IN(SUSPENDED), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = guard_time,
                    .law = LICENSING "第四十五条" }, 0, STAY, "outlasted", DEPARTMENT, .message = OUTLASTED_MESSAGE },
    [ATTACH] = { { "attach", "case.paper_added", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED),
                   BY_HOLDER | BY_PLACE | BY_DESK, 0, SUBJECT_STAYS, NEED_PAPERS, .guard = case_has_material } },
    [REVEAL] = { { "reveal", "case.revealed", IN(CASE_STATES) - 1, BY_VIEWER, 0, SUBJECT_STAYS, NEED_REASON, .guard = guard_in_use, .inner = true } },
    [RATE] = { { "rate", "case.rated", IN(DELIVERED) | IN(CLOSED), BY_HOLDER, 0, SUBJECT_STAYS, NEED_LEVEL | TAKES_OPINION, NULL,
                 true, .guard = guard_rate } },
    [NEW_SLIP] = { { "new-slip", "case.slip_made", (IN(CASE_STATES) - 1) & ~IN(DRAFT), BY_PLACE, 0, SUBJECT_STAYS, .guard = guard_slip,
                     .effect = take_code } },
    [OWN_CODE] = { { "own-code", "case.code_taken", (IN(CASE_STATES) - 1) & ~IN(DRAFT), BY_HOLDER, 0, SUBJECT_STAYS, NEED_ID_NUMBER, .guard = guard_slip,
                     .effect = take_code } },
    [ERASE] = { { "erase", LEDGER_ERASED, ENDED, BY_KEEPER | BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON, .guard = guard_erase, .law = PRIVACY } },
    /* A restored backup has brought back an applicant who was erased since: where the case's end is lost with it, it ends now. */
    [ERASE_AGAIN] = { { "erase-again", LEDGER_ERASED, ALIVE, BY_SYSTEM, 0, TERMINATED, NEED_REASON, .law = PRIVACY }, 0, STAY, "terminated",
                      DEPARTMENT, true },
    [RESTRICT] = { { "restrict", LEDGER_RESTRICTED, ENDED, BY_KEEPER | BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON | NEED_DAY, .guard = guard_restrict,
                     .law = PRIVACY } },
    [RESTRICT_AGAIN] = { { "restrict-again", LEDGER_RESTRICTED, ALIVE & ~IN(DRAFT), BY_SYSTEM, 0, TERMINATED, NEED_REASON | NEED_DAY, .law = PRIVACY },
                         0, STAY, "terminated", DEPARTMENT, true },
    /* The organ, or the place where the case was handed in, has gone into another. */
    [SUCCEED] = { { "succeed", "case.succeeded", ALIVE & ~IN(DRAFT), BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON, .guard = succession_is_due,
                    .effect = succession_take } },
    /* A paper that another organ holds comes by itself (数据共享), or the applicant is asked for it. */
    [FETCH_PAPER] = { { "fetch-paper", "case.paper_fetched", SHARES, BY_SYSTEM, 0, SUBJECT_STAYS, NEED_PAPERS, .guard = case_has_material,
                        .effect = shared_take } },
    [MISS_PAPER] = { { "miss-paper", "case.paper_missed", SHARES, BY_SYSTEM, 0, SUBJECT_STAYS, NEED_MATERIALS, .effect = shared_take },
                     .message = MISSED_MESSAGE },
    /* The system takes it for a new calendar, or where an older program counted wrongly (reschedule.c). */
    [RESCHEDULE] = { { "reschedule", "case.rescheduled",
                       (ALIVE | IN(CLOSED)) & ~IN(DRAFT), BY_SYSTEM, 0, SUBJECT_STAYS } },
};

bool life_is_open(const SubjectTurn *turn)
{
    const Case *self = turn->present;
    const Item *item = life_item(turn);
    const CaseRule *rule = (const void *)turn->rule;
    if (rule->steps && !(rule->steps & AT(item->steps[self->step].kind)))
        return false;
    if (!life_level_lets(turn))
        return false;
    return rule->move != TO_PREVIOUS || life_step(item, (size_t)self->step, TO_PREVIOUS) != (size_t)self->step;
}

/* ---- what follows ---- */

/* Going back never leaves the phase: not before acceptance from review, not to the receipt. */
static bool may_go_back_to(enum step_kind from, enum step_kind to)
{
    if (from == STEP_PREREVIEW)
        return to == STEP_RECEIVE;
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
