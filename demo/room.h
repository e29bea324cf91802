// SPDX-License-Identifier: Apache-2.0
/* What the files of this room share among themselves. */
#pragma once

#include "cases/cases.h"
#include "demo/demo.h"

/* ---- people (staff.c) ---- */

typedef struct Worker {
    Actor actor;
    Post post;
} Worker;

typedef struct Demo {
    DemoSettings settings;
    Context context;      /* db, actor and now are set for each action */
    RandomSeed random;
    GPtrArray *items;     /* of Item */
    CsvTable *people;     /* data/people.csv */
    json_t *places;       /* identity_places */
    json_t *organs;       /* identity_organs */
    GPtrArray *workers;   /* of Worker */
    GHashTable *scans;    /* material -> Upload */
    const Item *story;    /* the item whose hands the named accounts are */
} Demo;

/* 0 to below - 1. */
unsigned demo_draw(Demo *self, unsigned below);

/* Staff for every organ, town and village, each added as an event; appends who can sign in to `told`. */
bool demo_staff(Demo *self, GString *told, GError **error);
/* Who holds `role` for the organ in the division; NULL when nobody does. */
const Actor *demo_worker(const Demo *self, int64_t organ, int64_t division, unsigned role);

/* ---- lives (play.c) ---- */

typedef struct Fate Fate;

/* One case on its way through the centre. */
typedef struct Play {
    const Fate *fate;
    const Item *item;
    size_t person;        /* row of people */
    int64_t place;
    enum channel channel;
    Instant at;           /* when it goes on; 0: it rests */
    int64_t number;       /* 0: not begun */
    size_t papers;        /* materials brought so far, in the item's order */
    bool was_special;
} Play;

/* Draws who applies for what, where, when, and how it will go; the first ones are sure to rest in a
 * state of their own. */
void demo_cast(Demo *self, Play *play, int64_t index);
/* Goes one action further and sets when the next is due. */
bool demo_go_on(Demo *self, Play *play, GError **error);

/* ---- what they say and bring (speech.c) ---- */

/* A sentence such as the action's opinion or reason; "" where it takes none. */
const char *demo_sentence(Demo *self, enum case_action action);
/* A scan of a material as if uploaded; the first time it lies in the incoming folder, later it is known to
 * be kept. Owned by `self`. */
const Upload *demo_scan(Demo *self, const char *material, GError **error);
void demo_scan_free(void *scan);
