// SPDX-License-Identifier: Apache-2.0
/* The clocks of a case: which of its marks start and end each, and what they mean for who must act by
 * when. */
#include "cases/life.h"

#include <string.h>

enum { MIDNIGHT = 24 * 60 }; /* behind the last day */

/* Marks that begin and end the clocks, by their why key. */
static const char *const receipts[] = { "received", "supplied", "transferred", NULL };
static const char *const acceptances[] = { "accepted", "deemed_accepted", NULL };
static const char *const decisions[] = { "decided", NULL };
static const char *const ends_of_intake[] = { "correction", "accepted", "deemed_accepted", "not_needed",
    "not_accepted", "withdrawn", "terminated", NULL };
static const char *const ends_of_review[] = { "decided", "withdrawn", "terminated", "not_needed",
    "not_accepted", NULL };
static const char *const ends_of_delivery[] = { "delivered", "revoked", NULL };

static size_t first_of(const Case *self, const char *const *keys, size_t from)
{
    for (size_t i = from; i < self->mark_count; i++)
        if (g_strv_contains(keys, self->marks[i].why))
            return i;
    return SIZE_MAX;
}

static size_t last_of(const Case *self, const char *const *keys, size_t before)
{
    for (size_t i = MIN(before, self->mark_count); i > 0; i--)
        if (g_strv_contains(keys, self->marks[i - 1].why))
            return i - 1;
    return SIZE_MAX;
}

const ClockMark *life_mark(const Case *self, const char *why)
{
    size_t last = last_of(self, (const char *const[]){ why, NULL }, SIZE_MAX);
    return last == SIZE_MAX ? NULL : &self->marks[last];
}

/* Where the organ that has it begins: at the first mark, or where it was transferred there. */
static size_t begun_at(const Case *self)
{
    const ClockMark *transferred = life_mark(self, "transferred");
    return transferred ? (size_t)(transferred - self->marks) : 0;
}

/* A lower organ that examines first begins with its acceptance (art. 43). */
static size_t below_start(const Case *self)
{
    size_t accepted = first_of(self, acceptances, begun_at(self));
    return accepted != SIZE_MAX && self->marks[accepted].holder == LOWER_ORGAN ? accepted : SIZE_MAX;
}

/* Where the main clocks start, which the organ it was transferred to begins anew: at the receipt where the item's law says so; when the organ was silent,
 * at the receipt that it did not answer; after a correction when all had been supplied, since it must
 * then be accepted at once (art. 32); else at the acceptance. */
static size_t main_start(const Case *self)
{
    if (self->from_receipt)
        return first_of(self, receipts, begun_at(self));
    size_t accepted = first_of(self, acceptances, begun_at(self));
    if (accepted == SIZE_MAX)
        return SIZE_MAX;
    bool dates_back = self->corrected || strcmp(self->marks[accepted].why, "deemed_accepted") == 0;
    return dates_back ? last_of(self, receipts, accepted) : accepted;
}

static ClockRule rule_of(const Case *self, enum case_clock which)
{
    const struct { int64_t days, unit; } rules[CASE_CLOCKS] = {
        [INTAKE_CLOCK] = { INTAKE_DAYS, WORKING_DAYS },
        [PROMISE_CLOCK] = { self->promised_days, self->promised_unit },
        [STATUTORY_CLOCK] = { self->statutory_days, self->statutory_unit },
        [DELIVERY_CLOCK] = { DELIVERY_DAYS, WORKING_DAYS },
        [BELOW_CLOCK] = { BELOW_DAYS, WORKING_DAYS },
    };
    return (ClockRule){ (int)rules[which].days, (enum day_unit)rules[which].unit, 1u << (which == BELOW_CLOCK ? LOWER_ORGAN : DEPARTMENT) };
}

static const char *const *const ends[CASE_CLOCKS] = {
    [INTAKE_CLOCK] = ends_of_intake, [PROMISE_CLOCK] = ends_of_review, [STATUTORY_CLOCK] = ends_of_review,
    [DELIVERY_CLOCK] = ends_of_delivery, [BELOW_CLOCK] = ends_of_review,
};

static size_t start_of(const Case *self, enum case_clock which)
{
    if (which == STATUTORY_CLOCK && !self->statutory_days) /* no law sets a limit */
        return SIZE_MAX;
    if (which == BELOW_CLOCK)
        return below_start(self);
    if (which == INTAKE_CLOCK)
        return last_of(self, receipts, SIZE_MAX);
    return which == DELIVERY_CLOCK ? first_of(self, decisions, 0) : main_start(self);
}

/* A receipt that office hours have moved on follows the calendar: a day that has become a holiday since is nobody's day of receipt. */
static Day day_of_receipt(const ClockMark *mark, const Calendar *calendar)
{
    return mark->day != day_of(mark->at) ? calendar_receipt(calendar, mark->at) : mark->day;
}

/* The marks of one clock, from its start to its end; NULL when it has not started. */
static ClockMark *marks_of(const Case *self, enum case_clock which, const Calendar *calendar, size_t *count)
{
    size_t start = start_of(self, which);
    if (start == SIZE_MAX)
        return NULL;
    size_t end = first_of(self, ends[which], start + 1);
    *count = (end == SIZE_MAX ? self->mark_count - 1 : end) - start + 1;
    ClockMark *marks = g_memdup2(&self->marks[start], *count * sizeof *marks);
    for (size_t i = 0; i < *count; i++) {
        marks[i].stop = start + i == end;
        if (g_strv_contains(receipts, marks[i].why))
            marks[i].day = day_of_receipt(&marks[i], calendar);
    }
    return marks;
}

ClockReading *case_clock(const Case *self, enum case_clock which, const Calendar *calendar, Instant now)
{
    size_t count;
    g_autofree ClockMark *marks = marks_of(self, which, calendar, &count);
    ClockRule rule = rule_of(self, which);
    return marks ? clock_run(calendar, &rule, marks, count, MAX(now, marks[count - 1].at)) : NULL;
}

Day life_due(const Case *self, enum case_clock which, const Calendar *calendar)
{
    size_t count;
    g_autofree ClockMark *marks = marks_of(self, which, calendar, &count);
    ClockRule rule = rule_of(self, which);
    return marks ? clock_due(calendar, &rule, marks, count) : DAY_NONE;
}

Day life_received(const Case *self, const Calendar *calendar)
{
    size_t last = last_of(self, receipts, SIZE_MAX);
    return last == SIZE_MAX ? DAY_NONE : day_of_receipt(&self->marks[last], calendar);
}

static Instant instant_on(Day day, int minute)
{
    return day == DAY_NONE ? 0 : instant_at(day, minute);
}

int case_correction_days(const Context *context, const Item *item)
{
    int days = item->correction_days ? item->correction_days : context->correction_days;
    return days ? days : CORRECTION_DAYS;
}

Day life_wait_ends(const Case *self)
{
    enum { WAIT_DAYS = 30 }; /* of the calendar, where an older program named no day */
    return self->correct_by ? (Day)self->correct_by : self->marks[self->mark_count - 1].day + WAIT_DAYS;
}

Day life_unknown(const Case *self, const Calendar *calendar, Instant now)
{
    for (enum case_clock which = 0; which < CASE_CLOCKS; which++) {
        g_autoptr(ClockReading) reading = self->state == SUSPENDED ? case_clock(self, which, calendar, now) : NULL;
        Day due = reading ? reading->due : life_due(self, which, calendar);
        if (due != DAY_NONE && !calendar_knows(calendar, due))
            return due;
    }
    return DAY_NONE;
}

enum case_clock life_clock(const Case *self)
{
    switch (self->state) {
    case RECEIVED: return INTAKE_CLOCK;
    case REVIEW: return self->mark_count && self->marks[self->mark_count - 1].holder == LOWER_ORGAN ? BELOW_CLOCK : PROMISE_CLOCK;
    case SUSPENDED: return PROMISE_CLOCK;
    case GRANTED:
    case REFUSED:
    case ISSUED: return DELIVERY_CLOCK;
    default: return CASE_CLOCKS;
    }
}

/* The night after the last day of a clock. Nothing follows by law from a day that is not published: then it is set when the calendar
 * comes (reschedule.c). */
static Instant night_after(const Case *self, enum case_clock which, const Calendar *calendar)
{
    Day due = life_due(self, which, calendar);
    return due == DAY_NONE || !calendar_knows(calendar, due) ? 0 : instant_at(due, MIDNIGHT);
}

bool life_outlasted(const Case *self)
{
    return life_mark(self, "outlasted");
}

/* The night after the days that were told for a special procedure. */
static Instant night_after_special(const Case *self, const Calendar *calendar)
{
    bool is_noted = self->marks[self->mark_count - 1].holder != SPECIAL_PROCEDURE;
    return is_noted || !self->special_until || !calendar_knows(calendar, (Day)self->special_until) ? 0
                                                                                                   : instant_at((Day)self->special_until, MIDNIGHT);
}

void life_deadlines(Case *self, const Calendar *calendar)
{
    enum case_clock clock = life_clock(self);
    self->due_at = self->alarm_at = 0;
    if ((self->state == SUSPENDED || self->state == REVIEW) && self->special_until)
        self->due_at = instant_on((Day)self->special_until, OFFICE_CLOSES);
    else if (clock != CASE_CLOCKS)
        self->due_at = instant_on(life_due(self, clock, calendar), OFFICE_CLOSES);
    else if (self->state == CORRECTION)
        self->due_at = instant_on(life_wait_ends(self), OFFICE_CLOSES);
    if (self->state == CORRECTION && self->correct_by)
        self->alarm_at = instant_on((Day)self->correct_by, MIDNIGHT);
    else if (self->state == RECEIVED && item_kind(self->act)->is_licence) /* silence accepts nothing else, art. 32 */
        self->alarm_at = night_after(self, INTAKE_CLOCK, calendar);
    else if (self->state == SUSPENDED)
        self->alarm_at = night_after_special(self, calendar);
    else if (self->state == REVIEW && !self->overdue && !life_is_up(self))
        self->alarm_at = night_after(self, STATUTORY_CLOCK, calendar);
}

void life_judge(Case *self, const Calendar *calendar)
{
    g_autoptr(ClockReading) statutory = case_clock(self, STATUTORY_CLOCK, calendar, 0), promise = case_clock(self, PROMISE_CLOCK, calendar, 0);
    if (!self->decided_on)
        return;
    self->overdue = (statutory && statutory->overdue) || life_outlasted(self);
    self->kept = promise && !promise->overdue;
}

/* A limit that has come back into force is no longer passed: what was noted of it is taken back. What has been decided
 * stays as it was judged on that day. */
void life_reschedule(Case *self, const Calendar *calendar, Instant now)
{
    if (self->overdue && (self->state == REVIEW || self->state == SUSPENDED)) {
        g_autoptr(ClockReading) reading = case_clock(self, STATUTORY_CLOCK, calendar, now);
        self->overdue = (reading && reading->overdue) || life_outlasted(self);
    }
    life_deadlines(self, calendar);
}
