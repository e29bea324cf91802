// SPDX-License-Identifier: Apache-2.0
/* Asking another server over HTTP or HTTPS (libcurl), within bounds of time and size. Redirections are not followed,
 * because only the server that was named is to be asked. */
#pragma once

#include "base/base.h"

#include <stdatomic.h>

/* An answer as it comes in, of at most `most` bytes. */
typedef struct Answer {
    GString *text;
    size_t most;
    bool large; /* it was cut off, because it had more */
} Answer;
/* A handle of libcurl for HTTP and HTTPS that collects what comes in `answer`, whose text is made. */
void *answer_handle(Answer *answer);
void answer_begin(Answer *self); /* forgets what has come */

/* A client that keeps its connections open from one question to the next. One thread at a time uses it. */
typedef struct Fetcher Fetcher;

/* A question takes at most `seconds` and its answer has at most `most` bytes. Where `stop` is not NULL, a question under
 * way ends within a second after it turns true; it is borrowed until fetch_close. */
Fetcher *fetch_open(int seconds, size_t most, const atomic_bool *stop);
void fetch_close(Fetcher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetcher, fetch_close)

typedef struct Fetched {
    unsigned status; /* HTTP's, whatever it is: 200, 404, … */
    char *body;      /* with a NUL after its `length` bytes; never NULL when fetched */
    size_t length;
} Fetched;
void fetched_clear(Fetched *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fetched, fetched_clear)

/* GET, or POST with that body when `body` is not NULL. Any status is an answer. NOT_FOUND "ledger.no_answer" (with "url"
 * and "why") when none came within the bounds; TOO_LARGE "ledger.large_answer" (with "url"). */
bool fetch(Fetcher *self, const char *url, const char *body, Fetched *out, GError **error);
