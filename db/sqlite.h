// SPDX-License-Identifier: Apache-2.0
/* What the files that speak to SQLite share: the inside of a connection and of its rows. */
#pragma once

#include "db/engine.h"

#include <sqlite3.h>

enum { STATEMENTS_RECENT = 256 /* a power of two */, SUMS_MOST = 64, SUM_NAME = 40 };

/* By how much a transaction changes the sums of the tables: see sums.c. */
typedef struct SumChange {
    char table[SUM_NAME];
    int64_t county, rows;
    uint64_t sum;
} SumChange;
typedef struct Sums {
    unsigned count;
    SumChange changes[SUMS_MOST];
} Sums;

typedef struct Parameter {
    char *name;     /* without its colon; SQLite's own goes when it compiles the text anew */
    unsigned round; /* in which it was last bound */
} Parameter;

/* A prepared statement and, while it is open, the cursor over its rows. */
struct DbRows {
    Db *db;
    char *text;
    sqlite3_stmt *statement;
    Parameter *parameters;
    unsigned count, round;
    bool open, ended, failed;
};

typedef struct Behind Behind;

struct Db {
    sqlite3 *link;
    GHashTable *statements; /* by text; owns them */
    DbRows *recent[STATEMENTS_RECENT]; /* by the address of the text, which mostly is a literal */
    unsigned open;
    bool writes;
    int log_pages;
    KeptState kept;
    GPtrArray *memory;
    GHashTable *tables; /* that have a sum, and where their county stands, or -1; NULL: not looked up yet */
    Sums *sums;   /* of the transaction, in its memory */
    Sums pending; /* of the statement, until it has gone well */
    Behind *behind; /* NULL: statements are run when they are asked for */
};

void *engine_trouble(Db *self, const char *sql, GError **error);

/* ---- sums over tables (sums.c) ---- */

bool sums_open(Db *self); /* makes known what listens to rows, and the functions of the statements */
void sums_begin(Db *self);
bool sums_tables(Db *self, GError **error); /* looks up which tables have a sum (sums_store.c) */
/* A statement has gone well, or has failed and is undone: so are the changes it has made. */
void sums_ended(Db *self, bool well);

/* ---- statements behind a work (behind.c) ---- */

Behind *behind_begin(void);
/* Takes a statement down, with its arguments; false when one before it has failed. */
bool behind_take(Behind *self, DbRows *rows, const DbArg *args, GError **error);
/* Until all is carried out. */
bool behind_wait(Behind *self, GError **error);
bool behind_end(Behind *self, GError **error);
/* Runs a statement to its end, whatever rows it gives; on the thread that has the connection (sqlite.c). */
bool statement_run(DbRows *self, const DbArg *args, GError **error);

/* ---- plans (plan.c) ---- */

/* A fault where the statement would read a large table whole, or sort what it reads of one. */
bool plan_check(Db *db, const char *sql, GError **error);
