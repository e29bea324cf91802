// SPDX-License-Identifier: Apache-2.0
#include "verbs/verbs.h"

#include <stdio.h>
#include <unistd.h>

enum { TELL_MS = 200, TELL_LINE_MS = 5000 };

Progress progress_begin(void)
{
    gint64 now = g_get_monotonic_time();
    return (Progress){ .is_terminal = isatty(STDERR_FILENO), .began = now, .told = now };
}

bool progress_is_due(Progress *self)
{
    gint64 now = g_get_monotonic_time();
    bool due = now - self->told >= (self->is_terminal ? TELL_MS : TELL_LINE_MS) * 1000;
    self->told = due ? now : self->told;
    return due;
}

char *progress_left(const Progress *self, int64_t done, int64_t all)
{
    double passed = (double)(g_get_monotonic_time() - self->began) / 1e6;
    int64_t left = (int64_t)(passed * (double)MAX(all - done, 0) / (double)MAX(done, 1) + 0.5);
    return left < 60 ? g_strdup_printf("%" PRId64 " s", left)
                     : g_strdup_printf("%" PRId64 ":%02" PRId64 " min", left / 60, left % 60);
}

void progress_clear(const Progress *self)
{
    if (self->is_terminal)
        fprintf(stderr, "\r\033[K");
}

void progress_show(const Progress *self, const char *line)
{
    progress_clear(self);
    fprintf(stderr, self->is_terminal ? "%s" : "%s\n", line);
}

void progress_count(Progress *self, int64_t done, int64_t all)
{
    if (done < all && !progress_is_due(self))
        return;
    g_autofree char *left = progress_left(self, done, all);
    g_autofree char *line = g_strdup_printf("%" PRId64 " / %" PRId64 " (%" PRId64 " %%), %s", done, all, done * 100 / MAX(all, 1),
                                            left);
    progress_show(self, line);
}
