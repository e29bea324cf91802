// SPDX-License-Identifier: Apache-2.0
/* What the files of this room share and nobody else sees: one connection of the engine, the
 * rewriting of schema text for it, and the inside of a Store. */
#pragma once

#include "db/db.h"

#include <pthread.h>

/* ---- a connection (connection.c; each engine's part in sqlite.c and postgres.c) ---- */

/* Before the first connection of the program; later it changes nothing. */
void engine_start(void);
/* Is it the address of a PostgreSQL server's database, and not the path of a file? */
bool engine_is_server(const char *address);
/* The name of the database there; owned by the caller. */
char *postgres_name(const char *address);
enum engine_use {
    ENGINE_READS,
    ENGINE_WRITES,          /* and is alone in it */
    ENGINE_WRITES_TOGETHER, /* with other programs, on a server */
};
/* Creates the file when it writes; a connection that does not leaves the log as it is when it is closed. */
Db *engine_open(const char *address, enum engine_use use, GError **error);
/* Which counties the next transactions are of: numbers (int64_t), at least one, which it puts in their order, each once;
 * county 0 at first. A writing connection waits for their turns. Held by the connection. */
void engine_serve(Db *self, GArray *counties);
/* May others write to the same database? */
bool engine_takes_turns(const Db *self);
/* In a transaction that has begun: until nobody else writes. */
bool engine_await_turn(Db *self);
void engine_close(Db *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, engine_close)

/* Schema text in the common dialect as this engine wants it; NULL as schema_rewrite. Owned by the caller. */
char *engine_schema(const Db *self, const char *sql, GError **error);
/* Runs several statements without parameters and rows. */
bool engine_script(Db *self, const char *sql, GError **error);
/* Of a lost connection makes a new one first. */
bool engine_begin(Db *self, GError **error);
/* The same without a transaction where the engine can; see store_lookup. */
bool engine_begin_lookup(Db *self, GError **error);
bool engine_commit(Db *self, GError **error);
/* Whether a work is being run, to which the transaction is not to be ended. */
void engine_works(Db *self, bool works);
/* Whether the work that begins now is the only one of its transaction. */
void engine_alone(Db *self, bool alone);
/* Ends what db_use_async_writer began; false when a statement had failed. */
bool engine_catch_up(Db *self, GError **error);
/* Ends the rows that were left open; false when there were some. */
bool engine_end_rows(Db *self);
/* Ends open rows and undoes the transaction, if there still is one. */
void engine_rollback(Db *self);

/* How it stands with a transaction that failed. */
enum db_state {
    DB_WELL,    /* what failed fails again */
    DB_SPOILT,  /* a statement failed that was not waited for: nobody knows whose it was */
    DB_AGAIN,   /* the engine asks for the same once more: another was in the way, or the connection is lost */
    DB_UNKNOWN, /* the connection was lost at the commit, and whether it was done could not be learnt */
};
enum db_state engine_state(const Db *self);

/* Steps of the engine's machine since they were last asked for: what statements cost, whatever the machine below does. */
uint64_t engine_steps(Db *self);

/* The pages in the write-ahead log after the last commit. */
int engine_log_pages(const Db *self);
/* Copies the log into the database, so that the log can begin anew; waits up to `patience` ms
 * for readers of the old log. With `shrink` the log's file is emptied too. Refused with BUSY
 * when readers prevented a part of it, which loses nothing. */
bool engine_checkpoint(Db *self, bool shrink, int patience, GError **error);

/* ---- values kept (kept.c) ---- */

typedef struct Kept Kept;
Kept *kept_open(void);
void kept_close(Kept *self);

/* Where a connection stands with them, as of its transaction. */
typedef struct KeptState {
    Kept *kept;              /* the store's; NULL: keeps nothing */
    int64_t county, version; /* the number that its snapshot reads; county 0: not read yet */
    bool changed;            /* the transaction has raised it */
} KeptState;
KeptState *engine_kept(Db *self);

/* ---- series of numbers (store.c) ---- */

/* The number that is given out next, as the transaction found it; 1 of a series that is new. */
bool series_next(Db *self, int64_t county, const char *name, int64_t *next, GError **error);

/* ---- what a transaction remembers (memory.c) ---- */

GPtrArray **engine_memory(Db *self); /* NULL in it outside a write */
void memory_begin(GPtrArray **slots);
void memory_end(GPtrArray **slots);
void memory_save(Db *self);    /* at a savepoint */
void memory_restore(Db *self); /* back to it */
bool memory_settle(Db *self, GError **error);

/* ---- sums over tables (sums.c, sums_store.c) ---- */

/* A server keeps none: it has checksums of its own (initdb --data-checksums). */
bool engine_keeps_sums(const Db *self);
/* Gives every table a sum, but those of which a file says "-- recomputed: TABLE"; only tables that are new or have been
 * made anew are added up. Part of each migration. */
bool sums_watch(Db *self, const Embedded *files, size_t count, GError **error);
/* Adds to what is kept; `sum` is taken modulo 2^64. */
bool sums_add(Db *self, const char *table, int64_t county, int64_t rows, int64_t sum, GError **error);
/* What the transaction has changed in a table so far, for it is added up anew. */
void sums_forget(Db *self, const char *table);

/* ---- the schema (schema.c) ---- */

/* Schema text in the common dialect, rewritten for SQLite. NULL when it gives an order
 * ("-- append-only: …") that names no table. Owned by the caller. */
char *schema_rewrite(const char *sql, GError **error);
/* The same for PostgreSQL, which takes the text as it is. */
char *schema_guard(const char *sql, GError **error);

enum token { TOKEN_SPACE, TOKEN_COMMENT, TOKEN_QUOTED, TOKEN_WORD, TOKEN_SIGN };
/* The length of the piece of SQL that `text`, which is not empty, begins with. */
size_t sql_token(const char *text, enum token *kind);

/* ---- the text of statements (numbered.c) ---- */

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
    Kept *kept;
    Writer *writer; /* NULL: opened for reading */
    GPtrArray *writers; /* all, of which the stores that share this have one each; its own is the first */
    bool together;  /* with others on a server: there may be several */
    unsigned shares;
    int64_t county; /* whose rows its works concern */
    bool is_shared; /* all but the county and the choice of the writer is another's */
};

/* Whether the database has had all the migrations of these rooms and no other; CONFLICT "db.other_tables" if not. */
bool migrations_fit(Db *self, const char *file, const char *const *rooms, GError **error);

/* As store_migrate, with the files given. */
bool migrate_from(Store *self, const Embedded *files, size_t count, const char *const *rooms,
                  Instant now, GError **error);

/* Whether the database is whole: no move into it is under way (move_store.c); CONFLICT "db.unfinished" if not. */
bool move_is_over(Db *db, const char *file, GError **error);

/* ---- the writer (writer.c) ---- */

Writer *writer_start(Db *db); /* takes over `db` */
void writer_end(Writer *self);
