// SPDX-License-Identifier: Apache-2.0
/* Rows of counter and measured. */
#pragma once

#include "indicators/counter.h"
#include "indicators/indicators.h"

/* Writes what the transaction has counted so far (follow.c). */
bool counter_flush(const Context *context, GError **error);
/* Adds to the rows of a counter, which may be new. */
bool counter_add(Db *db, int64_t county, const Counter *change, GError **error);
/* The last day up to `most` on which any case was counted, in any of a region's counties; DAY_NONE when there is none. */
bool counter_last_day(const Context *context, Day most, Day *last, GError **error);
/* Calls `each` for every row there is. `measure` is the one that the row is of, NULL where it is of all. A row whose measure no
 * room of the context declares has no `of`. */
typedef bool EachCounter(void *data, const Counter *counter, const char *measure, GError **error);
bool counter_walk(const Context *context, EachCounter *each, void *data, GError **error);

/* Has the measure been counted since the ledger's first event? */
bool measure_is_counted(const Context *context, const char *measure, bool *is, GError **error);
/* Empties the table of the measures of cases. */
bool counter_forget_cases(const Context *context, GError **error);
/* From now on it has; what was counted of it is forgotten. */
bool measure_begin(const Context *context, const char *measure, GError **error);
