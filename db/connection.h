// SPDX-License-Identifier: Apache-2.0
/* One connection, whatever the engine: the statements it keeps prepared, their parameters by name, and what an engine
 * has to do for them. */
#pragma once

#include "db/engine.h"

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
    char *name;     /* without its colon */
    unsigned round; /* in which it was last bound */
} Parameter;

enum column_kind { COLUMN_NULL, COLUMN_INTEGER, COLUMN_REAL, COLUMN_TEXT, COLUMN_BYTES };

/* What each engine does in its own way. False means *error is set. */
typedef struct Engine {
    bool (*begin)(Db *self, GError **error);
    bool (*begin_lookup)(Db *self, GError **error); /* NULL: as `begin` */
    bool (*commit)(Db *self, GError **error);
    void (*rollback)(Db *self);
    void (*close)(Db *self); /* and drops its statements */
    bool (*wait_turn)(Db *self, GError **error); /* until nobody else writes; NULL: since `begin` */
    void (*serve)(Db *self, GArray *counties);   /* NULL: turns are the whole database's */
    char *(*schema)(const char *sql, GError **error);
    bool (*script)(Db *self, const char *sql, GError **error);
    int (*log_pages)(const Db *self);                                          /* NULL: keeps its log itself */
    bool (*checkpoint)(Db *self, bool shrink, int patience, GError **error);
    bool (*compile)(DbRows *self, GError **error);                             /* makes the parameters known */
    void (*drop)(DbRows *self);
    /* `length` is a text's; `lasts`: the argument lives as long as the rows are open. */
    bool (*bind)(DbRows *self, int at, const DbArg *arg, size_t length, bool lasts, GError **error);
    bool (*ask)(DbRows *self, GError **error);                                 /* NULL: the first `next` asks */
    bool (*next)(DbRows *self, GError **error);
    bool (*run)(DbRows *self, int64_t *changed, GError **error);               /* without rows; `changed` may be NULL */
    void (*end)(DbRows *self);
    int (*count)(const DbRows *self); /* of columns, in a row */
    const char *(*name)(const DbRows *self, int column);
    enum column_kind (*kind)(const DbRows *self, int column);
    int64_t (*integer)(const DbRows *self, int column);
    double (*real)(const DbRows *self, int column);
    const char *(*text)(const DbRows *self, int column);
    const void *(*bytes)(const DbRows *self, int column, size_t *length);
} Engine;

/* A prepared statement and, while it is open, the cursor over its rows. */
struct DbRows {
    Db *db;
    const Engine *engine;
    char *text;
    struct sqlite3_stmt *statement; /* SQLite's */
    struct Remote *remote;          /* PostgreSQL's */
    Parameter *parameters;
    unsigned count, round;
    bool open, ended, failed;
};

typedef struct Behind Behind;

struct Db {
    const Engine *engine;
    struct sqlite3 *link;  /* SQLite's */
    struct Server *server; /* PostgreSQL's */
    GHashTable *statements; /* by text; owns them */
    DbRows *recent[STATEMENTS_RECENT]; /* by the address of the text, which mostly is a literal */
    char *address;
    unsigned open;
    bool writes, works, alone, together;
    enum db_state state;
    int log_pages;
    KeptState kept;
    GPtrArray *memory;
    GHashTable *tables; /* that have a sum, and where their county stands, or -1; NULL: not looked up yet */
    Sums pending; /* of the statement, until it has gone well; then they are in the transaction's memory */
    Behind *behind; /* NULL: statements are run when they are asked for */
};

/* A connection without its engine's part. */
Db *connection_new(const Engine *engine, bool writes);
/* Runs `sql`, which has no parameters and no rows, without a word about what goes wrong. */
void connection_try(Db *self, const char *sql);

/* Whether a statement stays with one county (shard.c); a fault if not. */
bool shard_check(const char *sql, GError **error);

Db *sqlite_open(const char *file, enum engine_use use, GError **error);
Db *postgres_open(const char *address, enum engine_use use, GError **error);

/* ---- statements behind a work (behind.c) ---- */

Behind *behind_begin(void);
/* Takes a statement down, with its arguments; false when one before it has failed. */
bool behind_take(Behind *self, DbRows *rows, const DbArg *args, GError **error);
/* Until all is carried out. */
bool behind_wait(Behind *self, GError **error);
bool behind_end(Behind *self, GError **error);
/* Runs a statement to its end, whatever rows it gives; on the thread that has the connection (connection.c). */
bool statement_run(DbRows *self, const DbArg *args, GError **error);
