// SPDX-License-Identifier: Apache-2.0
/* What is counted of a case. */
#include "cases/cases.h"

const char *const case_measure_names[CASE_MEASURES + 1] = {
    [ACCEPTED_CASES] = "accepted", [OPEN_CASES] = "open", [ENDED_CASES] = "ended", [OVERDUE_CASES] = "overdue",
    [PASSED_UP_CASES] = "passed_up", [RETURNED_CASES] = "returned", [DECIDED_CASES] = "decided",
    [GRANTED_CASES] = "granted", [REFUSED_CASES] = "refused", [ON_TIME_CASES] = "on_time", [RATED_CASES] = "rated",
    [SATISFIED_CASES] = "satisfied", [SPENT_DAYS] = "spent_days", [STATUTORY_DAYS] = "statutory_days",
    [PROMISED_DAYS] = "promised_days",
};

enum { FAIRLY_SATISFIED = 3 };

static bool is_from_below(const Case *self)
{
    return self->channel == AT_TOWN || self->channel == AT_VILLAGE;
}

static int64_t of_accepted(const Case *self, enum case_measure which)
{
    bool is_open = self->state == REVIEW || self->state == SUSPENDED;
    switch (which) {
    case OPEN_CASES: return is_open;
    case ENDED_CASES: return !is_open && !self->decided_on;
    case OVERDUE_CASES: return self->overdue;
    case PASSED_UP_CASES: return is_from_below(self);
    case RETURNED_CASES: return is_from_below(self) && self->returned;
    default: return 1;
    }
}

static int64_t of_decided(const Case *self, enum case_measure which)
{
    switch (which) {
    case GRANTED_CASES: return self->decision == GRANTED_IT;
    case REFUSED_CASES: return self->decision == REFUSED_IT;
    case ON_TIME_CASES: return self->kept;
    case RATED_CASES: return self->rated > 0;
    case SATISFIED_CASES: return self->rated >= FAIRLY_SATISFIED;
    case SPENT_DAYS: return self->spent;
    case STATUTORY_DAYS: return self->statutory_days;
    case PROMISED_DAYS: return self->promised_days;
    default: return 1;
    }
}

int64_t case_measure(const Case *self, enum case_measure which)
{
    if (which < DECIDED_CASES)
        return self->accepted_on ? of_accepted(self, which) : 0;
    return self->decided_on ? of_decided(self, which) : 0;
}
