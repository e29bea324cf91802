// SPDX-License-Identifier: Apache-2.0
/* Days, instants, amounts, sizes and limits as people write them. The one place that knows. */
#include "view/room.h"

#include <string.h>

const char *const language_tags[LANGUAGES] = { [CHINESE] = "zh", [ENGLISH] = "en" };

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                                      "November", "December" };
static const char *const weekdays[] = { "一", "二", "三", "四", "五", "六", "日" };

/* ---- numbers ---- */

/* The writers below return where they stopped, like stpcpy: lists show hundreds of days, and
 * printf would take more of a page's time than all the rest. */
static char *put_digits(char *to, uint64_t number)
{
    char digits[WRITTEN];
    char *first = digits + sizeof digits;
    *--first = '\0';
    do
        *--first = (char)('0' + number % 10);
    while (number /= 10);
    return stpcpy(to, first);
}

static char *put_two_digits(char *to, uint64_t number)
{
    return put_digits(number < 10 ? stpcpy(to, "0") : to, number);
}

/* With a comma before each three digits. */
static char *put_grouped(char *to, uint64_t number)
{
    char digits[WRITTEN];
    int count = (int)(put_digits(digits, number) - digits);
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return to;
}

static char *put_sign(char *to, int64_t number)
{
    return stpcpy(to, number < 0 ? "-" : "");
}

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

static void write_amount(enum language language, int64_t fen, char out[static WRITTEN])
{
    char *to = put_sign(stpcpy(out, language == ENGLISH ? "CNY " : ""), fen);
    to = put_grouped(to, magnitude(fen) / 100);
    to = put_two_digits(stpcpy(to, "."), magnitude(fen) % 100);
    stpcpy(to, language == ENGLISH ? "" : " 元");
}

/* Units of 1024, as people's own machines show them; one decimal where it says something. */
static void write_size(int64_t bytes, char out[static WRITTEN])
{
    static const char *const units[] = { " B", " KB", " MB", " GB", " TB" };
    uint64_t tenths = (uint64_t)MIN(bytes, INT64_MAX / 16) * 10;
    size_t unit = 0;
    for (; tenths >= 10 * 1024 && unit + 1 < G_N_ELEMENTS(units); unit++)
        tenths = (tenths + 512) / 1024;
    char *to = put_grouped(out, tenths / 10);
    if (tenths % 10)
        to = put_digits(stpcpy(to, "."), tenths % 10);
    stpcpy(to, units[unit]);
}

/* ---- days ---- */

static char *put_day(char *to, enum language language, Day day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    if (language == ENGLISH) {
        to = stpcpy(put_digits(to, (uint64_t)of_month), " ");
        to = stpcpy(stpcpy(to, months[month - 1]), " ");
        return put_digits(to, (uint64_t)year);
    }
    to = stpcpy(put_digits(to, (uint64_t)year), "年");
    to = stpcpy(put_digits(to, (uint64_t)month), "月");
    return stpcpy(put_digits(to, (uint64_t)of_month), "日");
}

static char *put_weekday(char *to, enum language language, Day day)
{
    return language == ENGLISH
               ? to
               : stpcpy(stpcpy(stpcpy(to, "(周"), weekdays[day_weekday(day) - 1]), ")");
}

static void write_day(enum language language, Day day, char out[static WRITTEN])
{
    *out = '\0';
    if (day != DAY_NONE)
        put_weekday(put_day(out, language, day), language, day);
}

static void write_instant(enum language language, Instant at, char out[static WRITTEN])
{
    uint64_t minute = (uint64_t)minute_of(at);
    char *to = put_weekday(put_day(out, language, day_of(at)), language, day_of(at));
    to = put_two_digits(stpcpy(to, language == ENGLISH ? ", " : " "), minute / 60);
    put_two_digits(stpcpy(to, ":"), minute % 60);
}

/* ---- limits ---- */

static const struct {
    const char *unit, *words[LANGUAGES];
} limit_words[] = { { "working", { "个工作日", " working day" } }, { "calendar", { "个自然日", " calendar day" } },
                  { "months", { "个月", " month" } } };
static const char *const no_limit[LANGUAGES] = { "没有规定期限", "no limit is set" };
static const char *const same_day[LANGUAGES] = { "当日", "the same day" };

/* A limit of no days ends on the day it begins. */
static bool write_limit(enum language language, const json_t *limit, char out[static WRITTEN])
{
    const json_t *days = json_object_get(limit, "days");
    const char *unit = json_text(limit, "unit");
    size_t i = 0;
    if (strcmp(unit, "none") == 0)
        return stpcpy(out, no_limit[language]) != NULL;
    while (i < G_N_ELEMENTS(limit_words) && strcmp(unit, limit_words[i].unit) != 0)
        i++;
    if (!json_is_integer(days) || i == G_N_ELEMENTS(limit_words))
        return false;
    json_int_t count = json_integer_value(days);
    char *to = count ? put_digits(put_sign(out, count), magnitude(count)) : out;
    to = stpcpy(to, count ? limit_words[i].words[language] : same_day[language]);
    stpcpy(to, language == ENGLISH && count && count != 1 ? "s" : "");
    return true;
}

/* ---- by the name's ending ---- */

static const struct {
    const char *ending;
    enum writing writing;
} endings[] = {
    { "_day", AS_DAY }, { "_at", AS_INSTANT }, { "_fen", AS_AMOUNT }, { "_size", AS_SIZE }
};

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

bool written_integer(const json_t *value, bool is_grouped, char out[static WRITTEN])
{
    if (!json_is_integer(value))
        return false;
    int64_t number = json_integer_value(value);
    (is_grouped ? put_grouped : put_digits)(put_sign(out, number), magnitude(number));
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

char *view_formal_day(enum language language, Day day)
{
    char out[WRITTEN] = "";
    if (day != DAY_NONE)
        put_day(out, language, day);
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
    put_grouped(put_sign(out, number), magnitude(number));
    return g_strdup(out);
}
