// SPDX-License-Identifier: Apache-2.0
/* pinghu due: the due day of a limit, and why. */
#include "calendar/calendar.h"

#include "view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_MOST = 10000 };

typedef struct Question {
    Day day;
    ClockRule rule;
    enum language language;
} Question;

static void say(const View *view, enum language language, const char *key, const json_t *data, FILE *to)
{
    g_autofree char *text = view_sentence(view, language, key, data);
    fprintf(to, "%s\n", text);
}

static int explain(const Question *q, const Calendar *calendar, const View *view)
{
    size_t i;
    json_t *skipped;
    const ClockMark mark = { .at = instant_at(q->day, OFFICE_OPENS), .day = q->day, .holder = DEPARTMENT, .why = "accepted" };
    g_autoptr(ClockReading) reading = clock_run(calendar, &q->rule, &mark, 1, mark.at);
    g_autoptr(json_t) clock = clock_json(reading);
    printf("%s\n", DAY_WRITTEN(reading->due));
    say(view, q->language, "calendar.rule", clock, stdout);
    json_array_foreach(json_object_get(json_array_get(json_object_get(clock, "segments"), 0), "skipped"), i, skipped)
        say(view, q->language, "calendar.skipped_line", skipped, stdout);
    if (reading->warn_unknown != DAY_NONE)
        say(view, q->language, "calendar.unknown_year", clock, stderr);
    return EXIT_SUCCESS;
}

static bool read_question(int argc, char **argv, const char *unit, const char *language, Question *q)
{
    const char *asked = language ? language : g_getenv("LANG");
    q->language = asked && g_str_has_prefix(asked, "zh") ? CHINESE : ENGLISH;
    q->rule.counts = 1u << DEPARTMENT;
    q->rule.unit = unit && strcmp(unit, "calendar") == 0 ? CALENDAR_DAYS : WORKING_DAYS;
    if (argc != 3 || (unit && strcmp(unit, day_unit_names[q->rule.unit]) != 0))
        return false;
    gint64 days = 0;
    bool is_number = g_ascii_string_to_signed(argv[2], 10, 0, DAYS_MOST, &days, NULL);
    q->day = day_parse(argv[1]);
    q->rule.days = (int)days;
    return q->day != DAY_NONE && is_number;
}

int calendar_due_main(int argc, char **argv)
{
    Question q = { 0 };
    g_autofree char *unit = NULL, *language = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "unit", 0, 0, G_OPTION_ARG_STRING, &unit, "working (default) or calendar", "UNIT" },
        { "lang", 0, 0, G_OPTION_ARG_STRING, &language, "zh or en (else by LANG)", "LANG" },
        { NULL },
    };
    g_autoptr(GOptionContext) options = g_option_context_new("DAY N");
    g_option_context_set_summary(options, "due - the last day of a limit of N days that begins on DAY (YYYY-MM-DD), explained");
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse(options, &argc, &argv, &error) || !read_question(argc, argv, unit, language, &q)) {
        fprintf(stderr, "pinghu due: %s\n", error ? error->message : "give a day as YYYY-MM-DD and a number of days, "
                                                                     "for example: pinghu due 2014-08-19 11 [--unit calendar]");
        return 2;
    }
    g_autoptr(View) view = view_open(&error);
    if (!view) {
        fprintf(stderr, "pinghu due: %s\n", error->message);
        return EXIT_FAILURE;
    }
    g_autoptr(Calendar) calendar = calendar_built_in();
    return explain(&q, calendar, view);
}
