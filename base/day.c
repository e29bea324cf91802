// SPDX-License-Identifier: Apache-2.0
/* Days by Howard Hinnant's well-known arithmetic on the proleptic Gregorian calendar: years begin
 * in March, so that the leap day is the last of its year. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_FIRST = 1900, YEAR_LAST = 2199, ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

Day day_from(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

void day_split(Day day, int *year, int *month, int *of_month)
{
    int shifted = day + EPOCH_SHIFT;
    int era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
    int day_of_era = shifted - era * ERA_DAYS;
    int of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    int march_month = (5 * of_year + 2) / 153;
    *of_month = of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

int day_weekday(Day day)
{
    return ((day + 3) % 7 + 7) % 7 + 1;
}

static bool digits(const char *text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

Day day_parse(const char *text)
{
    int year, month, day, y, m, d;
    if (!text || strlen(text) != DAY_TEXT - 1 || text[4] != '-' || text[7] != '-')
        return DAY_NONE;
    if (!digits(text, 4, &year) || !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day))
        return DAY_NONE;
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12)
        return DAY_NONE;
    Day made = day_from(year, month, day);
    day_split(made, &y, &m, &d);
    return y == year && m == month && d == day ? made : DAY_NONE;
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
