// SPDX-License-Identifier: Apache-2.0
/* pinghu serve: the centre, or all of a province, open until it is told to close (SIGINT, SIGTERM). */
#include "verbs/verbs.h"

#include "cases/cases.h"
#include "http/http.h"
#include "identity/identity.h"
#include "outbox/outbox.h"
#include "rooms.h"
#include "security/security.h"
#include "sources/sources.h"
#include "timers/timers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCANNER_SECONDS = 30 /* for one file */, TIMER_SECONDS = 20, SEALING_SECONDS = 2 /* of them, for all counties together: the requests and the timers have the rest */ };

typedef struct Settings {
    DatabaseLocation location;
    char *listen, *list, *public_url, *address_header, *limits, *papers, *scanner, *smtp, *mail_from, *hook;
    gint64 county;
    gint draft_days, keeping_years, silence_agrees, correction_days;
    gboolean behind_tls, parts, admit_unscanned;
} Settings;

typedef struct CountySite {
    const County *county; /* borrowed; without host and names when it is alone */
    App app;
    View *view;           /* with its own words */
} CountySite;

typedef struct Centre {
    Store *store;
    Bucket *bucket; /* NULL: papers lie in folders */
    Scanner *scanner; /* NULL: nobody looks for viruses */
    View *view;
    Counties *counties;
    GArray *sites; /* of CountySite */
    Outbox *outbox;
    Asker *asker;
} Centre;

static CountySite *site_at(const Centre *self, guint i)
{
    return &g_array_index(self->sites, CountySite, i);
}

static bool write_by_system(void *app, TimerWork *work, void *data, GError **error)
{
    return app_write(app, work, data, error);
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

/* Deadlines demand some steps of the system itself (art. 32: deemed acceptance). */
static void run_timers(const Centre *self)
{
    for (guint i = 0; i < self->sites->len; i++) {
        TimerCounts counts;
        g_autoptr(GError) error = NULL;
        App *app = &site_at(self, i)->app;
        if (!app->counties && !timers_run(write_by_system, app, &counts, &error))
            trouble_warn(error, "timers");
    }
}

/* Erasures are listed beside the database, and the bytes of erased papers go, which may lie in a store that is slow. */
static void finish_erasures(const Centre *self)
{
    for (guint i = 0; i < self->sites->len; i++) {
        bool any = false;
        g_autoptr(GError) error = NULL;
        App *app = &site_at(self, i)->app;
        if (!app->counties && (!app_read(app, app_list_erasures, app, &error) || !app_read(app, files_have_gone, &any, &error) || (any && !files_sweep(app->files, write_by_system, app, &error))))
            trouble_warn(error, "erasures");
    }
}

typedef struct SealingSite {
    App *app;
    const View *view;
    const char *public_url;
    int64_t until;
} SealingSite;

static bool seal_site(const Context *context, void *data, GError **error)
{
    const SealingSite *self = data;
    Context named = *context;
    named.public_url = self->public_url;
    return files_seal_waiting(&named, self->view, self->until, write_by_system, self->app, error);
}

/* Beside the requests, since a document takes a hundred times as long to draw as the action that it tells of. Begins with the county `next`,
 * and gives the one that is to be the first another time. */
static guint seal_documents(const Centre *self, const Http *http, guint next)
{
    int64_t until = g_get_monotonic_time() + SEALING_SECONDS * G_USEC_PER_SEC;
    for (guint i = 0; i < self->sites->len && g_get_monotonic_time() < until; i++) {
        g_autoptr(GError) error = NULL;
        CountySite *site = site_at(self, next);
        SealingSite sealing = { &site->app, site->view, http_public_url(http, next), until };
        if (!site->app.counties && !app_read(&site->app, seal_site, &sealing, &error))
            trouble_warn(error, "seals on documents");
        next = (next + 1) % self->sites->len;
    }
    return next;
}

static void wait_for_end(const Centre *centre, const Http *http, const sigset_t *ends)
{
    const struct timespec pause = { .tv_sec = TIMER_SECONDS };
    guint next = 0;
    do {
        run_timers(centre);
        finish_erasures(centre);
        next = seal_documents(centre, http, next);
        if (centre->scanner)
            scanner_try(centre->scanner);
    } while (sigtimedwait(ends, NULL, &pause) < 0 && (errno == EAGAIN || errno == EINTR));
    finish_erasures(centre);
}

/* ---- opening ---- */

static void clear_site(void *site)
{
    CountySite *self = site;
    app_close(&self->app);
    g_clear_pointer(&self->view, view_close);
}

static void close_centre(Centre *self)
{
    g_clear_pointer(&self->asker, asker_close);
    g_clear_pointer(&self->outbox, outbox_close);
    g_clear_pointer(&self->sites, g_array_unref);
    g_clear_pointer(&self->store, store_close);
    g_clear_pointer(&self->bucket, bucket_close);
    g_clear_pointer(&self->scanner, scanner_close);
    g_clear_pointer(&self->view, view_close);
    g_clear_pointer(&self->counties, counties_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Centre, close_centre)

/* A county in a list of several is called as the list says; its own files may say more. */
static bool say_name(View *view, const County *county, GError **error)
{
    const char *const names[LANGUAGES] = { [CHINESE] = county->name, [ENGLISH] = county->name_en };
    const char *title = county_is_region(county->code) ? "view.region_of" : "view.centre_of";
    for (enum language language = CHINESE; county->name && language < LANGUAGES; language++) {
        g_autoptr(json_t) data = json_pack("{s:s}", "name", names[language]);
        g_autofree char *said = view_sentence(view, language, title, data);
        if (!view_say_word(view, language, "view.name", said, error) || !view_say_word(view, language, "view.county", names[language], error))
            return false;
    }
    return true;
}

/* From "<beside>.words.zh.json" and "<beside>.words.en.json", where they are. */
static bool say_own(View *view, const char *beside, GError **error)
{
    for (enum language language = CHINESE; language < LANGUAGES; language++) {
        g_autofree char *text = NULL, *file = g_strdup_printf("%s.words.%s.json", beside, language_tags[language]);
        if (!file_read(file, &text, error) || (text && !view_say(view, language, file, text, strlen(text), error)))
            return false;
    }
    return true;
}

/* A county that pinghu init has opened is no demo, and is called as it was told then, unless it is told otherwise. */
static bool say_opened(View *view, County *county, json_t *known, GError **error)
{
    if (!*json_text(known, "name"))
        return true;
    for (enum language language = CHINESE; language < LANGUAGES; language++) {
        g_autofree char *name = g_strdup_printf("data/opened.%s.json", language_tags[language]);
        const Embedded *words = embedded_find(name);
        if (!view_say(view, language, name, words->bytes, words->size, error))
            return false;
    }
    if (!county->name) {
        county->name = g_strdup(json_text(known, "name"));
        county->name_en = g_strdup(json_text(known, "name_en"));
    }
    if (!county->public_url && *json_text(known, "public_url"))
        county->public_url = g_strdup(json_text(known, "public_url"));
    return true;
}

/* A region adds up the counties of the list that lie in it. */
static bool open_county(CountySite *self, County *county, const Centre *centre, const Settings *settings, GError **error)
{
    g_autofree char *beside = app_beside(&settings->location, county);
    g_autoptr(json_t) known = app_county(centre->store, county->code, error);
    if (!known || !app_join(&self->app, centre->store, centre->bucket, beside, county->code, error))
        return false;
    files_scan_by(self->app.files, centre->scanner);
    return say_opened(self->view, county, known, error);
}

static bool open_site(CountySite *self, County *county, const Centre *centre, const Settings *settings, GError **error)
{
    bool open = true;
    g_autofree char *beside = app_beside(&settings->location, self->county);
    self->view = view_own(centre->view);
    if (county_is_region(county->code))
        app_join_region(&self->app, centre->store, county->code, centre->counties);
    else
        open = open_county(self, county, centre, settings, error);
    self->app.context.draft_days = settings->draft_days;
    self->app.context.keeping_years = settings->keeping_years;
    self->app.context.silence_agrees = settings->silence_agrees;
    self->app.context.correction_days = settings->correction_days;
    self->app.context.public_url = self->county->public_url;
    return open && say_name(self->view, self->county, error) && say_own(self->view, beside, error);
}

static bool open_sites(Centre *self, const Settings *settings, GError **error)
{
    self->sites = g_array_sized_new(FALSE, TRUE, sizeof(CountySite), (guint)self->counties->count);
    g_array_set_clear_func(self->sites, clear_site);
    for (guint i = 0; i < self->counties->count; i++) {
        const CountySite made = { .county = &self->counties->all[i] };
        g_array_append_val(self->sites, made);
        if (!open_site(site_at(self, i), &self->counties->all[i], self, settings, error))
            return false;
    }
    return true;
}

/* Wrong keys, or a bucket that is not there, are told now and not to the first who hands a paper in. */
static bool open_bucket(Centre *self, const Settings *settings, GError **error)
{
    return app_bucket(settings->papers, &self->bucket, error) && (!self->bucket || bucket_try(self->bucket, error));
}

/* Whether it is there is seen later: it takes a minute to read its signatures when both start. */
static bool open_scanner(Centre *self, const Settings *settings, GError **error)
{
    self->scanner = settings->scanner ? scanner_open(settings->scanner, settings->admit_unscanned, SCANNER_SECONDS, error) : NULL;
    return self->scanner || !settings->scanner;
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

/* A disk that is full, or a server that is away, keeps nobody from opening: it is recorded at the next start. */
static void try_to_record(const App *app, AppWork *work, void *data, const char *what)
{
    g_autoptr(GError) error = NULL;
    if (!app_write(app, work, data, &error))
        trouble_warn(error, "not recorded: %s", what);
}

static void log_stop(const Centre *self)
{
    for (guint i = 0; i < self->sites->len; i++) {
        const App *app = &site_at(self, i)->app;
        if (!app->counties)
            try_to_record(app, app_log, (void *)(uintptr_t)"stop", "the stop");
    }
}

/* A region writes nothing. */
static bool start(const Centre *self, GError **error)
{
    size_t count = 0;
    g_autofree OutboxSite *sites = g_new(OutboxSite, self->sites->len);
    g_autofree SourceSite *asking = g_new(SourceSite, self->sites->len);
    for (guint i = 0; i < self->sites->len; i++) {
        const CountySite *site = site_at(self, i);
        if (site->app.counties)
            continue;
        try_to_record(&site->app, app_log, (void *)(uintptr_t)"start", "the start");
        try_to_record(&site->app, app_record_keys, &(int64_t){ 0 }, "the signing keys");
        try_to_record(&site->app, record_ways_out, self->outbox, "the ways out of messages");
        if (!ledger_publisher_run(site->app.publisher, error))
            return false;
        asking[count] = (SourceSite){ site->app.store, &site->app.context, site->view,
                                      write_by_system, (void *)(uintptr_t)&site->app };
        sites[count++] = (OutboxSite){ site->app.store, &site->app.context, site->view };
    }
    outbox_run(self->outbox, sites, count);
    asker_run(self->asker, asking, count);
    return true;
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
    self->view = self->outbox && take_public_url(self, settings, error) && open_bucket(self, settings, error) && open_scanner(self, settings, error) ? view_open(error) : NULL;
    self->asker = asker_open(app_clock);
    self->store = self->view && messages_fit(self->view, error) ? app_store(&settings->location, error) : NULL;
    return self->store && open_sites(self, settings, error) && start(self, error);
}

static const char *trouble_of(void *app)
{
    return files_trouble(((const App *)app)->files);
}

static HttpSite http_site(CountySite *self)
{
    bool region = self->app.counties != NULL;
    return (HttpSite){ .host = self->county->host, .world = &self->app.context, .store = self->app.store, .view = self->view,
                       .incoming = region ? NULL : files_incoming(self->app.files),
                       .refresh = region ? NULL : app_refresh, .refresh_data = &self->app, .trouble = region ? NULL : trouble_of };
}

static bool take_limits(const char *text, int *limits, GError **error)
{
    g_auto(GStrv) each = g_strsplit(text ? text : "", ",", -1);
    bool well = true;
    for (size_t i = 0; well && each[i]; i++)
        well = http_limit_set(limits, g_strstrip(each[i]), error);
    return well;
}

static Http *open_door(const Centre *self, const Settings *settings, const int *limits, GError **error)
{
    HttpSettings door = { .listen = settings->listen ? settings->listen : "127.0.0.1:8080", .behind_tls = settings->behind_tls,
                                .address_header = settings->address_header,
                                .shows_parts = settings->parts, .load_actor = identity_load_actor, .clear_actor = identity_clear_actor, .describe_actor = outbox_describe_actor,
                                .security = security_write };
    g_autofree HttpSite *sites = g_new(HttpSite, self->sites->len);
    for (guint i = 0; i < self->sites->len; i++)
        sites[i] = http_site(site_at(self, i));
    memcpy(door.limits, limits, sizeof door.limits);
    return http_check(self->view, rooms, error) ? http_open(&door, sites, self->sites->len, error) : NULL;
}

/* Without --public-url a centre that listens for the whole network is found from this machine alone, which surprises. */
static void tell(const Centre *self, const Http *http)
{
    g_autoptr(json_t) facts = json_pack("{s:s}", "address", http_public_url(http, 0));
    g_autofree char *hosts = view_sentence(self->view, app_language(), "http.hosts", facts);
    if (self->counties->count == 1 && !self->counties->all[0].public_url)
        printf("%s\n", hosts);
    for (size_t i = 0; i < self->counties->count; i++) {
        const char *name = self->counties->all[i].name;
        if (name || self->counties->all[i].public_url)
            printf("  %s%s%s\n", name ? name : "", name ? "  " : "", http_public_url(http, i));
    }
    printf("Pinghu is open at %s\n", http_address(http));
    fflush(stdout);
}

static bool fits(const char *name, int number, int least, int most, GError **error)
{
    return (number >= least && number <= most) ||
           refuse(error, BAD_INPUT, "http.option_bounds", "option", name, "least", DECIMAL(least), "most", DECIMAL(most), NULL);
}

static int run(const void *options, char **words, GError **error)
{
    sigset_t ends;
    const Settings *settings = options;
    g_auto(Centre) centre = { 0 };
    (void)words;
    block_signals(&ends);
    int limits[HTTP_LIMITS] = { 0 };
    if (!fits("keeping-years", settings->keeping_years, 0, 99, error) || !fits("draft-days", settings->draft_days, 0, 3650, error) ||
        !fits("correction-days", settings->correction_days, ITEM_CORRECTION_LEAST, ITEM_CORRECTION_MOST, error) ||
        !take_limits(settings->limits, limits, error) || !open_centre(&centre, settings, error))
        return EXIT_FAILURE;
    g_autoptr(Http) http = open_door(&centre, settings, limits, error);
    if (!http)
        return EXIT_FAILURE;
    tell(&centre, http);
    wait_for_end(&centre, http, &ends);
    g_clear_pointer(&http, http_close);
    log_stop(&centre);
    return EXIT_SUCCESS;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(Settings, "Database file (pinghu.db)"),
    { "listen", G_OPTION_ARG_STRING, offsetof(Settings, listen), "Where to listen (127.0.0.1:8080; port 0: any)", "ADDRESS:PORT" },
    COUNTY_OPTION(Settings),
    { "counties", G_OPTION_ARG_FILENAME, offsetof(Settings, list), "Table of several counties and the regions that add them up: "
      "code,host,name,name_en[,public_url] (docs/province.md)", "FILE" },
    { "public-url", G_OPTION_ARG_STRING, offsetof(Settings, public_url), "Where people find the centre, as https://pinghu.example: stands in "
      "papers and their codes. Requests by other names are refused (421) but for localhost, 127.0.0.1 and [::1]: to be named where "
      "--listen is 0.0.0.0 (where it listens)", "ADDRESS" },
    { "papers", G_OPTION_ARG_STRING, offsetof(Settings, papers), "S3 store for scanned papers, https://host/bucket; its keys in the environment "
      "(docs/papers.md)", "ADDRESS" },
    { "scanner", G_OPTION_ARG_STRING, offsetof(Settings, scanner), "Virus scanner on this machine that judges papers, as clamd: unix:/path or "
      "127.0.0.1:3310; while it is away, papers are refused (docs/papers.md)", "ADDRESS" },
    { "admit-unscanned", G_OPTION_ARG_NONE, offsetof(Settings, admit_unscanned), "While the virus scanner is away, papers are let in and marked "
      "as unscanned", NULL },
    { "smtp", G_OPTION_ARG_STRING, offsetof(Settings, smtp), "Server that takes mail, smtp://host:port (docs/outbox.md)", "ADDRESS" },
    { "mail-from", G_OPTION_ARG_STRING, offsetof(Settings, mail_from), "Sender of mail", "NAME@HOST" },
    { "web-hook", G_OPTION_ARG_STRING, offsetof(Settings, hook), "Where messages to applicants are posted, https://host/path (docs/outbox.md)",
      "ADDRESS" },
    { "behind-tls", G_OPTION_ARG_NONE, offsetof(Settings, behind_tls), "A proxy in front speaks TLS: cookies are secure, browsers stay with it", NULL },
    { "address-header", G_OPTION_ARG_STRING, offsetof(Settings, address_header),
      "Header to which that proxy appends the sender's address, so that failed attempts are counted by sender (X-Forwarded-For)", "NAME" },
    { "limits", G_OPTION_ARG_STRING, offsetof(Settings, limits), "What one sender, or all together, may take: connections=2000,… "
      "(docs/limits.md)", "NAME=NUMBER,…" },
    { "draft-days", G_OPTION_ARG_INT, offsetof(Settings, draft_days), "After how many days an application that nobody hands in is erased (30)",
      "DAYS" },
    { "silence-agrees", G_OPTION_ARG_NONE, offsetof(Settings, silence_agrees), "An organ that is asked for its opinion on a case and does not answer by "
      "the day has no objection (it is overdue)", NULL },
    { "keeping-years", G_OPTION_ARG_INT, offsetof(Settings, keeping_years), "For how many years the file of a case is kept after its end, where its "
      "item does not say: whoever asks for erasure before has its use restricted (0)", "YEARS" },
    { "correction-days", G_OPTION_ARG_INT, offsetof(Settings, correction_days), "Within how many working days papers that were asked for are to "
      "come, where the item does not say: then the application counts as withdrawn (15)", "DAYS" },
    { "parts", G_OPTION_ARG_NONE, offsetof(Settings, parts), "Show every component of the pages at /parts, for people who build pages", NULL },
    { 0 },
};

const Verb verb_serve = { "serve", "opens the centre on a database, or all of a province", NULL, entries, &(const Settings){ .correction_days = CORRECTION_DAYS },
                          sizeof(Settings), 1, run };
