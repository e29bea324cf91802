// SPDX-License-Identifier: Apache-2.0
/* The columns of a Case as one table, so that the row, the events' "change" and the rebuilding from the
 * ledger can never tell different stories. */
#pragma once

#include "cases/cases.h"

extern const Record case_record;

/* The marks [from, end) in one line: "at,day,holder,extra,stop,why;…". */
char *marks_write(const ClockMark *marks, size_t from, size_t end);
/* Appends the marks of a line; false when it does not parse. */
bool marks_read(void *record, const char *line);
/* Appends one, to be filled in. */
ClockMark *marks_add(Case *self);
