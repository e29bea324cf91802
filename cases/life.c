// SPDX-License-Identifier: Apache-2.0
/* The life of a case as a table (Licensing Law arts. 32–50).
 *
 *   DRAFT --submit--> RECEIVED --accept, deem--> REVIEW <--suspend, resume--> SUSPENDED
 *                       |  ^                       |
 *                correct|  |supply                 +--grant--> GRANTED --issue--> ISSUED --deliver--+
 *                       v  |                       |                                                v
 *                    CORRECTION                    +--refuse-> REFUSED ------deliver----------> DELIVERED
 *                       |                                                                           |
 *                terminate                                                                        close
 *                       v                                                                           v
 *                   TERMINATED     RECEIVED --not-needed--> NOT_NEEDED                           CLOSED
 *                                  RECEIVED --decline-----> NOT_ACCEPTED
 *   deliver: also from GRANTED where the item prints nothing.
 *   withdraw: from DRAFT, RECEIVED, CORRECTION, REVIEW, SUSPENDED to WITHDRAWN.
 *
 * Within RECEIVED and REVIEW a case walks the item's own steps (pre-review at the town, review,
 * decision) by pass and return. Silence never grants a licence (no deemed approval); silence for five
 * working days after the receipt does accept the application (art. 32). */
#include "cases/papers.h"

#include <string.h>

const char *const case_state_names[CASE_STATES + 1] = {
    [DRAFT] = "draft", [RECEIVED] = "received", [CORRECTION] = "correction", [REVIEW] = "review",
    [SUSPENDED] = "suspended", [GRANTED] = "granted", [REFUSED] = "refused", [ISSUED] = "issued",
    [DELIVERED] = "delivered", [CLOSED] = "closed", [NOT_NEEDED] = "not_needed",
    [NOT_ACCEPTED] = "not_accepted", [WITHDRAWN] = "withdrawn", [TERMINATED] = "terminated",
};

const char *const channel_names[] = { "county", "town", "village", "online", NULL };

/* ---- guards: what the table alone cannot tell ---- */

static bool is_over(const Judgement *j, enum case_clock which)
{
    g_autoptr(ClockReading) reading =
        case_clock(j->present, which, j->context->calendar, j->context->now);
    return reading && reading->overdue;
}

/* Art. 32: all that is missing is told at once, and once only, within five working days. */
static bool may_correct(const Judgement *j, GError **error)
{
    if (j->present->corrected)
        return refuse(error, CONFLICT, "cases.corrected_already", NULL);
    if (is_over(j, INTAKE_CLOCK))
        return refuse(error, CONFLICT, "cases.intake_over", NULL);
    return true;
}

static bool intake_is_over(const Judgement *j, GError **error)
{
    return is_over(j, INTAKE_CLOCK) || refuse(error, CONFLICT, "cases.intake_not_over", NULL);
}

static bool is_special_of(const Judgement *j, GError **error)
{
    for (size_t i = 0; i < j->item->special_count; i++)
        if (g_str_equal(j->item->specials[i].kind, j->input->special))
            return true;
    return refuse_field(error, "special", "cases.special_unknown", "special", j->input->special, NULL);
}

/* Art. 42: once, by the head of the organ, ten days at the most, before the limit has run out. */
static bool may_extend(const Judgement *j, GError **error)
{
    if (j->present->extended)
        return refuse(error, CONFLICT, "cases.extended_already", NULL);
    if (is_over(j, STATUTORY_CLOCK))
        return refuse(error, CONFLICT, "cases.limit_over", NULL);
    return j->input->days <= 10 || refuse_field(error, "days", "cases.extension_too_long", NULL);
}

static bool wait_is_over(const Judgement *j, GError **error)
{
    return day_of(j->context->now) > life_wait_ends(j->present) ||
           refuse(error, CONFLICT, "cases.wait_not_over", NULL);
}

static bool statutory_is_over(const Judgement *j, GError **error)
{
    return (!j->present->overdue && is_over(j, STATUTORY_CLOCK)) ||
           refuse(error, CONFLICT, "cases.not_overdue", NULL);
}

static bool is_not_rated(const Judgement *j, GError **error)
{
    return !j->present->rated || refuse(error, CONFLICT, "cases.rated_already", NULL);
}

/* Of what came after an erasure the salt is a new one, and may be erased in its turn. */
static bool is_not_erased(const Judgement *j, GError **error)
{
    bool erased;
    if (!case_is_erased(j->context, j->present, &erased, error))
        return false;
    return !erased || refuse(error, CONFLICT, "cases.erased_already", NULL);
}

static bool is_a_material(const Judgement *j, const char *name)
{
    for (size_t i = 0; i < j->item->material_count; i++)
        if (g_str_equal(j->item->materials[i].name, name))
            return true;
    return false;
}

static bool has_material(const Judgement *j, GError **error)
{
    const char *name = j->input->material ? j->input->material : "";
    return is_a_material(j, name) || refuse_field(error, "material", "cases.no_such_material", "name", name, NULL);
}

static bool is_listed(const json_t *list, const char *name)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)list, i, entry)
        if (g_str_equal(json_string_value(entry), name))
            return true;
    return false;
}

static bool has_paper(const json_t *papers, const char *name)
{
    size_t i;
    json_t *paper;
    json_array_foreach((json_t *)papers, i, paper)
        if (json_flag(paper, "supplied") && g_str_equal(json_text(paper, "material"), name))
            return true;
    return false;
}

/* Papers that came after the notice count; older ones were found wanting. */
static void mark_supplied(json_t *papers, const Case *self)
{
    size_t i;
    json_t *paper;
    Instant asked = self->marks[self->mark_count - 1].at;
    json_array_foreach(papers, i, paper)
        json_object_set_new(paper, "supplied", json_boolean(json_number(paper, "made_at") >= asked));
}

static bool all_supplied(const Judgement *j, GError **error)
{
    g_autoptr(json_t) papers = papers_of(j->context, j->present, error);
    g_autoptr(json_t) missing = json_loads(j->present->missing, 0, NULL);
    size_t i;
    json_t *name;
    if (!papers)
        return false;
    mark_supplied(papers, j->present);
    json_array_foreach(missing, i, name)
        if (!has_paper(papers, json_string_value(name)) &&
            !is_listed(j->input->materials, json_string_value(name)))
            return refuse(error, CONFLICT, "cases.still_missing", "name", json_string_value(name), NULL);
    return true;
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define AT(step) (1u << (step))

const Rule case_rules[CASE_ACTIONS] = {
    [SUBMIT] = { "submit", "case.received", IN(DRAFT), 0, BY_APPLICANT | BY_PLACE, 0, RECEIVED,
                 TO_NEXT, TAKES_MATERIALS, "receipt", "received", DEPARTMENT, .main = true },
    [PASS] = { "pass", "case.passed", IN(RECEIVED) | IN(REVIEW), AT(STEP_PREREVIEW) | AT(STEP_REVIEW),
               BY_DESK, 0, NO_CHANGE, TO_NEXT, NEED_OPINION, .main = true },
    [RETURN_BACK] = { "return", "case.returned", IN(RECEIVED) | IN(REVIEW),
                      AT(STEP_ACCEPT) | AT(STEP_REVIEW) | AT(STEP_DECIDE), BY_DESK, 0, NO_CHANGE,
                      TO_PREVIOUS, NEED_REASON },
    [CORRECT] = { "correct", "case.correction_asked", IN(RECEIVED), AT(STEP_PREREVIEW) | AT(STEP_ACCEPT),
                  BY_DESK, 0, CORRECTION, STAY, NEED_MATERIALS | NEED_REASON, "correction", "correction",
                  APPLICANT, .guard = may_correct },
    [SUPPLY] = { "supply", "case.corrected", IN(CORRECTION), 0, BY_APPLICANT | BY_PLACE | BY_ORGAN,
                 CLERK | REVIEWER, RECEIVED, STAY, TAKES_MATERIALS, NULL, "supplied", DEPARTMENT,
                 .main = true, .guard = all_supplied },
    [ACCEPT] = { "accept", "case.accepted", IN(RECEIVED), AT(STEP_ACCEPT), BY_DESK, 0, REVIEW,
                 TO_AFTER_ACCEPT, TAKES_OPINION, "acceptance", "accepted", DEPARTMENT, .main = true },
    [DECLARE_NOT_NEEDED] = { "not-needed", "case.not_needed", IN(RECEIVED),
                             AT(STEP_PREREVIEW) | AT(STEP_ACCEPT), BY_DESK, 0, NOT_NEEDED, STAY,
                             NEED_REASON, "not_accepted", "not_needed", DEPARTMENT, true },
    [DECLINE] = { "decline", "case.not_accepted", IN(RECEIVED), AT(STEP_ACCEPT), BY_DESK, 0, NOT_ACCEPTED,
                  STAY, NEED_REASON | NEED_ORGAN, "not_accepted", "not_accepted", DEPARTMENT, true },
    [DEEM] = { "deem", "case.deemed_accepted", IN(RECEIVED), 0, BY_SYSTEM, 0, REVIEW, TO_AFTER_ACCEPT, 0,
               "acceptance", "deemed_accepted", DEPARTMENT, .guard = intake_is_over },
    [SUSPEND] = { "suspend", "case.suspended", IN(REVIEW), AT(STEP_REVIEW) | AT(STEP_DECIDE), BY_DESK, 0,
                  SUSPENDED, STAY, NEED_SPECIAL | NEED_DAYS, "special", "", SPECIAL_PROCEDURE,
                  .guard = is_special_of },
    [RESUME] = { "resume", "case.resumed", IN(SUSPENDED), 0, BY_DESK, 0, REVIEW, STAY, NEED_OPINION, NULL,
                 "resumed", DEPARTMENT, .main = true },
    [EXTEND] = { "extend", "case.extended", IN(REVIEW), 0, BY_ORGAN, HEAD, NO_CHANGE, STAY,
                 NEED_REASON | NEED_DAYS, "extension", "extended", DEPARTMENT, .guard = may_extend },
    [GRANT] = { "grant", "case.granted", IN(REVIEW), AT(STEP_DECIDE), BY_DESK, 0, GRANTED, TO_NEXT,
                NEED_OPINION, "decision", "decided", DEPARTMENT, true, true },
    [REFUSE] = { "refuse", "case.refused", IN(REVIEW), AT(STEP_DECIDE), BY_DESK, 0, REFUSED, TO_DELIVER,
                 NEED_REASON, "refusal", "decided", DEPARTMENT, true },
    [ISSUE] = { "issue", "case.issued", IN(GRANTED), AT(STEP_ISSUE), BY_DESK, 0, ISSUED, TO_NEXT, 0,
                "licence", "issued", DEPARTMENT, .main = true },
    [DELIVER] = { "deliver", "case.delivered", IN(GRANTED) | IN(ISSUED) | IN(REFUSED), AT(STEP_DELIVER), BY_DESK, 0,
                  DELIVERED, STAY, 0, NULL, "delivered", DEPARTMENT, true, true },
    [CLOSE] = { "close", "case.closed", IN(DELIVERED), 0, BY_DESK | BY_ORGAN, CLERK | REVIEWER, CLOSED,
                STAY, 0, .main = true },
    [WITHDRAW] = { "withdraw", "case.withdrawn",
                   IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION) | IN(REVIEW) | IN(SUSPENDED), 0,
                   BY_APPLICANT | BY_PLACE, 0, WITHDRAWN, STAY, NEED_REASON, NULL, "withdrawn",
                   APPLICANT, true },
    [TERMINATE] = { "terminate", "case.terminated", IN(CORRECTION), 0, BY_ORGAN, REVIEWER, TERMINATED,
                    STAY, NEED_REASON, "termination", "terminated", DEPARTMENT, true,
                    .guard = wait_is_over },
    [OVERDUE] = { "overdue", "case.overdue", IN(REVIEW), 0, BY_SYSTEM, 0, NO_CHANGE, STAY, 0,
                  .guard = statutory_is_over },
    [ATTACH] = { "attach", "case.paper_added", IN(DRAFT) | IN(RECEIVED) | IN(CORRECTION), 0,
                 BY_APPLICANT | BY_PLACE | BY_DESK, 0, NO_CHANGE, STAY, NEED_PAPERS,
                 .guard = has_material },
    [REVEAL] = { "reveal", "case.revealed", IN(CASE_STATES) - 1, 0, BY_VIEWER, 0, NO_CHANGE, STAY,
                 NEED_REASON },
    [RATE] = { "rate", "case.rated", IN(DELIVERED) | IN(CLOSED), 0, BY_APPLICANT, 0, NO_CHANGE, STAY,
               NEED_LEVEL | TAKES_OPINION, .main = true, .guard = is_not_rated },
    [ERASE] = { "erase", LEDGER_ERASED,
                IN(CLOSED) | IN(NOT_NEEDED) | IN(NOT_ACCEPTED) | IN(WITHDRAWN) | IN(TERMINATED), 0, BY_KEEPER, 0,
                NO_CHANGE, STAY, NEED_REASON, .guard = is_not_erased },
    /* Nobody takes it: a new calendar does (reschedule.c). */
    [RESCHEDULE] = { "reschedule", "case.rescheduled",
                     IN(RECEIVED) | IN(REVIEW) | IN(SUSPENDED) | IN(GRANTED) | IN(REFUSED) | IN(ISSUED), 0, 0, 0,
                     NO_CHANGE, STAY },
};

/* ---- who ---- */

Post life_place(const Case *self, int64_t county)
{
    static const int64_t organs[] = { [AT_TOWN] = TOWN_CENTRE_ORGAN, [AT_VILLAGE] = VILLAGE_POINT_ORGAN };
    if (self->channel == AT_TOWN || self->channel == AT_VILLAGE)
        return (Post){ organs[self->channel], self->place, CLERK };
    return (Post){ self->organ, division_county(county), CLERK };
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

bool case_may_see(const Actor *actor, const Case *self)
{
    if (actor->kind == HOLDER)
        return actor->id == self->number;
    for (size_t i = 0; actor->kind == STAFF && i < actor->post_count; i++)
        if (sees(&actor->posts[i], self))
            return true;
    return actor->kind == SYSTEM;
}

static bool is_of_staff(const Actor *actor, unsigned who, const Case *self, unsigned roles, int64_t county)
{
    Post place = life_place(self, county);
    if ((who & BY_DESK) && self->desk_role &&
        identity_may(actor, (unsigned)self->desk_role, self->desk_organ, self->desk_division))
        return true;
    if ((who & BY_PLACE) && identity_may(actor, CLERK, place.organ, place.division))
        return true;
    if ((who & BY_ORGAN) && identity_may(actor, roles, self->organ, division_county(county)))
        return true;
    if ((who & BY_KEEPER) && identity_may(actor, SECURITY_ADMINISTRATOR, CENTRE_ORGAN, division_county(county)))
        return true;
    return (who & BY_VIEWER) && case_may_see(actor, self);
}

bool life_is_entitled(const Actor *actor, const Case *self, const Rule *rule, int64_t county)
{
    switch (actor->kind) {
    case SYSTEM: return rule->who & BY_SYSTEM;
    case LOADER: return !(rule->who & (BY_VIEWER | BY_KEEPER)); /* whose post it was is not known here; all else is judged */
    case HOLDER: return (rule->who & BY_APPLICANT) && actor->id == self->number;
    case STAFF: return is_of_staff(actor, rule->who, self, rule->roles, county);
    default: return false;
    }
}

bool life_is_open(const Case *self, const Item *item, const Rule *rule)
{
    if (!(rule->from & IN(self->state)))
        return false;
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
    switch (self->state) {
    case DRAFT:
    case CORRECTION:
        desk = (StepHolder){ place.organ, place.division, self->channel == ONLINE && self->state == DRAFT ? 0 : CLERK };
        break;
    case RECEIVED:
    case REVIEW:
    case SUSPENDED:
    case GRANTED:
    case REFUSED:
    case ISSUED:
    case DELIVERED:
        desk = catalogue_step_holder(item, (size_t)self->step, county, self->place);
        break;
    default: break;
    }
    self->desk_organ = desk.organ;
    self->desk_division = desk.division;
    self->desk_role = desk.role;
}
