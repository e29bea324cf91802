// SPDX-License-Identifier: Apache-2.0
/* The life of a consultation as a table.
 *
 *   BEGUN --ask-opinion--> AWAITED --give-opinion--> AGREES | AGREES_IF | OBJECTS
 *                             +--pass-day--> AWAITED, late, or NO_OBJECTION where the county's rule says so
 *                             +--take-back--> TAKEN_BACK
 */
#include "consultations/life.h"

#include <string.h>

const char *const consultation_agreements[] = { "agrees", "agrees_if", "objects", NULL };

static Day today(const SubjectTurn *turn)
{
    return day_of(turn->context->now);
}

static const char *field(const SubjectTurn *turn, const char *name)
{
    return json_text(turn->input->fields, name);
}

/* ---- guards: what the table alone cannot tell ---- */

static bool is_department(const Context *context, int64_t number, bool *is, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, number, &none);
    *is = strcmp(json_text(organ, "kind"), "department") == 0;
    return organ || trouble_is(&none, NOT_FOUND, error);
}

/* The answer has to come on a working day, before the case's own limit is over; once that is over, within the days that are published. */
static bool day_fits(const SubjectTurn *turn, const Case *of, GError **error)
{
    const Calendar *calendar = turn->context->calendar;
    g_autoptr(ClockReading) reading = case_clock(of, STATUTORY_CLOCK, calendar, turn->context->now);
    Day day = turn->input->day, latest = reading && reading->due > today(turn) ? reading->due : calendar_last(calendar);
    if (day <= today(turn))
        return refuse_field(error, "day", "consultations.day_past", NULL);
    if (!calendar_works(calendar, day))
        return refuse_field(error, "day", "consultations.day_rests", NULL);
    return day <= latest || refuse_field(error, "day", "consultations.day_beyond", "latest_day", DAY_WRITTEN(latest), NULL);
}

static bool are_papers(const SubjectTurn *turn, const Case *of, GError **error)
{
    size_t i, j;
    json_t *name;
    g_autoptr(Item) item = catalogue_item(turn->context->db, turn->context->county, of->item, of->item_version, error);
    json_array_foreach(item ? json_object_get(turn->input->fields, "shared") : NULL, i, name) {
        for (j = 0; j < item->material_count && strcmp(item->materials[j].name, json_string_value(name)) != 0; j++)
            ;
        if (j == item->material_count)
            return refuse_field(error, "shared", "consultations.no_such_paper", NULL);
    }
    return item != NULL;
}

static bool may_ask(const SubjectTurn *turn, GError **error)
{
    bool is, waits;
    g_auto(Case) of = { 0 };
    const Context *context = turn->context;
    const Consultation *self = turn->present;
    int64_t asked = json_number(turn->input->fields, "asked");
    if (!is_department(context, asked, &is, error) || !subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return false;
    if (!is || asked == self->organ)
        return refuse_field(error, "asked", "consultations.which_organ", NULL);
    if (!consultation_is_awaited_of(context->db, context->county, of.number, asked, &waits, error))
        return false;
    if (waits)
        return refuse_field(error, "asked", "consultations.asked_already", NULL);
    return day_fits(turn, &of, error) && are_papers(turn, &of, error);
}

/* Agreement alone needs no reasons. */
static bool may_answer(const SubjectTurn *turn, GError **error)
{
    return *field(turn, "answer") || strcmp(field(turn, "agreement"), "agrees") == 0 || refuse_field(error, "answer", "consultations.reasons_needed", NULL);
}

static bool is_over(const SubjectTurn *turn, GError **error)
{
    const Consultation *self = turn->present;
    return (!self->late && today(turn) > self->due_day) || refuse(error, CONFLICT, "consultations.day_not_over", NULL);
}

/* ---- effects ---- */

static bool ask(const SubjectTurn *turn, void *record, GError **error)
{
    Consultation *next = record;
    const json_t *shared = json_object_get(turn->input->fields, "shared");
    g_autofree char *materials = json_array_size(shared) ? json_canonical(shared) : NULL;
    (void)error;
    next->asked = json_number(turn->input->fields, "asked");
    next->due_day = turn->input->day;
    record_set(&next->question, field(turn, "question"));
    record_set(&next->materials, materials ? materials : "");
    next->unwritten |= CONSULTATION_LETTER;
    return true;
}

/* The state is that of the answer, in place of the rule's. */
static bool give(const SubjectTurn *turn, void *record, GError **error)
{
    Consultation *next = record;
    (void)error;
    next->state = CONSULTATION_AGREES + (int64_t)name_place(consultation_agreements, field(turn, "agreement"));
    next->answered_day = today(turn);
    record_set(&next->answer, field(turn, "answer"));
    next->unwritten |= CONSULTATION_REPLY;
    return true;
}

static bool pass_day(const SubjectTurn *turn, void *record, GError **error)
{
    Consultation *next = record;
    (void)error;
    next->late = 1;
    next->state = turn->context->silence_agrees ? CONSULTATION_NO_OBJECTION : CONSULTATION_AWAITED;
    return true;
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define TOGETHER "《行政许可法》第二十六条"
enum { EVERY = IN(CONSULTATION_STATES) - 1 };

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule consultation_rules[CONSULTATION_ACTIONS] = {
    [CONSULTATION_ASK] = { "ask-opinion", "consultation.opinion_asked", IN(CONSULTATION_BEGUN), BY_ITS_ORGAN, REVIEWER | HEAD, CONSULTATION_AWAITED,
                           NEED_DAY | NEED_QUESTION | TAKES_PAPERS, "consultation_letter", true, .guard = may_ask, .effect = ask, .law = TOGETHER },
    [CONSULTATION_ANSWER] = { "give-opinion", "consultation.opinion_given", IN(CONSULTATION_AWAITED), BY_ASKED, REVIEWER | APPROVER | HEAD,
                              CONSULTATION_AGREES, NEED_ANSWER | TAKES_ANSWER, NULL, true, .guard = may_answer, .effect = give, .law = TOGETHER },
    [CONSULTATION_PASS_DAY] = { "pass-day", "consultation.opinion_late", IN(CONSULTATION_AWAITED), BY_SYSTEM, 0, CONSULTATION_AWAITED, 0,
                                .guard = is_over, .effect = pass_day },
    [CONSULTATION_TAKE_BACK] = { "take-back", "consultation.opinion_dropped", IN(CONSULTATION_AWAITED), BY_SYSTEM | BY_ITS_ORGAN, REVIEWER | HEAD,
                                 CONSULTATION_TAKEN_BACK, NEED_REASON },
    [CONSULTATION_ERASE] = SUBJECT_ERASED_AS("erase-opinion", EVERY),
    [CONSULTATION_RESTRICT] = SUBJECT_RESTRICTED_AS("restrict-opinion", EVERY),
};
