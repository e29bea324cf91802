// SPDX-License-Identifier: Apache-2.0
/* pinghu load: histories of cases, or licences, from another system. Faults and progress are told on standard error; on standard output
 * stands a table of the old and the new numbers. */
#include "verbs/verbs.h"

#include "load/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Asked {
    DatabaseLocation location;
    gint64 county;
    char *source, *sheet;
    gboolean checks, rest, licences;
} Asked;

typedef struct Telling {
    const View *view;
    Progress progress;
    bool has_header, has_codes;
    gint64 pass_began; /* µs: when the pass under way did */
    bool was_checking;
} Telling;

static char *said(const Telling *self, const char *key, const json_t *data)
{
    return view_sentence(self->view, app_language(), key, data);
}

/* A refusal of csv_read names the line itself. */
static void show_fault(void *data, const json_t *details)
{
    const Telling *self = data;
    const char *reason = json_text(details, "reason");
    bool names_line = g_str_has_prefix(reason, "base.csv_") || strcmp(reason, "load.cut") == 0;
    g_autofree char *why = said(self, reason, details);
    g_autoptr(json_t) whole = json_pack("{s:O, s:O, s:s}", "line", json_object_get(details, "line"), "column",
                                        json_object_get(details, "column"), "sentence", why);
    g_autofree char *line = names_line ? g_strdup(why) : said(self, "load.fault", whole);
    progress_clear(&self->progress);
    fprintf(stderr, "%s\n", line);
}

/* A cell as a table has it. */
static void print_cell(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);
    printf(strpbrk(text, ",\"\r\n") ? "\"%s\"" : "%s", doubled);
}

static void print_number(void *data, const char *before, int64_t number, const char *code)
{
    Telling *self = data;
    if (!self->has_header)
        puts(self->has_codes ? "before,number,code" : "before,number");
    self->has_header = true;
    print_cell(before);
    printf(",%" PRId64 "%s%s\n", number, self->has_codes ? "," : "", code);
}

static void show_progress(void *data, const LoadProgress *progress)
{
    Telling *self = data;
    gint64 now = g_get_monotonic_time();
    if (!self->pass_began || self->was_checking != progress->checking)
        self->pass_began = now;
    self->was_checking = progress->checking;
    if (!progress->done || !progress_is_due(&self->progress))
        return;
    g_autofree char *left = progress_left(&self->progress, (int64_t)progress->done, (int64_t)progress->all);
    g_autoptr(json_t) facts = json_pack("{s:b, s:I, s:I, s:s}", "checking", progress->checking, "cases", progress->cases, "speed",
                                        (json_int_t)((double)progress->cases / MAX((double)(now - self->pass_began) / 1e6, 0.001)),
                                        "left", left);
    g_autofree char *line = said(self, "load.progress", facts);
    progress_show(&self->progress, line);
}

static bool load(const Asked *asked, const char *file, GError **error)
{
    g_auto(App) app = { 0 };
    g_autoptr(View) view = view_open(error);
    LoadCounts counts = { 0 };
    Telling telling = { .view = view, .progress = progress_begin(), .has_codes = !asked->licences };
    const LoadSettings settings = { .file = file, .source = asked->source ? asked->source : "", .licences = asked->licences, .sheet = asked->sheet,
                                    .checks = asked->checks, .rest = asked->rest,
                                    .told = { show_fault, print_number, show_progress, &telling } };
    if (!view || !app_open(&app, &asked->location, asked->county, error) ||
        (!asked->checks && !app_write(&app, app_log, (void *)(uintptr_t)"load", error)))
        return false;
    bool loaded = load_file(app.store, &app.context, app_clock(), &settings, &counts, error);
    progress_clear(&telling.progress);
    if (!loaded)
        return false;
    static const char *const keys[2][2] = { { "load.done", "load.fine" }, { "load.licences_done", "load.licences_fine" } };
    g_autoptr(json_t) facts = json_pack("{s:I, s:I, s:I}", "cases", counts.cases, "steps", counts.steps, "there", counts.there);
    g_autofree char *line = said(&telling, keys[settings.licences][settings.checks], facts);
    fprintf(stderr, "%s\n", g_strchomp(line));
    return true;
}

static int run(const void *options, char **words, GError **error)
{
    if (g_strv_length(words) == 1)
        return load(options, words[0], error) ? EXIT_SUCCESS : EXIT_FAILURE;
    fprintf(stderr, "pinghu load: name one file of histories (see pinghu load --help)\n");
    return 2;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(Asked, "Database file (pinghu.db), which nobody else may have open"),
    COUNTY_OPTION(Asked),
    SHEET_OPTION(Asked),
    { "licences", G_OPTION_ARG_NONE, offsetof(Asked, licences), "The file is a table of licences that another system issued", NULL },
    { "check", G_OPTION_ARG_NONE, offsetof(Asked, checks), "Only look for faults", NULL },
    { "rest", G_OPTION_ARG_NONE, offsetof(Asked, rest), "Load the cases without fault although others have one", NULL },
    { "source", G_OPTION_ARG_STRING, offsetof(Asked, source), "The system the file comes from, where there are several with the same numbers",
      "NAME" },
    { 0 },
};

const Verb verb_load = { "load", "takes cases and licences over from another system",
                         "FILE: takes histories of cases over from another system, from CSV, XLSX or JSON Lines, or licences from CSV or XLSX "
                         "(docs/load.md); prints old and new numbers", entries, &(const Asked){ .county = APP_COUNTY }, sizeof(Asked), 1, run };
