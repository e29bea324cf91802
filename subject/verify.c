// SPDX-License-Identifier: Apache-2.0
/* The present of every subject of a kind rebuilt from the ledger, subject after subject in the order of their numbers, and
 * held against the rows that are kept. */
#include "subject/private.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 4096 };

typedef struct Verifying {
    const Context *context;
    const SubjectKind *kind;
    const VerifyReport *told;
    const SubjectWatch *watch;
    char *rebuilt;    /* record of the subject at hand, from its events so far */
    int64_t number;   /* of it; 0: none yet */
    int64_t lost;     /* sequence of its last event whose private part is missing; 0: none */
    int64_t erased;   /* sequence of its last event that erased; 0: none */
    bool tells_person; /* one of its events has a private part */
    char *hash;       /* of the last private part that the row itself is; NULL: none, or erased */
    bool is_broken;   /* one of its events was told already */
    RecordWalk walk;  /* through the rows that are kept */
    const void *row;  /* the next of them; NULL behind the last */
    int64_t events, subjects;
} Verifying;

static bool tell_of(const Verifying *self, const char *table, int64_t number, const char *found, const char *detail, GError **error)
{
    g_autofree char *row = g_strdup_printf("%" PRId64, number), *reason = g_strdup_printf("%s.%s", self->kind->words, found);
    return report_difference(self->told, table, row, reason, detail, error);
}

static bool tell(const Verifying *self, int64_t number, const char *found, const char *detail, GError **error)
{
    return tell_of(self, self->kind->record->table, number, found, detail, error);
}

/* ---- rows that are kept ---- */

/* A damaged row is read as far as it can be: comparing it tells what is wrong. */
static bool go_on(Verifying *self, GError **error)
{
    self->row = record_next(&self->walk, error);
    return !self->walk.failed;
}

/* Rows before `number` have no events, and are drafts, whose rows the table's sum guards alone. */
static bool pass_over(Verifying *self, int64_t number, GError **error)
{
    while (self->row && subject_number(self->kind, self->row) < number) {
        bool draft = subject_is_draft(self->kind, self->row);
        self->subjects += draft;
        if ((!draft && !tell(self, subject_number(self->kind, self->row), "found_without_events", "", error)) || !go_on(self, error))
            return false;
    }
    return true;
}

/* ---- comparing ---- */

static void append_trail(const Record *record, GString *what, const void *kept, const void *rebuilt)
{
    if (!record->trail)
        return;
    g_autofree char *in_row = record->trail->write(NULL, kept), *in_events = record->trail->write(NULL, rebuilt);
    if (strcmp(in_row, in_events) != 0)
        g_string_append_printf(what, " %s %s", record->trail->name, in_row);
}

/* The row tells of a person what the last hash binds, or, where an older program bound nothing, what is adopted. */
static bool take_person(const Verifying *self)
{
    const Record *record = self->kind->record;
    if (!self->tells_person)
        record_take(record, self->row, self->rebuilt, RECORD_ADOPTED, self->erased ? RECORD_PERSONAL : 0);
    if (!self->hash)
        return true;
    g_autofree char *found = private_row_hash(record, self->row);
    if (g_strcmp0(found, self->hash) != 0)
        return false;
    record_take(record, self->row, self->rebuilt, RECORD_PERSONAL, RECORD_UNRECORDED);
    return true;
}

static bool compare(const Verifying *self, GError **error)
{
    const void *kept = self->row;
    const Record *record = self->kind->record;
    g_autoptr(GString) what = g_string_new(NULL);
    bool is_bound = take_person(self) && !self->walk.is_damaged;
    for (enum record_part part = RECORD_PUBLIC_PART; part <= RECORD_PRIVATE_PART; part++) {
        gsize before = what->len;
        if (!record_write_change(record, what, part, self->rebuilt, kept))
            g_string_truncate(what, before); /* of "{}" */
    }
    append_trail(record, what, kept, self->rebuilt);
    if (subject_member(kept, self->kind->events) != subject_member(self->rebuilt, self->kind->events))
        g_string_append_printf(what, " events %" PRId64, subject_member(kept, self->kind->events));
    g_autofree char *valid = g_utf8_make_valid(what->str, -1); /* damaged texts may be any bytes */
    if (what->len)
        return tell(self, subject_number(self->kind, kept), "found_differs", valid, error);
    return is_bound || tell(self, subject_number(self->kind, kept), "found_private", "", error);
}

/* Every event of the subject has been seen. */
static bool finish(Verifying *self, GError **error)
{
    if (!self->number)
        return true;
    if (!pass_over(self, self->number, error))
        return false;
    self->subjects++;
    if (!self->row || subject_number(self->kind, self->row) > self->number)
        return tell(self, self->number, "found_missing", "", error);
    if (self->lost > self->erased && !tell(self, self->number, "found_private", "", error))
        return false;
    return (self->is_broken || compare(self, error)) && go_on(self, error);
}

/* ---- folding ---- */

static bool turn_to(Verifying *self, int64_t number, GError **error)
{
    if (!finish(self, error))
        return false;
    if (self->number)
        record_clear(self->kind->record, self->rebuilt);
    record_init(self->kind->record, self->rebuilt);
    self->number = number;
    self->lost = self->erased = 0;
    self->is_broken = self->tells_person = false;
    g_clear_pointer(&self->hash, g_free);
    return true;
}

/* The private part must be the text whose hash the event holds; one that is missing was erased by a later event, or is lost. */
static bool apply_private(Verifying *self, const Event *event, const char *hash, bool *fits, GError **error)
{
    g_autofree char *text = NULL;
    if (!private_read(self->context->db, self->context->county, event->subject, event->sequence, &text, error))
        return false;
    g_autofree char *found = text ? hash_text(text) : NULL;
    g_autoptr(json_t) content = found && strcmp(found, hash) == 0 ? json_loads(text, 0, NULL) : NULL;
    if (!text)
        self->lost = event->sequence;
    *fits = !text || record_apply(self->kind->record, RECORD_PRIVATE_PART, self->rebuilt, json_object_get(content, "change"));
    *fits &= !text || content;
    return true;
}

static bool apply(Verifying *self, const Event *event, bool *fits, GError **error)
{
    const Record *record = self->kind->record;
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    int64_t *events = (int64_t *)(void *)(self->rebuilt + self->kind->events);
    const char *hash = json_string_value(json_object_get(payload, "private"));
    *fits = *events + 1 == event->sequence && record_apply(record, RECORD_PUBLIC_PART, self->rebuilt, json_object_get(payload, "change")) &&
            (!record->trail || record->trail->read(self->rebuilt, json_text(payload, record->trail->name)));
    *events = event->sequence;
    if (strcmp(event->kind, LEDGER_ERASED) == 0) {
        self->erased = event->sequence;
        record_forget(record, self->rebuilt);
        g_clear_pointer(&self->hash, g_free);
    }
    self->tells_person |= hash != NULL;
    if (hash && record->nonce)
        record_set(&self->hash, hash);
    return !*fits || !hash || record->nonce || apply_private(self, event, hash, fits, error);
}

/* A document that the event wrote says what the subject was then. Rows that are not there are told by their number. */
static bool compare_document(const Verifying *self, const Event *event, const json_t *facts, const char *code, GError **error)
{
    g_autoptr(GError) damaged = NULL;
    g_autoptr(json_t) content = NULL;
    const Context *context = self->context;
    bool is_kept = self->row && subject_number(self->kind, self->row) == self->number;
    if (!*code || (files_document_content(context->db, context->county, code, &content, &damaged) && !content))
        return true;
    const char *differs = content ? self->kind->differs(self->rebuilt, is_kept ? self->row : self->rebuilt, event, facts, content) : "";
    g_autofree char *reason = g_strconcat(self->kind->words, ".found_document", NULL);
    return !differs || report_difference(self->told, "document", code, reason, differs, error);
}

static bool compare_documents(const Verifying *self, const Event *event, GError **error)
{
    size_t length;
    if (!self->kind->differs)
        return true;
    const char *text = json_member(event->payload, "facts", &length);
    g_autoptr(json_t) facts = text ? json_loadb(text, length, 0, NULL) : NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(subject_papers); i++)
        if (!compare_document(self, event, facts, json_text(json_object_get(facts, subject_papers[i]), "code"), error))
            return false;
    return true;
}

static bool follow(Verifying *self, const Event *event, bool *fits, GError **error)
{
    const Record *record = self->kind->record;
    if (!self->watch)
        return apply(self, event, fits, error);
    g_autofree char *before = g_malloc(record->size);
    record_copy(record, self->rebuilt, before);
    bool applied = apply(self, event, fits, error);
    SubjectChange change = { event, self->kind, subject_rule_of(self->kind, event), event->sequence == 1 ? NULL : before, self->rebuilt };
    if (applied)
        self->watch->see(self->watch->data, &change);
    record_clear(record, before);
    return applied;
}

static bool follow_event(const Event *event, void *data, GError **error)
{
    Verifying *self = data;
    bool fits;
    int64_t number = strtoll(event->subject + strlen(self->kind->name) + 1, NULL, 10);
    if (++self->events % STEP == 0)
        report_progress(self->told, STEP);
    if ((number != self->number && !turn_to(self, number, error)) || !follow(self, event, &fits, error))
        return false;
    self->is_broken |= !fits;
    return fits ? compare_documents(self, event, error) : tell_of(self, "event", event->number, "found_event", "", error);
}

bool subject_verify(const Context *context, const SubjectKind *kind, const VerifyReport *told, const SubjectWatch *watch,
                    int64_t *count, GError **error)
{
    g_autofree char *rebuilt = g_malloc(kind->record->size), *beginning = g_strdup_printf("%s/", kind->name);
    Verifying self = { .context = context, .kind = kind, .told = told, .watch = watch, .rebuilt = rebuilt,
                       .walk = { .db = context->db, .county = context->county, .record = kind->record } };
    bool done = go_on(&self, error) && ledger_walk_subjects(context->db, context->county, beginning, follow_event, &self, error) &&
                finish(&self, error) && pass_over(&self, INT64_MAX, error);
    report_progress(told, self.events % STEP);
    g_free(self.hash);
    if (self.number)
        record_clear(kind->record, rebuilt);
    record_walk_end(&self.walk);
    *count = self.subjects;
    return done;
}

/* ---- all kinds ---- */

/* A room that watches, and its state. */
typedef struct Watched {
    const SubjectRecount *recount; /* NULL behind the last */
    void *data;
} Watched;

static void end_watch(void *watched)
{
    Watched *self = watched;
    self->recount->end(self->data);
}

static GArray *begin_watches(const Context *context)
{
    GArray *all = g_array_new(TRUE, TRUE, sizeof(Watched));
    g_array_set_clear_func(all, end_watch);
    for (const Room *const *room = context->rooms; *room; room++)
        if ((*room)->recount)
            g_array_append_val(all, ((Watched){ (*room)->recount, (*room)->recount->begin(context) }));
    return all;
}

static void see_all(void *data, const SubjectChange *change)
{
    for (const Watched *each = data; each->recount; each++)
        each->recount->see(each->data, change);
}

static bool compare_all(const GArray *watches, const VerifyReport *told, GError **error)
{
    for (const Watched *each = (const void *)watches->data; each->recount; each++)
        if (!each->recount->compare(each->data, told, error))
            return false;
    return true;
}

bool subject_verify_all(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    g_autoptr(GArray) watches = begin_watches(context);
    const SubjectWatch watch = { see_all, watches->data };
    *count = 0;
    for (const Room *const *room = context->rooms; *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++) {
            int64_t subjects;
            if (!subject_verify(context, *kind, told, &watch, &subjects, error) || !subject_verify_sought(context, *kind, told, error))
                return false;
            *count += subjects;
        }
    return compare_all(watches, told, error);
}
