// SPDX-License-Identifier: Apache-2.0
/* The period that figures are shown of. */
#pragma once

#include "indicators/indicators.h"

enum period { TODAY, THIS_WEEK, THIS_MONTH, THIS_YEAR, BETWEEN, PERIODS };
extern const char *const period_names[PERIODS + 1]; /* "today" … "between"; NULL ended */

typedef struct Period {
    enum period which;
    Day present;  /* what “today” means: the day of the clock, or the last counted one where nothing was counted this year */
    bool is_past; /* the latter */
    Day last;     /* on which anything was counted; the present where nothing was */
    Day from, to; /* both included */
} Period;

/* A period but BETWEEN up to the present of `now`. */
bool period_of(const Context *context, enum period which, Period *out, GError **error);
/* As asked for in the fields "period", "from" and "to"; this year when nothing is. NOT_FITTING, naming the field, for a
 * period that is not whole, runs backwards or is too long. */
bool period_read(const Request *r, Period *out, GError **error);
IndicatorAsk period_ask(const Period *self);
