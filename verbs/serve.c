// SPDX-License-Identifier: Apache-2.0
/* pinghu serve: the centre, or all of a province, open until it is told to close (SIGINT, SIGTERM). */
#include "verbs/county_site.h"

#include "identity/identity.h"
#include "outbox/outbox.h"
#include "rooms.h"
#include "timers/timers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMER_SECONDS = 20 };

typedef struct Settings {
    DatabaseLocation location;
    char *listen, *list, *public_url, *papers, *smtp, *mail_from, *hook;
    gint64 county;
    gboolean behind_tls, parts;
} Settings;

static void settings_clear(Settings *self)
{
    location_clear(&self->location);
    g_free(self->listen);
    g_free(self->list);
    g_free(self->papers);
    g_free(self->public_url);
    g_free(self->smtp);
    g_free(self->mail_from);
    g_free(self->hook);
}

typedef struct Centre {
    Store *store;
    Bucket *bucket; /* NULL: papers lie in folders */
    View *view;
    Counties *counties;
    GArray *sites; /* of CountySite */
    Outbox *outbox;
} Centre;

static CountySite *site_at(const Centre *self, guint i)
{
    return &g_array_index(self->sites, CountySite, i);
}

static bool write_by_system(void *app, TimerWork *work, void *data, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    return app_write(app, &system, app_clock(), work, data, error);
}

/* Deadlines demand some steps of the system itself (art. 32: deemed acceptance). */
static void run_timers(const App *app)
{
    TimerCounts counts;
    g_autoptr(GError) error = NULL;
    if (!timers_run(write_by_system, (void *)(uintptr_t)app, &counts, &error))
        g_warning("timers: %s", error->message);
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

/* A region writes nothing. */
static void each_county(const Centre *self, void (*act)(const App *app))
{
    for (guint i = 0; i < self->sites->len; i++)
        if (!site_at(self, i)->app.counties)
            act(&site_at(self, i)->app);
}

static void wait_for_end(const Centre *centre, const sigset_t *ends)
{
    const struct timespec pause = { .tv_sec = TIMER_SECONDS };
    do {
        each_county(centre, run_timers);
    } while (sigtimedwait(ends, NULL, &pause) < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool record_keys(const Context *context, void *data, GError **error)
{
    return ledger_keys_record(context, data, error);
}

/* A centre whose disk is full opens nevertheless; its keys are announced when it opens the next time. */
static void announce_keys(const App *app)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    int64_t recorded;
    g_autoptr(GError) error = NULL;
    if (!app_write(app, &system, app_clock(), record_keys, &recorded, &error))
        g_warning("the signing keys are not announced in the ledger: %s", error->message);
}

/* ---- opening ---- */

static void clear_site(void *site)
{
    county_site_close(site);
}

static void close_centre(Centre *self)
{
    g_clear_pointer(&self->outbox, outbox_close);
    g_clear_pointer(&self->sites, g_array_unref);
    g_clear_pointer(&self->store, store_close);
    g_clear_pointer(&self->bucket, bucket_close);
    g_clear_pointer(&self->view, view_close);
    g_clear_pointer(&self->counties, counties_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Centre, close_centre)

static bool open_sites(Centre *self, const Settings *settings, GError **error)
{
    self->sites = g_array_sized_new(FALSE, TRUE, sizeof(CountySite), (guint)self->counties->count);
    g_array_set_clear_func(self->sites, clear_site);
    for (guint i = 0; i < self->counties->count; i++) {
        const CountySite made = { .county = &self->counties->all[i] };
        g_autofree char *beside = app_beside(&settings->location, made.county);
        g_array_append_val(self->sites, made);
        if (!county_site_open(site_at(self, i), self->store, self->bucket, self->view, beside, self->counties, error))
            return false;
    }
    return true;
}

static bool publish(const Centre *self, GError **error)
{
    for (guint i = 0; i < self->sites->len; i++) {
        const App *app = &site_at(self, i)->app;
        if (!app->counties && !ledger_publisher_run(app->publisher, error))
            return false;
    }
    return true;
}

static bool open_bucket(Centre *self, const Settings *settings, GError **error)
{
    if (settings->papers)
        self->bucket = bucket_open(settings->papers, g_getenv("PINGHU_PAPERS_KEY"), g_getenv("PINGHU_PAPERS_SECRET"),
                                   g_getenv("PINGHU_PAPERS_REGION"), error);
    return self->bucket || !settings->papers;
}

static Outbox *make_outbox(const Settings *settings, GError **error)
{
    const OutboxSettings outbox = { .smtp = settings->smtp, .mail_from = settings->mail_from, .mail_user = g_getenv("PINGHU_MAIL_USER"),
                                    .mail_password = g_getenv("PINGHU_MAIL_PASSWORD"), .hook = settings->hook,
                                    .hook_secret = g_getenv("PINGHU_HOOK_SECRET"), .clock = app_clock };
    return outbox_open(&outbox, error);
}

static bool record_ways_out(const Context *context, void *data, GError **error)
{
    return outbox_record(data, context, error);
}

/* A disk that is full, or a server that is away, keeps nobody from opening: then messages go as they went before. */
static void record_outbox(const Centre *self)
{
    for (guint i = 0; i < self->sites->len; i++) {
        g_autoptr(GError) error = NULL;
        const App *app = &site_at(self, i)->app;
        if (!app->counties && !app_write(app, NULL, app_clock(), record_ways_out, self->outbox, &error))
            g_warning("the ways out of messages are not recorded: %s", error->message);
    }
}

static void run_outbox(const Centre *self)
{
    size_t count = 0;
    g_autofree OutboxSite *sites = g_new(OutboxSite, self->sites->len);
    for (guint i = 0; i < self->sites->len; i++) {
        const CountySite *site = site_at(self, i);
        if (!site->app.counties)
            sites[count++] = (OutboxSite){ site->app.store, &site->app.context, site->view };
    }
    outbox_run(self->outbox, sites, count);
}

static bool messages_fit(const View *view, GError **error)
{
    for (const Room *const *room = rooms; *room; room++)
        if ((*room)->messages && !outbox_check(view, (*room)->messages, error))
            return false;
    return true;
}

/* Several counties have their own addresses, in their table. */
static bool take_public_url(const Centre *self, const Settings *settings, GError **error)
{
    if (!settings->public_url)
        return true;
    if (settings->list)
        return refuse(error, BAD_INPUT, "base.public_url_of_several", NULL);
    self->counties->all[0].public_url = g_strdup(settings->public_url);
    return address_is_site(settings->public_url) || refuse(error, BAD_INPUT, "base.public_url", "address", settings->public_url, NULL);
}

static bool open_centre(Centre *self, const Settings *settings, GError **error)
{
    self->counties = app_counties(settings->list, settings->county, error);
    self->outbox = self->counties ? make_outbox(settings, error) : NULL;
    self->view = self->outbox && take_public_url(self, settings, error) && open_bucket(self, settings, error) ? view_open(error) : NULL;
    self->store = self->view && messages_fit(self->view, error) ? app_store(&settings->location, error) : NULL;
    if (!self->store || !open_sites(self, settings, error))
        return false;
    each_county(self, announce_keys);
    record_outbox(self);
    run_outbox(self);
    return publish(self, error);
}

static Http *open_door(const Centre *self, const Settings *settings, GError **error)
{
    const HttpSettings door = { .listen = settings->listen, .behind_tls = settings->behind_tls, .shows_parts = settings->parts, .load_actor = identity_load_actor,
                                .clear_actor = identity_clear_actor, .describe_actor = outbox_describe_actor };
    g_autofree HttpSite *sites = g_new(HttpSite, self->sites->len);
    for (guint i = 0; i < self->sites->len; i++)
        sites[i] = county_site_http(site_at(self, i));
    return http_check(self->view, rooms, error) ? http_open(&door, sites, self->sites->len, error) : NULL;
}

/* Without --public-url a centre that listens for the whole network is found from this machine alone, which surprises. */
static void tell_hosts(const Centre *self, const Http *http)
{
    g_autoptr(json_t) facts = json_pack("{s:s}", "address", http_public_url(http, 0));
    g_autofree char *sentence = view_sentence(self->view, app_language(), "http.hosts", facts);
    printf("%s\n", sentence);
}

static void tell(const Centre *self, const Http *http)
{
    if (self->counties->count == 1 && !self->counties->all[0].public_url)
        tell_hosts(self, http);
    for (size_t i = 0; i < self->counties->count; i++)
        if (self->counties->all[i].name)
            printf("  %s  %s\n", self->counties->all[i].name, http_public_url(http, i));
        else if (self->counties->all[i].public_url)
            printf("  %s\n", http_public_url(http, i));
    printf("Pinghu is open at %s\n", http_address(http));
    fflush(stdout);
}

static int serve(const Settings *settings, const sigset_t *ends, GError **error)
{
    g_auto(Centre) centre = { 0 };
    if (!open_centre(&centre, settings, error))
        return EXIT_FAILURE;
    g_autoptr(Http) http = open_door(&centre, settings, error);
    if (!http)
        return EXIT_FAILURE;
    tell(&centre, http);
    wait_for_end(&centre, ends);
    return EXIT_SUCCESS;
}

int verb_serve(int argc, char **argv)
{
    sigset_t ends;
    Settings settings = { 0 };
    const GOptionEntry entries[] = {
        DATABASE_OPTIONS(settings.location, "Database file (pinghu.db)"),
        { "listen", 0, 0, G_OPTION_ARG_STRING, &settings.listen, "Where to listen (127.0.0.1:8080; port 0: any)", "ADDRESS:PORT" },
        { "county", 0, 0, G_OPTION_ARG_INT64, &settings.county, "Division code of the county (330482)", "CODE" },
        { "counties", 0, 0, G_OPTION_ARG_FILENAME, &settings.list, "Table of several counties and the regions that add them up: "
          "code,host,name,name_en[,public_url] (docs/province.md)", "FILE" },
        { "public-url", 0, 0, G_OPTION_ARG_STRING, &settings.public_url, "Where people find the centre, as https://pinghu.example: stands in "
          "papers and their codes. Requests by other names are refused (421) but for localhost, 127.0.0.1 and [::1]: to be named where "
          "--listen is 0.0.0.0 (where it listens)", "ADDRESS" },
        { "papers", 0, 0, G_OPTION_ARG_STRING, &settings.papers, "S3 store for scanned papers, https://host/bucket; its keys in the environment "
          "(docs/papers.md)", "ADDRESS" },
        { "smtp", 0, 0, G_OPTION_ARG_STRING, &settings.smtp, "Server that takes mail, smtp://host:port (docs/outbox.md)", "ADDRESS" },
        { "mail-from", 0, 0, G_OPTION_ARG_STRING, &settings.mail_from, "Sender of mail", "NAME@HOST" },
        { "web-hook", 0, 0, G_OPTION_ARG_STRING, &settings.hook, "Where messages to applicants are posted, https://host/path (docs/outbox.md)", "ADDRESS" },
        { "behind-tls", 0, 0, G_OPTION_ARG_NONE, &settings.behind_tls, "A proxy in front speaks TLS: secure cookies", NULL },
        { "parts", 0, 0, G_OPTION_ARG_NONE, &settings.parts, "Show every component of the pages at /parts, for people who build pages", NULL },
        { NULL },
    };
    if (!app_options("serve", "opens the service centre on a database", entries, &argc, &argv))
        return 2;
    location_settle(&settings.location);
    settings.listen = settings.listen ? settings.listen : g_strdup("127.0.0.1:8080");
    block_signals(&ends);
    g_autoptr(GError) error = NULL;
    int status = serve(&settings, &ends, &error);
    settings_clear(&settings);
    return error ? app_complain(error) : status;
}
