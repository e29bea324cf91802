// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "visits/visits.h"

enum visit_part { VISIT_PRESENT = 1 << 0, VISIT_PLAN = 1 << 1, VISIT_WRITTEN = 1 << 2 };

enum {
    NEED_PLAN = NEED_OWN,         /* officer, companion, half, place */
    NEED_FINDING = NEED_OWN << 1, /* finding, found, signature */
    TAKES_FINDING = TAKES_OWN,    /* mend_day, signature_note */
};

/* Relations of the actor to the visit beside those that every kind knows. */
enum { BY_OFFICER = BY_OWN };

extern const Record visit_record;
extern const Route visit_routes[];
extern const Field visit_act_fields[];
extern const struct ListSpec visit_list;
extern const MessageTemplate visit_messages[];
enum visit_message { APPOINTED_MESSAGE, LATE_MESSAGE };
#define VISIT_TIMER "visits.appoint"

/* SubjectKind.answer */
json_t *visit_answer(const Context *context, const void *present, bool is_inside, GError **error);
/* The staff of the organ today, of whom two go: [{id (text), name}]. Owned by the caller. */
json_t *visit_staff(const Context *context, int64_t organ, GError **error);

/* ---- act.c ---- */

/* Begins a visit beside a case in review and saves it: the item demands it by that article, or else ("") the organ says why. */
bool visit_begin(const Context *context, const Case *of, const char *demanded, const char *reason, Visit *out, GError **error);
/* Room.listens: lets the acceptance begin what the item demands, holds a decision to it, and ends with the case what waits. */
Listener visit_hear;

/* ---- store.c ---- */

/* The visits of a case: of the newest that has not ended number and state, and whether any was ever recorded. */
enum { VISITS_WAITING = 8 };
typedef struct Visited {
    int64_t number, state;
    bool is_recorded;
    size_t waits; /* of all the first few that wait */
    int64_t waiting[VISITS_WAITING];
} Visited;
bool visit_look(Db *db, int64_t county, int64_t case_number, Visited *out, GError **error);
