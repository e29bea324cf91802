// SPDX-License-Identifier: Apache-2.0
/* Drafts that nobody hands in end (PIPL art. 19: data are kept no longer than is needed): a timer of the county looks each night through
 * the numbers of the days that are old enough by then, so that no draft needs a timer of its own. */
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/store.h"

enum { AT_ONCE = 100, USUAL_DAYS = 30, AT_NIGHT = 3 * 60 }; /* minutes after midnight */

int case_draft_days(const Context *context)
{
    return context->draft_days ? context->draft_days : USUAL_DAYS;
}

static char *subject_of(int64_t county)
{
    return g_strdup_printf("drafts/%" PRId64, county);
}

/* The first number of a day, whatever its kind. */
static int64_t first_of(const Context *context, Day day)
{
    enum { OF_A_DAY = 1000000, OF_A_COUNTY = 1000000 };
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return (context->county * OF_A_COUNTY + (int64_t)(year % 100) * 10000 + month * 100 + of_month) * OF_A_DAY;
}

/* One that an older program has recorded ends by an event. */
static bool end_one(const Context *context, int64_t number, bool is_recorded, GError **error)
{
    g_autofree char *subject = g_strdup_printf("%s/%" PRId64, case_kind.name, number);
    const SubjectInput input = { .seen = -1, .reason = "never_handed_in" };
    if (is_recorded)
        return case_act(context, number, ERASE_AGAIN, &input, NULL, error);
    return rooms_forget(context, subject, error) && session_end_all(context, HOLDER, number, error) &&
           case_remove(context, number, error);
}

/* *more: there may be others of these days. */
static bool end_some(const Context *context, Day before, bool *more, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) rows = case_old_drafts(context, first_of(context, before), AT_ONCE, error);
    *more = json_array_size(rows) == AT_ONCE;
    json_array_foreach(rows, i, row)
        if (!end_one(context, json_number(row, "number"), json_number(row, "events") > 0, error))
            return false;
    return rows && (*more || case_drafts_ended(context, first_of(context, before), error));
}

static bool set_next(const Context *context, Instant at, GError **error)
{
    g_autofree char *subject = subject_of(context->county);
    return timer_set(context, subject, CASE_DRAFTS, at, error);
}

bool case_end_drafts(const Context *context, const char *subject, Instant at, GError **error)
{
    bool more;
    Day today = day_of(context->now), before = today - case_draft_days(context);
    (void)subject, (void)at;
    return end_some(context, before, &more, error) && set_next(context, more ? context->now : instant_at(today + 1, AT_NIGHT), error);
}

bool case_watch_drafts(const Context *context, GError **error)
{
    Instant at;
    g_autofree char *subject = subject_of(context->county);
    return timer_at(context->db, context->county, subject, CASE_DRAFTS, &at, error) && (at || set_next(context, context->now, error));
}
