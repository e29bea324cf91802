// SPDX-License-Identifier: Apache-2.0
/* The present rebuilt from the ledger, case by case in the order of their numbers, and held against what is kept. */
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/store.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 500, STEP = 4096 };

typedef struct Verifying {
    const Context *context;
    const Examination *told;
    const CaseWatch *watch;
    Case rebuilt;   /* from the events so far; number 0: none yet */
    bool is_broken; /* one of them was told already */
    GArray *kept;   /* the page of case_now under the finger */
    guint next;     /* in it */
    bool is_last;   /* there is no page after it */
    int64_t events, count;
} Verifying;

static bool tell(const Verifying *self, int64_t number, const char *reason, const char *detail, GError **error)
{
    g_autofree char *row = g_strdup_printf("%" PRId64, number);
    return examination_found(self->told, "case_now", row, reason, detail, error);
}

static bool tell_event(const Verifying *self, int64_t number, GError **error)
{
    g_autofree char *row = g_strdup_printf("%" PRId64, number);
    return examination_found(self->told, "event", row, "cases.found_event", "", error);
}

/* The next case kept; NULL after the last, or with *error set. */
static Case *next_kept(Verifying *self, GError **error)
{
    if (self->next == self->kept->len && !self->is_last) {
        int64_t after = self->kept->len ? g_array_index(self->kept, Case, self->kept->len - 1).number : 0;
        g_array_set_size(self->kept, 0);
        self->next = 0;
        if (!case_page_after(self->context->db, self->context->county, after, ROWS, self->kept, error))
            return NULL;
        self->is_last = self->kept->len < ROWS;
    }
    return self->next < self->kept->len ? &g_array_index(self->kept, Case, self->next) : NULL;
}

static bool compare(const Verifying *self, Case *kept, Case *rebuilt, GError **error)
{
    g_autoptr(GString) what = g_string_new(NULL);
    g_autofree char *kept_marks = marks_write(kept->marks, kept->mark_count);
    g_autofree char *made_marks = marks_write(rebuilt->marks, rebuilt->mark_count);
    record_write_change(&case_record, what, RECORD_PUBLIC_PART, rebuilt, kept);
    if (strcmp(kept_marks, made_marks) != 0)
        g_string_append_printf(what, " marks %s", kept_marks);
    if (kept->events != rebuilt->events)
        g_string_append_printf(what, " events %" PRId64, kept->events);
    g_autofree char *valid = g_utf8_make_valid(what->str, -1); /* what is damaged may be anything */
    return strcmp(valid, "{}") == 0 || tell(self, kept->number, "cases.found_differs", valid, error);
}

/* Cases kept before `number` have no events. */
static bool pass_over(Verifying *self, int64_t number, Case **kept, GError **error)
{
    g_autoptr(GError) failed = NULL;
    for (*kept = next_kept(self, &failed); *kept && (*kept)->number < number; *kept = next_kept(self, &failed)) {
        self->next++;
        if (!tell(self, (*kept)->number, "cases.found_without_events", "", error))
            return false;
    }
    if (!failed)
        return true;
    g_propagate_error(error, g_steal_pointer(&failed));
    return false;
}

/* All its events have been seen. */
static bool finish(Verifying *self, GError **error)
{
    Case *kept;
    if (!self->rebuilt.number)
        return true;
    if (!pass_over(self, self->rebuilt.number, &kept, error))
        return false;
    self->count++;
    if (!kept || kept->number > self->rebuilt.number)
        return tell(self, self->rebuilt.number, "cases.found_missing", "", error);
    self->next++;
    return self->is_broken || compare(self, kept, &self->rebuilt, error);
}

static bool turn_to(Verifying *self, int64_t number, GError **error)
{
    if (!finish(self, error))
        return false;
    case_clear(&self->rebuilt);
    record_init(&case_record, &self->rebuilt);
    self->rebuilt.number = number;
    self->is_broken = false;
    return true;
}

static enum case_action action_of(const Event *event)
{
    for (int i = 0; i < CASE_ACTIONS; i++)
        if (strcmp(case_rules[i].event, event->kind) == 0)
            return (enum case_action)i;
    return CASE_ACTIONS;
}

static bool apply(Case *made, const Event *event)
{
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    bool fits = made->events + 1 == event->sequence && record_apply(&case_record, RECORD_PUBLIC_PART, made, json_object_get(payload, "change")) &&
                marks_read(made, json_text(payload, "marks"));
    made->events = event->sequence;
    return fits;
}

static bool follow(const Verifying *self, Case *made, const Event *event)
{
    g_auto(Case) before = { 0 };
    if (!self->watch)
        return apply(made, event);
    record_copy(&case_record, made, &before);
    bool fits = apply(made, event);
    SubjectChange turn = { event->sequence == 1 ? NULL : &before, made, action_of(event), event->at };
    self->watch->see(self->watch->data, &turn);
    return fits;
}

static bool follow_event(const Event *event, void *data, GError **error)
{
    Verifying *self = data;
    int64_t number = strtoll(event->subject + strlen("case/"), NULL, 10);
    if (++self->events % STEP == 0)
        examination_went_on(self->told, STEP);
    if (number != self->rebuilt.number && !turn_to(self, number, error))
        return false;
    if (follow(self, &self->rebuilt, event))
        return true;
    self->is_broken = true;
    return tell_event(self, event->number, error);
}

bool case_verify(const Context *context, const Examination *told, const CaseWatch *watch, int64_t *count, GError **error)
{
    Case *none;
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(kept, (GDestroyNotify)case_clear);
    Verifying self = { .context = context, .told = told, .watch = watch, .kept = kept };
    bool done = ledger_walk_subjects(context->db, context->county, "case/", follow_event, &self, error) &&
                finish(&self, error) && pass_over(&self, INT64_MAX, &none, error);
    examination_went_on(told, self.events % STEP);
    case_clear(&self.rebuilt);
    *count = self.count;
    return done;
}
