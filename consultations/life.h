// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "consultations/consultations.h"

enum consultation_part { CONSULTATION_PRESENT = 1 << 0, CONSULTATION_LETTER = 1 << 1, CONSULTATION_REPLY = 1 << 2 };

enum {
    NEED_QUESTION = NEED_OWN,     /* asked, question */
    NEED_ANSWER = NEED_OWN << 1,  /* agreement */
    TAKES_PAPERS = TAKES_OWN,     /* shared */
    TAKES_ANSWER = TAKES_OWN << 1, /* answer */
};

/* Relations of the actor to the consultation beside those that every kind knows. */
enum { BY_ASKED = BY_OWN };

extern const char *const consultation_agreements[]; /* choices of the field "agreement" */
extern const Record consultation_record;
extern const Route consultation_routes[];
extern const Field consultation_fields[], consultation_act_fields[];
extern const struct ListSpec consultation_list;
extern const MessageTemplate consultation_messages[];
enum consultation_message { ASKED_MESSAGE, ANSWERED_MESSAGE, LATE_MESSAGE };
#define CONSULTATION_TIMER "consultations.due"

/* SubjectKind.answer */
json_t *consultation_answer(const Context *context, const void *present, bool is_inside, GError **error);
/* May the actor read the papers that the letter names? The organ asked while it is asked, the organ that asks always. */
bool consultation_opens(const Actor *actor, const Consultation *self);
/* Does the letter name the material? */
bool consultation_names(const Consultation *self, const char *material);

/* Room.listens: holds a decision until what was asked is answered or its day is over, and takes back with the end of the case what waits. */
Listener consultation_hear;

/* ---- store.c ---- */

/* Is that organ asked about the case, and its answer awaited? */
bool consultation_is_awaited_of(Db *db, int64_t county, int64_t case_number, int64_t asked, bool *is, GError **error);
/* Numbers of the case's consultations that are awaited, and the last of their days; *count 0: none. */
enum { AWAITED_MOST = 99 }; /* an organ is asked once at a time, and their numbers have two digits */
bool consultation_awaited(Db *db, int64_t county, int64_t case_number, int64_t numbers[AWAITED_MOST], size_t *count, Day *until, GError **error);
