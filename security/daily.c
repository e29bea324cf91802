// SPDX-License-Identifier: Apache-2.0
/* The daily work on the security log: its head goes into the public ledger, and what has been kept long enough goes. */
#include "security/log.h"

enum {
    AT_MINUTE = 10,     /* after midnight */
    SWEPT_AT_ONCE = 5000,
    MONTHS = 12,
    MARGIN_DAYS = 1,    /* clocks of several servers differ, so that the entries' instants do not quite rise with their numbers */
};

bool security_record(const Context *context, const char *kind, json_t *payload, GError **error)
{
    return ledger_record(context, (Event){ .subject = SECURITY_LOG_SUBJECT, .kind = kind }, payload, error);
}

/* The first instant of the month so many months before: entries go by whole months, which keeps none too short. */
static Instant months_before(Instant now, int64_t months)
{
    int year, month, of_month;
    day_split(day_of(now), &year, &month, &of_month);
    int64_t all = (int64_t)year * MONTHS + month - 1 - months;
    return instant_at(day_from((int)(all / MONTHS), (int)(all % MONTHS) + 1, 1) - MARGIN_DAYS, 0);
}

static bool sweep(const Context *context, const LogEnds *ends, int64_t *removed, GError **error)
{
    if (!log_sweep(context, months_before(context->now, ends->months), SWEPT_AT_ONCE, removed, error))
        return false;
    return !*removed || security_record(context, "security.swept", json_pack("{s:I, s:s}", "first", ends->first, "before", ends->before), error);
}

bool security_day(const Context *context, const char *subject, Instant at, GError **error)
{
    int64_t removed;
    const LogEnds *ends = log_ends_moving(context->db, context->county, error);
    (void)at;
    if (!ends || !sweep(context, ends, &removed, error))
        return false;
    if (removed == SWEPT_AT_ONCE)
        return timer_set(context, subject, SECURITY_DAILY_TIMER, context->now + MINUTE_MS, error);
    json_t *head = json_pack("{s:I, s:s}", "count", ends->number, "hash", ends->hash);
    return security_record(context, "security.head", head, error) &&
           timer_set(context, subject, SECURITY_DAILY_TIMER, instant_at(day_of(context->now) + 1, AT_MINUTE), error);
}

bool security_settle(const Context *context, GError **error)
{
    Instant at;
    return timer_at(context->db, context->county, SECURITY_LOG_SUBJECT, SECURITY_DAILY_TIMER, &at, error) &&
           (at || timer_set(context, SECURITY_LOG_SUBJECT, SECURITY_DAILY_TIMER, instant_at(day_of(context->now) + 1, AT_MINUTE), error));
}
