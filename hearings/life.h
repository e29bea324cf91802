// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "hearings/hearings.h"

enum hearing_part { STATE_COLUMNS = 1 << 0, CALL_COLUMNS = 1 << 1, PERSONAL_COLUMNS = 1 << 2 };

/* Bits of SubjectRule.needs for fields of this kind's own. */
enum {
    NEEDS_PARTY = NEED_OWN,        /* name, address */
    NEEDS_ASKER = NEED_OWN << 1,   /* asker */
    NEEDS_CHAIR = NEED_OWN << 2,   /* chair */
    NEEDS_CALL = NEED_OWN << 3,    /* time, place */
    NEEDS_MINUTES = NEED_OWN << 4, /* minutes, signed_by */
    NEEDS_CAUSE = NEED_OWN << 5,   /* cause */
    TAKES_CLOSED = TAKES_OWN,      /* closed */
    TAKES_UNSIGNED = TAKES_OWN << 1,
    TAKES_GIVEN_UP = TAKES_OWN << 2, /* given_up_by */
};

extern const Route hearing_routes[];
extern const Field hearing_act_fields[], hearing_party_fields[];
extern const struct ListSpec hearing_announced_list, hearing_desk_list;
extern const Record hearing_record;

/* Handlers of a third party (party.c). */
Handler hearing_party_page, hearing_party_ask;

/* SubjectKind.answer, .document, .follow */
json_t *hearing_answer(const Context *context, const void *present, bool is_inside, GError **error);
char *hearing_document(const SubjectTurn *turn, void *next, GError **error);
SubjectEffect hearing_follow;
SubjectGuard hearing_fits;
Instant hearing_due(const void *present, const SubjectRule **rule);

/* The place of the turn's rule in the table. */
enum hearing_action hearing_action_of(const SubjectTurn *turn);
/* Is it still to be held, or may still be asked for? */
bool hearing_is_open(const Hearing *self);
/* The third parties; an array that the caller owns. */
json_t *hearing_parties(const Hearing *self);
/* Is the member of the staff one of hearing_chairs? NOT_FITTING of the field "chair" otherwise: "hearings.chair_reviewed", "hearings.chair_unknown". */
bool hearing_may_chair(const Context *context, const Case *of, int64_t staff, GError **error);

/* ---- the case beside which it is (course.c) ---- */

/* As the system: the case's clocks stand still as long as the hearing is open, and go on when it is held or waived. */
bool hearing_stand_still(const Context *context, const Hearing *self, GError **error);
bool hearing_go_on(const Context *context, const Hearing *self, GError **error);
/* SubjectKind.may_begin */
bool hearing_may_begin(const Context *context, const void *of);
/* Room.listens: with its case an open hearing ends. */
Listener hearing_hear;
