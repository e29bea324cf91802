// SPDX-License-Identifier: Apache-2.0
/* The demo city: the county of the tables in data, or another with made-up places, and its people at work for a few months,
 * made through the same actions that people use, never by writing tables. The same seed and day give the same ledger. */
#pragma once

#include "base/base.h"
#include "db/db.h"

typedef struct DemoSettings {
    const char *name, *name_en; /* of the county, where it is another than that of the tables */
    uint64_t seed;
    Day today;     /* nothing happens on it or later */
    int64_t cases; /* 1 to 100,000 */
    double times;  /* more than 0: the whole city from January to September 2014, with its 759,016 cases so many times
                      over, whatever `today` and `cases` say; 0: a small city */
    /* Told after each day lived through; may be NULL. */
    void (*progress)(Day day, int64_t begun, int64_t cases);
} DemoSettings;

/* Fills a migrated database that holds no county yet (CONFLICT "demo.not_empty" otherwise). `world`
 * hands in county, calendar and files. *accounts tells who can sign in, in both languages; owned by the
 * caller. Passwords are hashed cheaply: never for real people. */
bool demo_make(Store *store, const Context *world, const DemoSettings *settings, char **accounts, GError **error);

/* The password of every account in the demo city. */
#define DEMO_PASSWORD "Pinghu-2014"
