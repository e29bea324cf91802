// SPDX-License-Identifier: Apache-2.0
/* Which calendar a county has. */
#pragma once

#include "calendar/calendar.h"

/* What tells a version from all others, also from one of the same number that was undone. */
typedef struct CalendarMark {
    int64_t county, version; /* version 0: the built-in table */
    Instant made_at;
} CalendarMark;

bool calendar_newest(Db *db, int64_t county, CalendarMark *mark, GError **error);
