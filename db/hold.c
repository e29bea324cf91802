// SPDX-License-Identifier: Apache-2.0
/* Rows held back, to be inserted together. The works of a group insert into the same few tables, a row each, and a statement
 * is to a server as much trouble as its row. So a row that is only inserted is taken down, and sent with those that come after
 * it: when there are enough, or before anything else is sent, which then finds what it would have found. */
#include "db/postgres.h"

#include <string.h>

enum { SIZES = 4, MOST = 1 << (SIZES - 1) /* rows of a statement */, TEXTS = 4096 };

struct Hold {
    unsigned rows, count;  /* taken down; values of a row */
    bool listed;           /* in the server's list */
    Prepared sizes[SIZES]; /* the statement for 2, 4 and 8 rows; for one it is the statement itself */
    Values all;            /* of the rows, one after the other; the texts are `texts`' */
    GStringChunk *texts;
};

/* ---- the statement for several rows ---- */

/* What stands behind VALUES, when it is one row and nothing else does. Quoted text could hold anything. */
static const char *row_of(const char *text)
{
    const char *values = strstr(text, " VALUES ("), *row = values ? values + strlen(" VALUES ") : NULL;
    if (!row || !g_str_has_prefix(text, "INSERT INTO ") || strpbrk(text, "'\"") || strstr(text, "SELECT"))
        return NULL;
    int depth = 0;
    const char *at = row;
    do
        depth += (*at == '(') - (*at == ')');
    while (*at++ && depth > 0);
    return depth == 0 && !*at ? row : NULL;
}

/* The row with its parameters counted on from `first`. */
static void append_row(GString *out, const char *row, unsigned first)
{
    while (*row) {
        g_string_append_c(out, *row);
        if (*row++ == '$')
            g_string_append_printf(out, "%" PRIu64, g_ascii_strtoull(row, (char **)&row, 10) + first);
    }
}

static char *widen(const char *text, unsigned count, unsigned rows)
{
    GString *out = g_string_new(text);
    const char *row = row_of(text);
    for (unsigned i = 1; i < rows; i++) {
        g_string_append(out, ", ");
        append_row(out, row, i * count);
    }
    return g_string_free(out, FALSE);
}

Hold *hold_new(const char *text, unsigned count)
{
    if (!row_of(text))
        return NULL;
    Hold *self = g_new0(Hold, 1);
    self->count = count;
    for (unsigned i = 1; i < SIZES; i++)
        self->sizes[i].text = widen(text, count, 1u << i);
    values_open(&self->all, (size_t)count * MOST);
    self->texts = g_string_chunk_new(TEXTS);
    return self;
}

/* What it has taken down is sent first: it may be dropped to make room, in the middle of a transaction. */
void hold_drop(DbRows *rows)
{
    Hold *self = rows->remote->hold;
    Server *server = rows->db->server;
    if (!self)
        return;
    if (server->link)
        hold_send(server);
    hold_forget(server);
    for (unsigned i = 1; i < SIZES; i++)
        prepared_drop(server, &self->sizes[i]);
    values_close(&self->all);
    g_string_chunk_free(self->texts);
    g_free(self);
}

void hold_unprepare(Hold *self, unsigned batch)
{
    for (unsigned i = 0; i < SIZES; i++)
        if (self->sizes[i].batch == batch)
            self->sizes[i].life = 0;
}

/* ---- sending ---- */

/* From the row `first` on as many as one statement takes; false when the connection is lost. */
static bool send_some(const DbRows *rows, unsigned *first)
{
    Hold *self = rows->remote->hold;
    unsigned size = SIZES - 1;
    while (1u << size > self->rows - *first)
        size--;
    size_t at = (size_t)*first * self->count;
    const Values *all = &self->all;
    const Values part = { (size_t)self->count << size, all->types + at, all->texts + at, all->lengths + at, all->formats + at };
    *first += 1u << size;
    return prepared_send(rows->db->server, size ? &self->sizes[size] : &rows->remote->there, &part);
}

static bool send_rows(const DbRows *rows)
{
    bool sent = true;
    Hold *hold = rows->remote->hold;
    for (unsigned first = 0; sent && first < hold->rows;)
        sent = send_some(rows, &first);
    hold->rows = 0;
    g_string_chunk_clear(hold->texts);
    return sent;
}

bool hold_send(Server *self)
{
    bool sent = true;
    for (guint i = 0; sent && i < self->holding->len; i++)
        sent = send_rows(self->holding->pdata[i]);
    hold_forget(self);
    return sent;
}

void hold_forget(Server *self)
{
    for (guint i = 0; i < self->holding->len; i++) {
        Hold *one = ((const DbRows *)self->holding->pdata[i])->remote->hold;
        one->rows = 0;
        one->listed = false;
        g_string_chunk_clear(one->texts);
    }
    g_ptr_array_set_size(self->holding, 0);
}

/* ---- taking down ---- */

static const char *copy(Hold *self, const char *value, int length, bool bytes)
{
    if (!value)
        return NULL;
    return bytes ? g_string_chunk_insert_len(self->texts, value, length) : g_string_chunk_insert(self->texts, value);
}

bool hold_take(DbRows *rows)
{
    const Values *bound = &rows->remote->bound;
    Hold *self = rows->remote->hold;
    Values *all = &self->all;
    Server *server = rows->db->server;
    unsigned first = self->rows++ * self->count;
    if (!self->listed)
        g_ptr_array_add(server->holding, rows);
    self->listed = true;
    for (unsigned i = 0; i < self->count; i++) {
        all->types[first + i] = bound->types[i];
        all->texts[first + i] = copy(self, bound->texts[i], bound->lengths[i], bound->formats[i]);
        all->lengths[first + i] = bound->lengths[i];
        all->formats[first + i] = bound->formats[i];
    }
    return self->rows < MOST || send_rows(rows);
}
