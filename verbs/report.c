// SPDX-License-Identifier: Apache-2.0
/* pinghu report: the bulletin of a period, written beside a running centre. */
#include "verbs/verbs.h"

#include "indicators/indicators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Wanted {
    DatabaseLocation location;
    char *from, *to, *format, *output, *language;
    gint64 county, division;
} Wanted;

static int place_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static GBytes *make(const App *app, const View *view, const Wanted *wanted, int format, int language, GError **error)
{
    IndicatorAsk ask;
    GBytes *bytes = NULL;
    Context context = app->context;
    context.now = app_clock();
    context.db = store_reader(app->store, error);
    if (!context.db)
        return NULL;
    if (indicators_report_ask(&context, wanted->from, wanted->to, wanted->division, &ask, error))
        bytes = indicators_report(&context, view, (enum language)language, &ask, (enum report_format)format, error);
    store_return(app->store, context.db);
    return bytes;
}

static bool put(const char *output, GBytes *bytes, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    if (output)
        return g_file_set_contents(output, data, (gssize)length, error);
    return (fwrite(data, 1, length, stdout) == length && fflush(stdout) == 0) || fault(error, "the report was not written whole");
}

static bool report(const Wanted *wanted, int format, int language, GError **error)
{
    g_auto(App) app = { 0 };
    if (!app_open_reading(&app, &wanted->location, wanted->county, error))
        return false;
    g_autoptr(View) view = view_open(error);
    g_autoptr(GBytes) bytes = view ? make(&app, view, wanted, format, language, error) : NULL;
    return bytes && put(wanted->output, bytes, error);
}

static int run(const Wanted *wanted)
{
    static const char *const languages[] = { "zh", "en", NULL };
    int format = place_of(report_format_names, wanted->format ? wanted->format : "text");
    int language = place_of(languages, wanted->language ? wanted->language : "zh");
    g_autoptr(GError) error = NULL;
    if (!wanted->from || !wanted->to || format < 0 || language < 0) {
        fprintf(stderr, "pinghu report: say --from and --to as 2014-09-30; --format is text, html, pdf, xlsx or json; --lang is zh or en\n");
        return 2;
    }
    return report(wanted, format, language, &error) ? EXIT_SUCCESS : app_complain(error);
}

int verb_report(int argc, char **argv)
{
    Wanted wanted = { .county = APP_COUNTY };
    const GOptionEntry entries[] = {
        DATABASE_OPTIONS(wanted.location, "Database file (pinghu.db)"),
        { "county", 0, 0, G_OPTION_ARG_INT64, &wanted.county, "Division code of the county (330482)", "CODE" },
        { "from", 0, 0, G_OPTION_ARG_STRING, &wanted.from, "First day of the period", "DAY" },
        { "to", 0, 0, G_OPTION_ARG_STRING, &wanted.to, "Its last day", "DAY" },
        { "division", 0, 0, G_OPTION_ARG_INT64, &wanted.division, "Only what was handed in there (12 digits; all)", "CODE" },
        { "format", 0, 0, G_OPTION_ARG_STRING, &wanted.format, "text, html, pdf, xlsx, json (text)", "FORMAT" },
        { "output", 0, 0, G_OPTION_ARG_FILENAME, &wanted.output, "Where to write it (standard output)", "FILE" },
        { "lang", 0, 0, G_OPTION_ARG_STRING, &wanted.language, "zh or en (zh)", "LANGUAGE" },
        { NULL },
    };
    if (!app_options("report", "writes the bulletin of a period", entries, &argc, &argv))
        return 2;
    location_settle(&wanted.location);
    int status = run(&wanted);
    char *const owned[] = { wanted.from, wanted.to, wanted.format, wanted.output, wanted.language };
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    location_clear(&wanted.location);
    return status;
}
