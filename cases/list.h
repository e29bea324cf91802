// SPDX-License-Identifier: Apache-2.0
/* The list behind a figure. */
#pragma once

#include "cases/cases.h"

extern const Field case_list_fields[];
/* {of, from_day, to_day, division, organ, item (each an object, absent where all are meant), channel, hours {hour, next}, is_exact,
 *  "cases": [rows as answer_head gives them, and day {the one it counts on}, spent {days, unit}, limit {…},
 *  judged: kept | late | overdue of a decided one], "none", "total", "total_capped", "exact" (address of the exact
 *  total, where it is capped), "more" (address of the next page or absent),
 *  and what may be chosen: "measures": [{of, chosen}], "channels": [{channel, chosen}], "organs", "divisions"} */
json_t *case_list_show(Request *r, GError **error);
