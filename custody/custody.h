// SPDX-License-Identifier: Apache-2.0
/* Originals in custody (原件保管): a desk keeps originals that an applicant leaves with it for his case, against a receipt (原件收存凭证), and
 * hands them back against a signature. As long as it keeps any, the case is not closed; a case that ends otherwise reminds the desk. */
#pragma once

#include "cases/cases.h"

extern const Room custody_room; /* /desk/custody …, /custody/{number} */
extern const SubjectKind custody_kind;

enum custody_state {
    CUSTODY_KEPT,   /* 收存 */
    CUSTODY_BACK,   /* 已返还 */
    CUSTODY_STATES,
};
extern const char *const custody_state_names[CUSTODY_STATES + 1]; /* NULL ended */

enum custody_action { CUSTODY_HAND_BACK, CUSTODY_ERASE, CUSTODY_RESTRICT, CUSTODY_ACTIONS };
/* By enum custody_action, for subject_act. Refused are CONFLICT "custody.stale", "custody.not_now" and NOT_ALLOWED "custody.not_yours". */
extern const SubjectRule custody_rules[CUSTODY_ACTIONS];

/* The originals left with a desk at one time. Days are Day, 0: none. Texts are owned, never NULL. */
typedef struct Custody {
    int64_t number;                 /* subject_draw_number */
    int64_t case_number;
    char *item, *item_name, *item_name_en;
    int64_t organ;                  /* that decides the case */
    int64_t desk_organ, desk_division; /* whose clerks keep them */
    int64_t is_person;              /* an individual applies */
    char *originals;                /* personal: which, one a line */
    int64_t pieces;
    char *depositor, *receiver;     /* personal: who left them, and who has signed for them; "" */
    int64_t since_day, back_day;
    int64_t state;                  /* enum custody_state */
    int64_t is_restricted;          /* nobody is shown what it tells of persons (PIPL art. 47) */
    /* Not in the ledger: */
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Custody;
void custody_clear(Custody *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Custody, custody_clear)

/* Originals as they are left with a clerk. */
typedef struct Deposit {
    int64_t case_number;
    const char *originals; /* which, one a line */
    int64_t pieces;
    const char *depositor; /* ""; NULL: the applicant */
} Deposit;
/* Takes originals into custody at the actor's own desk and writes the receipt. Refuses NOT_FOUND "cases.no_case", NOT_ALLOWED
 * "custody.not_your_desk", CONFLICT "custody.case_over". `out` is to be cleared by the caller, also after a refusal. */
bool custody_begin(const Context *context, const Deposit *deposit, Custody *out, GError **error);
