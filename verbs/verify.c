// SPDX-License-Identifier: Apache-2.0
/* pinghu verify: is the ledger what was recorded, and is all that is kept beside it what the ledger adds up to?
 * The rooms are examined side by side, each on a snapshot of its own; a server may go on meanwhile. */
#include "verbs/verbs.h"

#include "ledger/ledger.h"
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
    if (self->progress.is_terminal && self->done && progress_is_due(&self->progress)) {
        g_autofree char *left = progress_left(&self->progress, self->done, self->all);
        g_autofree char *line = g_strdup_printf("%" PRId64 " / %" PRId64 "  (%s)", self->done, self->all, left);
        progress_show(&self->progress, line);
    }
    pthread_mutex_unlock(&self->lock);
}

/* ---- examining ---- */

static void *examine(void *data)
{
    Part *self = data;
    Context context = self->app->context;
    context.now = app_clock();
    context.db = store_reader(self->app->store, &self->error);
    if (!context.db)
        return NULL;
    self->room->verify(&context, self->told, &self->count, &self->error);
    store_return(self->app->store, context.db);
    return NULL;
}

/* The rooms that have something to examine. Owned by the caller. */
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

/* Rooms that say what they have verified go through all events; how many they pass over, nobody knows before. */
static int64_t steps_of(const View *view, const GArray *parts, int64_t events)
{
    int64_t steps = 0;
    for (guint i = 0; i < parts->len; i++) {
        g_autofree char *said = verified(view, &g_array_index(parts, Part, i));
        steps += said ? events : 0;
    }
    return steps;
}

static void print_verified(const View *view, const GArray *parts)
{
    const char *separator = "";
    for (guint i = 0; i < parts->len; i++) {
        g_autofree char *said = verified(view, &g_array_index(parts, Part, i));
        if (said) {
            printf("%s%s", separator, said);
            separator = app_language() == CHINESE ? "；" : "; ";
        }
    }
    printf("\n");
}

static bool count_events(const App *app, int64_t *count, GError **error)
{
    Db *db = store_reader(app->store, error);
    bool counted = db && ledger_size(db, app->context.county, count, error);
    store_return(app->store, db);
    return counted;
}

/* The database holds what was made public of its ledger. */
static bool examine_published(const App *app, const char *beside, Report *report, GError **error)
{
    g_autoptr(GError) why = NULL;
    Db *db = store_reader(app->store, error);
    if (!db)
        return false;
    bool goes_on = ledger_goes_on(db, app->context.county, beside, &why);
    store_return(app->store, db);
    bool is_named = why && trouble_status(why) != CONFLICT && report->differences > 0; /* what it needs is missing */
    if (goes_on || is_named)
        return true;
    if (trouble_status(why) != CONFLICT)
        return g_propagate_error(error, g_steal_pointer(&why)), false;
    g_autoptr(json_t) details = trouble_details(why);
    g_autofree char *said = view_sentence(report->view, app_language(), json_text(details, "reason"), details);
    printf("%s\n", said);
    report->differences++;
    return true;
}

bool app_verify(const App *app, const char *beside, GError **error)
{
    g_autoptr(View) view = view_open(error);
    Report report = { .lock = PTHREAD_MUTEX_INITIALIZER, .view = view, .progress = progress_begin() };
    const VerifyReport told = { show_difference, show_progress, &report };
    g_autoptr(GArray) parts = parts_of(app, &told);
    int64_t events;
    if (!view || !count_events(app, &events, error))
        return false;
    report.all = steps_of(view, parts, events);
    bool read = examine_all(parts, error);
    progress_clear(&report.progress);
    read = read && examine_published(app, beside, &report, error);
    if (read && !report.differences)
        print_verified(view, parts);
    g_autofree char *many = g_strdup_printf("%" PRId64, report.differences);
    return read && (!report.differences || refuse(error, CONFLICT, "ledger.differs", "count", many, NULL));
}

static bool is_remote(char **argv)
{
    return *argv && (strcmp(*argv, "--url") == 0 || g_str_has_prefix(*argv, "--url=") || is_remote(argv + 1));
}

int verb_verify(int argc, char **argv)
{
    if (is_remote(argv))
        return verb_verify_remote(argc, argv);
    g_auto(DatabaseLocation) location = { 0 };
    g_autofree char *document = NULL, *key = NULL;
    gint64 county = 330482;
    const GOptionEntry entries[] = {
        DATABASE_OPTIONS(location, "Database file (pinghu.db)"),
        { "county", 0, 0, G_OPTION_ARG_INT64, &county, "Division code of the county (330482)", "CODE" },
        { "document", 0, 0, G_OPTION_ARG_FILENAME, &document, "Look at the seal on a PDF instead", "FILE" },
        { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Public key of that seal (the one in the database's FILE.seal)", "FILE" },
        { NULL },
    };
    if (!app_options("verify", "recomputes the ledger's chain and every case from it. With --url URL --key KEY it "
                       "checks another centre's ledger from outside: pinghu verify --help --url=URL", entries, &argc, &argv))
        return 2;
    location_settle(&location);
    if (document)
        return verify_document(document, location.beside, key);
    g_autoptr(GError) error = NULL;
    g_auto(App) app = { 0 };
    return app_open_reading(&app, &location, county, &error) && app_verify(&app, location.beside, &error) ? EXIT_SUCCESS : app_complain(error);
}
