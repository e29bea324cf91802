// SPDX-License-Identifier: Apache-2.0
/* Types and functions that the files of this room share. */
#pragma once

#include "cases/cases.h"
#include "credentials/credentials.h"
#include "demo/demo.h"
#include "people/people.h"

typedef struct Full Full;

/* ---- another county (elsewhere.c) ---- */

typedef struct Demo Demo;
/* The village whose desk the story begins at, in the tables: 新仓镇三叉河村. */
#define DEMO_STORY_VILLAGE INT64_C(330482103200)
enum { DEMO_LEVELS = 13 }; /* cases of levels.c */
/* The division here that has the place of one in the tables. */
int64_t demo_division(const Demo *self, int64_t in_table);
/* The table of divisions; owned by the caller. */
char *demo_divisions(const Demo *self, GError **error);
/* The same of organs. */
char *demo_organs(const Demo *self, GError **error);

/* ---- people (staff.c) ---- */

typedef struct Worker {
    Actor actor;
    Post post;
} Worker;

struct Demo {
    DemoSettings settings;
    Context context;      /* db, actor and now are set for each action */
    RandomSeed fates;     /* what people do */
    RandomSeed random;    /* the program's salts, nonces, and codes */
    GPtrArray *items;     /* of Item: those in force */
    GPtrArray *old_items; /* of Item: those that were */
    CsvTable *people;     /* data/people.csv */
    json_t *places;       /* identity_places */
    json_t *organs;       /* identity_organs */
    GPtrArray *workers;   /* of Worker */
    GHashTable *seats;    /* organ, division and role -> Actor, as far as asked for */
    GHashTable *scans;    /* material -> Upload */
    const Item *story;    /* the item whose hands the named accounts are */
    GPtrArray *waiting;   /* of Play: a heap, who goes on first on top */
    int64_t begun;        /* cases */
    GString *told;        /* accounts, and cases that can be followed */
    GPtrArray *plays;     /* of Play: all of a small city */
    int64_t levels[DEMO_LEVELS]; /* numbers of its cases beside those that are counted (levels.c) */
    Day day;              /* in a small city: that is lived through */
    Full *full;           /* the whole city; NULL: a small one */
};

/* 0 to below - 1. */
unsigned demo_draw(Demo *self, unsigned below);
/* The bulletin of the city was first published when the program drew from the stream of fates, too. Fates pass over the words
 * that it drew then, whatever it draws now, so that the bulletin stays. */
enum { SALT_WORDS = 2, CODE_WORDS = 2 };
void demo_skip(Demo *self, unsigned words);
/* The words of a case that began. */
void demo_skip_begun(Demo *self);

/* Staff for every organ, town and village, each added as an event; appends who can sign in to `told`. */
bool demo_staff(Demo *self, GString *told, GError **error);
/* The person who holds `role` for the organ in the division; NULL when nobody does. */
const Actor *demo_worker(const Demo *self, int64_t organ, int64_t division, unsigned role);

/* ---- lives (play.c) ---- */

/* Somebody who is in no table. */
typedef struct Person {
    char name[24], id_number[20], telephone[12];
} Person;
/* The same number is the same person; names and numbers are made up (area 330499 is nobody's). */
void demo_person(unsigned number, Person *out);

enum turn {
    CORRECTED = 1 << 0,  /* a paper is missing and is brought */
    FORSAKEN = 1 << 1,   /* a paper is missing and never comes */
    SPECIALLY = 1 << 2,  /* goes through a special procedure */
    EXTENDED = 1 << 3,
    DENIED = 1 << 4,
    GIVEN_UP = 1 << 5,   /* withdrawn under review */
    NEEDLESS = 1 << 6,
    ELSEWHERE = 1 << 7,  /* another organ has the power */
    SLEPT_ON = 1 << 8,   /* nobody judges the acceptance: the system does */
    DAWDLED = 1 << 9,    /* reviewed beyond every limit */
    UNRATED = 1 << 10,
    GONE = 1 << 11,      /* what was applied for is there no more */
    HEARD = 1 << 12,     /* touches others' interests: there is a hearing */
    FOLLOWS = 1 << 13,   /* a paper is missing and is promised for later */
    VOUCHED = 1 << 14,   /* a promise stands in its place */
    UNTRUE = 1 << 15,    /* which was not true */
};

#define FOR_EVER CASE_STATES /* rests nowhere: goes on to its end */

typedef struct Fate {
    unsigned weight;     /* per hundred cases */
    unsigned turns;
    enum case_state rest; /* goes no further from here */
    unsigned begun;       /* days before today; 0: any day of the season */
} Fate;

/* One case on its way through the centre. */
typedef struct Play {
    const Fate *fate;
    const Item *item;
    size_t person;        /* row of people */
    int64_t place;
    enum channel channel;
    Instant at;           /* when it goes on; 0: it rests */
    Case present;         /* in hand until it rests; number 0: not begun */
    size_t papers;        /* materials brought so far, in the item's order */
    bool was_special;
    bool by_agent;        /* somebody else applies for who is in the table */
    int64_t hearing;      /* number of its hearing; 0: none yet */
    int64_t serial;       /* who came first, of those who go on at the same time */
    /* Used by the whole city alone (full.c): */
    unsigned somebody;    /* who applies, of those who are in no table; 0: the row of people */
    int64_t party;        /* the same, known since the morning of the day */
    bool is_on_paper;     /* handed in on paper, nothing scanned */
    bool hurries;         /* waits for nobody until it is accepted */
    Day decides_on;       /* 0: as it comes */
    int planned;          /* days until then, as they were counted in advance */
} Play;

/* Draws who applies for what, where, when, and how it will go; the first ones are sure to rest in a
 * state of their own. */
void demo_cast(Demo *self, Play *play, int64_t index);
/* Goes one action further and sets when the next is due. The row is written by demo_put_down, before the transaction
 * ends. */
bool demo_go_on(Demo *self, Play *play, GError **error);
/* Sets who acts when the applicant comes: a clerk of the desk, or from home himself. */
bool demo_go_to_desk(Demo *self, const Play *play, GError **error);
/* Looks up who applies, before he comes. */
bool demo_meet(Demo *self, Play *play, GError **error);
bool demo_put_down(Demo *self, Play *play, GError **error);
/* Puts it among those who go on later; borrowed. */
void demo_wait(Demo *self, Play *play);
/* All who wait go on as far as they go before `end`. Those who rest for good then are freed in the whole city. */
bool demo_live_until(Demo *self, Instant end, GError **error);
void demo_play_free(Play *play);
/* Fates pass over the document of a case that was accepted by the system in this night (demo_night). */
void demo_skip_night(Demo *self, const Play *play);
/* One of a table, by weight. */
const Fate *demo_draw_fate(Demo *self, const Fate *fates, size_t count);
/* May what is fated happen to this item? */
bool demo_suits(const Fate *fate, const Item *item);
bool demo_is_taken_in_at(const Item *item, enum channel channel);
/* A row of people who may apply for it. */
size_t demo_draw_row(Demo *self, const Item *item);
/* While the office is open, and before a minute of the day. */
Instant demo_office_instant(Demo *self, Day day, int before);
/* When people come on a day: as above, but from home at any hour unless they are to come before an earlier minute. */
Instant demo_draw_start(Demo *self, Day day, enum channel channel, int before);

/* Is there a hearing on it before it is decided? Then beginning one takes the place of SUSPEND, and holding it that of RESUME. */
bool demo_is_heard(const Play *play);
bool demo_begin_hearing(Demo *self, Play *play, const Actor *actor, GError **error);
/* For the day on which the play goes on. */
bool demo_call_hearing(Demo *self, const Play *play, const Actor *actor, GError **error);
bool demo_hold_hearing(Demo *self, Play *play, const Actor *actor, GError **error);
/* The missing paper is promised (PROMISE), or the promise found untrue (REVOKE). */
bool demo_promise(Demo *self, Play *play, enum case_action action, GError **error);

/* Before an action that waits for a fee: it is noted and paid, or nothing is due. The actor stays who he is. */
bool demo_charge(Demo *self, const Play *play, enum case_action action, GError **error);

/* People act on some of the licences that the cases of a small city have issued. */
bool demo_licences(Demo *self, GError **error);
/* Somebody applies for several items at once. */
bool demo_joint(Demo *self, GError **error);
/* Some originals are left with desks of a small city. */
bool demo_originals(Demo *self, GError **error);
/* Where the item demands a site check: two officers are appointed for that day, or at day 0 have been there by now. */
bool demo_visit(Demo *self, Play *play, Day day, GError **error);

/* One case in eleven of a small city is asked about: at its acceptance the next bureau gets the letter, at `answers` it has read it. */
bool demo_consult(Demo *self, Play *play, bool answers, GError **error);

/* Cases of several organs in a small city, beside those that are counted: their items, and what happens to them on a day. */
bool demo_levels_items(const Demo *self, GError **error);
bool demo_levels(Demo *self, Day day, GError **error);

/* Some of those who wait get a new tracking slip, whose numbers and codes are told. */
bool demo_slips(Demo *self, GError **error);

/* The first minute of a day, within its transaction: what is due by the clock, the changes of the catalogue, and the part of the
 * other rooms. */
bool demo_night(Demo *self, Day day, GError **error);

/* ---- the whole city (full.c) ---- */

/* Lives through January to September 2014, `settings.times` over. */
bool full_live(Demo *demo, Store *store, GError **error);

/* Told of each action before the next is planned: the day of the decision is set with the acceptance. */
void full_steer(Full *self, Play *play, enum case_action action);
/* 1 to 5 */
int full_level(Full *self, const Play *play);

/* ---- what they say and bring (speech.c) ---- */

/* A sentence such as the action's opinion or reason; "" where it takes none. */
const char *demo_sentence(Demo *self, enum case_action action);
/* A scan of a material as if uploaded; the first time it lies in the incoming folder, later it is known to
 * be kept. Owned by `self`. */
const Upload *demo_scan(Demo *self, const char *material, GError **error);
void demo_scan_free(void *scan);
