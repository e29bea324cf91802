// SPDX-License-Identifier: Apache-2.0
/* Joint handling (联合办理, 联办; Licensing Law arts. 26 §2, 42 §2) and bundles (一件事一次办): one
 * application for all that somebody needs to begin something, handled by several organs. It begins
 * from a case of the leading organ, whose desk takes the application in for all and whose
 * acceptance counts for all that go side by side; what follows in sequence starts upon written
 * notice that the stage before has ended. Its parts are ordinary cases, each with its own limit;
 * the whole has forty-five working days, which the head of the centre, who stands for that of the
 * government here, may extend once by fifteen. */
#pragma once

#include "cases/cases.h"

extern const Room joint_room; /* /bundles, /desk/joint */

enum joint_state {
    JOINT_HANDED_IN,  /* 待受理 */
    JOINT_RUNNING,    /* 联合办理中 */
    JOINT_WAITS,      /* 待启动下一阶段 */
    JOINT_DONE,       /* 全部办结 */
    JOINT_BROKEN_OFF, /* 有事项未获准予，不再继续 */
    JOINT_STATES,
};
extern const char *const joint_state_names[JOINT_STATES + 1]; /* NULL ended */

enum joint_action {
    JOINT_ACCEPT,
    JOINT_ADVANCE,
    JOINT_START_NEXT,
    JOINT_FOLLOW_ON,
    JOINT_EXTEND,
    JOINT_NOTE_LATE,
    JOINT_FINISH,
    JOINT_BREAK_OFF,
    JOINT_ERASE,
    JOINT_RESTRICT,
    JOINT_ACTIONS
};

enum { JOINT_DAYS = 45, JOINT_EXTENSION = 15 }; /* working days, art. 42 §2 */

/* The whole as it is now. Days are Day, 0: none. Texts are owned, never NULL. */
typedef struct Joint {
    int64_t number;        /* subject_draw_number */
    char *service, *name, *name_en; /* the bundle (一件事) */
    char *plan; /* JSON {stages: [[code of an item]], results: [{item, material, from}]}: what was
                   applied for */
    int64_t organ;         /* that leads */
    int64_t case_number;   /* its first part, from which it began */
    char *applicant;       /* personal: whom its papers name */
    char *materials;       /* JSON list of the papers that were handed in for all parts; "" */
    int64_t stage, stages; /* the present one, from 0, and how many there are */
    int64_t state;         /* enum joint_state */
    int64_t accepted_day, due_day;
    int64_t extended, late; /* 0 or 1 */
    /* Not in the ledger: */
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Joint;
void joint_clear(Joint *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Joint, joint_clear)

extern const SubjectKind joint_kind;
/* By enum joint_action, for subject_act. Refused are CONFLICT "joint.stale", "joint.not_now" and what the guards and the parts' cases say. */
extern const SubjectRule joint_rules[JOINT_ACTIONS];

/* In a write by the desk of a case that was handed in: begins the whole of that bundle, with those
 * optional items that are `chosen` (codes, may be NULL), and hands in for its applicant the other
 * items of its first stage with these papers (names, may be NULL). NOT_FITTING of the field
 * "service" where the item leads none of that code, and as the bundle's items refuse it. */
bool joint_begin(const Context *context, const Case *of, const char *service,
                 const json_t *materials, const json_t *chosen, Joint *out, GError **error);

/* The bundles (一件事) that one can apply for today: [{path, name, name_en, summary, summary_en,
 * matter: of life}]. Owned by the caller. */
json_t *joint_bundles(const Context *context, GError **error);

/* Handlers by which an applicant from home hands in a bundle, for the portal: the page of the draft
 * of its first item, {case_number, services, options, papers [{name, required, from, scans}]}; a
 * paper for any of the items; handing in, of whom the whole is; and one more case of the whole,
 * which the session then holds too. Refuse NOT_ALLOWED "joint.not_a_draft". */
Handler joint_home, joint_home_attach, joint_home_hand_in, joint_open_part;
extern const Field joint_attach_fields[], joint_home_fields[];
