// SPDX-License-Identifier: Apache-2.0
/* Counters: what one turn of a case adds to which rows. Pure, but for where the sums are kept. */
#pragma once

#include "cases/cases.h"

/* Which keys the rows of a grain have. */
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
    EACH_HOUR,  /* day, organ, channel, hour of acceptance: only what is accepted at the centre's windows */
    MONTH_HOUR, /* the same by months */
    YEAR_HOUR,  /* and by years */
    GRAINS,
};
extern const char *const grain_names[GRAINS + 1]; /* NULL ended */

/* The channel of a grain that does not tell them apart. */
#define EVERY_CHANNEL ((enum channel)-1)

typedef struct CounterKey {
    enum grain grain;
    int64_t start, division, organ;
    const char *item; /* interned */
    enum channel channel;
    int64_t hour;
} CounterKey;

typedef struct Counter {
    CounterKey key;
    int64_t sums[CASE_MEASURES];
} Counter;

guint counter_hash(const void *key);
gboolean counter_equal(const void *a, const void *b);
/* The first of the month that `day` lies in. */
Day month_of(Day day);
/* The first of January of its year. */
Day year_of(Day day);

/* Calls `add` for every row that the turn changes. */
typedef bool AddCounter(void *data, const Counter *change, GError **error);
bool counter_changes(const SubjectChange *change, AddCounter *add, void *data, GError **error);
