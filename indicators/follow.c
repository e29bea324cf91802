// SPDX-License-Identifier: Apache-2.0
/* Counting as cases go on: a transaction's sums are kept in its memory and written down once, before it ends. */
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
    int64_t differences[] = { (int64_t)x->grain - (int64_t)y->grain, x->start - y->start, x->division - y->division,
                              x->organ - y->organ, g_strcmp0(x->item, y->item), (int64_t)x->channel - (int64_t)y->channel,
                              x->hour - y->hour };
    for (size_t i = 0; i < G_N_ELEMENTS(differences); i++)
        if (differences[i])
            return differences[i] < 0 ? -1 : 1;
    return 0;
}

/* Leaves it empty. */
static bool write_all(Db *db, int64_t county, Tally *self, GError **error)
{
    qsort(self->entries, self->count, sizeof *self->entries, in_order);
    for (unsigned i = 0; i < self->count; i++)
        if (!counter_add(db, county, &self->entries[i].counter, error))
            return false;
    self->count = 0;
    memset(self->first, 0, sizeof self->first);
    return true;
}

static bool settle(Db *db, int64_t county, const void *memory, GError **error)
{
    return write_all(db, county, (Tally *)(uintptr_t)memory, error);
}

typedef struct Counting {
    const Context *context;
    Tally *tally;
} Counting;

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
    const Counting *self = data;
    Tally *tally = self->tally;
    if (tally->count == COUNTERS && !write_all(self->context->db, self->context->county, tally, error))
        return false;
    Counter *counter = counter_for(tally, &change->key);
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
    db_transaction_state_used(context->db, context->county, settle, offsetof(Tally, entries) + self.tally->count * sizeof(Entry));
    return counted;
}
