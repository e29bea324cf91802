// SPDX-License-Identifier: Apache-2.0
/* Counting as changes happen: a transaction's sums are kept in its memory and written once, before it ends. */
#include "indicators/indicators.h"
#include "indicators/store.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 8192 /* a power of two */, COUNTERS = 6000 };

typedef struct Entry {
    Counter counter;
    uint16_t next; /* as Tally.first */
} Entry;

/* A table of chains without pointers, so that copying its bytes back undoes what a work has counted. */
typedef struct Tally {
    unsigned count;
    uint16_t first[BUCKETS]; /* one more than the index of the newest entry; 0: none */
    Entry entries[COUNTERS];
} Tally;

static int in_order(const void *a, const void *b)
{
    const CounterKey *x = a, *y = b;
    int64_t differences[] = { strcmp(x->of->names[0], y->of->names[0]), (int64_t)x->grain - (int64_t)y->grain, x->start - y->start,
                              x->division - y->division, x->organ - y->organ, strcmp(x->item, y->item),
                              strcmp(x->channel, y->channel), x->hour - y->hour };
    for (size_t i = 0; i < G_N_ELEMENTS(differences); i++)
        if (differences[i])
            return differences[i] < 0 ? -1 : 1;
    return 0;
}

/* Leaves it empty. */
static bool flush(Db *db, int64_t county, void *memory, GError **error)
{
    Tally *self = (Tally *)(uintptr_t)memory;
    qsort(self->entries, self->count, sizeof *self->entries, in_order);
    for (unsigned i = 0; i < self->count; i++)
        if (!counter_add(db, county, &self->entries[i].counter, error))
            return false;
    self->count = 0;
    memset(self->first, 0, sizeof self->first);
    return true;
}

static Counter *counter_for(Tally *self, const CounterKey *key)
{
    uint16_t *first = &self->first[counter_hash(key) % BUCKETS];
    for (unsigned i = *first; i; i = self->entries[i - 1].next)
        if (counter_equal(&self->entries[i - 1].counter.key, key))
            return &self->entries[i - 1].counter;
    Entry *made = &self->entries[self->count++];
    *made = (Entry){ { .key = *key }, *first };
    *first = (uint16_t)self->count;
    return &made->counter;
}

static bool add(void *data, const Counter *change, GError **error)
{
    bool fresh;
    const Context *context = data;
    Tally *tally = db_transaction_state(context->db, context->county, flush, sizeof(Tally), &fresh);
    if (!tally)
        return fault(error, "counters grow in writes only");
    db_transaction_state_carry(context->db, context->county, flush, true); /* empty, but making its memory anew takes longer than counting */
    if (tally->count == COUNTERS && !flush(context->db, context->county, tally, error))
        return false;
    Counter *counter = counter_for(tally, &change->key);
    for (int i = 0; i < MEASURES_MOST; i++)
        counter->sums[i] += change->sums[i];
    db_transaction_state_used(context->db, context->county, flush, offsetof(Tally, entries) + tally->count * sizeof(Entry));
    return true;
}

bool counter_flush(const Context *context, GError **error)
{
    bool fresh;
    void *tally = db_transaction_state(context->db, context->county, flush, sizeof(Tally), &fresh);
    return tally && flush(context->db, context->county, tally, error);
}

bool indicators_follow(const Context *context, const SubjectChange *change, GError **error)
{
    return counter_changes(context->rooms, change, add, (Context *)(uintptr_t)context, error);
}
