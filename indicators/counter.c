// SPDX-License-Identifier: Apache-2.0
#include "indicators/counter.h"

#include <string.h>

const char *const grain_names[GRAINS + 1] = { "every_key", "each_day", "each_organ", "each_town", "each_item",
                                               "day_organ", "day_town", "year_organ", "year_item", "each_hour", "month_hour", "year_hour", NULL };

static const struct {
    bool monthly, yearly, place, town, organ, item, every_channel, hourly;
    bool is_of_all; /* kept of all measures, not of the cases' alone */
} grains[GRAINS] = {
    [EVERY_KEY] = { .place = true, .organ = true, .item = true, .is_of_all = true },
    [EACH_DAY] = { .monthly = false },
    [EACH_ORGAN] = { .monthly = true, .organ = true, .is_of_all = true },
    [EACH_TOWN] = { .monthly = true, .town = true },
    [EACH_ITEM] = { .monthly = true, .item = true, .every_channel = true },
    [DAY_ORGAN] = { .organ = true },
    [DAY_TOWN] = { .town = true },
    [YEAR_ORGAN] = { .yearly = true, .organ = true, .is_of_all = true },
    [YEAR_ITEM] = { .yearly = true, .item = true, .every_channel = true },
    [EACH_HOUR] = { .organ = true, .hourly = true },
    [MONTH_HOUR] = { .monthly = true, .organ = true, .hourly = true },
    [YEAR_HOUR] = { .yearly = true, .organ = true, .hourly = true },
};

bool counter_is_wide(const Measures *of)
{
    return of == case_measures;
}

bool counter_has_grain(const Measures *of, enum grain grain)
{
    return counter_is_wide(of) || grains[grain].is_of_all;
}

Day month_after(Day day, int months)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    int count = year * 12 + month - 1 + months;
    return day_from(count / 12, count % 12 + 1, 1);
}

Day month_of(Day day)
{
    return month_after(day, 0);
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
    const uint64_t parts[] = { (uint64_t)(uintptr_t)self->of, (uint64_t)self->start * 31 + (uint64_t)self->grain, (uint64_t)self->division,
                               (uint64_t)self->organ, (uint64_t)(uintptr_t)self->item, (uint64_t)(uintptr_t)self->channel, (uint64_t)self->hour };
    uint64_t hash = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        hash = hash * UINT64_C(0x9E3779B97F4A7C15) + parts[i];
    return (guint)(hash >> 29);
}

gboolean counter_equal(const void *a, const void *b)
{
    const CounterKey *x = a, *y = b;
    return x->of == y->of && x->grain == y->grain && x->start == y->start && x->division == y->division && x->organ == y->organ &&
           x->item == y->item && x->channel == y->channel && x->hour == y->hour;
}

/* ---- changes ---- */

static CounterKey key_of(const Measures *of, const Count *count, enum grain grain)
{
    Day start = grains[grain].yearly ? year_of(count->day) : grains[grain].monthly ? month_of(count->day) : count->day;
    int64_t division = grains[grain].place ? count->division : grains[grain].town ? division_town(count->division) : 0;
    const char *none = g_intern_static_string("");
    return (CounterKey){ of, grain, start, division, grains[grain].organ ? count->organ : 0, grains[grain].item ? count->item : none,
                         grains[grain].every_channel ? none : count->channel, grains[grain].hourly ? count->hour : 0 };
}

static bool is_nothing(const Count *count)
{
    static const int64_t nothing[MEASURES_MOST];
    return memcmp(count->by, nothing, sizeof nothing) == 0;
}

static bool add_count(const Measures *of, Count *count, AddCounter *add, void *data, GError **error)
{
    Counter counter;
    if (is_nothing(count))
        return true;
    count->item = g_intern_string(count->item ? count->item : "");
    count->channel = g_intern_string(count->channel ? count->channel : "");
    memcpy(counter.sums, count->by, sizeof counter.sums);
    for (enum grain grain = 0; grain < GRAINS; grain++) {
        if (grains[grain].hourly != count->is_by_hour || !counter_has_grain(of, grain))
            continue;
        counter.key = key_of(of, count, grain);
        if (!add(data, &counter, error))
            return false;
    }
    return true;
}

static bool add_all(const Measures *of, const SubjectChange *change, AddCounter *add, void *data, GError **error)
{
    Count counts[COUNTS_MOST] = { 0 };
    size_t count = of->counts(change, counts);
    for (size_t i = 0; i < count; i++)
        if (!add_count(of, &counts[i], add, data, error))
            return false;
    return true;
}

bool counter_changes(const Room *const *rooms, const SubjectChange *change, AddCounter *add, void *data, GError **error)
{
    for (; change->kind && rooms && *rooms; rooms++)
        for (const Measures *of = (*rooms)->measures; of && of->names; of++)
            if (of->kind == change->kind && !add_all(of, change, add, data, error))
                return false;
    return true;
}
