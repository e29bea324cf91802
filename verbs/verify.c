// SPDX-License-Identifier: Apache-2.0
/* pinghu verify: is the ledger what was recorded, and is all that is kept beside it what the ledger adds up to?
 * The rooms are examined side by side, each on a snapshot of its own; a server may go on meanwhile. */
#include "verbs/verbs.h"

#include "ledger/ledger.h"
#include "subject/subject.h"
#include "view/view.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts report here, one after the other. */
typedef struct Report {
    pthread_mutex_t lock;
    const View *view;
    Progress progress;
    int64_t differences, done, all;
} Report;

/* A room that has something to examine. */
typedef struct Part {
    const App *app;
    const VerifyReport *told;
    const Room *room;
    pthread_t thread;
    int64_t count;
    GError *error;
} Part;

typedef struct Erased {
    const char *beside;
    Report *report;
} Erased;

/* ---- telling ---- */

static void show_difference(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    Report *self = data;
    g_autoptr(json_t) details = json_pack("{s:s, s:s, s:s}", "table", table, "row", row, "detail", detail);
    g_autofree char *said = view_sentence(self->view, app_language(), reason, details);
    pthread_mutex_lock(&self->lock);
    self->differences++;
    progress_clear(&self->progress);
    printf("%s %s: %s\n", table, row, said);
    pthread_mutex_unlock(&self->lock);
}

static void show_progress(void *data, int64_t more)
{
    Report *self = data;
    pthread_mutex_lock(&self->lock);
    self->done += more;
    if (self->progress.is_terminal)
        progress_count(&self->progress, self->done, self->all);
    pthread_mutex_unlock(&self->lock);
}

/* ---- examining ---- */

static bool examine_room(const Context *context, void *part, GError **error)
{
    Part *self = part;
    return self->room->verify(context, self->told, &self->count, error);
}

static void *examine(void *data)
{
    Part *self = data;
    app_read(self->app, examine_room, self, &self->error);
    return NULL;
}

static GArray *parts_of(const App *app, const VerifyReport *told)
{
    GArray *parts = g_array_new(FALSE, TRUE, sizeof(Part));
    for (const Room *const *room = app->context.rooms; *room; room++) {
        const Part part = { .app = app, .told = told, .room = *room };
        if ((*room)->verify)
            g_array_append_val(parts, part);
    }
    return parts;
}

/* Fills in what comes of each; true when all could be read. */
static bool examine_all(GArray *parts, GError **error)
{
    for (guint i = 0; i < parts->len; i++) {
        Part *part = &g_array_index(parts, Part, i);
        if (pthread_create(&part->thread, NULL, examine, part) != 0)
            g_error("no thread to examine with");
    }
    for (guint i = 0; i < parts->len; i++) {
        Part *part = &g_array_index(parts, Part, i);
        pthread_join(part->thread, NULL);
        if (part->error && !*error)
            *error = g_steal_pointer(&part->error);
        g_clear_error(&part->error);
    }
    return !*error;
}

/* The room's own sentence about what it has verified; NULL where it has none. Owned by the caller. */
static char *verified(const View *view, const Part *part)
{
    g_autofree char *key = g_strconcat(part->room->name, ".verified", NULL);
    g_autoptr(json_t) data = json_pack("{s:I}", "count", (json_int_t)part->count);
    g_autofree char *said = view_sentence(view, app_language(), key, data);
    return strcmp(said, key) == 0 ? NULL : g_steal_pointer(&said);
}

/* Tells how many rooms say what they have verified, and so go through all events, and prints it where `aloud`. */
static int64_t tell_verified(const View *view, const GArray *parts, bool aloud)
{
    int64_t told = 0;
    for (guint i = 0; i < parts->len; i++) {
        g_autofree char *said = verified(view, &g_array_index(parts, Part, i));
        const char *separator = !told ? "" : app_language() == CHINESE ? "；" : "; ";
        if (said && aloud)
            printf("%s%s", separator, said);
        told += said != NULL;
    }
    return told;
}

static bool count_events(const Context *context, void *count, GError **error)
{
    return ledger_size(context->db, context->county, count, error);
}

static bool goes_on(const Context *context, void *beside, GError **error)
{
    return ledger_goes_on(context->db, context->county, beside, error);
}

/* The database holds what was made public of its ledger. */
static bool examine_published(const App *app, const char *beside, Report *report, GError **error)
{
    g_autoptr(GError) why = NULL;
    bool is_public = app_read(app, goes_on, (void *)(uintptr_t)beside, &why);
    bool is_named = why && trouble_status(why) != CONFLICT && report->differences > 0; /* what it needs is missing */
    if (is_public || is_named)
        return true;
    if (trouble_status(why) != CONFLICT)
        return g_propagate_error(error, g_steal_pointer(&why)), false;
    g_autoptr(json_t) details = trouble_details(why);
    g_autofree char *said = view_sentence(report->view, app_language(), json_text(details, "reason"), details);
    printf("%s\n", said);
    report->differences++;
    return true;
}

/* The centre mends at its start what is found here. */
static bool examine_erased(const Context *context, void *data, GError **error)
{
    const Erased *self = data;
    g_auto(GStrv) lines = ledger_erased_missing(context, self->beside, error);
    for (char **line = lines; line && *line; line++) {
        bool is_back;
        Day until;
        g_autofree char *subject = ledger_erased_read(*line, &until);
        if (!subject_erase_again(context, subject, until, true, &is_back, error))
            return false;
        if (is_back)
            show_difference(self->report, "ledger_erasure", subject, until ? "ledger.found_not_restricted" : "ledger.found_not_erased", "");
    }
    return lines != NULL;
}

typedef struct Papers {
    const VerifyReport *told;
    int64_t count;
} Papers;

static bool examine_papers(const Context *context, void *data, GError **error)
{
    Papers *self = data;
    return files_examine(context, self->told, &self->count, error);
}

/* Says how many files were read, or were not. */
static void tell_papers(const View *view, bool were_read, int64_t count)
{
    g_autoptr(json_t) data = json_pack("{s:I}", "count", (json_int_t)count);
    g_autofree char *said = view_sentence(view, app_language(), were_read ? "files.were_read" : "files.were_not_read", data);
    if (were_read || count)
        printf("%s\n", said);
}

bool app_verify(const App *app, const char *beside, bool reads_papers, GError **error)
{
    g_autoptr(View) view = view_open(error);
    Report report = { .lock = PTHREAD_MUTEX_INITIALIZER, .view = view, .progress = progress_begin() };
    const VerifyReport told = { show_difference, show_progress, &report };
    g_autoptr(GArray) parts = parts_of(app, &told);
    int64_t events;
    if (!view || !app_read(app, count_events, &events, error))
        return false;
    report.all = tell_verified(view, parts, false) * events;
    bool read = examine_all(parts, error);
    progress_clear(&report.progress);
    read = read && examine_published(app, beside, &report, error) && app_read(app, examine_erased, &(Erased){ beside, &report }, error);
    Papers papers = { &told, 0 };
    read = read && (reads_papers ? app_read(app, examine_papers, &papers, error) : app_read(app, files_count, &papers.count, error));
    if (read && report.differences)
        return refuse(error, CONFLICT, "ledger.differs", "count", DECIMAL(report.differences), NULL);
    if (!read)
        return false;
    tell_verified(view, parts, true);
    printf("\n");
    tell_papers(view, reads_papers, papers.count);
    return true;
}

static int run(const void *options, char **words, GError **error)
{
    const VerifyOptions *asked = options;
    g_autoptr(Bucket) bucket = NULL;
    g_auto(App) app = { 0 };
    if (*words || (asked->url && !asked->key)) {
        fprintf(stderr, "pinghu verify: there is only what the options name, and --url needs --key (see pinghu verify --help)\n");
        return 2;
    }
    if (asked->url)
        return verify_remote(asked, error);
    if (asked->document)
        return verify_document(asked, error);
    return app_bucket(asked->store, &bucket, error) && app_open_reading(&app, &asked->location, bucket, asked->county, error) &&
                   app_verify(&app, asked->location.beside, asked->papers, error) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(VerifyOptions, "Database file (pinghu.db)"),
    COUNTY_OPTION(VerifyOptions),
    { "papers", G_OPTION_ARG_NONE, offsetof(VerifyOptions, papers), "Read every scanned paper and sealed document too, and hold each against its hash", NULL },
    { "store", G_OPTION_ARG_STRING, offsetof(VerifyOptions, store), "With --papers: the S3 store in which they lie, as serve --papers has it", "ADDRESS" },
    { "document", G_OPTION_ARG_FILENAME, offsetof(VerifyOptions, document), "Look at the seal on a PDF instead", "FILE" },
    { "url", G_OPTION_ARG_STRING, offsetof(VerifyOptions, url), "Check another centre's ledger from outside instead: every entry fetched, the tree "
      "rebuilt, and held against the checkpoint seen last time; https://centre/ledger/330482, or the centre's address", "URL" },
    { "key", G_OPTION_ARG_FILENAME, offsetof(VerifyOptions, key), "With --document the public key of the seal (the one in the database's FILE.seal), "
      "with --url the centre's, name+id+key, or a file with it", "KEY" },
    { "seen", G_OPTION_ARG_FILENAME, offsetof(VerifyOptions, seen), "With --url: where the checkpoint is kept until next time "
      "(~/.local/state/pinghu/NAME.checkpoint)", "FILE" },
    { "progress", G_OPTION_ARG_NONE, offsetof(VerifyOptions, progress), "With --url: tell how far it is, even when no terminal is there", NULL },
    { 0 },
};

const Verb verb_verify = { "verify", "recomputes the ledger and every case from it",
                           "recomputes the ledger's chain and every case from it, or looks at a document or another centre's ledger", entries,
                           &(const VerifyOptions){ .county = APP_COUNTY }, sizeof(VerifyOptions), 1, run };
