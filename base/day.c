// SPDX-License-Identifier: Apache-2.0
#include "base/base.h"

#include <string.h>

enum { EPOCH = 719163, LAST = 2932896 }; /* 1970-01-01 as GLib counts, from 0001-01-01 on; 9999-12-31 */

Day day_from(int year, int month, int day)
{
    GDate first;
    g_date_clear(&first, 1);
    g_date_set_dmy(&first, 1, (GDateMonth)month, (GDateYear)year);
    return (Day)g_date_get_julian(&first) - EPOCH + day - 1;
}

/* A day of no calendar, as in a row whose bits were flipped, becomes the first or the last. */
void day_split(Day day, int *year, int *month, int *of_month)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(CLAMP(day, 1 - EPOCH, LAST) + EPOCH));
    *year = g_date_get_year(&date);
    *month = (int)g_date_get_month(&date);
    *of_month = g_date_get_day(&date);
}

Day day_months_on(Day day, int months)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    int count = year * 12 + month - 1 + months;
    Day first = day_from(count / 12, count % 12 + 1, 1), next = day_from((count + 1) / 12, (count + 1) % 12 + 1, 1);
    return MIN(first + of_month, next) - 1;
}

Day day_years_on(Day day, int years)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return day_from(year + years, month, of_month);
}

int day_weekday(Day day)
{
    return ((day + 3) % 7 + 7) % 7 + 1;
}

/* Reads loosely, and takes what is written the same again. */
Day day_parse(const char *text)
{
    char again[DAY_TEXT];
    int64_t year = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    if (year < 1900 || year > 2199 || strlen(text) != DAY_TEXT - 1)
        return DAY_NONE;
    int64_t month = g_ascii_strtoll(text + 5, NULL, 10), day = g_ascii_strtoll(text + 8, NULL, 10);
    bool is_month = month >= 1 && month <= 12;
    Day made = is_month ? day_from((int)year, (int)month, (int)CLAMP(day, 0, 99)) : DAY_NONE;
    return strcmp(day_text(made, again), text) == 0 ? made : DAY_NONE;
}

/* `width` digits, then `end`; returns what stands behind it. By hand: every event and document carries dates. */
static char *put_digits(char *out, unsigned number, int width, char end)
{
    for (int i = width - 1; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
    out[width] = end;
    return out + width + 1;
}

char *day_text(Day day, char out[static DAY_TEXT])
{
    int year, month, of_month;
    *out = '\0';
    if (day == DAY_NONE)
        return out;
    day_split(day, &year, &month, &of_month);
    char *rest = put_digits(out, (unsigned)year, 4, '-');
    put_digits(put_digits(rest, (unsigned)month, 2, '-'), (unsigned)of_month, 2, '\0');
    return out;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static int64_t in_zone(Instant at)
{
    return at + (int64_t)ZONE_MINUTES * MINUTE_MS;
}

Day day_of(Instant at)
{
    return (Day)floor_divide(in_zone(at), DAY_MS);
}

int minute_of(Instant at)
{
    return (int)((in_zone(at) - (int64_t)day_of(at) * DAY_MS) / MINUTE_MS);
}

Instant instant_at(Day day, int minute)
{
    return (int64_t)day * DAY_MS + (int64_t)(minute - ZONE_MINUTES) * MINUTE_MS;
}

char *instant_text(Instant at, char out[static INSTANT_TEXT])
{
    Day day = (Day)floor_divide(at, DAY_MS);
    unsigned rest = (unsigned)(at - (int64_t)day * DAY_MS);
    day_text(day, out);
    out[DAY_TEXT - 1] = 'T';
    char *next = put_digits(out + DAY_TEXT, rest / 3600000 % 24, 2, ':');
    next = put_digits(put_digits(next, rest / 60000 % 60, 2, ':'), rest / 1000 % 60, 2, '.');
    *put_digits(next, rest % 1000, 3, 'Z') = '\0';
    return out;
}
