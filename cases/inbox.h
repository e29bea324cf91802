// SPDX-License-Identifier: Apache-2.0
/* The lists of the desks. */
#pragma once

#include "cases/cases.h"

extern const Field inbox_fields[];
/* {"list", "cases": [rows], "more": address of the next page or absent, "waiting": number,
 *  "waiting_capped": true when there are more, "is_desk" on the first of "lists": [{list, path, is_here}]} */
json_t *inbox_show(Request *r, GError **error);
