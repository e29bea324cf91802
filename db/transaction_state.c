// SPDX-License-Identifier: Apache-2.0
/* State that the rooms keep in memory during a transaction. A write that asks for a state has it copied first, so that a
 * rollback to the savepoint of the write can restore it. */
#include "db/engine.h"

#include <string.h>

/* Relative to the savepoint of the running write. */
enum slot_state { NEW, UNTOUCHED, COPIED };

typedef struct Slot {
    FlushFunction *flush;
    int64_t county;
    size_t size, used;    /* `used`: the bytes that hold something */
    enum slot_state state;
    bool carries, asked;  /* `asked`: by a write of this transaction */
    size_t used_before;   /* at the savepoint, as `before` */
    char *bytes, *before;
} Slot;

static void slot_free(void *slot)
{
    Slot *self = slot;
    g_free(self->bytes);
    g_free(self->before);
    g_free(self);
}

/* The search begins with the newest, which are asked for most. */
static Slot *find(const GPtrArray *slots, int64_t county, FlushFunction *flush)
{
    for (guint i = slots->len; i > 0; i--) {
        Slot *slot = g_ptr_array_index(slots, i - 1);
        if (slot->flush == flush && slot->county == county)
            return slot;
    }
    return NULL;
}

static void copy(Slot *self)
{
    memcpy(self->before, self->bytes, self->used);
    self->used_before = self->used;
    self->state = COPIED;
}

void *db_transaction_state(Db *self, int64_t county, FlushFunction *flush, size_t size, bool *fresh)
{
    GPtrArray *slots = self->transaction_state;
    *fresh = false;
    if (!slots)
        return NULL;
    Slot *slot = find(slots, county, flush);
    *fresh = !slot;
    if (!slot) {
        slot = g_new(Slot, 1);
        *slot = (Slot){ .flush = flush, .county = county, .size = size, .used = size, .bytes = g_malloc0(size), .before = g_malloc(size) };
        g_ptr_array_add(slots, slot);
    }
    if (slot->state == UNTOUCHED)
        copy(slot);
    slot->asked = true;
    return slot->bytes;
}

void db_transaction_state_carry(Db *self, int64_t county, FlushFunction *flush, bool carries)
{
    find(self->transaction_state, county, flush)->carries = carries;
}

void db_transaction_state_used(Db *self, int64_t county, FlushFunction *flush, size_t used)
{
    Slot *slot = find(self->transaction_state, county, flush);
    slot->used = MIN(used, slot->size);
}

bool db_is_writer(Db *self)
{
    return self->transaction_state != NULL;
}

void db_transaction_state_drop(Db *self, int64_t county, FlushFunction *flush)
{
    GPtrArray *slots = self->transaction_state;
    Slot *slot = slots ? find(slots, county, flush) : NULL;
    if (slot)
        g_ptr_array_remove(slots, slot);
}

void transaction_state_begin(Db *self)
{
    g_clear_pointer(&self->transaction_state, g_ptr_array_unref);
    self->transaction_state = g_ptr_array_new_with_free_func(slot_free);
}

static void forget(GPtrArray *carried, int64_t county)
{
    for (guint i = carried->len; i > 0; i--)
        if (((const Slot *)g_ptr_array_index(carried, i - 1))->county == county)
            g_ptr_array_remove_index_fast(carried, i - 1);
}

/* A write may have changed another county than its own: nothing of that is carried on. */
void transaction_state_committed(Db *self)
{
    GPtrArray *slots = self->transaction_state;
    if (!self->carried)
        self->carried = g_ptr_array_new_with_free_func(slot_free);
    for (guint i = slots->len; i > 0; i--) {
        Slot *slot = g_ptr_array_index(slots, i - 1);
        slot->state = UNTOUCHED;
        slot->asked = false;
        if (slot->carries && engine_has_county(self, slot->county))
            g_ptr_array_add(self->carried, g_ptr_array_steal_index(slots, i - 1));
        else if (!engine_has_county(self, slot->county))
            forget(self->carried, slot->county);
    }
}

void transaction_state_resume(Db *self, int64_t county)
{
    GPtrArray *slots = self->carried;
    for (guint i = slots ? slots->len : 0; i > 0; i--)
        if (((const Slot *)g_ptr_array_index(slots, i - 1))->county == county)
            g_ptr_array_add(self->transaction_state, g_ptr_array_steal_index_fast(slots, i - 1));
}

void transaction_state_savepoint(Db *self)
{
    const GPtrArray *slots = self->transaction_state;
    for (guint i = 0; i < slots->len; i++)
        ((Slot *)g_ptr_array_index(slots, i))->state = UNTOUCHED;
}

/* A state that is newer than the savepoint goes with the write. */
void transaction_state_restore(Db *self)
{
    GPtrArray *slots = self->transaction_state;
    for (guint i = slots->len; i > 0; i--) {
        Slot *slot = g_ptr_array_index(slots, i - 1);
        if (slot->state == COPIED) {
            memcpy(slot->bytes, slot->before, slot->used_before);
            slot->used = slot->used_before;
        }
        if (slot->state == NEW)
            g_ptr_array_remove_index(slots, i - 1);
    }
}

/* States are flushed in reverse order, because the oldest one counts the changes that the others write (the sums). */
bool flush_at_commit(Db *self, GError **error)
{
    const GPtrArray *slots = self->transaction_state;
    for (guint i = slots ? slots->len : 0; i > 0; i--) {
        const Slot *slot = g_ptr_array_index(slots, i - 1);
        if (slot->asked && !slot->flush(self, slot->county, slot->bytes, error))
            return false;
    }
    return true;
}
