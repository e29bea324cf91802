// SPDX-License-Identifier: Apache-2.0
/* Statements queued by a write and run by a second thread while the write goes on. The queue is two buffers: the write fills
 * one while the thread runs the other. The two threads never use the connection at once: a caller that needs the connection
 * itself waits until the queue is empty. */
#include "db/engine.h"

#include <stdalign.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 18 /* some two hundred statements */, HAND_OVER = 1 << 16 /* bytes at least, for an idle thread */ };

typedef struct Buffer {
    alignas(max_align_t) char bytes[BUFFER_BYTES];
    size_t used;
} Buffer;

/* One statement: its arguments, ended by a nameless one, and then their values. */
typedef struct Entry {
    DbRows *rows;
    size_t size;
    DbArg args[];
} Entry;

struct AsyncWriter {
    pthread_t thread;
    Buffer *filling, *running;
    /* The fields below are shared under the lock; `running` belongs to the thread while it is busy. */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool busy, ending;
    GError *error; /* the first; no statement runs after it */
};

/* ---- the thread ---- */

static void run_all(AsyncWriter *self, GError **error)
{
    for (size_t at = 0; at < self->running->used && !*error;) {
        const Entry *entry = (const void *)(self->running->bytes + at);
        statement_run(entry->rows, entry->args, error);
        at += entry->size;
    }
    self->running->used = 0;
}

static void *work_on(void *data)
{
    AsyncWriter *self = data;
    pthread_mutex_lock(&self->lock);
    while (self->busy || !self->ending) {
        if (!self->busy) {
            pthread_cond_wait(&self->moved, &self->lock);
            continue;
        }
        GError *error = self->error;
        pthread_mutex_unlock(&self->lock);
        run_all(self, &error);
        pthread_mutex_lock(&self->lock);
        self->error = error;
        self->busy = false;
        pthread_cond_broadcast(&self->moved);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* ---- handing over ---- */

static bool tell(const AsyncWriter *self, GError **error)
{
    if (self->error && error)
        *error = g_error_copy(self->error);
    return !self->error;
}

/* Under the lock, when nothing runs. */
static void hand_over(AsyncWriter *self)
{
    Buffer *full = self->filling;
    self->filling = self->running;
    self->running = full;
    self->busy = true;
    pthread_cond_broadcast(&self->moved);
}

static void wait_idle(AsyncWriter *self)
{
    while (self->busy)
        pthread_cond_wait(&self->moved, &self->lock);
}

bool async_writer_wait(AsyncWriter *self, GError **error)
{
    pthread_mutex_lock(&self->lock);
    wait_idle(self);
    if (self->filling->used)
        hand_over(self);
    wait_idle(self);
    bool well = tell(self, error);
    pthread_mutex_unlock(&self->lock);
    return well;
}

/* A full buffer waits for the one before; a partly filled one is handed to a thread that is idle. */
static bool make_room(AsyncWriter *self, bool full, GError **error)
{
    pthread_mutex_lock(&self->lock);
    if (full)
        wait_idle(self);
    if (!self->busy)
        hand_over(self);
    bool well = tell(self, error);
    pthread_mutex_unlock(&self->lock);
    return well;
}

/* ---- queueing ---- */

static size_t value_size(const DbArg *arg)
{
    if (arg->kind == DB_TEXT)
        return strlen(arg->text) + 1;
    return arg->kind == DB_BYTES ? arg->length : 0;
}

static size_t entry_size(const DbArg *args, size_t *count)
{
    size_t values = 0;
    for (*count = 0; args && args[*count].name; ++*count)
        values += value_size(&args[*count]);
    size_t size = sizeof(Entry) + (*count + 1) * sizeof(DbArg) + values;
    return (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

static void write_entry(Entry *entry, DbRows *rows, const DbArg *args, size_t count, size_t size)
{
    char *values = (char *)&entry->args[count + 1];
    *entry = (Entry){ rows, size };
    for (size_t i = 0; i < count; i++) {
        size_t length = value_size(&args[i]);
        entry->args[i] = args[i];
        if (length)
            entry->args[i].text = memcpy(values, args[i].text, length);
        values += length;
    }
    entry->args[count] = (DbArg){ .name = NULL };
}

bool async_writer_add(AsyncWriter *self, DbRows *rows, const DbArg *args, GError **error)
{
    size_t count, size = entry_size(args, &count);
    if (size > BUFFER_BYTES)
        return async_writer_wait(self, error) && statement_run(rows, args, error);
    if (self->filling->used + size > BUFFER_BYTES && !make_room(self, true, error))
        return false;
    write_entry((void *)(self->filling->bytes + self->filling->used), rows, args, count, size);
    self->filling->used += size;
    return self->filling->used < HAND_OVER || make_room(self, false, error);
}

/* ---- beginning and ending ---- */

AsyncWriter *async_writer_start(void)
{
    AsyncWriter *self = g_new0(AsyncWriter, 1);
    self->filling = g_new0(Buffer, 1);
    self->running = g_new0(Buffer, 1);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->moved, NULL);
    if (pthread_create(&self->thread, NULL, work_on, self) != 0)
        g_error("no thread for the async writer");
    return self;
}

bool async_writer_end(AsyncWriter *self, GError **error)
{
    bool well = async_writer_wait(self, error);
    pthread_mutex_lock(&self->lock);
    self->ending = true;
    pthread_cond_broadcast(&self->moved);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    pthread_cond_destroy(&self->moved);
    pthread_mutex_destroy(&self->lock);
    g_clear_error(&self->error);
    g_free(self->filling);
    g_free(self->running);
    g_free(self);
    return well;
}
