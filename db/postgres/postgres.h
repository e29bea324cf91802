// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the engine PostgreSQL. */
#pragma once

#include "db/engine.h"

#include <libpq-fe.h>

enum { NAME_TEXT = 24 };

/* A connection to a server, in pipeline mode: commands are answered in their order, and answers are read when one is needed. */
typedef struct Server {
    PGconn *link;
    char *address;
    unsigned life;          /* number of the connection, from 1: statements prepared on another are unknown to it */
    unsigned batch;         /* number of the batch, which ends at a wait */
    unsigned sent, syncs;   /* commands since the last sync, and syncs, whose answers are not read */
    uint64_t names;         /* statements prepared so far */
    bool in_transaction;
    bool warned;            /* by the server, about the last commit */
    bool given_up;          /* the server did not come back in time */
    int patience;           /* ms that a write waits for it */
    GPtrArray *inserts;     /* of DbRows: the statements whose batches hold rows, in the order of their first */
    int64_t number;         /* of our present transaction: the first is drawn at random, so that no other program's is equal */
    int64_t process;        /* our own number, drawn at random */
} Server;

/* A statement prepared on the server. */
typedef struct Prepared {
    char *text; /* with $1 for :name */
    Oid *types; /* of its parameters, when it was last prepared; 0: the server's choice */
    char name[NAME_TEXT];
    unsigned life, batch; /* in which it was prepared; life 0: it is not */
} Prepared;

/* The parameter values of a command; the texts are borrowed. */
typedef struct Values {
    size_t count;
    Oid *types; /* that it is prepared with */
    const char **texts;
    int *lengths, *formats;
} Values;

typedef struct InsertBatch InsertBatch;

/* The server part of a prepared statement, its bound values and its rows. */
typedef struct Remote {
    Prepared there;
    Values bound;
    int64_t *numbers; /* bound, in the server's order of bytes */
    InsertBatch *batch; /* NULL: no row was inserted by db_insert */
    PGresult *result;
    int row;
    char *fetch, *leave; /* of a cursor; else NULL */
} Remote;

enum { FETCH_ROWS = 2000 };

/* Runs one command, or several as one transaction, outside the pipeline. */
bool postgres_order(Db *self, const char *sql, GError **error);

/* ---- the write lock (write_lock.c) ---- */

/* Sets up a new writing connection. */
bool write_lock_open(Db *self, GError **error);
/* Sends the first statements of a writing transaction. */
bool write_lock_take(Db *self, GError **error);
/* Has a transaction found that another program has written one of its counties meanwhile? */
bool write_lock_is_lost(const PGresult *failed);
/* Whether the last transaction that took the lock was committed; false when that could not be learnt. */
bool write_lock_was_committed(Db *self, bool *ended, GError **error);

/* ---- sending and reading (pipeline.c) ---- */

void values_open(Values *self, size_t count);
void values_close(Values *self);
/* Prepares the statement if need be, and sends it. */
bool prepared_send(Server *self, Prepared *there, const Values *values);
/* Deallocates it on the server. */
void prepared_drop(Server *self, Prepared *there);
/* Lets it be prepared anew if it was first prepared in this batch of commands. */
void prepared_forget(Prepared *there, unsigned batch);

bool pipeline_compile(DbRows *self, GError **error);
void pipeline_drop(DbRows *self);
bool pipeline_bind(DbRows *self, int at, const DbArg *arg, size_t length, bool lasts, GError **error);
bool pipeline_ask(DbRows *self, GError **error);
/* Sends a statement whose parameters are bound, and does not wait: how many commands that took; 0: the connection is lost. */
unsigned pipeline_send_rows(DbRows *self, GError **error);
/* In a write the statement is not waited for, unless the caller asks for rows or their number. */
bool pipeline_run(DbRows *self, int64_t *changed, GError **error);
void pipeline_end(DbRows *self);
/* Fetches more rows of a cursor. */
bool pipeline_fetch(DbRows *self, GError **error);
/* Sends a command without parameters, and does not wait. */
bool pipeline_send(Server *self, const char *sql);
/* Waits for every command sent: false when one of them failed. */
bool pipeline_wait(Db *self, GError **error);
/* Commits and waits; false when the commit failed or its answer was lost. */
bool pipeline_commit(Db *self, GError **error);
/* Lets the server run the commands sent; their answers are dropped when the next ones are read. */
void pipeline_push(Db *self);
/* Turns a failed command into an error; `failed` NULL: the connection itself failed. Always returns NULL. */
void *pipeline_trouble(Db *self, const PGresult *failed, const char *sql, GError **error);

/* ---- rows of db_insert, several to a statement (insert_batch.c) ---- */

/* For an INSERT of one row, `columns` parameters and nothing more; NULL for any other statement. */
InsertBatch *insert_batch_new(const char *text, unsigned columns);
void insert_batch_free(Server *server, InsertBatch *self);
void insert_batch_unprepare(InsertBatch *self, unsigned batch);
/* Copies the row whose values are bound; false when the connection is lost. */
bool insert_batch_add(DbRows *rows);
/* Sends the rows whose table `sql` names, or all for NULL; false when the connection is lost. */
bool insert_batch_send(Server *self, const char *sql);
void insert_batch_discard(Server *self);

/* ---- rows (rows.c) ---- */

bool remote_next(DbRows *self, GError **error);
int remote_count(const DbRows *self);
const char *remote_name(const DbRows *self, int column);
enum value_kind remote_kind(const DbRows *self, int column);
int64_t remote_integer(const DbRows *self, int column);
double remote_real(const DbRows *self, int column);
const char *remote_text(const DbRows *self, int column);
const void *remote_bytes(const DbRows *self, int column, size_t *length);
