// SPDX-License-Identifier: Apache-2.0
/* Rows of counter. */
#pragma once

#include "indicators/counter.h"
#include "indicators/indicators.h"

/* Adds to a row, which may be new. */
bool counter_add(Db *db, int64_t county, const Counter *change, GError **error);
/* The last day up to `most` on which anything was counted, in any of a region's counties; DAY_NONE when there is none. */
bool counter_last_day(const Context *context, Day most, Day *last, GError **error);
/* Calls `each` for every row there is. */
typedef bool EachCounter(void *data, const Counter *counter, GError **error);
bool counter_walk(Db *db, int64_t county, EachCounter *each, void *data, GError **error);
