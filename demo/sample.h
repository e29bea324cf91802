// SPDX-License-Identifier: Apache-2.0
/* Items that are made up (虚构) so that the catalogue has as many as the city's had: each says so in its name.
 * A plan deals out what the published figures say there were, item by item; the same every time. */
#pragma once

#include "catalogue/catalogue.h"

/* The fate of an item in the reform. */
enum sample_fate {
    TO_TOWNS,      /* 下放镇街道: towns decide it */
    TO_VILLAGES,   /* 便民服务: villages take it in */
    TO_ZONE,       /* 下放开发区: the zone decides what happens there */
    AT_CENTRE,     /* stays with its department, in the centre */
    OUTSIDE,       /* stays with a department that is outside the centre */
    CUT,           /* cancelled, or merged into another */
    SAMPLE_FATES,
};

typedef struct SampleItem {
    char code[16];           /* "ZZ05-012" */
    int organ, number;       /* number: of the organ's made-up items, from 1 */
    enum item_class class;
    enum sample_fate fate;
    bool is_new;             /* was not there before the reform */
    bool online, instant;
    bool shortened;          /* its promised limit becomes shorter (调整) */
} SampleItem;

enum { SAMPLE_ITEMS = 653 };
#define SAMPLE_PREFIX "ZZ" /* so that they stand behind the real ones in every list */
void sample_plan(SampleItem plan[static SAMPLE_ITEMS]);

/* Is the one at `index` of `whole` among `part`, spread evenly? Exactly `part` of them are. */
bool sample_is_among(int index, int part, int whole);

/* Does the plan deal items of that fate out to the organ? */
bool sample_has_organ(enum sample_fate fate, int64_t organ);

/* A table in the columns of data/items.csv, and a row of it: with the shorter promise or the first one. `organ` is the
 * item's department. */
GString *sample_table(void);
void sample_append(GString *table, const SampleItem *item, const json_t *organ, bool shortened);
