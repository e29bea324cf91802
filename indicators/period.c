// SPDX-License-Identifier: Apache-2.0
#include "indicators/period.h"
#include "indicators/store.h"

enum { DAYS_MOST = 3660 };

const char *const period_names[PERIODS + 1] = { "today", "week", "month", "year", "between", NULL };

static Day first_day(enum period which, Day present)
{
    switch (which) {
    case TODAY: return present;
    case THIS_WEEK: return present - day_weekday(present) + 1;
    case THIS_MONTH: return month_of(present);
    default: return year_of(present);
    }
}

/* A ledger that was brought here from elsewhere, or of a year gone by, is shown as on its last day. */
bool period_of(const Context *context, enum period which, Period *out, GError **error)
{
    Day today = day_of(context->now), last;
    if (!counter_last_day(context, today, &last, error))
        return false;
    bool is_past = last != DAY_NONE && last < year_of(today);
    *out = (Period){ .which = which, .present = is_past ? last : today, .is_past = is_past, .last = last == DAY_NONE ? today : last };
    out->from = first_day(which, out->present);
    out->to = out->present;
    return true;
}

static enum period which_asked(const json_t *fields)
{
    size_t asked = name_place(period_names, json_text(fields, "period"));
    if (asked < PERIODS)
        return (enum period)asked;
    return *json_text(fields, "from") || *json_text(fields, "to") ? BETWEEN : THIS_YEAR;
}

static bool read_between(const Request *r, Period *out, GError **error)
{
    const char *from = json_text(r->fields, "from"), *to = json_text(r->fields, "to");
    if (!*from || !*to)
        return refuse_field(error, *from ? "to" : "from", "indicators.dashboard.both_days", NULL);
    out->from = day_parse(from);
    out->to = day_parse(to);
    if (out->from > out->to)
        return refuse_field(error, "to", "indicators.dashboard.backwards", NULL);
    return out->to - out->from < DAYS_MOST || refuse_field(error, "to", "indicators.dashboard.too_long", NULL);
}

bool period_read(const Request *r, Period *out, GError **error)
{
    enum period which = which_asked(r->fields);
    return period_of(&r->context, which, out, error) && (which != BETWEEN || read_between(r, out, error));
}

IndicatorAsk period_ask(const Period *self)
{
    return (IndicatorAsk){ .from = self->from, .to = self->to, .is_to_the_end = self->to >= self->last };
}
