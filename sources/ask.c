// SPDX-License-Identifier: Apache-2.0
/* The thread that asks. A paper is claimed in a write before its source is asked, and what came of it is recorded in a second one: a program that
 * ends between the two leaves it claimed, and when its time is over another asks again, by the same name. All sources are asked side by side,
 * each for few papers at once, and one that is away is left alone for a while, so that none delays another. */
#include "sources/life.h"

#include "security/security.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <string.h>

enum {
    AT_ONCE = 32, OF_ONE = 4,
    CLAIM_MS = 5 * MINUTE_MS, /* longer than any source may take */
    AWAY_MS = MINUTE_MS / 2,
    LOOK_MS = 2000,
};

/* Waits after each try that failed. */
static const int wait_minutes[] = { 1, 5, 30, 2 * 60, 12 * 60 };

struct Asker {
    Instant (*clock)(void);
    CURLM *multi;
    GPtrArray *running;   /* of Asking */
    GHashTable *away;     /* "COUNTY/SOURCE" -> Instant until which it is left alone */
    SourceSite *sites;
    bool *failing;
    size_t count;
    pthread_t thread;
    bool runs;
    atomic_bool stops;
};

/* ---- a case and its paper ---- */

/* Does the case still want it? Somebody may have brought it; a case that has ended, or lies with a higher organ, wants none. */
static bool wants(const Context *context, const Case *of, const char *material, bool *out, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of->item, of->item_version, error);
    bool is_open = of->state == RECEIVED || of->state == CORRECTION || of->state == REVIEW || of->state == SUSPENDED;
    *out = false;
    for (size_t i = 0; item && i < item->material_count; i++)
        *out |= strcmp(item->materials[i].name, material) == 0 && !(of->held & INT64_C(1) << i) && case_asks(of, item, "papers", material);
    *out = *out && is_open && !of->restricted_until && strcmp(of->special, "sent_up") != 0;
    return item != NULL;
}

/* *found is false for a case that is gone. */
static bool load_case(const Context *context, int64_t number, Case *out, bool *found, GError **error)
{
    g_autoptr(GError) none = NULL;
    *found = subject_load(context->db, context->county, &case_kind, number, out, &none);
    return *found || trouble_is(&none, NOT_FOUND, error);
}

static json_t *facts_of(const Context *context, const Asking *self, const char *sharing)
{
    g_autofree char *name = asking_name(context->county, self->id);
    json_t *facts = json_pack("{s:s, s:s, s:I}", "request", name, "source", self->from.code, "source_version", (json_int_t)self->from.events);
    json_put_text(facts, "sharing", sharing);
    return facts;
}

/* The applicant is asked. */
static bool miss(const Context *context, const Asking *self, const char *sharing, const char *trouble, GError **error)
{
    bool done;
    g_autoptr(json_t) materials = json_pack("[s]", self->material), fields = facts_of(context, self, sharing);
    const SubjectInput input = { .seen = -1, .materials = materials, .fields = fields };
    const AskingMove to = { sharing, trouble, self->tries, 0, context->now };
    return asking_move(context, self, &to, &done, error) && (!done || case_act(context, self->case_number, MISS_PAPER, &input, NULL, error));
}

static bool drop(const Context *context, void *data, GError **error)
{
    bool done;
    Asking *self = data;
    const AskingMove to = { "dropped", "", self->tries, 0, context->now };
    return asking_move(context, self, &to, &done, error);
}

/* ---- claiming ---- */

static bool note(const Context *context, const Case *of, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, of);
    return security_write(context, &(SecurityEntry){ SECURITY_SHARED, .subject = subject, .purpose = "fetch_paper" }, error);
}

static bool prepare(const Context *context, Asking *self, const Case *of, GError **error)
{
    g_autofree char *name = asking_name(context->county, self->id);
    self->facts = source_facts(of->applicant_id, of->applicant, of->applicant_kind, of->applicant_representative, of->applicant_answers);
    self->body = source_body(context, &self->from, name, self->material, self->facts);
    self->secret = source_secret(context->db, context->county, &self->from, error);
    return self->secret && note(context, of, error);
}

/* May be run again, so it begins anew. */
static bool claim(const Context *context, void *data, GError **error)
{
    bool found, wanted = false;
    Asking *self = data;
    g_auto(Case) of = { 0 };
    asking_reset(self);
    record_clear(&source_record, &self->from);
    if (!subject_load(context->db, context->county, &source_kind, self->source, &self->from, error) || !load_case(context, self->case_number, &of, &found, error) ||
        (found && !wants(context, &of, self->material, &wanted, error)))
        return false;
    if (!wanted)
        return drop(context, self, error);
    if (self->from.state == SOURCE_ENDED)
        return miss(context, self, "ended", "", error);
    if (self->tries >= self->from.tries) /* an answer came that could never be kept */
        return miss(context, self, "away", "", error);
    const AskingMove to = { "waits", "", self->tries + 1, self->claimed_until = context->now + CLAIM_MS, 0 };
    return asking_move(context, self, &to, &self->is_claimed, error) && (!self->is_claimed || prepare(context, self, &of, error));
}

/* ---- what came of it ---- */

typedef struct Ending {
    Asking *of;
    enum asked asked;
    const char *trouble;
    const Upload *paper; /* NULL: it did not come */
} Ending;

static bool keep(const Context *context, const Ending *self, GError **error)
{
    bool done;
    const Asking *of = self->of;
    g_autoptr(json_t) fields = facts_of(context, of, NULL);
    const SubjectInput input = { .seen = -1, .material = of->material, .uploads = self->paper, .upload_count = 1, .fields = fields };
    const AskingMove to = { "came", "", of->tries, 0, context->now };
    return asking_move(context, of, &to, &done, error) && (!done || case_act(context, of->case_number, FETCH_PAPER, &input, NULL, error));
}

static bool later(const Context *context, const Ending *self, GError **error)
{
    bool done;
    size_t tries = (size_t)MAX(self->of->tries, 1);
    const AskingMove to = { "waits", self->trouble, self->of->tries,
                            context->now + wait_minutes[MIN(tries, G_N_ELEMENTS(wait_minutes)) - 1] * (Instant)MINUTE_MS, 0 };
    return asking_move(context, self->of, &to, &done, error);
}

/* Another may have taken the case over, or the number was corrected, while the source was asked. */
static bool is_of_applicant(const Case *of, const Asking *self)
{
    g_autoptr(json_t) facts = source_facts(of->applicant_id, of->applicant, of->applicant_kind, of->applicant_representative, of->applicant_answers);
    return json_equal(facts, self->facts);
}

static bool again(const Context *context, const Asking *self, GError **error)
{
    bool done;
    const AskingMove to = { "waits", "", self->tries, context->now, 0 };
    return asking_move(context, self, &to, &done, error);
}

static bool end(const Context *context, void *data, GError **error)
{
    static const char *const sharings[] = { [NONE_THERE] = "none", [DIFFERS] = "differs", [REFUSED_THERE] = "refused", [FAILED] = "away", [AWAY] = "away" };
    bool found, wanted = false;
    g_auto(Case) of = { 0 };
    const Ending *self = data;
    bool fails = self->asked == FAILED || self->asked == AWAY;
    if (!load_case(context, self->of->case_number, &of, &found, error) || (found && !wants(context, &of, self->of->material, &wanted, error)))
        return false;
    if (!wanted)
        return drop(context, self->of, error);
    if (!is_of_applicant(&of, self->of))
        return again(context, self->of, error);
    if (self->paper)
        return keep(context, self, error);
    if (fails && self->of->tries < self->of->from.tries)
        return later(context, self, error);
    return miss(context, self->of, sharings[self->asked], self->trouble, error);
}

/* An action that the case refuses, such as one that a higher organ has, is left; else the asking would begin again for ever. */
static bool write_end(Ending *self, GError **error)
{
    g_autoptr(GError) why = NULL;
    const SourceSite *site = self->of->site;
    if (site->write(site->writer, end, self, &why))
        return true;
    if (trouble_status(why) < FAULT)
        return site->write(site->writer, drop, self->of, error);
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool finish(Asker *self, Asking *of, int result, GError **error)
{
    Upload made = { 0 };
    g_autofree char *trouble = NULL;
    g_autoptr(json_t) lines = NULL;
    const Context *world = of->site->world;
    Ending ending = { of, asking_outcome(of, result, &lines, &trouble), NULL, NULL };
    g_autoptr(GBytes) paper = ending.asked == CAME ? asking_paper(of, world->county, self->clock(), lines, error) : NULL;
    ending.trouble = trouble;
    if (ending.asked == CAME && (!paper || !files_make(world->files, "shared.pdf", g_bytes_get_data(paper, NULL), g_bytes_get_size(paper), &made, error)))
        return false;
    ending.paper = paper ? &made : NULL;
    if (ending.asked == AWAY)
        g_hash_table_insert(self->away, g_strdup_printf("%" PRId64 "/%" PRId64, world->county, of->source), g_memdup2(&(Instant){ self->clock() + AWAY_MS }, sizeof(Instant)));
    bool ended = write_end(&ending, error);
    files_made_clear(&made);
    return ended;
}

/* ---- a round ---- */

static bool is_away(const Asker *self, int64_t county, int64_t source)
{
    g_autofree char *key = g_strdup_printf("%" PRId64 "/%" PRId64, county, source);
    const Instant *until = g_hash_table_lookup(self->away, key);
    return until && *until > self->clock();
}

static int64_t free_for(const Asker *self, const SourceSite *site, int64_t source)
{
    int64_t running = 0;
    for (guint i = 0; i < self->running->len; i++) {
        const Asking *each = self->running->pdata[i];
        running += each->site == site && each->source == source;
    }
    return is_away(self, site->world->county, source) ? 0 : MIN(OF_ONE - running, AT_ONCE - (int64_t)self->running->len);
}

static bool find_due(const Asker *self, const SourceSite *site, Db *db, GPtrArray *out, GError **error)
{
    size_t i;
    json_t *source;
    g_autoptr(json_t) sources = sources_all(db, site->world->county, error);
    json_array_foreach(sources, i, source) {
        int64_t number = json_number(source, "number"), most = free_for(self, site, number);
        g_autoptr(GPtrArray) due = most > 0 ? askings_due(db, site->world->county, number, self->clock(), most, error) : g_ptr_array_new();
        if (!due)
            return false;
        while (due->len)
            g_ptr_array_add(out, g_ptr_array_steal_index(due, 0));
    }
    return sources != NULL;
}

/* The handle tells whose it is. */
static void send_out(Asker *self, Asking *of)
{
    of->tries++;
    of->next_try = of->claimed_until;
    asking_call(of, of->site->world->county, self->clock());
    curl_easy_setopt(of->call.curl, CURLOPT_PRIVATE, of);
    curl_multi_add_handle(self->multi, of->call.curl);
    g_ptr_array_add(self->running, of);
}

static bool begin_due(Asker *self, const SourceSite *site, GError **error)
{
    bool well = true;
    g_autoptr(GPtrArray) due = g_ptr_array_new_with_free_func((GDestroyNotify)asking_free);
    Db *db = store_reader(site->store, error);
    bool read = db && find_due(self, site, db, due, error);
    store_return(site->store, db);
    while (read && well && due->len) {
        g_autoptr(Asking) of = g_ptr_array_steal_index(due, 0);
        of->site = site;
        well = site->write(site->writer, claim, of, error);
        if (well && of->is_claimed)
            send_out(self, g_steal_pointer(&of));
    }
    return read && well;
}

/* Goes on with what is under way; false with the first error of what ended. */
static bool go_on(Asker *self, int wait_ms, GError **error)
{
    int count;
    CURLMsg *message;
    bool well = true;
    curl_multi_perform(self->multi, &count);
    while ((message = curl_multi_info_read(self->multi, &count))) {
        char *private = NULL;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        Asking *of = (void *)private;
        curl_multi_remove_handle(self->multi, of->call.curl);
        well &= finish(self, of, (int)result, well ? error : NULL);
        g_ptr_array_remove_fast(self->running, of);
    }
    curl_multi_poll(self->multi, NULL, 0, wait_ms, NULL);
    return well;
}

bool asker_round(Asker *self, const SourceSite *site, GError **error)
{
    enum { STEP_MS = 100 };
    bool well = begin_due(self, site, error);
    while (self->running->len)
        well &= go_on(self, STEP_MS, well ? error : NULL);
    return well;
}

/* ---- the thread ---- */

Asker *asker_open(Instant (*clock)(void))
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Asker *self = g_new0(Asker, 1);
    *self = (Asker){ .clock = clock, .multi = curl_multi_init(), .running = g_ptr_array_new_with_free_func((GDestroyNotify)asking_free),
                     .away = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
    g_assert(self->multi); /* NULL only where there is no memory */
    return self;
}

static void look(Asker *self)
{
    for (size_t i = 0; i < self->count && !self->stops; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *what = g_strdup_printf("papers of %" PRId64, self->sites[i].world->county);
        begin_due(self, &self->sites[i], &error);
        warn_once(&self->failing[i], error, what, "cannot be asked for", "are asked for again");
    }
}

static void *work(void *data)
{
    Asker *self = data;
    int64_t next = 0;
    while (!self->stops) {
        g_autoptr(GError) error = NULL;
        int64_t now = g_get_monotonic_time();
        if (now >= next) {
            look(self);
            next = now + LOOK_MS * (int64_t)1000;
        }
        if (!go_on(self, LOOK_MS, &error))
            trouble_warn(error, "a paper that a source was asked for");
    }
    return NULL;
}

void asker_run(Asker *self, const SourceSite *sites, size_t count)
{
    self->sites = g_memdup2(sites, count * sizeof *sites);
    self->failing = g_new0(bool, count);
    self->count = count;
    if (pthread_create(&self->thread, NULL, work, self) != 0)
        g_error("no thread for the sources of papers");
    self->runs = true;
}

void asker_close(Asker *self)
{
    if (!self)
        return;
    self->stops = true;
    curl_multi_wakeup(self->multi);
    if (self->runs)
        pthread_join(self->thread, NULL);
    for (guint i = 0; i < self->running->len; i++)
        curl_multi_remove_handle(self->multi, ((Asking *)self->running->pdata[i])->call.curl);
    g_ptr_array_unref(self->running);
    g_hash_table_unref(self->away);
    curl_multi_cleanup(self->multi);
    g_free(self->sites);
    g_free(self->failing);
    g_free(self);
}
