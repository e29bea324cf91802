// SPDX-License-Identifier: Apache-2.0
/* Licences (证照): what a case issues goes on living as a licence, with a holder, a term and a history of its own. Its sealed
 * paper never changes; whoever verifies the paper is told what holds today. One table says which action may follow which
 * (life.c). */
#pragma once

#include "cases/cases.h"
#include "timers/timers.h"

/* ---- states and actions ---- */

enum licence_state {
    LICENCE_VALID,     /* 有效, also while a renewal is asked for */
    LICENCE_WITHHELD,  /* 暂扣 */
    LICENCE_EXPIRED,   /* 已到期 */
    LICENCE_REVOKED,   /* 已撤销, Licensing Law art. 69 */
    LICENCE_ANNULLED,  /* 已注销, art. 70 */
    LICENCE_REPLACED,  /* 已补发: void, another licence stands in its place */
    LICENCE_WITHDRAWN, /* 已撤回, art. 8 */
    LICENCE_STATES,
};
extern const char *const licence_state_names[LICENCE_STATES + 1]; /* NULL ended */

enum licence_action {
    LICENCE_AMEND, LICENCE_ASK_RENEWAL, LICENCE_RENEW, LICENCE_REFUSE_RENEWAL, LICENCE_DEEM_RENEWED, LICENCE_EXPIRE,
    LICENCE_REPLACE, LICENCE_WITHHOLD, LICENCE_GIVE_BACK, LICENCE_REVOKE, LICENCE_ANNUL, LICENCE_ERASE, LICENCE_RESTRICT,
    LICENCE_CHANGE, LICENCE_RECALL, LICENCE_ACTIONS,
};

/* Why a licence is annulled (art. 70). */
enum licence_ground { NO_GROUND, GROUND_EXPIRY, GROUND_DEATH, GROUND_DISSOLUTION, GROUND_REVOKED, GROUND_FORCE_MAJEURE, GROUND_WITHDRAWN };
extern const char *const licence_ground_names[]; /* "", "expiry", "death", "dissolution", "revoked", "force_majeure", "withdrawn", NULL */

enum { RENEWAL_DAYS = 30 }; /* before the last day: by then a renewal must be asked for (art. 50) */

/* A licence as it is now. Days are Day, 0: none. Texts are owned, never NULL. */
typedef struct Licence {
    int64_t number;              /* subject_draw_number */
    char *identifier;            /* 电子证照标识, GB/T 36904; "" where the organ has no credit code */
    char *former;                /* the number on a paper that another system printed; "" */
    char *item, *item_name, *item_name_en, *result_name, *result_name_en; /* the result is what it is called: 餐饮服务许可证 */
    char *content;               /* what it permits */
    char *findings;              /* JSON: what officers have found that everybody may know, as case_findings_public gives it; "". Kept as personal, so that it goes with
                                  * the holder */
    int64_t organ, party;
    int64_t is_person;           /* 0: the holder is an enterprise, whose name and code are public */
    char *holder, *id_number;    /* personal */
    char *co_holders;            /* personal: names of who applied with him, "李四、王五"; "": nobody */
    char *representative, *address; /* personal: of an enterprise its legal representative; "": not said */
    int64_t case_number;         /* that issued it; 0: none here */
    int64_t issued_day;          /* valid since then */
    int64_t valid_from_day, valid_to_day; /* the present term, both included; to 0: without end */
    int64_t renewal_day;         /* on which a renewal was asked for that waits to be decided */
    int64_t state, since_day;    /* enum licence_state, and the day from which it holds */
    int64_t ground;              /* enum licence_ground */
    int64_t replaces, replaced_by; /* numbers; 0: none */
    int64_t version;             /* of its content and term, from 1: part of the identifier */
    /* Not in the ledger: */
    int64_t events;
    char *listed;                /* the holder as the public register names him; personal */
    char *sought;                /* what the whole name is searched by: an enterprise's as list_fold, a person's as list_hash has it; personal */
    char *code_sought, *item_sought, *former_sought; /* so have these the item's code and name, and the old paper's number */
    SubjectHead head;
    unsigned unwritten;
} Licence;
void licence_clear(Licence *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Licence, licence_clear)

extern const Room licences_room;
extern const SubjectKind licence_kind;

/* ---- acting ---- */

/* By enum licence_action, for subject_act. Refused are CONFLICT "licences.stale", "licences.not_now" and what the guards say. */
extern const SubjectRule licence_rules[LICENCE_ACTIONS];
/* The cause that begins a licence; what is not said stays zero. */
typedef struct LicenceOrigin {
    const Event *event;   /* of a case: the licence's paper is a document of that event; NULL: of its own */
    const json_t *loaded; /* see SubjectInput: the licence has a paper already */
    bool is_late;         /* the case was issued before this register existed, and the licence has a paper already */
} LicenceOrigin;
/* Begins a licence and saves it: `self` has all that is known of it but version, identifier, listed, sought and number, which
 * tells the day of issue, or on which it replaces another. A term that is over has made it expired. Writes its paper, unless
 * there is one already. */
bool licence_begin(const Context *context, Licence *self, const LicenceOrigin *from, GError **error);
/* The names, the result and the term that such a licence has when it is issued on that day. */
void licence_take_item(Licence *self, const Item *item, Day day);
/* Room.settle: once for each county, enters the licences of cases that were issued before there was this register, each by an
 * event "licence.entered_late". */
bool licence_enter_late(const Context *context, GError **error);
/* The licence that a case issued first; *number is 0 where there is none. */
bool licence_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error);
/* All that came of it: [{number}]. Owned by the caller. */
json_t *licences_of_case(Db *db, int64_t county, int64_t case_number, GError **error);

/* How many renewals wait to be decided at a desk; `desk` has one role. */
bool licence_waiting(const Context *context, const Post *desk, int64_t *count, GError **error);

/* ---- what is counted ---- */

enum licence_measure {
    LICENCES_ISSUED,  /* on the day of issue; not those that replace others */
    LICENCES_RENEWED,
    LICENCES_VALID,   /* the day's change; the sum up to a day is the number valid then */
    LICENCES_ENDED,   /* this and on: those that have come into a state but LICENCE_VALID, in the order of the states */
    LICENCE_MEASURES = LICENCES_ENDED + LICENCE_STATES - 1,
};
extern const Measures licence_measures[];
extern const Figure licence_figures[];

/* Issues the licence of a case that has just been issued, and erases that of one that is erased, once it has ended. */
Listener licence_hear;
