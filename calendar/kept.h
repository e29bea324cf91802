// SPDX-License-Identifier: Apache-2.0
/* Which calendar a county has. */
#pragma once

#include "calendar/calendar.h"

/* Version 0 is the built-in table. Owned by the caller. */
Calendar *calendar_load_version(Db *db, int64_t county, int64_t number, GError **error);
