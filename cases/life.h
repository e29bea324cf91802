// SPDX-License-Identifier: Apache-2.0
/* The table of life: which action may be taken in which state, at which step, by whom, with what in
 * hand, and what follows. Pure: no database, no HTTP. */
#pragma once

#include "cases/cases.h"

enum { NO_CHANGE = -1 };

/* Who may act; several may. */
enum who {
    BY_DESK = 1 << 0,      /* the post that holds the awaited step */
    BY_PLACE = 1 << 1,     /* a clerk where the case was handed in */
    BY_APPLICANT = 1 << 2, /* with number and query password */
    BY_ORGAN = 1 << 3,     /* the item's organ, with one of the rule's roles */
    BY_SYSTEM = 1 << 4,
    BY_VIEWER = 1 << 5,    /* any of the staff who may see the case */
    BY_KEEPER = 1 << 6,    /* the security administrator, who sees no case */
};

enum need {
    NEED_OPINION = 1 << 0,
    NEED_REASON = 1 << 1,
    NEED_MATERIALS = 1 << 2,
    NEED_SPECIAL = 1 << 3,
    NEED_DAYS = 1 << 4,
    NEED_LEVEL = 1 << 5,
    NEED_PAPERS = 1 << 6,
    NEED_ORGAN = 1 << 7,
    TAKES_MATERIALS = 1 << 8, /* may be given */
    TAKES_OPINION = 1 << 9,
};

enum move { STAY, TO_NEXT, TO_PREVIOUS, TO_AFTER_ACCEPT, TO_DELIVER };

/* Has the salt of the case's last event been erased? */
bool case_is_erased(const Context *context, const Case *self, bool *erased, GError **error);

/* What a guard may look at. */
typedef struct Judgement {
    const Context *context;
    const Case *present;
    const Item *item;    /* as pinned */
    const Item *next;    /* as it goes on: the version in force when it is accepted, else the same */
    const CaseInput *input;
} Judgement;
/* Refuses what the table alone cannot tell. */
typedef bool Guard(const Judgement *judgement, GError **error);

typedef struct Rule {
    const char *name;     /* as in addresses and words */
    const char *event;    /* kind of the event: "case.accepted" */
    unsigned from;        /* bit set of states */
    unsigned steps;       /* bit set of step kinds; 0: whichever */
    unsigned who;         /* bit set of enum who */
    unsigned roles;       /* for BY_ORGAN */
    int to;               /* state, or NO_CHANGE */
    enum move move;
    unsigned needs;
    const char *document; /* kind of the document that is written */
    const char *mark;     /* why key of the clock mark; NULL: the clocks do not notice */
    enum holder holder;   /* who holds the case from then on */
    bool stop;            /* the main clock ends */
    bool main;            /* the first choice of whoever holds the step */
    Guard *guard;
} Rule;

extern const Rule case_rules[CASE_ACTIONS];

/* Does the post see every case of the county? Supervisors, auditors and the head of the centre do. */
bool life_sees_all(const Post *post);
/* May this actor take the action on the case, whatever its state? */
bool life_is_entitled(const Actor *actor, const Case *self, const Rule *rule, int64_t county);
/* Does the table allow the action now? */
bool life_is_open(const Case *self, const Item *item, const Rule *rule);
/* The organ and division whose clerks took the case in. */
Post life_place(const Case *self, int64_t county);
/* Index of the step after the move; the same index where there is none. */
size_t life_step(const Item *item, size_t step, enum move move);
/* Who acts next, by state and step. */
void life_desk(Case *self, const Item *item, int64_t county);
/* The last day on which an applicant may bring what he was asked for, before the organ may end the
 * matter: local policy, not law; CORRECTION_WAIT_DAYS calendar days. */
Day life_wait_ends(const Case *self);
/* The last day of a clock; DAY_NONE when it has not started. */
Day life_due(const Case *self, enum case_clock which, const Calendar *calendar);
/* due_at and alarm_at, by state and clocks. */
void life_deadlines(Case *self, const Calendar *calendar);
/* The same at `now`, after the calendar changed; overdue is taken back where the limit has not passed any more. */
void life_reschedule(Case *self, const Calendar *calendar, Instant now);
