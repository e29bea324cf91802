// SPDX-License-Identifier: Apache-2.0
/* pinghu due: the last day of a limit, and why, by the built-in calendar or by that of a county. */
#include "verbs/verbs.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAYS_MOST = 10000, MONTHS_MOST = 480, LAST_START = 2150 /* year */ };

typedef struct Asked {
    DatabaseLocation location;
    gint64 county;
    char *unit, *language;
} Asked;

typedef struct Question {
    Day day;
    ClockRule rule;
    enum language language;
} Question;

/* ---- what is asked ---- */

static bool read_days(const char *word, Question *q, GError **error)
{
    gint64 days, most = q->rule.unit == CALENDAR_MONTHS ? MONTHS_MOST : DAYS_MOST;
    if (!g_ascii_string_to_signed(word, 10, 0, most, &days, NULL))
        return refuse(error, BAD_INPUT, "calendar.due_number", "value", word, "most", DECIMAL(most), NULL);
    q->rule.days = (int)days;
    return true;
}

static bool read_question(const Asked *asked, char **words, Question *q, GError **error)
{
    static const char *const languages[] = { "zh", "en", NULL };
    size_t unit = name_place(day_unit_names, asked->unit ? asked->unit : "working");
    size_t language = asked->language ? name_place(languages, asked->language) : app_language();
    *q = (Question){ .language = language < LANGUAGES ? (enum language)language : app_language() };
    if (language >= LANGUAGES)
        return refuse(error, BAD_INPUT, "calendar.due_language", "value", asked->language, NULL);
    if (!day_unit_names[unit])
        return refuse(error, BAD_INPUT, "calendar.due_unit", "value", asked->unit, NULL);
    if (g_strv_length(words) != 2)
        return refuse(error, BAD_INPUT, "calendar.due_words", NULL);
    q->day = day_parse(words[0]);
    q->rule.unit = (enum day_unit)unit;
    q->rule.counts = 1u << DEPARTMENT;
    if (q->day == DAY_NONE)
        return refuse(error, BAD_INPUT, "calendar.due_day", "value", words[0], NULL);
    return read_days(words[1], q, error);
}

/* Days before the first list of holidays are not guessed. */
static bool is_within(const Question *q, const Calendar *calendar, GError **error)
{
    Day first = calendar_first(calendar), last = day_from(LAST_START, 12, 31);
    if (q->day >= first && q->day <= last)
        return true;
    return refuse(error, BAD_INPUT, q->day < first ? "calendar.due_before" : "calendar.due_far", "first_day", DAY_WRITTEN(first), "last_day",
                  DAY_WRITTEN(last), NULL);
}

/* ---- by which calendar ---- */

static bool load(const Context *context, void *data, GError **error)
{
    Calendar **calendar = data;
    *calendar = calendar_load(context->db, context->county, error);
    return *calendar != NULL;
}

static Calendar *calendar_of(const Asked *asked, GError **error)
{
    Calendar *calendar = NULL;
    DatabaseLocation location = asked->location;
    g_auto(App) app = { 0 };
    if (!location.database)
        return calendar_built_in();
    location_settle(&location);
    bool read = app_open_reading(&app, &location, NULL, asked->county, error) && app_read(&app, load, &calendar, error);
    g_free(location.beside);
    return read ? calendar : NULL;
}

/* ---- telling ---- */

static void say(const View *view, const Question *q, const char *key, const json_t *data, FILE *to)
{
    g_autofree char *text = view_sentence(view, q->language, key, data);
    fprintf(to, "%s\n", text);
}

static int tell_wrong(const View *view, const Question *q, const GError *error)
{
    g_autoptr(json_t) details = trouble_details(error);
    fputs("pinghu due: ", stderr);
    say(view, q, json_text(details, "reason"), details, stderr);
    return 2;
}

static void explain(const View *view, const Question *q, const Calendar *calendar)
{
    static const char *const lists[][2] = { { "skipped", "calendar.skipped_line" }, { "made_up", "calendar.made_up_line" } };
    size_t at;
    json_t *days;
    const ClockMark mark = { .at = instant_at(q->day, 0), .day = q->day, .holder = DEPARTMENT, .why = "accepted" };
    g_autoptr(ClockReading) reading = clock_run(calendar, &q->rule, &mark, 1, mark.at);
    g_autoptr(json_t) clock = clock_json(reading);
    const json_t *segment = json_array_get(json_object_get(clock, "segments"), 0);
    printf("%s\n", DAY_WRITTEN(reading->due));
    say(view, q, q->rule.days ? "calendar.rule" : "calendar.same_day", clock, stdout);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        json_array_foreach(json_object_get(segment, lists[i][0]), at, days)
            say(view, q, lists[i][1], days, stdout);
    if (reading->warn_unknown != DAY_NONE)
        say(view, q, "calendar.unknown_year", clock, stderr);
}

static int run(const void *options, char **words, GError **error)
{
    Question q;
    const Asked *asked = options;
    g_autoptr(GError) wrong = NULL;
    g_autoptr(View) view = view_open(error);
    if (!view)
        return EXIT_FAILURE;
    if (!read_question(asked, words, &q, &wrong))
        return tell_wrong(view, &q, wrong);
    g_autoptr(Calendar) calendar = calendar_of(asked, error);
    if (!calendar)
        return EXIT_FAILURE;
    if (!is_within(&q, calendar, &wrong))
        return tell_wrong(view, &q, wrong);
    explain(view, &q, calendar);
    return EXIT_SUCCESS;
}

static const VerbOption entries[] = {
    { "unit", G_OPTION_ARG_STRING, offsetof(Asked, unit), "working (default), calendar or months", "UNIT" },
    DATABASE_OPTIONS(Asked, "By the newest calendar in this database file (else the built-in one)"),
    COUNTY_OPTION(Asked),
    { "lang", G_OPTION_ARG_STRING, offsetof(Asked, language), "zh or en (else by LANG)", "LANG" },
    { 0 },
};

const Verb verb_due = { "due", "the due day of a limit, explained", "due DAY N: the last day of a limit of N days that begins on DAY (YYYY-MM-DD), explained",
                        entries, &(const Asked){ .county = APP_COUNTY }, sizeof(Asked), 0, run };
