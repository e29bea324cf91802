// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "licences/licences.h"

enum licence_part { STATE_COLUMNS = 1 << 0, CONTENT_COLUMNS = 1 << 1 };

/* Bits of SubjectRule.needs for fields of this kind's own. */
enum { LICENCE_NEEDS_GROUND = NEED_OWN, LICENCE_TAKES_CONTENT = TAKES_OWN };

extern const Route licence_routes[];
extern const Field licence_act_fields[];
extern const struct ListSpec licence_list;
extern const Record licence_record;
SubjectEffect licence_follow;

/* The last day of another term as long as the one from `from` to `to`: in years where it is whole years, else in days. */
Day licence_next_end(Day from, Day to);
/* The state on a day: a term that has ended is over although the system has not noted it yet. */
enum licence_state licence_state_on(const Licence *self, Day day);

/* SubjectKind.answer */
json_t *licence_answer(const Context *context, const void *present, bool is_inside, GError **error);
/* Numbers and texts of what everybody may know of it; what is empty is left out. Numbers are texts, and beside them
 * "number_grouped" and the like. The holder as listed, the identity number masked. Owned by the caller. */
json_t *licence_json(const Licence *self);
/* The word of the state on a day: of licence_state_names, or "not_yet". */
const char *licence_word_on(const Licence *self, Day day);
/* The state on a day: {path: of its page in the register, holds, state, until_day, over_day: the first on which it does not,
 * or from_day: the first on which it does, with the state "not_yet", replaced_by_grouped}. Owned by
 * the caller. */
json_t *licence_today(const Licence *self, Day day);
/* Fills in what follows from the other members: identifier, listed and sought. */
bool licence_settle(const Context *context, Licence *self, GError **error);
#define LICENCE_SOUGHT "licence_hash" /* the table of the hashes by which holders are found */
/* The purpose for which a person's name is hashed in sought. */
extern const char licence_sought_as[];
/* In a write: fills sought of the licences in which an older program, or a migration, left it empty. */
bool licence_settle_sought(const Context *context, GError **error);

/* ---- the public register of decisions to grant (grants.c, store.c) ---- */

extern const Field granted_fields[];
extern const struct ListSpec granted_list;
#define GRANTED_TIMER "licences.granted" /* a day's decisions are entered by the night after it */
/* TimerKind.run */
bool granted_night(const Context *context, const char *subject, Instant at, GError **error);
/* In a write: enters what was decided before today, and sets the timer; so an older database gets its register. */
bool granted_settle(const Context *context, GError **error);
/* Takes the decision out whose case is erased or restricted. */
Listener granted_hear;

typedef struct Granted {
    int64_t number, case_number, organ;
    const char *decision, *listed, *credit_code, *name; /* name: of an enterprise, else "" */
    const Item *item;
    Day decided;
} Granted;
bool granted_insert(const Context *context, const Granted *row, GError **error);
bool granted_remove(const Context *context, int64_t case_number, GError **error);
/* The last day that was entered, or the first day there is, and the last number. */
bool granted_ends(const Context *context, Day *until, int64_t *number, GError **error);
bool granted_put_until(const Context *context, Day day, int64_t number, GError **error);
bool granted_has(const Context *context, int64_t case_number, bool *has, GError **error);
/* Where the decisions of that day have been entered, it and those after it are to be gone through again. */
bool granted_go_back(const Context *context, Day day, GError **error);

/* Room.offers_papers: the licences that a party holds today, by what they are called. */
bool licence_offers_papers(const Context *context, int64_t party, int64_t case_number, json_t *papers, GError **error);
/* SubjectGuard: has its holder not been erased, and, where one of the staff asks, is no term of keeping of its case running? */
SubjectGuard licence_may_erase;

/* DocumentKind.stays of a licence's paper: as long as the licence is in force. */
bool licence_paper_stays(const Context *context, const char *subject, bool *stays, GError **error);
/* DocumentKind.is_own of it: to the holder of the case that issued it, who has a code of his own. */
bool licence_paper_is_own(const Context *context, const char *subject, bool *is, GError **error);
/* Room.forgets: with a licence of an erased case goes its paper, and its party. */
bool licence_forgets(const Context *context, const char *subject, GError **error);
#define LICENCE_FORGET "licence.forget" /* a licence has ended whose case was erased, or restricted in its use */
bool licence_forget_rang(const Context *context, const char *subject, Instant at, GError **error);
/* Room.tells_today: of the papers of a licence, and of the one that its case has written. */
bool licence_tells_today(const Context *context, const json_t *document, json_t *known, GError **error);
