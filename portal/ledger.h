// SPDX-License-Identifier: Apache-2.0
/* The pages of the public ledger and that of the components, for the room's table of routes. */
#pragma once

#include "portal/portal.h"

extern const Route portal_routes[];

json_t *ledger_about(Request *r, GError **error);            /* /ledger */
extern const Field ledger_find_fields[];                     /* event */
json_t *ledger_find(Request *r, GError **error);             /* to the page of that number */
extern const Field ledger_event_fields[];                    /* leaf: the hash on a paper */
json_t *ledger_event_show(Request *r, GError **error);       /* /ledger/{county}/event/{number} */
extern const Field ledger_commitment_fields[];               /* salt, text */
json_t *ledger_commitment_check(Request *r, GError **error); /* prepares the same page */

extern const Field parts_fields[];               /* one of each kind */
extern const Field parts_question_fields[];
json_t *parts_show(Request *r, GError **error);  /* /parts; NOT_FOUND where the server was not told to show it */
