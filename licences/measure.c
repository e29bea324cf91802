// SPDX-License-Identifier: Apache-2.0
/* The measures of licences, for the counters, and the figures that are published of them. */
#include "licences/life.h"

static const char *const names[] = { "licences.issued", "licences.renewed", "licences.valid", "licences.withheld", "licences.expired",
                                     "licences.revoked", "licences.annulled", "licences.replaced", NULL };
G_STATIC_ASSERT(G_N_ELEMENTS(names) == LICENCE_MEASURES + 1);

static int is_valid(const Licence *self)
{
    return self && self->state == LICENCE_VALID;
}

static Count count_on(const Licence *self, int64_t day)
{
    return (Count){ .day = (Day)day, .division = division_county(self->number / 1000000000000), .organ = self->organ, .item = self->item };
}

static size_t counts(const SubjectChange *change, Count *out)
{
    enum { OF_STATE, OF_ISSUE, OF_TERM, COUNTS };
    const Licence *before = change->before, *after = change->after;
    out[OF_STATE] = count_on(after, after->since_day);
    out[OF_ISSUE] = count_on(after, after->issued_day);
    out[OF_TERM] = count_on(after, day_of(change->event->at));
    out[OF_STATE].by[LICENCES_VALID] = is_valid(after) - is_valid(before);
    if (after->state != LICENCE_VALID && (!before || before->state != after->state))
        out[OF_STATE].by[LICENCES_ENDED - 1 + after->state] = 1;
    out[OF_ISSUE].by[LICENCES_ISSUED] = !before && !after->replaces;
    out[OF_TERM].by[LICENCES_RENEWED] = before && after->valid_from_day != before->valid_from_day;
    return COUNTS;
}

const Measures licence_measures[] = { { &licence_kind, names, counts }, { 0 } };

const Figure licence_figures[] = {
    { "licences.valid", "licences", STANDING_OF, licence_measures, LICENCES_VALID, .path = "/licences?state=valid" },
    { "licences.issued", "licences", COUNT_OF, licence_measures, LICENCES_ISSUED },
    { "licences.renewed", "licences", COUNT_OF, licence_measures, LICENCES_RENEWED },
    { "licences.revoked", "licences", COUNT_OF, licence_measures, LICENCES_ENDED - 1 + LICENCE_REVOKED },
    { 0 },
};
