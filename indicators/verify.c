// SPDX-License-Identifier: Apache-2.0
/* The counters made anew from the ledger, and held against what is kept. */
#include "indicators/indicators.h"
#include "indicators/store.h"

#include <string.h>

typedef struct Recount {
    const Context *context;
    const VerifyReport *told;
    GHashTable *counters; /* of Counter, by its key */
} Recount;

static bool add(void *data, const Counter *change, GError **error)
{
    Recount *self = data;
    (void)error;
    Counter *counter = g_hash_table_lookup(self->counters, &change->key);
    if (!counter) {
        counter = g_new0(Counter, 1);
        counter->key = change->key;
        g_hash_table_insert(self->counters, &counter->key, counter);
    }
    for (int i = 0; i < CASE_MEASURES; i++)
        counter->sums[i] += change->sums[i];
    return true;
}

static void see(void *data, const SubjectChange *change)
{
    counter_changes(change, add, data, NULL);
}

static bool tell(const Recount *self, const CounterKey *key, const char *reason, const char *detail, GError **error)
{
    g_autofree char *item = g_utf8_make_valid(key->item, -1);
    g_autofree char *row = g_strdup_printf("%s %" PRId64 " %" PRId64 " %" PRId64 " %s %s %" PRId64, key->grain < GRAINS ? grain_names[key->grain] : "?",
                                           key->start, key->division, key->organ, item,
                                           (unsigned)key->channel <= ONLINE ? channel_names[key->channel] : "?", key->hour);
    return report_difference(self->told, "counter", row, reason, detail, error);
}

/* What two rows differ in: "accepted 3, not 4"; "" when in nothing. Owned by the caller. */
static char *differences(const Counter *kept, const Counter *made)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < CASE_MEASURES; i++)
        if (kept->sums[i] != made->sums[i])
            g_string_append_printf(out, "%s%s %" PRId64 " ≠ %" PRId64, out->len ? ", " : "", case_measure_names[i],
                                   kept->sums[i], made->sums[i]);
    return g_string_free(out, FALSE);
}

static bool is_nothing(const Counter *counter)
{
    for (int i = 0; i < CASE_MEASURES; i++)
        if (counter->sums[i])
            return false;
    return true;
}

static bool compare(void *data, const Counter *kept, GError **error)
{
    const Recount *self = data;
    Counter *made = g_hash_table_lookup(self->counters, &kept->key);
    if (!made)
        return tell(self, &kept->key, "indicators.found_too_many", "", error);
    g_autofree char *differ = differences(kept, made);
    memset(made->sums, 0, sizeof made->sums); /* what remains was not kept */
    return !*differ || tell(self, &kept->key, "indicators.found_differs", differ, error);
}

static bool tell_missing(const Recount *self, GError **error)
{
    GHashTableIter each;
    void *counter;
    for (g_hash_table_iter_init(&each, self->counters); g_hash_table_iter_next(&each, NULL, &counter);)
        if (!is_nothing(counter) && !tell(self, &((Counter *)counter)->key, "indicators.found_missing", "", error))
            return false;
    return true;
}

bool indicators_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    g_autoptr(GHashTable) counters = g_hash_table_new_full(counter_hash, counter_equal, NULL, g_free);
    Recount self = { context, told, counters };
    const SubjectWatch watch = { see, &self };
    return subject_verify(context, &case_kind, told, &watch, count, error) && counter_walk(context->db, context->county, compare, &self, error) &&
           tell_missing(&self, error);
}
