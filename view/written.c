// SPDX-License-Identifier: Apache-2.0
/* Days, instants, amounts, sizes and limits as people write them. The one place that knows. */
#include "view/inside.h"

#include <stdio.h>
#include <string.h>

const char *const language_tags[LANGUAGES] = { [CHINESE] = "zh", [ENGLISH] = "en" };

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December" };
static const char *const weekdays[] = { "一", "二", "三", "四", "五", "六", "日" };

/* ---- numbers ---- */

/* `magnitude` with a comma before each three digits. */
static void group_digits(uint64_t magnitude, char out[static WRITTEN])
{
    char digits[WRITTEN];
    int count = snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, magnitude);
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
}

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

static void write_number(int64_t number, char out[static WRITTEN])
{
    char digits[WRITTEN];
    group_digits(magnitude(number), digits);
    g_snprintf(out, WRITTEN, "%s%s", number < 0 ? "-" : "", digits);
}

static void write_amount(enum language language, int64_t fen, char out[static WRITTEN])
{
    char yuan[WRITTEN];
    group_digits(magnitude(fen) / 100, yuan);
    g_snprintf(out, WRITTEN, language == ENGLISH ? "CNY %s%s.%02u" : "%s%s.%02u 元",
               fen < 0 ? "-" : "", yuan, (unsigned)(magnitude(fen) % 100));
}

/* Units of 1024, as people's own machines show them; one decimal where it says something. */
static void write_size(int64_t bytes, char out[static WRITTEN])
{
    static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
    uint64_t tenths = (uint64_t)MIN(bytes, INT64_MAX / 16) * 10;
    size_t unit = 0;
    for (; tenths >= 10 * 1024 && unit + 1 < G_N_ELEMENTS(units); unit++)
        tenths = (tenths + 512) / 1024;
    char whole[WRITTEN];
    group_digits(tenths / 10, whole);
    if (tenths % 10)
        g_snprintf(out, WRITTEN, "%s.%u %s", whole, (unsigned)(tenths % 10), units[unit]);
    else
        g_snprintf(out, WRITTEN, "%s %s", whole, units[unit]);
}

/* ---- days ---- */

static void write_day(enum language language, Day day, char out[static WRITTEN])
{
    int year, month, of_month;
    *out = '\0';
    if (day == DAY_NONE)
        return;
    day_split(day, &year, &month, &of_month);
    if (language == ENGLISH)
        g_snprintf(out, WRITTEN, "%d %s %d", of_month, months[month - 1], year);
    else
        g_snprintf(out, WRITTEN, "%d年%d月%d日(周%s)", year, month, of_month, weekdays[day_weekday(day) - 1]);
}

static void write_instant(enum language language, Instant at, char out[static WRITTEN])
{
    char day[WRITTEN];
    int minute = minute_of(at);
    write_day(language, day_of(at), day);
    g_snprintf(out, WRITTEN, language == ENGLISH ? "%s, %02d:%02d" : "%s%02d:%02d", day, minute / 60, minute % 60);
}

/* ---- limits ---- */

static const struct {
    const char *unit;
    const char *one[LANGUAGES], *many[LANGUAGES];
} limit_words[] = {
    { "working", { "个工作日", " working day" }, { "个工作日", " working days" } },
    { "calendar", { "个自然日", " calendar day" }, { "个自然日", " calendar days" } },
};
static const char *const same_day[LANGUAGES] = { "当日", "the same day" };

/* A limit of no days ends on the day it begins. */
static bool write_limit(enum language language, const json_t *limit, char out[static WRITTEN])
{
    const json_t *days = json_object_get(limit, "days");
    const char *unit = json_text(limit, "unit");
    size_t i = 0;
    while (i < G_N_ELEMENTS(limit_words) && strcmp(unit, limit_words[i].unit) != 0)
        i++;
    if (!json_is_integer(days) || i == G_N_ELEMENTS(limit_words))
        return false;
    json_int_t count = json_integer_value(days);
    const char *const *words = count == 1 ? limit_words[i].one : limit_words[i].many;
    if (count == 0)
        g_strlcpy(out, same_day[language], WRITTEN);
    else
        g_snprintf(out, WRITTEN, "%" JSON_INTEGER_FORMAT "%s", count, words[language]);
    return true;
}

/* ---- by the name's ending ---- */

static const struct {
    const char *ending;
    enum writing writing;
} endings[] = { { "_day", AS_DAY }, { "_at", AS_INSTANT }, { "_fen", AS_AMOUNT }, { "_size", AS_SIZE } };

/* "due_day" ends in _day, and so does a mere "day". */
static bool ends_in(Span name, const char *ending)
{
    size_t length = strlen(ending);
    if (name.length == length - 1)
        return memcmp(name.at, ending + 1, length - 1) == 0;
    return name.length > length && memcmp(name.at + name.length - length, ending, length) == 0;
}

enum writing writing_of(Span name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (ends_in(name, endings[i].ending))
            return endings[i].writing;
    return BY_KIND;
}

bool written_number(const json_t *value, char out[static WRITTEN])
{
    if (!json_is_integer(value))
        return false;
    write_number(json_integer_value(value), out);
    return true;
}

static bool write_day_named(enum language language, const char *text, char out[static WRITTEN])
{
    Day day = day_parse(text);
    write_day(language, day, out);
    return day != DAY_NONE;
}

/* Whether `instant` lies in the years that days can name. */
static bool is_named(Instant instant)
{
    return instant >= instant_at(day_from(1900, 1, 1), 0) && instant < instant_at(day_from(2200, 1, 1), 0);
}

bool written(enum writing writing, enum language language, const json_t *value, char out[static WRITTEN])
{
    if (json_is_object(value))
        return write_limit(language, value, out);
    if (writing == AS_DAY)
        return write_day_named(language, json_string_value(value), out);
    if (!json_is_integer(value))
        return false;
    int64_t number = json_integer_value(value);
    if (writing == AS_INSTANT && is_named(number))
        return write_instant(language, number, out), true;
    if (writing == AS_AMOUNT)
        return write_amount(language, number, out), true;
    if (writing == AS_SIZE && number >= 0)
        return write_size(number, out), true;
    return false;
}

/* ---- for callers outside ---- */

char *view_day(enum language language, Day day)
{
    char out[WRITTEN];
    write_day(language, day, out);
    return g_strdup(out);
}

char *view_instant(enum language language, Instant at)
{
    char out[WRITTEN];
    write_instant(language, at, out);
    return g_strdup(out);
}

char *view_amount(enum language language, int64_t fen)
{
    char out[WRITTEN];
    write_amount(language, fen, out);
    return g_strdup(out);
}

char *view_number(int64_t number)
{
    char out[WRITTEN];
    write_number(number, out);
    return g_strdup(out);
}
