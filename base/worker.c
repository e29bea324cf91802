// SPDX-License-Identifier: Apache-2.0
/* Waiting and complaining, for threads that work on by themselves. */
#include "base/base.h"

#include <errno.h>

void monotonic_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool monotonic_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until)
{
    const struct timespec at = { until / G_USEC_PER_SEC, until % G_USEC_PER_SEC * 1000 };
    return pthread_cond_timedwait(condition, lock, &at) != ETIMEDOUT;
}

void warn_once(bool *failing, const GError *error, const char *what, const char *fails, const char *again)
{
    if (error && !*failing)
        trouble_warn(error, "%s %s", what, fails);
    if (!error && *failing)
        g_message("%s %s", what, again);
    *failing = error != NULL;
}
