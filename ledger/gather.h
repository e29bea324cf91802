// SPDX-License-Identifier: Apache-2.0
/* Asking one other server for many things: a few at once over connections kept open, the answers in the order of the
 * questions. A server that is busy (429, 503) or does not take the connection is asked again a few times. */
#pragma once

#include "ledger/fetch.h"

enum { GATHER_AT_ONCE = 8 };

typedef struct Gather Gather;
Gather *gather_open(void);
void gather_close(Gather *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gather, gather_close)

/* How many were asked and not yet taken: GATHER_AT_ONCE at the most. */
size_t gather_waiting(const Gather *self);
/* Asks; the answer may have `most` bytes. */
void gather_ask(Gather *self, const char *url, size_t most);
/* Waits for the answer to the question asked first, whatever its status, and takes it. NOT_FOUND "ledger.no_answer",
 * TOO_LARGE "ledger.large_answer", CONFLICT "ledger.moved_answer" (with "url" and "to") for a redirection, because only
 * the server that was named is to be asked. An answer may take two minutes, and has to bring a kilobyte a second. */
bool gather_take(Gather *self, Fetched *out, GError **error);
