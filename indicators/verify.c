// SPDX-License-Identifier: Apache-2.0
/* The counters made anew from the ledger: held against those that are kept, or put in their place. */
#include "indicators/indicators.h"
#include "indicators/store.h"

#include <string.h>

typedef struct Recount {
    const Context *context;
    const VerifyReport *told;
    const Measures *only;  /* NULL: all measures are counted */
    GHashTable *counters;  /* of Counter, by its key */
} Recount;

/* ---- counting ---- */

static bool add(void *data, const Counter *change, GError **error)
{
    Recount *self = data;
    (void)error;
    if (self->only && change->key.of != self->only)
        return true;
    Counter *counter = g_hash_table_lookup(self->counters, &change->key);
    if (!counter) {
        counter = g_new0(Counter, 1);
        counter->key = change->key;
        g_hash_table_insert(self->counters, &counter->key, counter);
    }
    for (int i = 0; i < MEASURES_MOST; i++)
        counter->sums[i] += change->sums[i];
    return true;
}

static void see(void *data, const SubjectChange *change)
{
    counter_changes(((const Recount *)data)->context->rooms, change, add, data, NULL);
}

static void *begin(const Context *context)
{
    Recount *self = g_new(Recount, 1);
    *self = (Recount){ .context = context, .counters = g_hash_table_new_full(counter_hash, counter_equal, NULL, g_free) };
    return self;
}

static void end(void *data)
{
    g_hash_table_unref(((Recount *)data)->counters);
    g_free(data);
}

/* ---- comparing ---- */

static void append_number(GString *out, const char *name, int64_t number)
{
    if (number)
        g_string_append_printf(out, " %s %" PRId64, name, number);
}

static void append_text(GString *out, const char *name, const char *text)
{
    if (*text)
        g_string_append_printf(out, " %s %s", name, text);
}

static bool tell(const Recount *self, const CounterKey *key, const char *measure, const char *reason, const char *detail, GError **error)
{
    char start[DAY_TEXT];
    g_autoptr(GString) named = g_string_new(measure);
    g_string_append_printf(named, "%s%s %s", measure ? " " : "", key->grain < GRAINS ? grain_names[key->grain] : "?", day_text((Day)key->start, start));
    append_number(named, "division", key->division);
    append_number(named, "organ", key->organ);
    append_text(named, "item", key->item);
    append_text(named, "channel", key->channel);
    append_number(named, "hour", key->hour);
    g_autofree char *row = g_utf8_make_valid(named->str, -1);
    return report_difference(self->told, measure ? "measured" : "counter", row, reason, detail, error);
}

/* In which sums two rows differ: "accepted 3 ≠ 4"; "" when in none. What was compared is 0 in `made` afterwards. Owned by the
 * caller. */
static char *differences(const Counter *kept, Counter *made, const char *measure)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; made->key.of->names[i]; i++) {
        const char *name = made->key.of->names[i];
        if (measure && strcmp(measure, name) != 0)
            continue;
        if (kept->sums[i] != made->sums[i])
            g_string_append_printf(out, "%s%s %" PRId64 " ≠ %" PRId64, out->len ? ", " : "", name, kept->sums[i], made->sums[i]);
        made->sums[i] = 0;
    }
    return g_string_free(out, FALSE);
}

static bool compare_row(void *data, const Counter *kept, const char *measure, GError **error)
{
    const Recount *self = data;
    Counter *made = g_hash_table_lookup(self->counters, &kept->key);
    if (!made)
        return tell(self, &kept->key, measure, "indicators.found_too_many", "", error);
    g_autofree char *differ = differences(kept, made, measure);
    return !*differ || tell(self, &kept->key, measure, "indicators.found_differs", differ, error);
}

static bool tell_missing(const Recount *self, const Counter *counter, GError **error)
{
    const Measures *of = counter->key.of;
    for (int i = 0; of->names[i]; i++) {
        if (!counter->sums[i])
            continue;
        if (counter_is_wide(of))
            return tell(self, &counter->key, NULL, "indicators.found_missing", "", error);
        if (!tell(self, &counter->key, of->names[i], "indicators.found_missing", "", error))
            return false;
    }
    return true;
}

static bool compare(void *data, const VerifyReport *told, GError **error)
{
    GHashTableIter each;
    void *counter;
    Recount *self = data;
    self->told = told;
    if (!counter_walk(self->context, compare_row, self, error))
        return false;
    for (g_hash_table_iter_init(&each, self->counters); g_hash_table_iter_next(&each, NULL, &counter);)
        if (!tell_missing(self, counter, error))
            return false;
    return true;
}

const SubjectRecount indicators_recount = { begin, see, compare, end };

/* ---- settling ---- */

static void ignore_found(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)data, (void)table, (void)row, (void)reason, (void)detail;
}

static void ignore_progress(void *data, int64_t more)
{
    (void)data, (void)more;
}

/* The names under which it is noted that measures have been counted: of cases one, which changes when the rule does. */
static const char *const *marks_of(const Measures *of)
{
    static const char *const of_cases[] = { "cases.in_working_days", NULL };
    return counter_is_wide(of) ? of_cases : of->names;
}

static bool write_all(const Recount *self, GError **error)
{
    GHashTableIter each;
    void *counter;
    bool is_wide = counter_is_wide(self->only);
    if (!counter_flush(self->context, error) || (is_wide && !counter_forget_cases(self->context, error)))
        return false;
    for (const char *const *mark = marks_of(self->only); *mark; mark++)
        if (!measure_begin(self->context, *mark, error))
            return false;
    for (g_hash_table_iter_init(&each, self->counters); g_hash_table_iter_next(&each, NULL, &counter);)
        if (!counter_add(self->context->db, self->context->county, counter, error))
            return false;
    return true;
}

static bool count_anew(const Context *context, const Measures *of, GError **error)
{
    int64_t count;
    const VerifyReport unheard = { ignore_found, ignore_progress, NULL };
    Recount *self = begin(context);
    self->only = of;
    const SubjectWatch watch = { see, self };
    bool done = subject_verify(context, of->kind, &unheard, &watch, &count, error) && write_all(self, error);
    end(self);
    return done;
}

/* Measures that an older program did not know are counted from the ledger's first event on. */
static bool settle_measures(const Context *context, const Measures *of, GError **error)
{
    bool is_counted = true;
    for (const char *const *mark = marks_of(of); is_counted && *mark; mark++)
        if (!measure_is_counted(context, *mark, &is_counted, error))
            return false;
    return is_counted || count_anew(context, of, error);
}

bool indicators_settle(const Context *context, GError **error)
{
    for (const Room *const *room = context->rooms; *room; room++)
        for (const Measures *of = (*room)->measures; of && of->names; of++)
            if (!settle_measures(context, of, error))
                return false;
    return true;
}
