// SPDX-License-Identifier: Apache-2.0
/* Rows of db_insert, several to a statement, because a statement costs a server as much as its row. A row waits for others of
 * its statement until there are enough, or until a statement is sent that names its table, or any that has no table. */
#include "db/postgres/postgres.h"

#include <string.h>

enum { SIZES = 4, ROWS_MOST = 1 << (SIZES - 1), TEXTS = 4096 };

struct InsertBatch {
    char *table;
    unsigned rows, columns;
    Prepared sizes[SIZES]; /* for 2, 4 and 8 rows; the first is not used: one row takes the statement itself */
    Values all;            /* of the rows, one after the other; `copies` owns the texts */
    GStringChunk *copies;
};

/* ---- the statement for several rows ---- */

/* The row with its parameters counted on from `first`. */
static void append_row(GString *out, const char *row, unsigned first)
{
    while (*row) {
        g_string_append_c(out, *row);
        if (*row++ == '$')
            g_string_append_printf(out, "%" PRIu64, g_ascii_strtoull(row, (char **)&row, 10) + first);
    }
}

static char *text_for(const char *text, const char *row, unsigned columns, unsigned rows)
{
    GString *out = g_string_new(text);
    for (unsigned i = 1; i < rows; i++)
        append_row(g_string_append(out, ", "), row, i * columns);
    return g_string_free(out, FALSE);
}

InsertBatch *insert_batch_new(const char *text, unsigned columns)
{
    g_autoptr(GRegex) whole = g_regex_new("^INSERT INTO (\\w+) \\([\\w, ]+\\) VALUES (\\([^()]+\\))$", 0, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    if (!g_regex_match(whole, text, 0, &found))
        return NULL;
    InsertBatch *self = g_new0(InsertBatch, 1);
    g_autofree char *row = g_match_info_fetch(found, 2);
    self->table = g_match_info_fetch(found, 1);
    self->columns = columns;
    for (unsigned i = 1; i < SIZES; i++)
        self->sizes[i].text = text_for(text, row, columns, 1u << i);
    values_open(&self->all, (size_t)columns * ROWS_MOST);
    self->copies = g_string_chunk_new(TEXTS);
    return self;
}

void insert_batch_free(Server *server, InsertBatch *self)
{
    if (!self)
        return;
    for (unsigned i = 1; i < SIZES; i++)
        prepared_drop(server, &self->sizes[i]);
    values_close(&self->all);
    g_string_chunk_free(self->copies);
    g_free(self->table);
    g_free(self);
}

void insert_batch_unprepare(InsertBatch *self, unsigned batch)
{
    for (unsigned i = 1; i < SIZES; i++)
        prepared_forget(&self->sizes[i], batch);
}

/* ---- sending ---- */

static void empty(InsertBatch *self)
{
    self->rows = 0;
    g_string_chunk_clear(self->copies);
}

/* One statement takes as many rows from `first` on as fit; false when the connection is lost. */
static bool send_some(const DbRows *rows, unsigned *first)
{
    InsertBatch *self = rows->remote->batch;
    unsigned size = SIZES - 1;
    while (1u << size > self->rows - *first)
        size--;
    size_t at = (size_t)*first * self->columns;
    const Values *all = &self->all;
    const Values part = { (size_t)self->columns << size, all->types + at, all->texts + at, all->lengths + at, all->formats + at };
    *first += 1u << size;
    return prepared_send(rows->db->server, size ? &self->sizes[size] : &rows->remote->there, &part);
}

static bool send_rows(const DbRows *rows)
{
    bool sent = true;
    InsertBatch *self = rows->remote->batch;
    for (unsigned first = 0; sent && first < self->rows;)
        sent = send_some(rows, &first);
    empty(self);
    return sent;
}

/* The table must stand there as a whole word: `note` is not named by `note_line`. */
static bool names(const char *sql, const char *table)
{
    size_t length = strlen(table);
    for (const char *at = strstr(sql, table); at; at = strstr(at + length, table))
        if (!sql_is_word_byte(at[length]) && (at == sql || !sql_is_word_byte(at[-1])))
            return true;
    return false;
}

void insert_batch_discard(Server *self)
{
    for (guint i = 0; i < self->inserts->len; i++)
        empty(((const DbRows *)self->inserts->pdata[i])->remote->batch);
    g_ptr_array_set_size(self->inserts, 0);
}

bool insert_batch_send(Server *self, const char *sql)
{
    bool sent = true;
    guint kept = 0;
    for (guint i = 0; sent && i < self->inserts->len; i++) {
        const DbRows *rows = self->inserts->pdata[i];
        if (sql && !names(sql, rows->remote->batch->table))
            self->inserts->pdata[kept++] = self->inserts->pdata[i];
        else
            sent = send_rows(rows);
    }
    if (!sent)
        insert_batch_discard(self); /* the list stood half done: no row of this transaction may wait for a later one */
    else
        g_ptr_array_set_size(self->inserts, (gint)kept);
    return sent;
}

/* ---- adding ---- */

bool insert_batch_add(DbRows *rows)
{
    const Values *bound = &rows->remote->bound;
    Server *server = rows->db->server;
    InsertBatch *self = rows->remote->batch;
    Values *all = &self->all;
    unsigned first = self->rows++ * self->columns;
    if (!g_ptr_array_find(server->inserts, rows, NULL))
        g_ptr_array_add(server->inserts, rows);
    for (unsigned i = 0; i < self->columns; i++) {
        all->types[first + i] = bound->types[i];
        all->texts[first + i] = bound->texts[i] ? g_string_chunk_insert_len(self->copies, bound->texts[i], bound->lengths[i]) : NULL;
        all->lengths[first + i] = bound->lengths[i];
        all->formats[first + i] = bound->formats[i];
    }
    return self->rows < ROWS_MOST || send_rows(rows);
}
