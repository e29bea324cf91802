// SPDX-License-Identifier: Apache-2.0
/* pinghu report: the bulletin of a period, written beside a running centre. */
#include "verbs/verbs.h"

#include "indicators/indicators.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Wanted {
    DatabaseLocation location;
    char *from, *to, *format, *output, *language;
    gint64 county, division;
} Wanted;

typedef struct Making {
    const Wanted *wanted;
    View *view;
    enum report_format format;
    enum language language;
    GBytes *bytes;
} Making;

static bool make(const Context *context, void *data, GError **error)
{
    IndicatorAsk ask;
    Making *self = data;
    const Wanted *wanted = self->wanted;
    if (indicators_report_ask(context, wanted->from, wanted->to, wanted->division, &ask, error))
        self->bytes = indicators_report(context, self->view, self->language, &ask, self->format, error);
    return self->bytes != NULL;
}

static bool put(const char *output, GBytes *bytes, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    if (output)
        return file_replace_bytes(output, data, length, 0644, error);
    return (fwrite(data, 1, length, stdout) == length && fflush(stdout) == 0) || fault(error, "the report was not written whole");
}

static bool report(Making *self, GError **error)
{
    g_auto(App) app = { 0 };
    g_autoptr(View) view = view_open(error);
    self->view = view;
    if (!view || !app_open_reading(&app, &self->wanted->location, NULL, self->wanted->county, error) || !app_read(&app, make, self, error))
        return false;
    g_autoptr(GBytes) bytes = self->bytes;
    return put(self->wanted->output, bytes, error);
}

static int run(const void *options, char **words, GError **error)
{
    const Wanted *wanted = options;
    (void)words;
    static const char *const languages[] = { "zh", "en", NULL };
    size_t format = name_place(report_format_names, wanted->format ? wanted->format : "text");
    size_t language = name_place(languages, wanted->language ? wanted->language : "zh");
    if (format < REPORT_FORMATS && language < LANGUAGES)
        return report(&(Making){ wanted, NULL, (enum report_format)format, (enum language)language, NULL }, error) ? EXIT_SUCCESS : EXIT_FAILURE;
    fprintf(stderr, "pinghu report: --format is text, html, pdf, xlsx or json; --lang is zh or en\n");
    return 2;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(Wanted, "Database file (pinghu.db)"),
    COUNTY_OPTION(Wanted),
    { "from", G_OPTION_ARG_STRING, offsetof(Wanted, from), "First day of the period, as 2014-09-30", "DAY", true },
    { "to", G_OPTION_ARG_STRING, offsetof(Wanted, to), "Its last day", "DAY", true },
    { "division", G_OPTION_ARG_INT64, offsetof(Wanted, division), "Only what was handed in there (12 digits; all)", "CODE" },
    { "format", G_OPTION_ARG_STRING, offsetof(Wanted, format), "text, html, pdf, xlsx, json (text)", "FORMAT" },
    { "output", G_OPTION_ARG_FILENAME, offsetof(Wanted, output), "Where to write it (standard output)", "FILE" },
    { "lang", G_OPTION_ARG_STRING, offsetof(Wanted, language), "zh or en (zh)", "LANGUAGE" },
    { 0 },
};

const Verb verb_report = { "report", "writes the bulletin of a period", NULL, entries, &(const Wanted){ .county = APP_COUNTY },
                           sizeof(Wanted), 1, run };
