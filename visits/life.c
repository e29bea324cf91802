// SPDX-License-Identifier: Apache-2.0
/* The life of a visit as a table (Licensing Law arts. 34 §3, 55).
 *
 *   TO_APPOINT --send-officers--> TO_MAKE --record-visit--> TO_SIGN --sign-record--> FITS | UNFIT | TO_MEND --send-officers--> TO_MAKE …
 *
 * The two officers are different people of the organ. One writes the record, the other signs it, or writes it anew. */
#include "visits/life.h"

#include <string.h>

static Day today(const SubjectTurn *turn)
{
    return day_of(turn->context->now);
}

static const char *field(const SubjectTurn *turn, const char *name)
{
    return json_text(turn->input->fields, name);
}

static int64_t chosen(const SubjectTurn *turn, const char *const *words, const char *name)
{
    size_t place = name_place(words, field(turn, name));
    return words[place] ? (int64_t)place : 0;
}

/* ---- guards: what the table alone cannot tell ---- */

static bool is_among(const json_t *staff, int64_t id)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)staff, i, one)
        if (strcmp(json_text(one, "id"), DECIMAL(id)) == 0)
            return true;
    return false;
}

/* Art. 34 §3: at least two. */
static bool are_two(const SubjectTurn *turn, GError **error)
{
    int64_t officer = json_number(turn->input->fields, "officer"), companion = json_number(turn->input->fields, "companion");
    g_autoptr(json_t) staff = visit_staff(turn->context, ((const Visit *)turn->present)->organ, error);
    if (!staff)
        return false;
    if (officer == companion)
        return refuse_field(error, "companion", "visits.two_officers", NULL);
    bool first = is_among(staff, officer);
    return (first && is_among(staff, companion)) || refuse_field(error, first ? "companion" : "officer", "visits.of_the_organ", NULL);
}

/* The case's own limit bounds a day that is told, and once that is over the days that are published. */
static bool is_within(const SubjectTurn *turn, const Case *of, const char *name, Day day, GError **error)
{
    const Calendar *calendar = turn->context->calendar;
    g_autoptr(ClockReading) reading = case_clock(of, STATUTORY_CLOCK, calendar, turn->context->now);
    Day latest = reading && reading->due >= today(turn) ? reading->due : MAX(calendar_last(calendar), today(turn));
    return day <= latest || refuse_field(error, name, "visits.day_beyond", "latest_day", DAY_WRITTEN(latest), NULL);
}

/* A case that went to another organ is no longer this one's to check, but for one that this one has gone into. */
static bool is_in_review(const SubjectTurn *turn, const char *name, Day day, GError **error)
{
    int64_t acting;
    g_auto(Case) of = { 0 };
    const Visit *self = turn->present;
    const Context *context = turn->context;
    if (!subject_load(context->db, context->county, &case_kind, self->case_number, &of, error) ||
        !identity_acting(context->db, context->county, ABOUT_ORGAN, self->organ, &acting, error))
        return false;
    if (of.organ != acting)
        return refuse(error, CONFLICT, "visits.other_organ", NULL);
    bool is = of.state == REVIEW || of.state == SUSPENDED;
    return is ? is_within(turn, &of, name, day, error) : refuse(error, CONFLICT, "visits.not_in_review", "state", case_state_names[of.state], NULL) != NULL;
}

static bool may_appoint(const SubjectTurn *turn, GError **error)
{
    if (turn->input->day < today(turn))
        return refuse_field(error, "day", "visits.day_past", NULL);
    return are_two(turn, error) && is_in_review(turn, "day", turn->input->day, error);
}

static bool signature_fits(const SubjectTurn *turn, GError **error)
{
    bool has_note = *field(turn, "signature_note");
    return has_note || strcmp(field(turn, "signature"), "signed") == 0 || refuse_field(error, "signature_note", "visits.signature_note_needed", NULL);
}

/* Nothing is recorded before it was seen; what does not fit yet has a day by which it is to be put right. */
static bool may_record(const SubjectTurn *turn, GError **error)
{
    const Visit *self = turn->present;
    const char *by = field(turn, "mend_day");
    bool mends = strcmp(field(turn, "finding"), "mend") == 0;
    if (today(turn) < self->day)
        return refuse(error, CONFLICT, "visits.not_yet", "visit_day", DAY_WRITTEN((Day)self->day), NULL);
    if (mends && (!*by || day_parse(by) <= today(turn)))
        return refuse_field(error, "mend_day", "visits.mend_day_needed", NULL);
    return signature_fits(turn, error) && (!mends || is_in_review(turn, "mend_day", day_parse(by), error));
}

static bool is_other_officer(const SubjectTurn *turn, GError **error)
{
    const Visit *self = turn->present;
    return turn->context->actor->id != self->writer || refuse(error, NOT_ALLOWED, "visits.other_signs", NULL);
}

static bool is_late(const SubjectTurn *turn, GError **error)
{
    const Visit *self = turn->present;
    return (self->appoint_day && !self->late && today(turn) > self->appoint_day) || refuse(error, CONFLICT, "visits.not_late", NULL);
}

static bool may_end(const SubjectTurn *turn, GError **error)
{
    const Visit *self = turn->present;
    return !*self->demanded || turn->context->actor->kind == SYSTEM || refuse(error, CONFLICT, "visits.is_demanded", NULL);
}

/* ---- effects ---- */

static bool appoint(const SubjectTurn *turn, void *record, GError **error)
{
    Visit *next = record;
    (void)error;
    next->officer = json_number(turn->input->fields, "officer");
    next->companion = json_number(turn->input->fields, "companion");
    next->day = turn->input->day;
    next->half = chosen(turn, visit_halves, "half");
    next->writer = next->finding = next->mend_day = next->signature = 0;
    record_set(&next->place, field(turn, "place"));
    record_set(&next->found, "");
    record_set(&next->signature_note, "");
    next->unwritten |= VISIT_PLAN | VISIT_WRITTEN;
    return true;
}

static bool write_record(const SubjectTurn *turn, void *record, GError **error)
{
    Visit *next = record;
    const char *by = field(turn, "mend_day");
    (void)error;
    next->writer = turn->context->actor->id;
    next->finding = chosen(turn, visit_findings, "finding");
    next->mend_day = strcmp(visit_findings[next->finding], "mend") == 0 ? day_parse(by) : 0;
    next->signature = chosen(turn, visit_signatures, "signature");
    record_set(&next->found, field(turn, "found"));
    record_set(&next->signature_note, field(turn, "signature_note"));
    next->unwritten |= VISIT_WRITTEN;
    return true;
}

/* A record that both have signed brings the visit into the state of its finding, in place of the rule's. */
static bool sign(const SubjectTurn *turn, void *record, GError **error)
{
    static const enum visit_state states[] = { VISIT_TO_SIGN, VISIT_FITS, VISIT_UNFIT, VISIT_TO_MEND };
    Visit *next = record;
    (void)turn, (void)error;
    next->state = states[next->finding];
    next->rounds++;
    next->unwritten |= VISIT_WRITTEN;
    return true;
}

static bool note_late(const SubjectTurn *turn, void *record, GError **error)
{
    (void)turn, (void)error;
    ((Visit *)record)->late = 1;
    return true;
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define CHECKED "《行政许可法》第三十四条"
enum { EVERY = IN(VISIT_STATES) - 1, WAITS = IN(VISIT_TO_APPOINT) | IN(VISIT_TO_MAKE) | IN(VISIT_TO_SIGN) | IN(VISIT_TO_MEND) };

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule visit_rules[VISIT_ACTIONS] = {
    [VISIT_APPOINT] = { "send-officers", "visit.officers_appointed", IN(VISIT_TO_APPOINT) | IN(VISIT_TO_MAKE) | IN(VISIT_TO_MEND), BY_ITS_ORGAN, REVIEWER | HEAD,
                        VISIT_TO_MAKE, NEED_DAY | NEED_PLAN, "visit_notice", true, .guard = may_appoint, .effect = appoint, .law = CHECKED },
    [VISIT_RECORD] = { "record-visit", "visit.record_written", IN(VISIT_TO_MAKE) | IN(VISIT_TO_SIGN), BY_OFFICER, 0, VISIT_TO_SIGN,
                       NEED_FINDING | TAKES_FINDING, NULL, true, .guard = may_record, .effect = write_record, .law = CHECKED },
    [VISIT_SIGN] = { "sign-record", "visit.record_signed", IN(VISIT_TO_SIGN), BY_OFFICER, 0, VISIT_FITS, 0, "visit_record", true,
                     .guard = is_other_officer, .effect = sign, .law = CHECKED },
    [VISIT_ADD_PHOTO] = { "add-photo", "visit.photo_added", IN(VISIT_TO_MAKE) | IN(VISIT_TO_SIGN), BY_OFFICER, 0, SUBJECT_STAYS, NEED_PAPERS },
    [VISIT_NOTE_LATE] = { "note-late", "visit.appointment_late", IN(VISIT_TO_APPOINT), BY_SYSTEM, 0, SUBJECT_STAYS, .guard = is_late, .effect = note_late,
                          .law = "《行政许可法》第五十五条" },
    [VISIT_END] = { "end-visit", "visit.no_visit", WAITS, BY_SYSTEM | BY_ITS_ORGAN, REVIEWER | HEAD, VISIT_ENDED, NEED_REASON, .guard = may_end },
    [VISIT_ERASE] = SUBJECT_ERASED_AS("erase-visit", EVERY),
    [VISIT_RESTRICT] = SUBJECT_RESTRICTED_AS("restrict-visit", EVERY),
};
