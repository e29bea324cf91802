// SPDX-License-Identifier: Apache-2.0
/* Every measure is a number that follows from what a case is, so a turn changes it by what it is after less what it was
 * before. The two days on which a case is counted, and its place, organ, item and channel, stay as they are from the
 * acceptance on. */
#include "indicators/counter.h"

#include <string.h>

const char *const grain_names[GRAINS + 1] = { "every_key", "each_day", "each_organ", "each_town", "each_item",
                                               "day_organ", "day_town", "year_organ", "year_item", "each_hour", "month_hour", "year_hour", NULL };

static const struct {
    bool monthly, yearly, place, town, organ, item, every_channel;
} grains[GRAINS] = {
    [EVERY_KEY] = { .place = true, .organ = true, .item = true },
    [EACH_DAY] = { .monthly = false },
    [EACH_ORGAN] = { .monthly = true, .organ = true },
    [EACH_TOWN] = { .monthly = true, .town = true },
    [EACH_ITEM] = { .monthly = true, .item = true, .every_channel = true },
    [DAY_ORGAN] = { .organ = true },
    [DAY_TOWN] = { .town = true },
    [YEAR_ORGAN] = { .yearly = true, .organ = true },
    [YEAR_ITEM] = { .yearly = true, .item = true, .every_channel = true },
    [EACH_HOUR] = { .organ = true },
    [MONTH_HOUR] = { .monthly = true, .organ = true },
    [YEAR_HOUR] = { .yearly = true, .organ = true },
};

Day month_of(Day day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return day - of_month + 1;
}

Day year_of(Day day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return day_from(year, 1, 1);
}

guint counter_hash(const void *key)
{
    const CounterKey *self = key;
    uint64_t hash = (uint64_t)self->start * 31 + (uint64_t)self->grain;
    hash = hash * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)self->division;
    hash = hash * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)self->organ * 8 + (uint64_t)self->channel;
    hash = hash * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)(uintptr_t)self->item + (uint64_t)self->hour;
    return (guint)(hash >> 29);
}

gboolean counter_equal(const void *a, const void *b)
{
    const CounterKey *x = a, *y = b;
    return x->grain == y->grain && x->start == y->start && x->division == y->division && x->organ == y->organ &&
           x->item == y->item && x->channel == y->channel && x->hour == y->hour;
}

static Day start_of(enum grain grain, Day day)
{
    return grains[grain].yearly ? year_of(day) : grains[grain].monthly ? month_of(day) : day;
}

static CounterKey key_of(const Case *self, enum grain grain, Day day, int hour)
{
    int64_t division = grains[grain].place ? self->place : 0;
    if (grains[grain].town)
        division = division_town(self->place);
    return (CounterKey){ .grain = grain, .start = start_of(grain, day), .division = division,
                         .organ = grains[grain].organ ? self->organ : 0,
                         .item = g_intern_string(grains[grain].item ? self->item : ""),
                         .channel = grains[grain].every_channel ? EVERY_CHANNEL : (enum channel)self->channel, .hour = hour };
}

/* By how much the change alters the measures of one of the two days; false: not at all. */
static bool differ(const SubjectChange *change, enum case_measure first, enum case_measure end, int64_t sums[CASE_MEASURES])
{
    bool differs = false;
    memset(sums, 0, CASE_MEASURES * sizeof *sums);
    for (enum case_measure i = first; i < end; i++) {
        sums[i] = case_measure(change->after, i) - (change->before ? case_measure(change->before, i) : 0);
        differs = differs || sums[i];
    }
    return differs;
}

static bool add_all(const Case *after, Counter *counter, Day day, AddCounter *add, void *data, GError **error)
{
    for (enum grain grain = 0; grain < EACH_HOUR; grain++) {
        counter->key = key_of(after, grain, day, 0);
        if (!add(data, counter, error))
            return false;
    }
    return true;
}

/* How busy the windows are: counted once, when a case is accepted. */
static bool add_hour(const Case *before, const Case *after, AddCounter *add, void *data, GError **error)
{
    if (after->channel != AT_COUNTY || after->accepted_hour == NO_HOUR || (before && before->accepted_on))
        return true;
    Counter counter = { .sums = { [ACCEPTED_CASES] = 1 } };
    for (enum grain grain = EACH_HOUR; grain < GRAINS; grain++) {
        counter.key = key_of(after, grain, (Day)after->accepted_on, (int)after->accepted_hour);
        if (!add(data, &counter, error))
            return false;
    }
    return true;
}

bool counter_changes(const SubjectChange *change, AddCounter *add, void *data, GError **error)
{
    Counter counter;
    const Case *after = change->after;
    if (change->kind != &case_kind || !after->accepted_on)
        return true;
    if (differ(change, 0, DECIDED_CASES, counter.sums) &&
        (!add_all(after, &counter, (Day)after->accepted_on, add, data, error) ||
         !add_hour(change->before, after, add, data, error)))
        return false;
    return !differ(change, DECIDED_CASES, CASE_MEASURES, counter.sums) ||
           add_all(after, &counter, (Day)after->decided_on, add, data, error);
}
