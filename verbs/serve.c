// SPDX-License-Identifier: Apache-2.0
/* pinghu serve: the centre, open until it is told to close (SIGINT, SIGTERM). */
#include "verbs/verbs.h"

#include "cases/cases.h"
#include "catalogue/catalogue.h"
#include "http/http.h"
#include "identity/identity.h"
#include "indicators/indicators.h"
#include "portal/portal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALARM_SECONDS = 20, ALARMS_AT_ONCE = 200 };

static const Route *const tables[] = { portal_routes, identity_routes, catalogue_routes, files_routes, case_routes, indicator_routes, ledger_routes, NULL };

typedef struct Settings {
    Place place;
    char *listen;
    gint64 county;
    gboolean behind_tls;
} Settings;

static bool ring(const Context *context, void *data, GError **error)
{
    return case_alarms(context, ALARMS_AT_ONCE, data, error);
}

/* What deadlines demand of the system itself (art. 32: deemed acceptance); until nothing is due. */
static void ring_alarms(const World *world)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    int64_t done = ALARMS_AT_ONCE;
    while (done == ALARMS_AT_ONCE) {
        g_autoptr(GError) error = NULL;
        if (!world_write(world, &system, world_clock(), ring, &done, &error)) {
            g_warning("deadlines: %s", error->message);
            return;
        }
    }
}

static void block_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to answer, not an end */
}

static void wait_for_end(const World *world, const sigset_t *ends)
{
    const struct timespec pause = { .tv_sec = ALARM_SECONDS };
    do {
        ring_alarms(world);
    } while (sigtimedwait(ends, NULL, &pause) < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool record_keys(const Context *context, void *data, GError **error)
{
    return ledger_keys_record(context, data, error);
}

/* A centre whose disk is full opens nevertheless; its keys are announced when it opens the next time. */
static void announce_keys(const World *world)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    int64_t recorded;
    g_autoptr(GError) error = NULL;
    if (!world_write(world, &system, world_clock(), record_keys, &recorded, &error))
        g_warning("the signing keys are not announced in the ledger: %s", error->message);
}

static int serve(const Settings *settings, const sigset_t *ends, GError **error)
{
    g_auto(World) world = { 0 };
    if (!world_open_together(&world, &settings->place, settings->county, error))
        return EXIT_FAILURE;
    g_autoptr(View) view = view_open(error);
    HttpSettings http_settings = { .listen = settings->listen, .behind_tls = settings->behind_tls, .load_actor = identity_load_actor,
                                   .clear_actor = identity_clear_actor, .describe_actor = identity_describe_actor };
    HttpSite site = { .world = &world.context, .store = world.store, .view = view, .tables = tables, .incoming = files_incoming(world.files),
                      .refresh = world_refresh, .refresh_data = &world };
    announce_keys(&world);
    if (!view || !ledger_publisher_run(world.publisher, error))
        return EXIT_FAILURE;
    g_autoptr(Http) http = http_open(&http_settings, &site, 1, error);
    if (!http)
        return EXIT_FAILURE;
    printf("Pinghu is open at %s\n", http_address(http));
    fflush(stdout);
    wait_for_end(&world, ends);
    return EXIT_SUCCESS;
}

int verb_serve(int argc, char **argv)
{
    sigset_t ends;
    Settings settings = { .county = 330482 };
    const GOptionEntry entries[] = {
        PLACE_OPTIONS(settings.place, "Database file (pinghu.db)"),
        { "listen", 0, 0, G_OPTION_ARG_STRING, &settings.listen, "Where to listen (127.0.0.1:8080; port 0: any)", "ADDRESS:PORT" },
        { "county", 0, 0, G_OPTION_ARG_INT64, &settings.county, "Division code of the county (330482)", "CODE" },
        { "behind-tls", 0, 0, G_OPTION_ARG_NONE, &settings.behind_tls, "A proxy in front speaks TLS: secure cookies", NULL },
        { NULL },
    };
    if (!world_options("serve", "opens the service centre on a database", entries, &argc, &argv))
        return 2;
    place_settle(&settings.place);
    g_autofree char *listen = settings.listen ? settings.listen : g_strdup("127.0.0.1:8080");
    settings.listen = listen;
    block_signals(&ends);
    g_autoptr(GError) error = NULL;
    int status = serve(&settings, &ends, &error);
    place_clear(&settings.place);
    return error ? world_complain(error) : status;
}
