// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "promises/promises.h"

extern const Record promise_record;
extern const Route promise_routes[];
extern const Field promise_act_fields[];
extern const struct ListSpec promise_list;

/* Begins, ends and goes on with the promises of a case as it does. */
Listener promise_hear;
/* The days within which papers follow: as many working days as the item promises for its decision, as many as for a correction at most. */
int promise_days(const Context *context, const Case *of, const Item *item);
/* Room.offers_papers */
bool promise_offers_papers(const Context *context, int64_t party, int64_t case_number, json_t *papers, GError **error);
/* The facts of the letter, whose issuer is the organ: canonical JSON. Owned by the caller. */
char *promise_letter(const Context *context, const Promise *self, const Case *of, GError **error);
/* SubjectKind.answer */
json_t *promise_answer(const Context *context, const void *present, bool is_inside, GError **error);
