// SPDX-License-Identifier: Apache-2.0
/* pinghu verify: is the ledger what was recorded, and is all that is kept beside it what the ledger adds up to?
 * The parts are examined side by side, each on a snapshot of its own; a server may go on meanwhile. */
#include "verbs/verbs.h"

#include "cases/cases.h"
#include "indicators/indicators.h"
#include "ledger/ledger.h"
#include "view/view.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What all parts tell, one after the other. */
typedef struct Report {
    pthread_mutex_t lock;
    const View *view;
    Progress progress;
    int64_t differences, done, all;
} Report;

typedef bool Examine(const Context *context, const Examination *told, int64_t *count, GError **error);

static bool examine_ledger(const Context *context, const Examination *told, int64_t *count, GError **error)
{
    return ledger_check(context->db, context->county, told, count, error);
}

static bool examine_sums(const Context *context, const Examination *told, int64_t *count, GError **error)
{
    *count = 0;
    return db_sums_check(context->db, told, error);
}

enum part { LEDGER, CASES, SUMS, PARTS };
static Examine *const parts[PARTS] = { [LEDGER] = examine_ledger, [CASES] = indicators_verify, [SUMS] = examine_sums };

typedef struct Part {
    const World *world;
    const Examination *told;
    Examine *examine;
    pthread_t thread;
    int64_t count;
    GError *error;
} Part;

/* ---- telling ---- */

static void show_difference(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    Report *self = data;
    g_autoptr(json_t) details = json_pack("{s:s, s:s, s:s}", "table", table, "row", row, "detail", detail);
    g_autofree char *said = view_sentence(self->view, world_language(), reason, details);
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
    Context context = self->world->context;
    context.now = world_clock();
    context.db = store_reader(self->world->store, &self->error);
    if (!context.db)
        return NULL;
    self->examine(&context, self->told, &self->count, &self->error);
    store_return(self->world->store, context.db);
    return NULL;
}

/* What comes of each; true when all could be read. */
static bool examine_all(const World *world, const Examination *told, int64_t counts[PARTS], GError **error)
{
    Part running[PARTS];
    for (int i = 0; i < PARTS; i++) {
        running[i] = (Part){ .world = world, .told = told, .examine = parts[i] };
        if (pthread_create(&running[i].thread, NULL, examine, &running[i]) != 0)
            g_error("no thread to examine with");
    }
    for (int i = 0; i < PARTS; i++) {
        pthread_join(running[i].thread, NULL);
        counts[i] = running[i].count;
        if (running[i].error && !*error)
            *error = g_steal_pointer(&running[i].error);
        g_clear_error(&running[i].error);
    }
    return !*error;
}

static bool count_events(const World *world, int64_t *count, GError **error)
{
    Db *db = store_reader(world->store, error);
    bool counted = db && ledger_size(db, world->context.county, count, error);
    if (db)
        store_return(world->store, db);
    return counted;
}

/* What the centre has told the world of its ledger is true of this one. */
static bool examine_published(const World *world, const char *beside, Report *report, GError **error)
{
    g_autoptr(GError) why = NULL;
    Db *db = store_reader(world->store, error);
    if (!db)
        return false;
    bool goes_on = ledger_goes_on(db, world->context.county, beside, &why);
    store_return(world->store, db);
    bool is_named = why && trouble_status(why) != CONFLICT && report->differences > 0; /* what it needs is missing */
    if (goes_on || is_named)
        return true;
    if (trouble_status(why) != CONFLICT)
        return g_propagate_error(error, g_steal_pointer(&why)), false;
    g_autoptr(json_t) details = trouble_details(why);
    g_autofree char *said = view_sentence(report->view, world_language(), json_text(details, "reason"), details);
    printf("%s\n", said);
    report->differences++;
    return true;
}

/* Parts differ in what they pass over, so that all of it is a guess at the most. The sums pass over no events. */
bool world_verify(const World *world, const char *beside, GError **error)
{
    int64_t counts[PARTS] = { 0 };
    g_autoptr(View) view = view_open(error);
    Report report = { .lock = PTHREAD_MUTEX_INITIALIZER, .view = view, .progress = progress_begin() };
    const Examination told = { show_difference, show_progress, &report };
    if (!view || !count_events(world, &report.all, error))
        return false;
    report.all *= PARTS - 1;
    bool read = examine_all(world, &told, counts, error);
    progress_clear(&report.progress);
    read = read && examine_published(world, beside, &report, error);
    if (read && !report.differences)
        printf("%" PRId64 " events in an unbroken chain; %" PRId64 " cases are what it says\n", counts[LEDGER], counts[CASES]);
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
    g_auto(Place) place = { 0 };
    g_autofree char *document = NULL, *key = NULL;
    gint64 county = 330482;
    const GOptionEntry entries[] = {
        PLACE_OPTIONS(place, "Database file (pinghu.db)"),
        { "county", 0, 0, G_OPTION_ARG_INT64, &county, "Division code of the county (330482)", "CODE" },
        { "document", 0, 0, G_OPTION_ARG_FILENAME, &document, "Look at the seal on a PDF instead", "FILE" },
        { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Public key of that seal (the one in the database's FILE.seal)", "FILE" },
        { NULL },
    };
    if (!world_options("verify", "recomputes the ledger's chain and every case from it. With --url URL --key KEY it "
                       "checks another centre's ledger from outside: pinghu verify --help --url=URL", entries, &argc, &argv))
        return 2;
    place_settle(&place);
    if (document)
        return verify_document(document, place.beside, key);
    g_autoptr(GError) error = NULL;
    g_auto(World) world = { 0 };
    return world_open_reading(&world, &place, county, &error) && world_verify(&world, place.beside, &error) ? EXIT_SUCCESS : world_complain(error);
}
