// SPDX-License-Identifier: Apache-2.0
/* Promises (承诺): a written promise stands for papers of a case. What follows (容缺受理) comes by a day, or acceptance is withdrawn; what is
 * vouched for (告知承诺) is checked within sixty working days after the decision, which is withdrawn where the promise was not true. The letter
 * is written when the promise is given, so that the applicant signs it before the case is accepted. One promise of each kind
 * for a case, given once. */
#pragma once

#include "licences/licences.h"

enum promise_kind { PROMISE_FOLLOWS, PROMISE_VOUCHED };
extern const char *const promise_kind_names[]; /* CASE_FOLLOWS, CASE_VOUCHED, NULL */

enum promise_state {
    PROMISE_GIVEN,    /* 已承诺 */
    PROMISE_CHECKING, /* 待核查: granted, and vouched for */
    PROMISE_KEPT,     /* 已履行 */
    PROMISE_MISSED,   /* 逾期未补齐 */
    PROMISE_BROKEN,   /* 承诺不实 */
    PROMISE_DROPPED,  /* 已失效: the case has ended otherwise */
    PROMISE_STATES,
};
extern const char *const promise_state_names[PROMISE_STATES + 1]; /* NULL ended */

enum promise_action { PROMISE_FULFIL, PROMISE_MISS, PROMISE_CHECK, PROMISE_CONFIRM, PROMISE_BREAK, PROMISE_DROP, PROMISE_ACTIONS };

enum { PROMISE_CHECK_DAYS = 60 }; /* working days after the decision */

/* A promise as it is now. Days are Day, 0: none. Texts are owned, never NULL. It names no person: the letter does, which is a document
 * of the case. */
typedef struct Promise {
    int64_t number;       /* subject_draw_number */
    int64_t case_number;
    char *item, *item_name, *item_name_en;
    int64_t organ, division; /* that decides the case; where it was handed in */
    int64_t promise;      /* enum promise_kind */
    char *materials;      /* JSON list of the papers' names */
    int64_t is_ticked;    /* given from home by a tick, in place of a signature */
    int64_t state;
    int64_t due_day;      /* by then the papers come, or the organ checks; vouched and not granted: 0 */
    int64_t events;       /* not in the ledger, as all below */
    SubjectHead head;
    unsigned unwritten;
} Promise;
void promise_clear(Promise *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Promise, promise_clear)

extern const Room promises_room; /* /promises, /desk/promises */
extern const SubjectKind promise_kind;
/* By enum promise_action, for subject_act. */
extern const SubjectRule promise_rules[PROMISE_ACTIONS];

/* In a write: the actor promises these papers of a case (names), and knows what follows (consent). Refuses NOT_FITTING "promises.consent",
 * and what case_act refuses of PROMISE. */
bool promise_give(const Context *context, int64_t case_number, const SubjectInput *input, bool consent, Case *out, GError **error);

/* The numbers of the case's promises in one of these states (bits), the oldest first: array of int64_t, owned by the caller. */
GArray *promises_of(const Context *context, int64_t case_number, unsigned states, GError **error);

extern const Measures promise_measures[];
