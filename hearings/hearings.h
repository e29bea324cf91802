// SPDX-License-Identifier: Apache-2.0
/* Hearings (听证, Licensing Law arts. 36, 46–48) beside a case in review: the applicant and those whose interests are touched are told of their
 * right and ask for a hearing, or the law or the organ orders one; it is called, held and written down, and the decision rests on its minutes.
 * From the request to the minutes the case's clocks stand still (art. 45). One table says which action may follow which (life.c). */
#pragma once

#include "cases/cases.h"
#include "subject/subject.h"

/* ---- states and actions ---- */

enum hearing_state {
    HEARING_TOLD,      /* 已告知: the right to a hearing has been told, and may still be used */
    HEARING_ASKED,     /* 待组织: asked for or ordered, and to be called */
    HEARING_CALLED,    /* 已通知: day, place and chair are told */
    HEARING_HELD,      /* 已举行: the minutes are signed; the decision rests on them (art. 48 §2) */
    HEARING_WAIVED,    /* 未申请或已放弃 */
    HEARING_CANCELLED, /* 已取消: its case has ended */
    HEARING_STATES,
};
extern const char *const hearing_state_names[HEARING_STATES + 1]; /* NULL ended */

enum hearing_action {
    HEARING_NAME_PARTY, HEARING_ASK, HEARING_RECORD_ASK, HEARING_GIVE_UP, HEARING_NOT_ASKED, HEARING_CALL, HEARING_OBJECT, HEARING_CHANGE_CHAIR,
    HEARING_KEEP_CHAIR, HEARING_HOLD, HEARING_END_UNHEARD, HEARING_CANCEL, HEARING_ERASE, HEARING_RESTRICT, HEARING_PARTY_ASK, HEARING_NOTE_MISSED, HEARING_ACTIONS,
};

/* The reason for which it is held: a law demands it (art. 46), the organ sees a great public interest (art. 46), or great interests of the
 * applicant and of others are touched, who have the right to ask for it (art. 47). */
enum hearing_ground { GROUND_LAW, GROUND_PUBLIC, GROUND_INTEREST };
extern const char *const hearing_ground_names[]; /* "law", "public", "interest", NULL */

/* Working days: to ask after being told, to hold after being asked (art. 47), between the notice and the hearing (art. 48 §1 (1)). All are days
 * of the Licensing Law, which are working days (art. 82). */
enum { HEARING_ASK_DAYS = 5, HEARING_HOLD_DAYS = 20, HEARING_NOTICE_DAYS = 7 };

/* A hearing as it is now. Days are Day, 0: none. Texts are owned, never NULL. */
typedef struct Hearing {
    int64_t number;              /* subject_draw_number */
    int64_t case_number;
    char *item, *item_name, *item_name_en; /* of the case */
    int64_t organ;
    int64_t ground;              /* enum hearing_ground */
    char *basis;                 /* the article that demands it; "": art. 46 or 47 */
    char *matter;                /* what is to be heard; personal */
    char *parties;               /* third parties (利害关系人): JSON [{name, address}], ""; personal */
    int64_t state;               /* enum hearing_state */
    int64_t ask_by_day;          /* the last day to ask */
    int64_t asked_by;            /* place among hearing_asker_names */
    int64_t hold_by_day;         /* the last day to hold it */
    int64_t day;                 /* on which it is, or was, held */
    int64_t reminded;            /* the day that passed without minutes, of which its organ was reminded */
    char *time, *place;          /* "09:30" */
    int64_t chair;               /* id of the member of the staff */
    int64_t closed;              /* place among hearing_closed_names; 0: open to the public */
    int64_t objected;            /* 1: another chair was asked for, and nobody has decided on that yet */
    char *minutes, *signed_by, *unsigned_by; /* 听证笔录, who signed it (or gave the hearing up in writing), who did not and why; personal */
    /* Not in the ledger: */
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Hearing;
extern const char *const hearing_asker_names[];  /* "", "applicant", "third_party", "organ", NULL */
extern const char *const hearing_closed_names[]; /* "", "state_secret", "business_secret", "privacy", NULL */

void hearing_clear(Hearing *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hearing, hearing_clear)

extern const Room hearings_room; /* /hearings, /desk/hearings */
extern const SubjectKind hearing_kind;

/* ---- acting ---- */

/* By enum hearing_action, for subject_act. What the table takes of its own stands in SubjectInput.fields (hearing_act_fields). */
extern const SubjectRule hearing_rules[HEARING_ACTIONS];
/* An order to begin one. */
typedef struct HearingOrder {
    int64_t case_number;
    enum hearing_ground ground;
    const char *matter, *basis; /* basis: of GROUND_LAW */
} HearingOrder;
/* Begins a hearing beside a case in review, by a reviewer, approver or head of its organ, and saves it. GROUND_INTEREST tells the applicant
 * of his right by a document; the others order the hearing, and the case's clocks stand still. Refuses: NOT_ALLOWED "hearings.not_yours"; CONFLICT
 * "hearings.case_not_in_review", "hearings.for_licences", "hearings.one_already"; NOT_FITTING for what is missing. *out is to be cleared by
 * the caller, also after a refusal. */
bool hearing_begin(const Context *context, const HearingOrder *order, Hearing *out, GError **error);
/* The staff of the case's organ who may chair its hearing today: none who has reviewed the case or holds the review (art. 48 §1 (3)): [{id, name}].
 * Owned by the caller. */
json_t *hearing_chairs(const Context *context, const Case *of, GError **error);
