// SPDX-License-Identifier: Apache-2.0
/* The interface between the engine-neutral files of this room and the two engines in sqlite/ and postgres/, and what these
 * files share: a connection, the rewriting of schema text, the inside of a Store. */
#pragma once

#include "db/db.h"

#include <pthread.h>

/* ---- a connection (connection.c) ---- */

/* Sets what holds for the whole process; to be called before its first connection. */
void engine_start(void);
/* Is it the address of a PostgreSQL server's database, and not the path of a file? */
bool engine_is_server(const char *address);
/* The name of the database there; owned by the caller. */
char *postgres_name(const char *address);
enum engine_use {
    ENGINE_READS,
    ENGINE_WRITES,          /* and no other program does */
    ENGINE_WRITES_TOGETHER, /* with other programs, on a server */
    ENGINE_DRAFTS,          /* nobody reads it before it is complete */
};
/* Creates the file when it writes. Closing a reading connection leaves the log as it is. */
Db *engine_open(const char *address, enum engine_use use, GError **error);
/* Sets the counties of the next transactions, whose write locks they take on a server: numbers (int64_t), at least one, which the
 * call sorts and makes unique. The connection holds the array. */
void engine_set_counties(Db *self, GArray *counties);
/* Is it one of these? */
bool engine_has_county(const Db *self, int64_t county);
void engine_close(Db *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, engine_close)

/* Begins a transaction; reconnects first when the connection was lost. */
bool engine_begin(Db *self, GError **error);
/* The same without a transaction where the engine can; see store_lookup. */
bool engine_begin_lookup(Db *self, GError **error);
bool engine_commit(Db *self, GError **error);
/* Ends what db_use_async_writer began; false when a statement had failed. */
bool engine_end_async_writer(Db *self, GError **error);
/* Ends the rows that were left open; false when there were some. */
bool engine_end_rows(Db *self);
/* Ends open rows and undoes the transaction, if there still is one. */
void engine_rollback(Db *self);

/* The consequence of a failure for its transaction. */
enum transaction_status {
    TRANSACTION_OK,       /* the same statement would fail again */
    TRANSACTION_ABORTED,  /* a pipelined statement failed, and which write had sent it is unknown */
    TRANSACTION_RETRY,    /* the engine asks to run it again: a conflict, or the connection is lost */
    TRANSACTION_IN_DOUBT, /* the connection was lost during the commit, and its outcome could not be learnt */
};

/* ---- the cache (cache.c) ---- */

typedef struct Cache Cache;
Cache *cache_open(void);
void cache_close(Cache *self);

/* The version of a county's cached values as a connection sees it in its transaction. */
typedef struct CacheVersion {
    int64_t county, number; /* county 0: not read yet */
    bool changed;           /* the transaction has raised it */
} CacheVersion;
/* Has the connection read the version, or can it do so now? */
bool cache_is_open(Db *self, int64_t county);

/* ---- transaction state (transaction_state.c) ---- */

void transaction_state_begin(Db *self);
void transaction_state_committed(Db *self);              /* keeps the states that are carried */
void transaction_state_resume(Db *self, int64_t county); /* begins with those of a county */
void transaction_state_savepoint(Db *self);
void transaction_state_restore(Db *self); /* to the savepoint */
/* Calls the flush function of every state. */
bool flush_at_commit(Db *self, GError **error);

/* ---- sums over tables (sqlite/sums.c, sqlite/sums_store.c) ---- */

/* Gives every table a sum except those with "-- recomputed: TABLE" in a file; only new and remade tables are added up. Part of
 * each migration. */
bool sums_watch(Db *self, const Embedded *files, size_t count, GError **error);
/* Adds to the stored sum, modulo 2^64. */
bool sums_add(Db *self, const char *table, int64_t county, int64_t rows, int64_t sum, GError **error);
/* Drops the changes that the transaction has counted in a table, because it is added up anew. */
void sums_forget(Db *self, const char *table);

/* ---- the store's file (store.c) ---- */

/* After it nothing can be found that was deleted or replaced; a server's own VACUUM does that (docs/privacy.md). */
bool store_compact(Store *self, GError **error);

/* ---- the schema (schema.c) ---- */

/* Schema text in the common dialect, rewritten for SQLite. NULL when it gives an order
 * ("-- append-only: …") that names no table. Owned by the caller. */
char *schema_rewrite(const char *sql, GError **error);
/* The same for PostgreSQL, which takes the text as it is. */
char *schema_guard(const char *sql, GError **error);

enum token { TOKEN_SPACE, TOKEN_COMMENT, TOKEN_QUOTED, TOKEN_WORD, TOKEN_SIGN };
bool sql_is_word_byte(char c);
/* The length of the piece of SQL that `text`, which is not empty, begins with. */
size_t sql_token(const char *text, enum token *kind);

/* ---- the text of statements (postgres/parameters.c) ---- */

/* *text is the statement as PostgreSQL wants it, with $1 for the first :name; the names in the order of their numbers.
 * A fault when it has other parameters than named ones, or is not just one statement. Both owned by the caller. */
GPtrArray *statement_number(const char *sql, char **text, GError **error);

/* ---- the store (store.c) ---- */

typedef struct Writer Writer;

/* Reading connections: opened when first wanted, then lent again and again. */
typedef struct Readers {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    GPtrArray *free;
    unsigned opened, most;
} Readers;

/* pthread's locks rather than GLib's, because ThreadSanitizer sees through them. */
struct Store {
    char *file; /* or a server's address */
    char *name; /* as messages call it */
    int lock_file;
    Readers *readers;
    Cache *cache;
    struct PersonalCounties *personal; /* their keys (personal.h) */
    Writer *writer; /* NULL: opened for reading */
    GPtrArray *writers; /* all; each sharing store uses one of them, this one the first */
    bool together;  /* with other programs on a server: there may be several writers */
    unsigned shares;
    int64_t county; /* of the writes submitted */
    bool is_shared; /* everything but the county and the choice of the writer belongs to another store */
};

/* Whether the database has had all the migrations of these rooms and no other; CONFLICT "db.other_tables" if not. */
bool migrations_fit(Db *self, const char *file, const Room *const *rooms, GError **error);

/* As store_migrate, with the files given. */
bool migrate_from(Store *self, const Embedded *files, size_t count, const Room *const *rooms,
                  Instant now, GError **error);

/* Whether the database is whole: no move into it is under way (move_store.c); CONFLICT "db.unfinished" if not. */
bool move_is_over(Db *db, const char *file, GError **error);

/* ---- the writer (writer.c) ---- */

Writer *writer_start(Db *db); /* takes over `db` */
void writer_end(Writer *self);

/* ---- one connection: statements prepared, their parameters by name, and what an engine does for them (connection.c) ---- */

enum { STATEMENTS_RECENT = 1024 /* a power of two */, SUMS_MOST = 64, SUM_NAME = 40 };

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

enum value_kind { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT, VALUE_BYTES };

/* Each engine does these in its own way. False means *error is set. */
typedef struct Engine {
    bool (*begin)(Db *self, GError **error);
    bool (*begin_lookup)(Db *self, GError **error); /* NULL: as `begin` */
    bool (*commit)(Db *self, GError **error);
    void (*rollback)(Db *self);
    void (*close)(Db *self); /* and drops its statements */
    char *(*schema)(const char *sql, GError **error); /* text in the common dialect as this engine wants it; see schema_rewrite */
    bool (*script)(Db *self, const char *sql, GError **error); /* several statements without parameters and rows */
    /* Copies the write-ahead log into the database, so that it can begin anew; waits up to `patience` ms for readers of the old
     * log. With `shrink` the log's file is emptied too. Refused with BUSY when readers prevented a part of it, which loses
     * nothing. NULL: the engine keeps its log itself. */
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
    enum value_kind (*kind)(const DbRows *self, int column);
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
    int64_t county; /* the argument of this name; 0: none */
    bool open, ended, failed, is_insert; /* is_insert: of db_insert */
};

typedef struct AsyncWriter AsyncWriter;

struct Db {
    const Engine *engine;
    struct sqlite3 *link;  /* SQLite's */
    struct Server *server; /* PostgreSQL's */
    GHashTable *statements; /* by text; owns them */
    DbRows *recent[STATEMENTS_RECENT]; /* by the address of the text, which mostly is a literal */
    GArray *texts; /* of db_statement_text */
    char *address;
    unsigned open;
    bool writes;
    bool in_write; /* a write is being run, which must not end the transaction */
    bool alone;    /* the running write is the only one of its transaction */
    bool exclusive; /* and no other may join it */
    GArray *counties; /* int64_t, rising: whose write locks the transaction takes */
    bool together; /* other programs may write to the same database */
    enum transaction_status status;
    int log_pages; /* in the write-ahead log after the last commit */
    bool unmarked;        /* the log begins, or may, with the next commit (sqlite/log.c) */
    int64_t changes;      /* rows that SQLite had changed when the transaction began */
    int64_t data_version; /* SQLite's number for the commits of other connections; 0: not read yet */
    Cache *cache;                 /* the store's; NULL: caches nothing */
    struct PersonalCounties *personal; /* the store's */
    struct PersonalCiphers *ciphers;   /* NULL: none has been used yet */
    CacheVersion cache_version;   /* of a reading connection; a writing one has a transaction state */
    GPtrArray *transaction_state; /* NULL outside a write */
    GPtrArray *carried;           /* states of transactions that were committed, of counties that have not been written since */
    GHashTable *tables; /* that have a sum, and where their county stands, or -1; NULL: not looked up yet */
    Sums pending; /* changes of the running statement; a success adds them to the transaction state */
    AsyncWriter *async_writer; /* NULL: db_run runs its statement at once */
};

/* A connection without its engine's part. */
Db *connection_new(const Engine *engine, bool writes);
/* Does the statement begin or end a transaction or a savepoint? */
bool statement_is_order(const char *sql);

Db *sqlite_open(const char *file, enum engine_use use, GError **error);
/* Does the log beside a file belong to it? Reads the two, and changes nothing. CONFLICT "db.other_log". */
bool sqlite_log_fits(const char *file, GError **error);
/* Writes the file anew without what was deleted, and empties its log. */
bool sqlite_compact(const char *file, GError **error);
Db *postgres_open(const char *address, enum engine_use use, GError **error);

/* ---- statements queued by db_use_async_writer (async_writer.c) ---- */

AsyncWriter *async_writer_start(void);
/* Queues a statement with a copy of its arguments; false when an earlier one has failed. */
bool async_writer_add(AsyncWriter *self, DbRows *rows, const DbArg *args, GError **error);
/* Waits until every queued statement has run. */
bool async_writer_wait(AsyncWriter *self, GError **error);
bool async_writer_end(AsyncWriter *self, GError **error);
/* Runs a statement to its end and ignores its rows; on the thread that holds the connection (connection.c). */
bool statement_run(DbRows *self, const DbArg *args, GError **error);

/* ---- checks of statements, in builds with sanitizers only ---- */

#if STATEMENTS_CHECKED
/* A fault where the statement would read a large table whole, or sort what it reads of one (sqlite/plan.c). */
bool plan_check(Db *db, const char *sql, GError **error);
/* A fault where a table of the statement is not bound to one county (postgres/shard.c). */
bool shard_check(const char *sql, GError **error);
#else
static inline bool plan_check(Db *db, const char *sql, GError **error)
{
    (void)db, (void)sql, (void)error;
    return true;
}
static inline bool shard_check(const char *sql, GError **error)
{
    (void)sql, (void)error;
    return true;
}
#endif
