// SPDX-License-Identifier: Apache-2.0
/* Statements queued by a write and run by a second thread while the write goes on. The two threads never use the connection at
 * once: a caller that needs the connection itself waits until the queue is empty. */
#include "db/engine.h"

#include <string.h>

enum { QUEUE_MOST = 1 << 18 /* bytes: some two hundred statements */, HAND_OVER = 1 << 16 /* at least, for an idle thread */ };

/* One statement: its arguments, ended by a nameless one, and then their values. */
typedef struct Entry Entry;
struct Entry {
    Entry *next;
    DbRows *rows;
    DbArg args[];
};

struct AsyncWriter {
    pthread_t thread;
    /* The fields below are shared under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    Entry *first, **last;
    size_t bytes; /* queued */
    bool busy, wanted, ending;
    GError *error; /* the first; no statement runs after it */
};

/* ---- the thread ---- */

static void run_all(Entry *entry, GError **error)
{
    for (Entry *next; entry; entry = next) {
        next = entry->next;
        if (!*error)
            statement_run(entry->rows, entry->args, error);
        g_free(entry);
    }
}

static Entry *take_all(AsyncWriter *self)
{
    Entry *first = self->first;
    self->first = NULL;
    self->last = &self->first;
    self->bytes = 0;
    self->wanted = false;
    pthread_cond_broadcast(&self->moved);
    return first;
}

static void *work_on(void *data)
{
    AsyncWriter *self = data;
    pthread_mutex_lock(&self->lock);
    while (!self->ending) {
        if (!self->wanted && self->bytes < HAND_OVER) {
            pthread_cond_wait(&self->moved, &self->lock);
            continue;
        }
        Entry *entries = take_all(self);
        GError *error = self->error;
        self->busy = true;
        pthread_mutex_unlock(&self->lock);
        run_all(entries, &error);
        pthread_mutex_lock(&self->lock);
        self->error = error;
        self->busy = false;
        pthread_cond_broadcast(&self->moved);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* ---- queueing ---- */

static bool tell(const AsyncWriter *self, GError **error)
{
    if (self->error && error)
        *error = g_error_copy(self->error);
    return !self->error;
}

bool async_writer_wait(AsyncWriter *self, GError **error)
{
    pthread_mutex_lock(&self->lock);
    self->wanted = self->first;
    pthread_cond_broadcast(&self->moved);
    while (self->first || self->busy)
        pthread_cond_wait(&self->moved, &self->lock);
    bool well = tell(self, error);
    pthread_mutex_unlock(&self->lock);
    return well;
}

static size_t value_size(const DbArg *arg)
{
    if (arg->kind == DB_TEXT)
        return strlen(arg->text) + 1;
    return arg->kind == DB_BYTES ? arg->length : 0;
}

static Entry *entry_new(DbRows *rows, const DbArg *args, size_t *size)
{
    size_t count = 0;
    *size = sizeof(Entry) + sizeof(DbArg);
    for (; args && args[count].name; count++)
        *size += sizeof(DbArg) + value_size(&args[count]);
    Entry *self = g_malloc(*size);
    char *values = (char *)&self->args[count + 1];
    self->next = NULL;
    self->rows = rows;
    for (size_t i = 0; i < count; i++) {
        size_t length = value_size(&args[i]);
        self->args[i] = args[i];
        if (length)
            self->args[i].text = memcpy(values, args[i].text, length);
        values += length;
    }
    self->args[count] = (DbArg){ .name = NULL };
    return self;
}

bool async_writer_add(AsyncWriter *self, DbRows *rows, const DbArg *args, GError **error)
{
    size_t size;
    Entry *entry = entry_new(rows, args, &size);
    pthread_mutex_lock(&self->lock);
    while (self->bytes >= QUEUE_MOST)
        pthread_cond_wait(&self->moved, &self->lock);
    *self->last = entry;
    self->last = &entry->next;
    self->bytes += size;
    if (self->bytes >= HAND_OVER && !self->busy)
        pthread_cond_broadcast(&self->moved);
    bool well = tell(self, error);
    pthread_mutex_unlock(&self->lock);
    return well;
}

/* ---- beginning and ending ---- */

AsyncWriter *async_writer_start(void)
{
    AsyncWriter *self = g_new0(AsyncWriter, 1);
    self->last = &self->first;
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
    g_free(self);
    return well;
}
