// SPDX-License-Identifier: Apache-2.0
/* The file from its first line to its last: this thread reads and tells, the writer's thread lives the cases again, so
 * many at a time that some thousand share a commit. */
#include "load/room.h"
#include "load/store.h"
#include "view/view.h"

#include <pthread.h>
#include <string.h>

enum { AHEAD = 6000 }; /* cases read and not yet told */

static const Actor loader = { .kind = LOADER, .name = "" };

typedef struct Load {
    const LoadSettings *settings;
    const LoadShape *shape;
    char *source;
    Store *store;
    Context context;
    const char *name;        /* of the file, without its folders */
    char *hash;
    int64_t file;            /* its number; 0 while it is only judged */
    bool is_checking;
    GHashTable *lines;       /* old number -> line on which the case begins */
    GQueue *ahead;           /* of History, in the file's order */
    pthread_mutex_t lock;
    pthread_cond_t settled;
    LoadProgress progress;
    size_t line;             /* that this pass has come to */
    LoadCounts counts;
} Load;

/* ---- on the writer's thread ---- */

static bool is_new(const Context *context, Load *load, History *history, GError **error)
{
    int64_t file;
    char day[DAY_TEXT];
    if (!load_case_find(context, load->source, history_number(history), &history->number, &file, error))
        return false;
    history->was_there = history->number != 0;
    history->column = COLUMN_NUMBER;
    history->row = 0;
    if (!history->was_there || file == load->file)
        return true;
    g_autoptr(json_t) from = load_file_json(context, file, error);
    if (!from)
        return false;
    g_autofree char *number = subject_number_grouped(history->number);
    return refuse(error, CONFLICT, "load.there", "file", json_text(from, "name"), "number", number, "loaded_day",
                  day_text(day_of(json_number(from, "loaded_at")), day), "licence", load->settings->licences ? "yes" : "", NULL);
}

static bool live(Db *db, void *data, GError **error)
{
    History *history = data;
    Load *load = history->load;
    Context context = load->context;
    context.db = db;
    if (!is_new(&context, load, history, error))
        return false;
    if (history->was_there)
        return true;
    if (!load->shape->live(&context, history, load->context.now, error))
        return false;
    if (load->is_checking)
        return refuse(error, CONFLICT, "load.checked", NULL); /* good, and undone */
    return load_case_add(&context, load->source, history_number(history), history->number, load->file, error);
}

static void settle(void *data, const GError *error)
{
    History *history = data;
    Load *load = history->load;
    pthread_mutex_lock(&load->lock);
    history->error = error ? g_error_copy(error) : NULL;
    history->is_settled = true;
    pthread_cond_signal(&load->settled);
    pthread_mutex_unlock(&load->lock);
}

/* ---- telling, in the order of the file ---- */

static bool was_only_checked(const GError *error)
{
    g_autoptr(json_t) details = trouble_details(error);
    return strcmp(json_text(details, "reason"), "load.checked") == 0;
}

static void tell_faults(Load *self, const json_t *faults)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)faults, i, one) {
        self->counts.faults++;
        if (self->settings->told.fault)
            self->settings->told.fault(self->settings->told.data, one);
    }
}

static void tell_good(Load *self, const History *history)
{
    const LoadTold *told = &self->settings->told;
    self->counts.there += history->was_there;
    self->counts.cases += !history->was_there;
    self->counts.steps += history->was_there ? 0 : history->steps->len;
    if (!self->is_checking && told->numbered)
        told->numbered(told->data, history_number(history), history->number, history->code);
}

/* False on what is no fault of the file: then nothing more is begun. */
static bool tell(Load *self, History *history, GError **error)
{
    if (history->error && trouble_status(history->error) >= FAULT) {
        g_propagate_error(error, g_steal_pointer(&history->error));
        return false;
    }
    if (history->error && !was_only_checked(history->error))
        history_fault(history, history->row, history->column, g_steal_pointer(&history->error));
    tell_faults(self, history->faults);
    self->counts.faulty += json_array_size(history->faults) > 0;
    if (!json_array_size(history->faults))
        tell_good(self, history);
    self->progress.cases++;
    if (self->settings->told.went_on)
        self->settings->told.went_on(self->settings->told.data, &self->progress);
    return true;
}

/* The first of those ahead, when it has been settled; waits for it when there are more than `most`. */
static History *next_settled(Load *self, guint most)
{
    History *first = g_queue_peek_head(self->ahead);
    if (!first)
        return NULL;
    pthread_mutex_lock(&self->lock);
    while (!first->is_settled && g_queue_get_length(self->ahead) > most)
        pthread_cond_wait(&self->settled, &self->lock);
    bool settled = first->is_settled;
    pthread_mutex_unlock(&self->lock);
    return settled ? g_queue_pop_head(self->ahead) : NULL;
}

static bool tell_settled(Load *self, guint most, GError **error)
{
    for (History *next = next_settled(self, most); next; next = next_settled(self, most)) {
        g_autoptr(History) history = next;
        if (!tell(self, history, error))
            return false;
    }
    return true;
}

/* ---- reading ---- */

/* The rows of a case stand together, so a number that comes again is a second case. */
static void check_twice(Load *self, History *history)
{
    const LoadRow *first = &g_array_index(history->rows, LoadRow, 0);
    gpointer line = g_hash_table_lookup(self->lines, history_number(history));
    if (!line || !*history_number(history)) {
        g_hash_table_insert(self->lines, g_strdup(history_number(history)), GSIZE_TO_POINTER(first->line));
        return;
    }
    GError *why = NULL;
    g_autofree char *before = g_strdup_printf("%zu", GPOINTER_TO_SIZE(line));
    refuse(&why, CONFLICT, "load.twice", "first_line", before, NULL);
    history_fault(history, 0, COLUMN_NUMBER, why);
}

static bool take(History *history, void *data, GError **error)
{
    Load *self = data;
    history->load = self;
    size_t line = g_array_index(history->rows, LoadRow, history->rows->len - 1).line;
    self->progress.done += line - self->line;
    self->line = line;
    self->shape->judge(history, self->context.county, self->context.calendar, self->context.now);
    check_twice(self, history);
    history->is_settled = json_array_size(history->faults) > 0;
    history->loaded = json_pack("{s:s, s:s, s:s}", "file", self->name, "sha256", self->hash, "number", history_number(history));
    g_queue_push_tail(self->ahead, history);
    if (!history->is_settled)
        store_submit(self->store, live, history, settle);
    return tell_settled(self, AHEAD, error);
}

/* After trouble: what is under way ends, untold. */
static void drain(Load *self)
{
    for (History *next = next_settled(self, 0); next; next = next_settled(self, 0))
        history_free(next);
}

/* The fault that makes the rest of the file unreadable is told like that of a case, after those before it. */
static bool tell_end(Load *self, GError *why, GError **error)
{
    g_autoptr(GError) owned = why;
    if (trouble_status(why) >= FAULT)
        return g_propagate_error(error, g_steal_pointer(&owned)), false;
    if (!tell_settled(self, 0, error))
        return false;
    g_autoptr(json_t) details = trouble_details(why), faults = json_array();
    json_object_set_new(details, "line", json_integer(g_ascii_strtoll(json_text(details, "line"), NULL, 10)));
    json_array_append(faults, details);
    tell_faults(self, faults);
    return true;
}

static bool read_through(Load *self, const char *bytes, size_t length, GError **error)
{
    GError *why = NULL;
    g_hash_table_remove_all(self->lines);
    self->counts = (LoadCounts){ 0 };
    self->line = 0;
    self->progress.cases = 0;
    self->progress.checking = self->is_checking;
    bool told = load_read(self->shape, bytes, length, take, self, &why) ? tell_settled(self, 0, error) : tell_end(self, why, error);
    drain(self);
    return told;
}

/* ---- the ledger says that a file was loaded ---- */

static bool append(const Context *context, const Load *self, const char *kind, json_t *facts, GError **error)
{
    g_autofree char *subject = g_strdup_printf("load/%" PRId64, self->file);
    return ledger_record(context, (Event){ .subject = subject, .kind = kind }, json_pack("{s:o}", "facts", facts), error);
}

static bool find_file(Db *db, void *data, GError **error)
{
    Load *self = data;
    Context context = self->context;
    context.db = db;
    if (!load_file_find(&context, self->source, self->hash, &self->file, error))
        return false;
    if (self->file || self->is_checking)
        return true;
    return load_file_add(&context, self->source, self->name, self->hash, &self->file, error) &&
           append(&context, self, "load.begun", json_pack("{s:s, s:s, s:s}", "file", self->name, "sha256", self->hash, "source",
                                                          self->source), error);
}

static bool end_file(Db *db, void *data, GError **error)
{
    Load *self = data;
    Context context = self->context;
    context.db = db;
    return append(&context, self, "load.ended", json_pack("{s:I, s:I, s:I, s:I}", self->settings->licences ? "licences" : "cases", self->counts.cases, "steps",
                  self->counts.steps, "there", self->counts.there, "left_out", self->counts.faulty), error);
}

/* ---- the whole ---- */

static bool pass(Load *self, bool checking, const char *bytes, size_t length, GError **error)
{
    self->is_checking = checking;
    return store_write(self->store, find_file, self, error) && read_through(self, bytes, length, error) &&
           (checking || !self->counts.cases || store_write(self->store, end_file, self, error));
}

static bool judge_outcome(const LoadCounts *counts, bool any_good, GError **error)
{
    g_autofree char *faults = view_number(counts->faults), *faulty = counts->faulty ? view_number(counts->faulty) : g_strdup("");
    g_autofree char *there = view_number(counts->there), *cases = counts->cases ? view_number(counts->cases) : g_strdup("");
    if (counts->faults)
        return refuse(error, NOT_FITTING, "load.wrong", "faults", faults, "cases", cases, "faulty", faulty,
                      "one", counts->faults == 1 ? "yes" : "", "good", any_good ? "yes" : "", NULL);
    if (counts->there && !counts->cases)
        return refuse(error, CONFLICT, "load.again", "there", there, NULL);
    return counts->cases || refuse(error, NOT_FITTING, "load.empty", NULL);
}

static size_t lines_in(const char *text, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

static bool run(Load *self, const char *bytes, size_t length, GError **error)
{
    bool judges = !self->settings->rest || self->settings->checks;
    g_autofree char *made = NULL;
    self->hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
    if (self->settings->sheet && !(made = workbook_as_text(bytes, length, self->settings->sheet, &length, error)))
        return false;
    bytes = made ? made : bytes;
    self->progress.all = lines_in(bytes, length) * (judges && !self->settings->checks ? 2 : 1);
    if (judges && !pass(self, true, bytes, length, error))
        return false;
    if (!self->settings->checks && !self->counts.faults && !pass(self, false, bytes, length, error))
        return false;
    LoadCounts kept = self->counts;
    if (judges && self->counts.faults) /* good ones among them were not kept */
        kept.cases = kept.steps = 0;
    return judge_outcome(&kept, self->counts.cases > 0, error);
}

bool load_file(Store *store, const Context *world, Instant now, const LoadSettings *settings, LoadCounts *out, GError **error)
{
    g_autoptr(GError) why = NULL;
    *out = (LoadCounts){ 0 };
    GMappedFile *file = g_mapped_file_new(settings->file, FALSE, &why);
    if (!file)
        return refuse(error, NOT_FOUND, "load.no_file", "file", settings->file, NULL);
    g_autofree char *name = g_filename_display_basename(settings->file);
    const LoadShape *shape = settings->licences ? &load_of_licences : &load_of_cases;
    g_autofree char *source = g_strconcat(shape->source, settings->source, NULL);
    Load self = { .settings = settings, .shape = shape, .source = source, .store = store, .context = *world, .name = name,
                  .lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), .ahead = g_queue_new(),
                  .lock = PTHREAD_MUTEX_INITIALIZER, .settled = PTHREAD_COND_INITIALIZER };
    self.context.actor = &loader;
    self.context.now = now;
    const char *bytes = g_mapped_file_get_contents(file);
    bool done = run(&self, bytes ? bytes : "", g_mapped_file_get_length(file), error);
    *out = self.counts;
    g_free(self.hash);
    g_hash_table_unref(self.lines);
    g_queue_free(self.ahead);
    g_mapped_file_unref(file);
    return done;
}
