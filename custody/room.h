// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "custody/custody.h"

enum custody_part { STATE_COLUMNS = 1 << 0, PERSONAL_COLUMNS = 1 << 1 };

enum { CUSTODY_NEEDS_RECEIVER = NEED_OWN /* the field "receiver" */, BY_CUSTODIAN = BY_OWN /* a clerk of the desk that keeps them */ };

extern const Route custody_routes[];
extern const Field custody_act_fields[];
extern const struct ListSpec custody_list;
extern const struct MessageTemplate custody_messages[];

/* The desk of the actor at which originals for the case may be left. Refuses as custody_begin. */
bool custody_may_keep(const Context *context, const Case *of, const Post **post, GError **error);
/* The numbers of the custodies of a case that have not been handed back, the first first: array of int64_t, owned by the caller. */
GArray *custody_kept(const Context *context, int64_t case_number, GError **error);
/* The lines of a text that are not empty: [{name}]. Owned by the caller. */
json_t *custody_lines(const char *text);
/* SubjectKind.answer */
json_t *custody_answer(const Context *context, const void *present, bool is_inside, GError **error);
/* Room.listens */
Listener custody_hear;
