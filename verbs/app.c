// SPDX-License-Identifier: Apache-2.0
#include "verbs/verbs.h"

#include "people/people.h"
#include "rooms.h"
#include "security/security.h"
#include "view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Three for each of the eight threads that the front door may have (a form shown again, with a proof on it), one for the
 * publisher, and one at least for its witnesses. Each is opened when it is first wanted. */
enum { READERS = 26 };

void location_settle(DatabaseLocation *self)
{
    if (!self->database)
        self->database = g_strdup("pinghu.db");
    self->beside = store_beside(self->database, self->folder);
}

char *app_ledger_name(int64_t county)
{
    return g_strdup_printf("%" PRId64 ".pinghu", county);
}

char *app_beside(const DatabaseLocation *location, const County *county)
{
    if (!county->host)
        return g_strdup(location->beside);
    g_autofree char *whole = g_path_get_dirname(location->beside), *name = g_path_get_basename(location->beside);
    return g_strdup_printf("%s/%" PRId64 "/%s", whole, county->code, name);
}

char *app_personal(const char *beside)
{
    return g_strconcat(beside, ".personal", NULL);
}

Seal *app_seal(const char *beside, GError **error)
{
    Seal *seal = NULL;
    g_autofree char *file = g_strconcat(beside, ".seal", NULL);
    if (!seal_read(file, &seal, error))
        return NULL;
    return seal ? seal : refuse(error, NOT_FOUND, "files.no_seal_key", "file", file, NULL);
}

bool app_refresh(Context *context, void *app, GError **error)
{
    const App *self = app;
    if (!ledger_catch_up(context, error))
        return false;
    context->calendar = calendars_in_force(self->calendars, context->db, context->county, day_of(context->now), error);
    return context->calendar && calendar_by_office_hours(context->db, context->county, &context->by_office_hours, error);
}

/* For who has no connection of his own to ask on; each write asks anew. */
static bool load_calendar(App *self, GError **error)
{
    g_clear_pointer(&self->calendars, calendars_close);
    self->calendars = calendars_open();
    self->context.db = store_reader(self->store, error);
    self->context.now = app_clock();
    bool loaded = self->context.db && app_refresh(&self->context, self, error);
    store_return(self->store, self->context.db);
    self->context.db = NULL;
    return loaded;
}

static bool mend(const Context *context, void *data, GError **error)
{
    (void)data;
    for (const Room *const *room = context->rooms; *room; room++)
        if ((*room)->settle && !(*room)->settle(context, error))
            return false;
    return true;
}

/* Nothing that a person does takes a day, so that such a clock is wrong, and with it every deadline. */
static bool clock_fits(App *self, GError **error)
{
    char now[INSTANT_TEXT], last[INSTANT_TEXT];
    Instant at = 0, machine = app_clock();
    Db *db = store_reader(self->store, error);
    bool read = db && ledger_last_at(db, self->context.county, &at, error);
    store_return(self->store, db);
    clock_note(self->context.clock, at);
    if (!read || at - machine <= DAY_MS)
        return read;
    return refuse(error, CONFLICT, "base.clock_back", "now", instant_text(machine, now), "last", instant_text(at, last), NULL);
}

/* FILE.payment: the secret that the bank shares, and on a second line, which may lack, the form of the QR code of payment notices. */
static bool read_payment(App *self, const char *beside, GError **error)
{
    enum { SECRET_LEAST = 16 };
    g_autofree char *file = g_strconcat(beside, ".payment", NULL);
    char *text = NULL;
    if (!secret_read(file, &text, error))
        return false;
    self->payment = g_strsplit(text ? text : "", "\n", 3);
    secret_free(text);
    if (!self->payment[0])
        return true;
    self->context.payment_secret = g_strstrip(self->payment[0]);
    self->context.payment_form = self->payment[1] ? g_strstrip(self->payment[1]) : NULL;
    return strlen(self->context.payment_secret) >= SECRET_LEAST || refuse(error, CONFLICT, "base.payment_secret", "file", file, NULL);
}

/* Reads the files beside the database, before anything is written. */
static bool enter(App *self, const char *beside, int64_t county, GError **error)
{
    g_autofree char *folder = g_strconcat(beside, ".files", NULL), *seal = g_strconcat(beside, ".seal", NULL);
    store_set_county(self->store, county);
    self->beside = g_strdup(beside);
    self->files = files_open(folder, county, self->bucket, error);
    if (!self->files || !seal_read(seal, &self->seal, error))
        return false;
    self->context = (Context){ .county = county, .files = self->files, .seal = self->seal, .random = random_secure, .rooms = rooms, .clock = clock_new() };
    return read_payment(self, beside, error) && clock_fits(self, error);
}

static bool settle(App *self, GError **error)
{
    bool sealed;
    int64_t county = self->context.county;
    g_autofree char *personal = app_personal(self->beside);
    return store_open_personal(self->store, personal, county, app_clock(), &sealed, error) && load_calendar(self, error) &&
           app_write(self, mend, NULL, error) && (!sealed || store_end_sealing(self->store, county, error));
}

static bool has_not_gone_back(const App *self, GError **error)
{
    Db *db = store_reader(self->store, error);
    bool goes_on = db && ledger_has_not_gone_back(db, self->context.county, self->beside, error);
    store_return(self->store, db);
    return goes_on;
}

static bool hold_against_published(App *self, GError **error)
{
    self->publisher = self->context.publisher = ledger_publisher_open(self->store, self->beside, self->context.county, error);
    self->context.signer = self->publisher ? ledger_publisher_signer(self->publisher) : NULL;
    return self->publisher != NULL && app_erase_again(self, error);
}

static bool go_on(App *self, const char *beside, int64_t county, GError **error)
{
    return enter(self, beside, county, error) && has_not_gone_back(self, error) && settle(self, error) && hold_against_published(self, error);
}

json_t *app_county(Store *store, int64_t county, GError **error)
{
    Db *db = store_reader(store, error);
    json_t *known = db ? people_county(db, county, error) : NULL;
    store_return(store, db);
    return known;
}

static bool open_migrated(App *self, const DatabaseLocation *location, GError **error)
{
    *self = (App){ .store = store_open(location->database, READERS, error) };
    return self->store && store_migrate(self->store, rooms, app_clock(), error);
}

bool app_make(App *self, const DatabaseLocation *location, int64_t county, GError **error)
{
    return open_migrated(self, location, error) && enter(self, location->beside, county, error) && settle(self, error);
}

static bool open_known(App *self, const DatabaseLocation *location, int64_t county, GError **error)
{
    bool open = store_is_there(location->database, error) && open_migrated(self, location, error);
    g_autoptr(json_t) known = open ? app_county(self->store, county, error) : NULL;
    return known != NULL;
}

bool app_open_lost(App *self, const DatabaseLocation *location, int64_t county, GError **error)
{
    return open_known(self, location, county, error) && enter(self, location->beside, county, error) && settle(self, error);
}

bool app_make_keys(const char *beside, int64_t county, GError **error)
{
    g_autofree char *key = g_strconcat(beside, ".key", NULL), *seal = g_strconcat(beside, ".seal", NULL), *name = app_ledger_name(county);
    return (g_file_test(key, G_FILE_TEST_EXISTS) || ledger_key_make(key, name, error)) && (g_file_test(seal, G_FILE_TEST_EXISTS) || seal_make(seal, error));
}

bool app_open(App *self, const DatabaseLocation *location, int64_t county, GError **error)
{
    return open_known(self, location, county, error) && go_on(self, location->beside, county, error);
}

Counties *app_counties(const char *list, int64_t county, GError **error)
{
    gsize length;
    g_autofree char *bytes = NULL;
    if (list && county)
        return refuse(error, BAD_INPUT, "base.counties_one_or_list", NULL);
    if (list)
        return g_file_get_contents(list, &bytes, &length, error) ? counties_read(bytes, length, error) : NULL;
    Counties *one = g_new0(Counties, 1);
    *one = (Counties){ 1, g_new0(County, 1) };
    one->all[0].code = county ? county : APP_COUNTY;
    return one;
}

Store *app_store(const DatabaseLocation *location, GError **error)
{
    return store_is_there(location->database, error) ? store_open_together(location->database, READERS, rooms, app_clock(), error) : NULL;
}

bool app_join(App *self, Store *store, const Bucket *bucket, const char *beside, int64_t county, GError **error)
{
    *self = (App){ .store = store_share(store), .bucket = bucket };
    return go_on(self, beside, county, error);
}

void app_join_region(App *self, Store *store, int64_t region, const Counties *all)
{
    *self = (App){ .store = store_share(store), .counties = counties_within(all, region) };
    self->context = (Context){ .county = region, .random = random_secure, .rooms = rooms, .counties = self->counties };
}

bool app_look_at(App *self, const char *beside, int64_t county, GError **error)
{
    g_autofree char *personal = app_personal(beside), *folder = g_strconcat(beside, ".files", NULL);
    g_clear_pointer(&self->files, files_close); /* of the county before */
    self->files = files_look_at(folder, county, self->bucket);
    self->context = (Context){ .county = county, .files = self->files, .random = random_secure, .rooms = rooms };
    return store_read_personal(self->store, personal, county, error) && load_calendar(self, error);
}

bool app_bucket(const char *address, Bucket **out, GError **error)
{
    *out = address ? bucket_open(address, g_getenv("PINGHU_PAPERS_KEY"), g_getenv("PINGHU_PAPERS_SECRET"), g_getenv("PINGHU_PAPERS_REGION"), error) : NULL;
    return *out || !address;
}

bool app_open_reading(App *self, const DatabaseLocation *location, const Bucket *bucket, int64_t county, GError **error)
{
    *self = (App){ .bucket = bucket };
    self->store = store_open_reading(location->database, READERS, rooms, error);
    return self->store && app_look_at(self, location->beside, county, error);
}

Store *app_tables(const DatabaseLocation *location, GError **error)
{
    g_autoptr(Store) seen = store_open_reading(location->database, 1, rooms, error);
    return seen ? store_open(location->database, READERS, error) : NULL;
}

bool app_move(App *self, const DatabaseLocation *from, const DatabaseLocation *to, const MoveProgress *told, GError **error)
{
    *self = (App){ 0 };
    g_autoptr(Store) source = app_tables(from, error);
    self->store = source ? store_open(to->database, READERS, error) : NULL;
    return self->store && store_move(source, self->store, rooms, app_clock(), told, error);
}

void app_close(App *self)
{
    g_clear_pointer(&self->publisher, ledger_publisher_close);
    g_clear_pointer(&self->store, store_close);
    g_clear_pointer(&self->files, files_close);
    g_clear_pointer(&self->calendars, calendars_close);
    g_clear_pointer(&self->seal, seal_free);
    g_clear_pointer(&self->beside, g_free);
    g_clear_pointer(&self->payment, g_strfreev);
    g_clear_pointer(&self->counties, counties_free);
    g_clear_pointer(&self->context.clock, clock_free);
}

Instant app_clock(void)
{
    return g_get_real_time() / 1000;
}

typedef struct Job {
    const App *app;
    Context context;
    AppWork *work;
    void *data;
} Job;

static bool run_job(Db *db, void *data, GError **error)
{
    Job *job = data;
    job->context.db = db;
    return app_refresh(&job->context, (void *)(uintptr_t)job->app, error) && job->work(&job->context, job->data, error);
}

bool app_write(const App *self, AppWork *work, void *data, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    Job job = { self, self->context, work, data };
    job.context.actor = &system;
    job.context.now = clock_hold(job.context.clock, app_clock());
    return store_write(self->store, run_job, &job, error);
}

bool app_log(const Context *context, void *done, GError **error)
{
    const SecurityEntry entry = { SECURITY_PROGRAM, .purpose = done };
    return security_write(context, &entry, error);
}

bool app_record_keys(const Context *context, void *recorded, GError **error)
{
    const SecurityEntry entry = { SECURITY_KEY, .purpose = "announced" };
    return ledger_keys_record(context, recorded, error) && (!*(int64_t *)recorded || security_write(context, &entry, error));
}

bool app_read(const App *self, AppWork *work, void *data, GError **error)
{
    Context context = self->context;
    context.now = clock_hold(context.clock, app_clock());
    context.db = store_reader(self->store, error);
    bool done = context.db && work(&context, data, error);
    store_return(self->store, context.db);
    return done;
}

enum language app_language(void)
{
    const char *lang = g_getenv("LANG");
    return lang && g_str_has_prefix(lang, "zh") ? CHINESE : ENGLISH;
}

char *app_sentence(const char *key, const json_t *data)
{
    g_autoptr(View) view = view_open(NULL);
    return view ? view_sentence(view, app_language(), key, data) : NULL;
}

int app_complain(const GError *error)
{
    g_autoptr(json_t) details = trouble_details(error);
    bool ours = trouble_status(error) < FAULT || trouble_status(error) == FULL || trouble_status(error) == BUSY;
    g_autofree char *said = ours ? app_sentence(json_text(details, "reason"), details) : NULL;
    fprintf(stderr, "pinghu: %s\n", said ? said : error->message);
    return EXIT_FAILURE;
}
