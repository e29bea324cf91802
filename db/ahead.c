// SPDX-License-Identifier: Apache-2.0
/* What a server is asked before anybody waits for it. Works of a group each begin with the same few rows of their county:
 * where the ledger stands, the numbers given out next. What one transaction of a connection asked so is asked for all counties
 * of the next together with its turns, so that twenty counties are waited for once and not sixty times. And what somebody
 * foresees that he will ask is sent when he says so; his questions find the answers by statement and values. */
#include "db/postgres.h"

#include <string.h>

enum { LEARNT_MOST = 8 };

/* Of a question all but the county; its texts are owned. */
typedef struct Learnt {
    char *sql, *name; /* the value of its only text, or NULL */
} Learnt;

/* A question that was sent; `at`: behind how many commands since the last sync. */
typedef struct Asked {
    const DbRows *rows;
    char *values;
    bool of_work; /* foreseen in a work, not of the whole transaction */
    unsigned at;
    PGresult *result; /* NULL: not read yet */
} Asked;

static void learnt_free(void *learnt)
{
    Learnt *self = learnt;
    g_free(self->sql);
    g_free(self->name);
    g_free(self);
}

static void asked_free(void *asked)
{
    Asked *self = asked;
    PQclear(self->result);
    g_free(self->values);
    g_free(self);
}

void ahead_open(Server *self)
{
    self->asked = g_ptr_array_new_with_free_func(asked_free);
    self->learnt = g_ptr_array_new_with_free_func(learnt_free);
    self->learning = g_ptr_array_new_with_free_func(learnt_free);
}

void ahead_close(Server *self)
{
    g_ptr_array_unref(self->asked);
    g_ptr_array_unref(self->learnt);
    g_ptr_array_unref(self->learning);
}

/* ---- learning ---- */

static bool is_learnt(const GPtrArray *all, const char *sql, const char *name)
{
    for (guint i = 0; i < all->len; i++) {
        const Learnt *one = all->pdata[i];
        if (strcmp(one->sql, sql) == 0 && g_strcmp0(one->name, name) == 0)
            return true;
    }
    return false;
}

void ahead_learn(Db *self, const char *sql, const char *name)
{
    GPtrArray *learning = self->server->learning;
    if (learning->len == LEARNT_MOST || is_learnt(learning, sql, name))
        return;
    Learnt *one = g_new(Learnt, 1);
    *one = (Learnt){ g_strdup(sql), g_strdup(name) };
    g_ptr_array_add(learning, one);
}

/* ---- asking ---- */

static char *values_of(const DbRows *rows)
{
    const Remote *remote = rows->remote;
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < rows->count; i++)
        g_string_append_c(g_string_append(text, remote->bound.texts[i] ? remote->bound.texts[i] : ""), '\n');
    return g_string_free(text, FALSE);
}

/* What was sent last. */
static void note(const DbRows *rows, bool of_work)
{
    Server *server = rows->db->server;
    Asked *asked = g_new0(Asked, 1);
    *asked = (Asked){ .rows = rows, .values = values_of(rows), .of_work = of_work, .at = server->sent - 1 };
    g_ptr_array_add(server->asked, asked);
}

static bool ask(Db *self, const Learnt *one, int64_t county, GError **error)
{
    const DbArg args[] = { db_int("county", county), one->name ? db_text("name", one->name) : (DbArg){ 0 }, { 0 } };
    DbRows *rows = connection_bound(self, one->sql, args, error);
    if (!rows || !pipeline_send_rows(rows, error))
        return false;
    note(rows, false);
    return true;
}

void ahead_foresee(Db *self, const char *sql, const DbArg *args)
{
    DbRows *rows = connection_bound(self, sql, args, NULL);
    if (rows && pipeline_send_rows(rows, NULL))
        note(rows, true);
}

/* What nobody has asked: the next work may have changed what it reads when it asks the same. */
void ahead_work_ends(Server *self)
{
    GPtrArray *all = self->asked;
    for (guint i = all->len; i > 0; i--)
        if (((const Asked *)all->pdata[i - 1])->of_work)
            g_ptr_array_remove_index_fast(all, i - 1);
}

/* What a transaction learnt is asked by those after it, until another learns something. */
bool ahead_ask(Db *self, GError **error)
{
    Server *server = self->server;
    if (server->learning->len > 0) {
        GPtrArray *before = server->learnt;
        server->learnt = server->learning;
        server->learning = before;
        g_ptr_array_set_size(before, 0);
    }
    for (guint i = 0; i < server->learnt->len; i++)
        for (guint c = 0; c < server->counties->len; c++)
            if (!ask(self, server->learnt->pdata[i], g_array_index(server->counties, int64_t, c), error))
                return false;
    return true;
}

/* ---- answers ---- */

void ahead_drop(const DbRows *rows)
{
    GPtrArray *all = rows->db->server->asked;
    for (guint i = all->len; i > 0; i--)
        if (((const Asked *)all->pdata[i - 1])->rows == rows)
            g_ptr_array_remove_index_fast(all, i - 1);
}

void ahead_forget(Server *self)
{
    g_ptr_array_set_size(self->asked, 0);
}

void ahead_unlearn(Server *self)
{
    ahead_forget(self);
    g_ptr_array_set_size(self->learnt, 0);
    g_ptr_array_set_size(self->learning, 0);
}

bool ahead_take(Server *self, unsigned at, PGresult *result)
{
    for (guint i = 0; i < self->asked->len; i++) {
        Asked *one = self->asked->pdata[i];
        if (one->result || one->at != at)
            continue;
        one->result = result;
        return true;
    }
    return false;
}

bool ahead_has(const DbRows *rows, PGresult **result, GError **error)
{
    GPtrArray *all = rows->db->server->asked;
    g_autofree char *values = all->len > 0 ? values_of(rows) : NULL;
    *result = NULL;
    for (guint i = 0; i < all->len; i++) {
        Asked *one = all->pdata[i];
        if (one->rows != rows || g_strcmp0(one->values, values) != 0)
            continue;
        if (!one->result && !pipeline_wait(rows->db, error))
            return false;
        *result = g_steal_pointer(&one->result);
        g_ptr_array_remove_index_fast(all, i);
        return true;
    }
    return true;
}
