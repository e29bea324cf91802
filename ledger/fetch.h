// SPDX-License-Identifier: Apache-2.0
/* Asking another server over HTTP or HTTPS (libcurl), within bounds of time and size: a few questions at once over connections
 * kept open, the answers in the order of the questions. Redirections are not followed, because only the server that was
 * named is to be asked. */
#pragma once

#include "base/base.h"

#include <stdatomic.h>

typedef struct Fetched {
    unsigned status; /* HTTP's, whatever it is: 200, 404, … */
    char *body;      /* with a NUL after its `length` bytes; never NULL when fetched */
    size_t length;
} Fetched;
void fetched_clear(Fetched *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fetched, fetched_clear)

enum { GATHER_AT_ONCE = 8 };

/* One thread at a time uses it. */
typedef struct Gather Gather;
/* A question takes at most `seconds`, and its answer has to bring a kilobyte a second. A server that is busy (429, 503) or does
 * not take the connection is asked `tries` times. Where `stop` is not NULL, a question under way ends within a second after
 * it turns true; it is borrowed. */
Gather *gather_open(int seconds, int tries, const atomic_bool *stop);
void gather_close(Gather *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gather, gather_close)

/* How many were asked and not yet taken: GATHER_AT_ONCE at the most. */
size_t gather_waiting(const Gather *self);
/* GETs, or POSTs that text when `body` is not NULL; the answer may have `most` bytes. */
void gather_ask(Gather *self, const char *url, const char *body, size_t most);
/* Waits for the answer to the question asked first, whatever its status, and takes it. NOT_FOUND "ledger.no_answer" (with "url"
 * and "why") when none came within the bounds; TOO_LARGE "ledger.large_answer" (with "url"); CONFLICT
 * "ledger.moved_answer" (with "url" and "to") for a redirection. */
bool gather_take(Gather *self, Fetched *out, GError **error);
