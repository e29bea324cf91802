// SPDX-License-Identifier: Apache-2.0
/* A virus scanner on this machine. Its functions wait for it; any thread may call them, several at once. */
#pragma once

#include "files/files.h"

enum scan {
    SCAN_CLEAN,
    SCAN_INFECTED,
    SCAN_TOO_LARGE, /* larger than the scanner takes */
    SCAN_AWAY,      /* no answer in time, or none that can be used; the log has the cause */
};

/* Has the scanner judge an open file, which is read from its beginning. */
enum scan scanner_judge(Scanner *self, int file);
/* Are files that it cannot judge let in? */
bool scanner_lets_in(const Scanner *self);
/* The key of a sentence for whoever looks after the server, as long as it is away; NULL: nothing is wrong, or there is no scanner (NULL). */
const char *scanner_trouble(const Scanner *self);
