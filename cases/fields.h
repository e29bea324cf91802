// SPDX-License-Identifier: Apache-2.0
/* The columns of a Case as one table, so that the row, the events' "change" and the rebuilding from the
 * ledger can never tell different stories. */
#pragma once

#include "cases/cases.h"

extern const Record case_record;

/* Marks in one line: "at,day,holder,extra,stop,why;…". */
char *marks_write(const ClockMark *marks, size_t count);
/* Appends the marks of a line; false when it does not parse or there are too many. */
bool marks_read(void *record, const char *line);
