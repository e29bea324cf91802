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

/* ---- days as people write them ---- */

static const char *take_number(const char *text, int least, int *out)
{
    int digits = 0;
    for (*out = 0; g_ascii_isdigit(*text) && digits < 4; digits++)
        *out = *out * 10 + (*text++ - '0');
    return digits >= least ? text : NULL;
}

/* Returns what stands behind the day, or NULL. */
static const char *take_day(const char *text, Day *day)
{
    enum { COMPACT = 8 }; /* digits */
    char clear[DAY_TEXT + 8];
    int year, month, of_month;
    const char *at = take_number(text, 4, &year);
    if (at && strspn(text, "0123456789") == COMPACT) {
        g_snprintf(clear, sizeof clear, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
        at = text + COMPACT;
    } else if (at && *at && strchr("-/.", *at)) {
        char between = *at;
        if (!(at = take_number(at + 1, 1, &month)) || *at != between || !(at = take_number(at + 1, 1, &of_month)))
            return NULL;
        g_snprintf(clear, sizeof clear, "%04d-%02d-%02d", year, month, of_month);
    } else {
        return NULL;
    }
    *day = day_parse(clear);
    return *day == DAY_NONE ? NULL : at;
}

/* Hours, minutes and perhaps seconds; parts of them and the county's own zone are passed over. */
static bool take_time(const char *at, int *minute)
{
    enum { PARTS = 3 };
    int parts[PARTS] = { 0 };
    size_t count = 0;
    do {
        at = take_number(at + (count > 0), 1, &parts[count]);
        count++;
    } while (at && *at == ':' && count < PARTS);
    if (at && *at == '.' && count == PARTS)
        at += 1 + strspn(at + 1, "0123456789");
    if (at && strcmp(at, "+08:00") == 0)
        at += strlen(at);
    *minute = parts[0] * 60 + parts[1];
    return at && !*at && count >= 2 && parts[0] < 24 && parts[1] < 60 && parts[2] < 60;
}

/* With half-width digits, and signs in place of the words for year, month and day. */
static char *with_signs(const char *text)
{
    g_autofree char *narrow = text_narrow(text);
    GString *plain = g_string_new(narrow);
    g_string_replace(plain, "年", "-", 1);
    g_string_replace(plain, "月", "-", 1);
    g_string_replace(plain, "日", " ", 1);
    return g_strchomp(g_string_free(plain, FALSE));
}

bool moment_read(const char *text, Day *day, int *minute)
{
    g_autofree char *plain = g_str_is_ascii(text) ? NULL : with_signs(text);
    const char *at = take_day(plain ? plain : text, day);
    *minute = -1;
    if (!at || !*at)
        return at != NULL;
    if (*at != ' ' && *at != 'T')
        return false;
    at++;
    return take_time(at + strspn(at, " "), minute);
}

Day day_read(const char *text)
{
    Day day;
    int minute;
    return moment_read(text, &day, &minute) ? day : DAY_NONE;
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
