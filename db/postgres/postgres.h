// SPDX-License-Identifier: Apache-2.0
/* What the files that speak to PostgreSQL share. */
#pragma once

#include "db/engine.h"

#include <libpq-fe.h>

enum { NAME_TEXT = 24, NUMBER_TEXT = 24 };

/* A connection to a server, in pipeline mode: what is sent is answered in its order, and read when an answer is asked. */
typedef struct Server {
    PGconn *link;
    char *address;
    unsigned life;          /* which connection this is, counted from 1: what was prepared on another is not known here */
    unsigned batch;         /* what is sent between two waits */
    unsigned sent, syncs;   /* commands since the last sync, and syncs, whose answers are not read */
    uint64_t names;         /* statements prepared so far */
    bool in_transaction;
    bool warned;            /* by the server, of something it did nevertheless */
    bool given_up;          /* the server did not come back in time */
    int patience;           /* ms that a write waits for it */
    GArray *counties;       /* int64_t, rising: whose turns we wait for */
    int64_t number;         /* of our turns so far */
    int64_t process;        /* who we are; drawn by lot */
} Server;

/* A statement there. */
typedef struct Prepared {
    char *text; /* with $1 for :name */
    char name[NAME_TEXT];
    unsigned life, batch; /* in which it was prepared; life 0: it is not */
} Prepared;

/* The values of a command, each text somebody else's. */
typedef struct Values {
    size_t count;
    Oid *types; /* that it is prepared with */
    const char **texts;
    int *lengths, *formats;
} Values;

/* One of ours, and what it was last asked for. */
typedef struct Remote {
    Prepared there;
    Values bound;
    char (*numbers)[NUMBER_TEXT];
    PGresult *result;
    int row;
    char *fetch, *leave; /* of one that reads all rows, which come by and by; else NULL */
} Remote;

enum { FETCH_ROWS = 2000 };

/* Outside the pipeline; several orders too, which are then one transaction. */
bool postgres_order(Db *self, const char *sql, GError **error);

/* ---- who may write (turn.c) ---- */

/* Of a new connection that writes. */
bool write_lock_open(Db *self, GError **error);
/* As the first of a transaction's statements. */
bool write_lock_take(Db *self, GError **error);
/* Whether the last turn that we took was committed; false when that could not be learnt. */
bool write_lock_was_committed(Db *self, bool *ended, GError **error);

/* ---- sending and reading (pipeline.c) ---- */

void values_open(Values *self, size_t count);
void values_close(Values *self);
/* Prepares the statement if need be, and sends it. */
bool prepared_send(Server *self, Prepared *there, const Values *values);
/* Nobody asks for it any more. */
void prepared_drop(Server *self, Prepared *there);

bool pipeline_compile(DbRows *self, GError **error);
void pipeline_drop(DbRows *self);
bool pipeline_bind(DbRows *self, int at, const DbArg *arg, size_t length, bool lasts, GError **error);
bool pipeline_ask(DbRows *self, GError **error);
/* Sends a statement whose parameters are bound, and does not wait: how many commands that took; 0: the connection is lost. */
unsigned pipeline_send_rows(DbRows *self, GError **error);
/* A write's own statement is not waited for unless its rows or their number are asked. */
bool pipeline_run(DbRows *self, int64_t *changed, GError **error);
void pipeline_end(DbRows *self);
/* More rows of one that reads all. */
bool pipeline_fetch(DbRows *self, GError **error);
/* Sends a command without parameters, and does not wait. */
bool pipeline_send(Server *self, const char *sql);
/* Waits for all that was sent: false when any of it failed. */
bool pipeline_wait(Db *self, GError **error);
/* Commits, and waits; false when it was not committed or that was not heard. */
bool pipeline_commit(Db *self, GError **error);
/* Lets the server begin with what was sent; its answers are read, and forgotten, with the next ones. */
void pipeline_push(Db *self);
/* What a failed command means to us; NULL: the connection itself failed. Always returns NULL. */
void *pipeline_trouble(Db *self, const PGresult *failed, const char *sql, GError **error);

/* ---- rows (remote.c) ---- */

bool remote_next(DbRows *self, GError **error);
int remote_count(const DbRows *self);
const char *remote_name(const DbRows *self, int column);
enum value_kind remote_kind(const DbRows *self, int column);
int64_t remote_integer(const DbRows *self, int column);
double remote_real(const DbRows *self, int column);
const char *remote_text(const DbRows *self, int column);
const void *remote_bytes(const DbRows *self, int column, size_t *length);
