// SPDX-License-Identifier: Apache-2.0
/* Site checks (现场核查; Licensing Law arts. 34 §3 and 55): beside a case two officers see the place and record what they find. One begins
 * by itself when a case is accepted whose item demands it, else where the organ decides so; it is to be appointed within five working days.
 * No case passes its review, or is granted, before what the item demands is recorded, and nobody writes of a check that nobody recorded. */
#pragma once

#include "cases/cases.h"

extern const Room visits_room; /* /desk/visits, /visits/{number} */

enum visit_state {
    VISIT_TO_APPOINT, /* 待指派 */
    VISIT_TO_MAKE,    /* 待核查: the day is told to the applicant */
    VISIT_TO_SIGN,    /* 待签字: one officer has written the record */
    VISIT_TO_MEND,    /* 待整改: to be seen again */
    VISIT_FITS,       /* 符合要求 */
    VISIT_UNFIT,      /* 不符合要求 */
    VISIT_ENDED,      /* 不再核查 */
    VISIT_STATES,
};
extern const char *const visit_state_names[VISIT_STATES + 1]; /* NULL ended */

enum visit_action {
    VISIT_APPOINT, VISIT_RECORD, VISIT_SIGN, VISIT_ADD_PHOTO, VISIT_NOTE_LATE, VISIT_END, VISIT_ERASE, VISIT_RESTRICT, VISIT_ACTIONS,
};

enum { VISIT_APPOINT_DAYS = 5 }; /* working days from acceptance on, art. 55 */

/* A visit as it is now. Days are Day, 0: none. Texts are owned, never NULL. */
typedef struct Visit {
    int64_t number;              /* subject_draw_number */
    int64_t case_number, organ;
    char *item, *item_name, *item_name_en;
    char *demanded;              /* the article by which the item demands it; "": the organ's own choice */
    int64_t state;               /* enum visit_state */
    int64_t appoint_day;          /* 0: nobody demands it */
    int64_t late;                /* 1: that day has passed, and nobody was appointed */
    int64_t officer, companion;  /* ids of the two */
    int64_t writer;              /* the one who has written the record; 0: nobody yet */
    int64_t day, half;           /* of the visit; place among visit_halves */
    char *place;                 /* personal, as the next */
    char *found;                 /* the record's text */
    int64_t finding;             /* place among visit_findings */
    int64_t mend_day;             /* by when the applicant puts right what does not fit */
    int64_t signature;           /* of the applicant: place among visit_signatures */
    char *signature_note;        /* personal: why there is none */
    int64_t rounds;              /* how often it was recorded and signed by both */
    int64_t is_restricted;       /* its use is restricted with that of its case */
    /* Not in the ledger: */
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Visit;
void visit_clear(Visit *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Visit, visit_clear)

extern const char *const visit_halves[];     /* "", "morning", "afternoon", NULL */
extern const char *const visit_findings[];   /* "", "fits", "unfit", "mend", NULL */
extern const char *const visit_signatures[]; /* "", "signed", "refused", "absent", NULL */

extern const SubjectKind visit_kind;
/* By enum visit_action, for subject_act. Refused are CONFLICT "visits.stale", "visits.not_now" and what the guards say. */
extern const SubjectRule visit_rules[VISIT_ACTIONS];

/* The newest visit beside a case that has not ended; *number is 0 where there is none. */
bool visit_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error);
