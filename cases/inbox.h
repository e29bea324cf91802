// SPDX-License-Identifier: Apache-2.0
/* The lists of the desks: what waits there, what was taken in there, all cases. */
#pragma once

#include "cases/cases.h"
#include "lists/lists.h"

extern const Field inbox_fields[];
extern const ListSpec inbox_list;
/* As list_show, and "is_clerk": may he take in applications? */
json_t *inbox_show(Request *r, GError **error);
