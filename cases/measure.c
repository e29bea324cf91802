// SPDX-License-Identifier: Apache-2.0
/* The measures of cases, and the figures made of them. */
#include "cases/cases.h"

const char *const case_measure_names[CASE_MEASURES + 1] = {
    [ACCEPTED_CASES] = "accepted", [OPEN_CASES] = "open", [ENDED_CASES] = "ended", [OVERDUE_CASES] = "overdue",
    [PASSED_UP_CASES] = "passed_up", [RETURNED_CASES] = "returned", [DECIDED_CASES] = "decided",
    [GRANTED_CASES] = "granted", [REFUSED_CASES] = "refused", [ON_TIME_CASES] = "on_time", [RATED_CASES] = "rated",
    [SATISFIED_CASES] = "satisfied", [SPENT_DAYS] = "spent_days", [STATUTORY_DAYS] = "statutory_days",
    [PROMISED_DAYS] = "promised_days", [JUDGED_CASES] = "judged", [AWAITED_SPENT_DAYS] = "awaited_spent_days",
    [AWAITED_STATUTORY_DAYS] = "awaited_statutory_days",
};

enum { FAIRLY_SATISFIED = 3 };

static bool is_from_below(const Case *self)
{
    return self->channel == AT_TOWN || self->channel == AT_VILLAGE;
}

int64_t case_working_days(int64_t days, enum day_unit unit)
{
    enum { WORK = 5, WEEK = 7, MONTH = 30 };
    int64_t of_calendar = unit == CALENDAR_MONTHS ? days * MONTH : days;
    return unit == WORKING_DAYS ? days : (of_calendar * WORK + WEEK / 2) / WEEK;
}

/* The part of a limit in months that has been used is told in days. */
int64_t case_working_days_spent(const Case *self, int64_t days)
{
    return case_working_days(days, self->statutory_unit == WORKING_DAYS ? WORKING_DAYS : CALENDAR_DAYS);
}

static bool is_open_beyond(const Case *self)
{
    return self->accepted_on && self->overdue && (self->state == REVIEW || self->state == SUSPENDED);
}

int64_t case_measure(const Case *self, enum case_measure which)
{
    bool is_open = self->state == REVIEW || self->state == SUSPENDED;
    if (!(which < DECIDED_CASES ? self->accepted_on : self->decided_on))
        return 0;
    switch (which) {
    case OPEN_CASES: return is_open;
    case ENDED_CASES: return !is_open && !self->decided_on;
    case OVERDUE_CASES: return self->overdue;
    case PASSED_UP_CASES: return is_from_below(self);
    case RETURNED_CASES: return is_from_below(self) && self->returned;
    case GRANTED_CASES: return self->decision == GRANTED_IT;
    case REFUSED_CASES: return self->decision == REFUSED_IT;
    case ON_TIME_CASES: return self->kept;
    case RATED_CASES: return self->rated > 0;
    case SATISFIED_CASES: return self->rated >= FAIRLY_SATISFIED;
    case AWAITED_SPENT_DAYS: return self->promised_days ? case_measure(self, SPENT_DAYS) : 0;
    case AWAITED_STATUTORY_DAYS: return self->promised_days ? case_measure(self, STATUTORY_DAYS) : 0;
    case SPENT_DAYS: return self->statutory_days ? case_working_days_spent(self, self->spent) : 0;
    case STATUTORY_DAYS: return case_working_days(self->statutory_days, (enum day_unit)self->statutory_unit);
    case PROMISED_DAYS: return case_working_days(self->promised_days, (enum day_unit)self->promised_unit);
    default: return 1;
    }
}

/* How busy the window was at which a case was accepted: the hour counts by one, or is taken back. */
static size_t count_hour(const Case *self, int by, Count *out)
{
    if (self->channel != AT_COUNTY || self->accepted_hour == NO_HOUR)
        return 0;
    out->is_by_hour = true;
    out->hour = self->accepted_hour;
    out->by[ACCEPTED_CASES] = by;
    return 1;
}

/* A case that another organ gets counts no more where it was accepted. */
static size_t take_back(const Case *before, Count *out)
{
    out[0] = out[1] = (Count){ .day = (Day)before->accepted_on, .division = before->place, .organ = before->organ, .item = before->item,
                      .channel = channel_names[before->channel] };
    for (enum case_measure which = 0; which < DECIDED_CASES; which++)
        out[0].by[which] = -case_measure(before, which);
    out[0].by[JUDGED_CASES] = -is_open_beyond(before);
    return 1 + count_hour(before, -1, &out[1]);
}

/* The two days on which a case counts, and its place, organ, item and channel, stay as they are from the acceptance on. How busy
 * the windows were is counted once, when a case is accepted at one. */
static size_t counts(const SubjectChange *change, Count *out)
{
    enum { OF_ACCEPTANCE, OF_DECISION, OF_HOUR };
    const Case *before = change->before, *after = change->after;
    if (!after->accepted_on)
        return before && before->accepted_on ? take_back(before, out) : 0;
    out[OF_ACCEPTANCE] = (Count){ .day = (Day)after->accepted_on, .division = after->place, .organ = after->organ, .item = after->item,
                                  .channel = channel_names[after->channel] };
    out[OF_DECISION] = out[OF_HOUR] = out[OF_ACCEPTANCE];
    out[OF_DECISION].day = (Day)after->decided_on;
    for (enum case_measure which = 0; which < CASE_MEASURES; which++)
        out[which < DECIDED_CASES ? OF_ACCEPTANCE : OF_DECISION].by[which] =
            case_measure(after, which) - (before ? case_measure(before, which) : 0);
    out[OF_ACCEPTANCE].by[JUDGED_CASES] = is_open_beyond(after) - (before && is_open_beyond(before));
    return OF_HOUR + (before && before->accepted_on ? 0 : count_hour(after, 1, &out[OF_HOUR]));
}

const Measures case_measures[] = { { &case_kind, case_measure_names, counts }, { 0 } };

#define ALL (CHANNELS_CENTRE | CHANNELS_TOWNS)
#define CASES(measure, channels) "cases", COUNT_OF, case_measures, measure, .top_channels = channels
#define DAYS(measure) "days", COUNT_OF, case_measures, measure, .top_channels = ALL
#define PERCENT(formula, top, bottom, channels) "percent", formula, case_measures, top, bottom, channels, channels

const Figure case_figures[] = {
    { "centre.cases", CASES(ACCEPTED_CASES, CHANNELS_CENTRE) },
    { "centre.speedup", PERCENT(SAVING_OF, SPENT_DAYS, STATUTORY_DAYS, CHANNELS_CENTRE) },
    { "centre.satisfaction.on_the_spot", PERCENT(SHARE_OF, SATISFIED_CASES, RATED_CASES, CHANNELS_CENTRE) },
    { "towns.cases", CASES(ACCEPTED_CASES, CHANNELS_TOWNS) },
    { "towns.on_time", PERCENT(SHARE_OF, ON_TIME_CASES, JUDGED_CASES, CHANNELS_TOWNS) },
    { "towns.accuracy", PERCENT(SAVING_OF, RETURNED_CASES, PASSED_UP_CASES, CHANNELS_TOWNS) },
    { "online.rate", "percent", SHARE_OF, case_measures, ACCEPTED_CASES, ACCEPTED_CASES, 1 << ONLINE, CHANNELS_CENTRE },
    { "all.accepted", CASES(ACCEPTED_CASES, ALL) },
    { "all.decided", CASES(DECIDED_CASES, ALL) },
    { "all.granted", CASES(GRANTED_CASES, ALL) },
    { "all.refused", CASES(REFUSED_CASES, ALL) },
    { "all.ended", CASES(ENDED_CASES, ALL) },
    { "all.open", CASES(OPEN_CASES, ALL) },
    { "all.overdue", CASES(OVERDUE_CASES, ALL) },
    { "all.on_time", PERCENT(SHARE_OF, ON_TIME_CASES, JUDGED_CASES, ALL) },
    { "all.speedup", PERCENT(SAVING_OF, SPENT_DAYS, STATUTORY_DAYS, ALL) },
    { "all.spent_days", DAYS(SPENT_DAYS) },
    { "all.statutory_days", DAYS(STATUTORY_DAYS) },
    { "all.promised_days", DAYS(PROMISED_DAYS) },
    { "all.speedup.awaited", PERCENT(SAVING_OF, AWAITED_SPENT_DAYS, AWAITED_STATUTORY_DAYS, ALL) },
    { "centre.speedup.awaited", PERCENT(SAVING_OF, AWAITED_SPENT_DAYS, AWAITED_STATUTORY_DAYS, CHANNELS_CENTRE) },
    { "centre.decided", CASES(DECIDED_CASES, CHANNELS_CENTRE) },
    { "centre.open", CASES(OPEN_CASES, CHANNELS_CENTRE) },
    { "centre.overdue", CASES(OVERDUE_CASES, CHANNELS_CENTRE) },
    { "centre.rated", CASES(RATED_CASES, CHANNELS_CENTRE) },
    { "centre.satisfied", CASES(SATISFIED_CASES, CHANNELS_CENTRE) },
    { "towns.open", CASES(OPEN_CASES, CHANNELS_TOWNS) },
    { "towns.overdue", CASES(OVERDUE_CASES, CHANNELS_TOWNS) },
    { "towns.passed_up", CASES(PASSED_UP_CASES, CHANNELS_TOWNS) },
    { "towns.returned", CASES(RETURNED_CASES, CHANNELS_TOWNS) },
    { "town.accepted", CASES(ACCEPTED_CASES, 1 << AT_TOWN) },
    { "village.accepted", CASES(ACCEPTED_CASES, 1 << AT_VILLAGE) },
    { "online.accepted", CASES(ACCEPTED_CASES, 1 << ONLINE) },
    { "online.decided", CASES(DECIDED_CASES, 1 << ONLINE) },
    { "online.open", CASES(OPEN_CASES, 1 << ONLINE) },
    { "online.overdue", CASES(OVERDUE_CASES, 1 << ONLINE) },
    { 0 },
};
