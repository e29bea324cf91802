// SPDX-License-Identifier: Apache-2.0
/* Counters: which rows a change adds to, and by how much. Pure. */
#pragma once

#include "cases/cases.h"

/* A grain is a set of keys that its rows have. */
enum grain {
    EVERY_KEY,  /* day, place, organ, item, channel */
    EACH_DAY,   /* day, channel */
    EACH_ORGAN, /* month, organ, channel */
    EACH_TOWN,  /* month, town, channel */
    EACH_ITEM,  /* month, item */
    DAY_ORGAN,  /* day, organ, channel */
    DAY_TOWN,   /* day, town, channel */
    YEAR_ORGAN, /* year, organ, channel */
    YEAR_ITEM,  /* year, item */
    EACH_HOUR,  /* day, organ, channel, hour */
    MONTH_HOUR, /* the same by months */
    YEAR_HOUR,  /* and by years */
    GRAINS,
};
extern const char *const grain_names[GRAINS + 1]; /* NULL ended */

typedef struct CounterKey {
    const Measures *of;
    enum grain grain;
    int64_t start, division, organ;
    const char *item, *channel; /* interned; "" where the grain does not tell them apart */
    int64_t hour;
} CounterKey;

typedef struct Counter {
    CounterKey key;
    int64_t sums[MEASURES_MOST];
} Counter;

guint counter_hash(const void *key);
gboolean counter_equal(const void *a, const void *b);
/* The first of the month that `day` lies in. */
Day month_of(Day day);
/* The first of the month that lies `months` after that of `day`. */
Day month_after(Day day, int months);
/* The first of January of its year. */
Day year_of(Day day);

/* Have they a table of their own with a column for each, in all grains? The others have a row for each value, in few. */
bool counter_is_wide(const Measures *of);
bool counter_has_grain(const Measures *of, enum grain grain);

/* Calls `add` for every row that the change alters, of all measures that the rooms declare. */
typedef bool AddCounter(void *data, const Counter *change, GError **error);
bool counter_changes(const Room *const *rooms, const SubjectChange *change, AddCounter *add, void *data, GError **error);
