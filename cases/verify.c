// SPDX-License-Identifier: Apache-2.0
/* The present rebuilt from the ledger, and held against what is kept. */
#include "cases/fields.h"
#include "cases/store.h"

#include <stdlib.h>
#include <string.h>

typedef struct Rebuilding {
    GHashTable *cases; /* number -> Case */
} Rebuilding;

static void free_case(void *made)
{
    case_clear(made);
    g_free(made);
}

static Case *case_of(Rebuilding *self, int64_t number)
{
    Case *made = g_hash_table_lookup(self->cases, &number);
    if (made)
        return made;
    made = g_new0(Case, 1);
    made->number = number;
    g_hash_table_insert(self->cases, &made->number, made);
    return made;
}

static bool follow_event(const Event *event, void *data, GError **error)
{
    if (!g_str_has_prefix(event->subject, "case/"))
        return true;
    Case *made = case_of(data, strtoll(event->subject + strlen("case/"), NULL, 10));
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    bool fits = made->events + 1 == event->sequence && members_apply(made, json_object_get(payload, "change")) &&
                marks_read(made, json_text(payload, "marks"));
    made->events = event->sequence;
    return fits || fault(error, "event %" PRId64 " does not follow for %s", event->number, event->subject);
}

static bool is_equal(Case *kept, Case *rebuilt, GError **error)
{
    g_autoptr(json_t) change = members_change(kept, rebuilt);
    g_autofree char *kept_marks = marks_write(kept->marks, kept->mark_count);
    g_autofree char *made_marks = marks_write(rebuilt->marks, rebuilt->mark_count);
    if (json_object_size(change) == 0 && strcmp(kept_marks, made_marks) == 0 && kept->events == rebuilt->events)
        return true;
    g_autofree char *what = json_canonical(change);
    return fault(error, "case %" PRId64 " is not what its events add up to: %s", kept->number, what);
}

enum { ROWS = 500 };

static bool compare_page(const Context *context, Rebuilding *self, int64_t *before, int64_t *count, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(rows, (GDestroyNotify)case_clear);
    if (!case_all_page(context->db, context->county, *before, ROWS, rows, error))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        Case *kept = &g_array_index(rows, Case, i), *rebuilt = g_hash_table_lookup(self->cases, &kept->number);
        if (!rebuilt)
            return fault(error, "case %" PRId64 " has no events", kept->number);
        if (!is_equal(kept, rebuilt, error))
            return false;
        g_hash_table_remove(self->cases, &kept->number);
        *before = kept->number;
        ++*count;
    }
    if (rows->len < ROWS)
        *before = 0;
    return true;
}

bool case_verify(const Context *context, int64_t *count, GError **error)
{
    int64_t before = INT64_MAX;
    g_autoptr(GHashTable) cases = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_case);
    Rebuilding self = { cases };
    *count = 0;
    if (!ledger_walk(context->db, context->county, follow_event, &self, error))
        return false;
    while (before)
        if (!compare_page(context, &self, &before, count, error))
            return false;
    return g_hash_table_size(cases) == 0 || fault(error, "%u cases of the ledger are not kept", g_hash_table_size(cases));
}
