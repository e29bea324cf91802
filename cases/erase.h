// SPDX-License-Identifier: Apache-2.0
/* The right to erasure (删除权, PIPL art. 47) at the security administrator's desk. */
#pragma once

#include "cases/cases.h"

extern const Field erase_find_fields[];                /* number */
json_t *erase_find(Request *r, GError **error);        /* to the case of that number */
json_t *erase_ask(Request *r, GError **error);         /* what it means, before it is done */
extern const Field erase_fields[], restrict_fields[];  /* seen, reason, sure */
json_t *erase_take(Request *r, GError **error);
/* For which the item's cases are kept after their end; 0: no longer. */
int case_keeping_years(const Context *context, const Item *item);
json_t *restrict_take(Request *r, GError **error);     /* within the term of keeping */
