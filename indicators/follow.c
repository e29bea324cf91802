// SPDX-License-Identifier: Apache-2.0
/* Counting as cases go on: a transaction's sums are kept in its memory and written down once, before it ends. */
#include "indicators/indicators.h"
#include "indicators/store.h"

#include <stdlib.h>

enum { PLACES = 8192 /* a power of two */, COUNTERS = 6000 };

/* Where a key was last put is only a guess: after an undoing it may be wrong, and a counter may then stand twice, which
 * adds up to the same. */
typedef struct Tally {
    unsigned count;
    uint16_t guess[PLACES];
    Counter counters[COUNTERS];
} Tally;

static int in_order(const void *a, const void *b)
{
    const CounterKey *x = a, *y = b;
    int64_t differences[] = { (int64_t)x->grain - (int64_t)y->grain, x->start - y->start, x->division - y->division,
                              x->organ - y->organ, g_strcmp0(x->item, y->item), (int64_t)x->channel - (int64_t)y->channel,
                              x->hour - y->hour };
    for (size_t i = 0; i < G_N_ELEMENTS(differences); i++)
        if (differences[i])
            return differences[i] < 0 ? -1 : 1;
    return 0;
}

static bool write_all(Db *db, int64_t county, Counter *counters, unsigned count, GError **error)
{
    qsort(counters, count, sizeof *counters, in_order);
    for (unsigned i = 0; i < count; i++)
        if (!counter_add(db, county, &counters[i], error))
            return false;
    return true;
}

static bool settle(Db *db, int64_t county, const void *memory, GError **error)
{
    Tally *self = (Tally *)(uintptr_t)memory;
    return write_all(db, county, self->counters, self->count, error);
}

typedef struct Counting {
    const Context *context;
    Tally *tally;
} Counting;

static Counter *place_for(Tally *self, const CounterKey *key)
{
    uint16_t *guess = &self->guess[counter_hash(key) % PLACES];
    if (*guess < self->count && counter_equal(&self->counters[*guess].key, key))
        return &self->counters[*guess];
    *guess = (uint16_t)self->count;
    Counter *made = &self->counters[self->count++];
    *made = (Counter){ .key = *key };
    return made;
}

static bool add(void *data, const Counter *change, GError **error)
{
    const Counting *self = data;
    Tally *tally = self->tally;
    if (tally->count == COUNTERS) {
        if (!write_all(self->context->db, self->context->county, tally->counters, tally->count, error))
            return false;
        tally->count = 0;
    }
    Counter *counter = place_for(tally, &change->key);
    for (int i = 0; i < CASE_MEASURES; i++)
        counter->sums[i] += change->sums[i];
    return true;
}

bool indicators_follow(const Context *context, const SubjectChange *change, GError **error)
{
    bool fresh;
    const Case *after = change->after;
    if (change->kind != &case_kind || !after->accepted_on)
        return true;
    Counting self = { context, db_transaction_state(context->db, context->county, settle, sizeof(Tally), &fresh) };
    if (!self.tally)
        return fault(error, "counters grow in writes only");
    bool counted = counter_changes(change, add, &self, error);
    db_transaction_state_used(context->db, context->county, settle, offsetof(Tally, counters) + self.tally->count * sizeof(Counter));
    return counted;
}
