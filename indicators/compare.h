// SPDX-License-Identifier: Apache-2.0
/* The published figures of 2014 beside our own. */
#pragma once

#include "indicators/indicators.h"

/* "same", "different" or "not_yet": is what we compute what was published? Text as it was published ("86.33"); whole numbers
 * must be the same, a published decimal allows for its rounding. `value` NULL or null: not computed. */
const char *compare_verdict(const char *published, const json_t *value);

/* GET /figures/compare */
json_t *compare_show(Request *r, GError **error);
