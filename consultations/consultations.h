// SPDX-License-Identifier: Apache-2.0
/* Opinions of other organs (征求意见; Licensing Law art. 26): beside a case in review the organ asks another one by a letter, for a day
 * within the case's limit. As long as it is asked, that organ sees those papers of the case that the letter names. Nothing is decided
 * before the answer has come or its day is over. Silence is overdue, and counts as no objection only where the county says so. */
#pragma once

#include "cases/cases.h"

extern const Room consultations_room; /* /desk/consultations */

enum consultation_state {
    CONSULTATION_BEGUN,
    CONSULTATION_AWAITED,      /* 待答复 */
    CONSULTATION_AGREES,       /* 同意 */
    CONSULTATION_AGREES_IF,    /* 有条件同意 */
    CONSULTATION_OBJECTS,      /* 不同意 */
    CONSULTATION_NO_OBJECTION, /* 逾期未答复，视为无异议 */
    CONSULTATION_TAKEN_BACK,   /* 已撤回 */
    CONSULTATION_STATES,
};
extern const char *const consultation_state_names[CONSULTATION_STATES + 1]; /* NULL ended */

enum consultation_action {
    CONSULTATION_ASK, CONSULTATION_ANSWER, CONSULTATION_PASS_DAY, CONSULTATION_TAKE_BACK, CONSULTATION_ERASE, CONSULTATION_RESTRICT,
    CONSULTATION_ACTIONS,
};

/* A consultation as it is now. Days are Day, 0: none. Texts are owned, never NULL. */
typedef struct Consultation {
    int64_t number;         /* subject_draw_number */
    int64_t case_number;
    int64_t organ, asked;   /* that asks, and that is asked */
    char *item, *item_name, *item_name_en;
    char *materials;        /* JSON list of names: the papers of the case that the organ asked may read meanwhile; "" */
    int64_t state;          /* enum consultation_state */
    int64_t due_day;        /* by which the answer is asked for */
    int64_t late;           /* 1: that day has passed without an answer */
    int64_t answered_day;
    char *question, *answer; /* personal */
    int64_t is_restricted;  /* its use is restricted with that of its case */
    /* Not in the ledger: */
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Consultation;
void consultation_clear(Consultation *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Consultation, consultation_clear)

extern const SubjectKind consultation_kind;
/* By enum consultation_action, for subject_act. Refused are CONFLICT "consultations.stale", "consultations.not_now" and what the guards
 * say. */
extern const SubjectRule consultation_rules[CONSULTATION_ACTIONS];
/* The first that is awaited beside a case; *number is 0 where there is none. */
bool consultation_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error);
/* In a write by the organ that reviews the case: begins one, asks with the input of CONSULTATION_ASK, and saves it. */
bool consultation_ask(const Context *context, const Case *of, const SubjectInput *input, Consultation *out, GError **error);
