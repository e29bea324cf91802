// SPDX-License-Identifier: Apache-2.0
/* The one door to the database. A Store is the whole database; a Db is one connection of it, used by one thread at a time.
 * Statements are written in the common part of SQLite 3.40 and PostgreSQL 15: named parameters (:county), no time, no JSON,
 * no engine's own words. Every parameter must be given and every given one must be used. Statements stay prepared.
 *
 * Promise: a write that store_write or a WriteDone has acknowledged is on the disk (synchronous=FULL); a write that was
 * refused or failed has changed nothing. The one exception says so: BUSY "db.unknown", when a server went away during the
 * commit and did not come back to tell its outcome. */
#pragma once

#include "base/base.h"

extern const Room db_room;

typedef struct Store Store;
typedef struct DbRows DbRows;

/* ---- parameters ---- */

enum db_kind { DB_NULL, DB_INTEGER, DB_TEXT, DB_BYTES };
typedef struct DbArg {
    const char *name;
    enum db_kind kind;
    int64_t number;
    const char *text; /* borrowed until the call returns; NULL text is stored as null */
    size_t length;    /* of DB_BYTES */
} DbArg;

static inline DbArg db_int(const char *name, int64_t value)
{
    return (DbArg){ .name = name, .kind = DB_INTEGER, .number = value };
}
static inline DbArg db_text(const char *name, const char *value)
{
    return (DbArg){ .name = name, .kind = value ? DB_TEXT : DB_NULL, .text = value };
}
static inline DbArg db_bytes(const char *name, const void *value, size_t length)
{
    return (DbArg){ .name = name, .kind = DB_BYTES, .text = value, .length = length };
}
/* WITH(db_int("county", c), db_text("name", n)) */
#define WITH(...) ((const DbArg[]){ __VA_ARGS__, { .name = NULL } })

/* ---- statements ---- */

/* The text of a statement that is built of a table of columns, `of`, in a variant: cached by the connection. Borrowed. */
typedef char *StatementBuilder(const void *of, unsigned variant);
const char *db_statement_text(Db *self, StatementBuilder *build, const void *of, unsigned variant);
/* Runs a statement that gives no rows (or whose rows are of no interest). */
bool db_run(Db *self, const char *sql, const DbArg *args, GError **error);
/* Like db_run, for "INSERT INTO table (…) VALUES (:…)" of one row: one line of text with nothing behind the last bracket. A
 * server gets the row together with others of the same statement, at the latest before a statement whose text names the table
 * or when the write ends; an error is reported then. So every statement that reads or changes the table must name it. */
bool db_insert(Db *self, const char *sql, const DbArg *args, GError **error);
/* From here to the end of the write db_run only queues its statements; a second thread runs them in order while the write
 * goes on, and every read waits for them. No later write joins the transaction. An error is reported by a later call, at the
 * latest when the write ends, and no statement runs after it. Meant for writes of thousands of statements of which none is
 * expected to be refused. */
void db_use_async_writer(Db *self);
/* A reading connection that sees the database as it was before this write; for writes that read as much as they write with
 * db_use_async_writer. NULL when other writes share the transaction: then the write reads on its own connection; else none joins
 * it. The caller gives it back by db_snapshot_end before the write ends. */
Db *db_snapshot(Db *self);
void db_snapshot_end(Db *self); /* does nothing for NULL */
/* Like db_run; *changed is the number of rows that were inserted, updated or deleted. */
bool db_change(Db *self, const char *sql, const DbArg *args, int64_t *changed, GError **error);
/* All rows as an array of objects, keyed by column name; bytes as lower-case hexadecimal. */
json_t *db_rows(Db *self, const char *sql, const DbArg *args, GError **error);
/* The first row as an object; refused with NOT_FOUND "base.not_found" when there is none. */
json_t *db_row(Db *self, const char *sql, const DbArg *args, GError **error);
/* The first column of the first row; *found tells whether there was one. */
bool db_integer(Db *self, const char *sql, const DbArg *args, int64_t *value, bool *found,
                GError **error);

/* Row by row, for hot paths: columns by position, 0 first, as the SELECT beside it lists them.
 *   g_autoptr(DbRows) rows = db_query(…);
 *   while (db_next(rows, error)) … db_column_int(rows, 0) …
 *   if (db_failed(rows)) return false;
 * NULL from db_query means *error is set; of NULL db_next says false and db_failed true. Texts live until the next db_next.
 * One statement text may be open once at a time on a connection. */
DbRows *db_query(Db *self, const char *sql, const DbArg *args, GError **error);
bool db_next(DbRows *self, GError **error);
bool db_failed(const DbRows *self);
int64_t db_column_int(const DbRows *self, int column);      /* 0 for null */
const char *db_column_text(const DbRows *self, int column); /* NULL for null */
const void *db_column_bytes(const DbRows *self, int column, size_t *length);
void db_rows_end(DbRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbRows, db_rows_end)

/* The next number of the series `name` in a county, from 1 on: one row of the table `ids`.
 * To be called inside a write. */
bool db_next_id(Db *self, int64_t county, const char *name, int64_t *id, GError **error);

/* Inside a write: *first tells whether this is the first call for the county and `table`, whose one column is county: so that
 * what older programs left out is put right once. */
bool db_once(Db *self, int64_t county, const char *table, bool *first, GError **error);

/* ---- personal data, sealed ---- */

/* Values that name or tell of a person (PIPL art. 4, 51) are kept sealed, by the keys of their county, which lie in a file beside the
 * database (docs/privacy.md). A migration says of such a column "-- sealed: TABLE.COLUMN"; what it leaves plain in it begins with "=" and
 * is sealed when the county is opened, as all is when the keys are renewed. `place` is "TABLE.COLUMN", and `of` the row's key behind
 * the county, its parts with "/" between: a value that is moved elsewhere does not open. "" stays "". */
/* Owned by the caller; NULL with a FAULT where the county's keys are not there. */
char *personal_seal(Db *self, int64_t county, const char *place, const char *of, const char *text, GError **error);
/* *text is owned by the caller. FAULT for what was altered or moved, or is not sealed. */
bool personal_open(Db *self, int64_t county, const char *place, const char *of, const char *sealed, char **text, GError **error);
/* The same of any bytes, of which there are some. Owned by the caller. */
char *personal_seal_bytes(Db *self, int64_t county, const char *place, const char *of, const void *plain, size_t length, GError **error);
GBytes *personal_open_bytes(Db *self, int64_t county, const char *place, const char *of, const char *sealed, GError **error);
/* The same of a column of the row at hand, whose statement has a :county; NULL where it does not open. Owned by the caller. */
char *personal_column(const DbRows *rows, int column, const char *place, const char *of, GError **error);
/* The keyed hash by which such a value is found: HMAC-SHA-256 (RFC 2104), 64 hexadecimal digits; the same text has another one for
 * another county or purpose. Owned by the caller. */
char *personal_hash(Db *self, int64_t county, const char *purpose, const char *text, GError **error);

/* The number of the key that seals now: 1, and one more with every renewal. 0 with a FAULT where there is none. */
int64_t personal_key_newest(Db *self, int64_t county, GError **error);

/* Makes such a file, which must not be there. */
bool personal_keys_make(const char *file, GError **error);
/* Adds a key, which seals from the next opening on; the earlier ones still open. NOT_FOUND "db.personal_missing". */
bool personal_keys_add(const char *file, GError **error);
/* Gives the store the keys of a county, once, and seals what is not sealed with the newest; *sealed tells whether there was such. The file is made where the database has never
 * had keys for the county; else NOT_FOUND "db.personal_missing", or CONFLICT "db.personal_other" when it holds other keys. */
bool store_open_personal(Store *self, const char *file, int64_t county, Instant now, bool *sealed, GError **error);
/* To be called behind a *sealed of store_open_personal, and what else an older program had left plain: writes an SQLite file anew, so that no
 * free page and no log holds any of it, and notes that this is done. FULL "db.full" where the disk has no room for that. */
bool store_end_sealing(Store *self, int64_t county, GError **error);
/* The same for a store that is opened for reading: nothing is made or sealed, and a county that never had keys gets none. */
bool store_read_personal(Store *self, const char *file, int64_t county, GError **error);
/* Gives a county keys that stand in the program, for tests. `text` is that of a file of keys. */
void store_use_personal(Store *self, int64_t county, const char *text);

/* ---- transaction state ---- */

/* State of `size` bytes that lives as long as the transaction, one for each county and `flush`; *fresh: it is new and all 0.
 * It spares a hundred writes of one transaction reading and writing the same row a hundred times: `flush` writes it to the
 * database once, before the commit. Rolling a write back rolls back its changes to the state. Each write asks for the
 * address anew. NULL on a reading connection. */
typedef bool FlushFunction(Db *self, int64_t county, void *memory, GError **error);
void *db_transaction_state(Db *self, int64_t county, FlushFunction *flush, size_t size, bool *fresh);
/* Only the first `used` bytes of the state are restored by a rollback; the bytes behind them are then undefined. */
void db_transaction_state_used(Db *self, int64_t county, FlushFunction *flush, size_t used);
bool db_is_writer(Db *self); /* is it the writer's connection, in a transaction? */
/* Lets the state outlive a commit, when it is then what the database holds: the next transaction of the county begins with it if
 * nobody else has written the county meanwhile, else the state is fresh again. It is flushed only after a write has asked for it. */
void db_transaction_state_carry(Db *self, int64_t county, FlushFunction *flush, bool carries);
/* Drops a fresh state whose content could not be read, as if it had never been asked for. */
void db_transaction_state_drop(Db *self, int64_t county, FlushFunction *flush);

/* ---- reference data ---- */

/* Reference data (divisions, organs, items, names of the staff) are rows that seldom change and stand on every page. A value
 * made of nothing else is cached in memory under a key, for all connections, until any such row of the county changes.
 * A write that inserts or changes such a row calls db_reference_changed. */
bool db_reference_changed(Db *self, int64_t county, GError **error);
/* A new reference to the cached value, which is shared and must not be changed. NULL when the caller has to make it. */
json_t *db_cache_get(Db *self, int64_t county, const char *key);
void db_cache_put(Db *self, int64_t county, const char *key, json_t *json); /* NULL is not cached */
/* The same for a structure in a g_atomic_rc_box, released by `let_go`. One key always holds the same type. */
void *db_cache_get_box(Db *self, int64_t county, const char *key);
void db_cache_put_box(Db *self, int64_t county, const char *key, void *box, void let_go(void *box));
/* A query that a connection begins with may also read the version of the cache, which spares the connection another query: the
 * column DB_CACHE_VERSION, for the statement's :county, is then given to db_cache_version. */
#define DB_CACHE_VERSION "(SELECT next FROM ids WHERE county = :county AND name = 'reference')"
void db_cache_version(Db *self, int64_t county, int64_t number);

/* ---- sums over tables ---- */

/* SQLite's file holds, for each county and each table without "-- recomputed: TABLE" in its migration, the number of rows and
 * a sum of their hashes, which only this program can keep in step with the rows. db_sums_check reports every table, and the
 * list of tables itself ("schema"), whose rows do not make that sum. A PostgreSQL server holds no such sums, because its pages
 * have checksums: there nothing is reported. */
bool db_sums_check(Db *self, const VerifyReport *told, GError **error);

/* ---- the store ---- */

/* Refuses with NOT_FOUND a file that is not there ("db.missing") and a server's database that has none of our tables
 * ("db.no_tables"): for programs that are to make none. */
bool store_is_there(const char *address, GError **error);
/* Where there is no file of a database, or an empty one, is there nothing of another either, whose files' names begin with `beside`: a
 * log, keys, checkpoint, papers, accounts? CONFLICT "db.moved_away" with "found". A server's database is always free. */
bool store_is_free(const char *file, const char *beside, GError **error);
/* Opens the database at `address` and its writer thread: the path of an SQLite file, which is created if need be, or
 * postgresql://… for a database of a PostgreSQL server. `readers` is how many reading connections there may be at
 * once. Refused are: a second process on the same database with CONFLICT "db.in_use"; a file with several names (hard
 * links), behind which another process could hide, with CONFLICT "db.linked"; what store_is_free refuses; a file whose log was another
 * file's with CONFLICT "db.other_log"; one that can only be read with BUSY "db.read_only"; a server's database that does not sort
 * text by its bytes with CONFLICT "db.locale". While a server is away every call is refused with BUSY "db.away"; the store
 * reconnects by itself. */
Store *store_open(const char *address, unsigned readers, GError **error);
/* The same with the migrations of `rooms` (as store_migrate), for programs that share a server's database: a write lock for
 * each county lets one of them write at a time, and each sees the commits before its own. They may start and stop at any time.
 * While one of them runs, store_open, and a program that would have to migrate the schema, are refused with "db.in_use".
 * A file is refused to a second program as by store_open. */
Store *store_open_together(const char *address, unsigned readers, const Room *const *rooms, Instant now, GError **error);
/* Sets the county of the writes submitted from now on: programs that write different counties do not wait for each other. */
void store_set_county(Store *self, int64_t county);
/* A second Store for another county that shares the connections of the first and, on a server, one of its few writers: writes
 * of several counties may share a transaction. The caller closes it before `self`, and makes all shares on one thread. */
Store *store_share(Store *self);
/* Opens a database for reading only, whether another program writes to it or not: no lock, no migration, no change.
 * `rooms` as for store_migrate. Refused with NOT_FOUND "db.missing" when there is no such file, and with CONFLICT
 * "db.other_tables" when its tables are not those that this program makes. */
Store *store_open_reading(const char *address, unsigned readers, const Room *const *rooms, GError **error);
/* The same for a draft, which is thrown away if the program ends early: a file without a log. When it is complete and closed
 * the caller opens it once by store_open, which gives it its log and makes it durable. */
Store *store_open_draft(const char *address, unsigned readers, GError **error);
/* The address of the draft that becomes the database at `address` when it is complete: another file beside it; on a server,
 * where an administrator creates databases, `address` itself. Owned by the caller. */
char *store_draft(const char *address);
/* The beginning of the names of the files that belong to a database: its path, or the name of a server's database; in `folder`
 * unless that is NULL. Owned by the caller. */
char *store_beside(const char *address, const char *folder);
/* Waits for the writes under way, then closes. */
void store_close(Store *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Migrates the schema: all embedded files ROOM/NNN-name.sql, rooms in the order given (NULL
 * ended), numbers rising, each in one transaction. Refuses (FAULT) when the database holds a
 * migration that this program does not know, or one whose text has changed since. A comment
 * line "-- append-only: TABLE" makes the engine itself forbid UPDATE and DELETE of that table, "-- never-updated: TABLE"
 * UPDATE alone, each with "but COLUMN" behind it no UPDATE that shortens this text; a PostgreSQL server forbids them to the table's
 * owner, but nothing to a superuser. */
bool store_migrate(Store *self, const Room *const *rooms, Instant now, GError **error);

/* Progress of a move: `done` rows of `all` have been copied. */
typedef struct MoveProgress {
    void (*progress)(void *data, int64_t done, int64_t all);
    void *data;
} MoveProgress;
/* Copies all tables of `rooms` from one store, which stays unchanged, into another that has none of them, or goes on with an
 * earlier move from the same source. No other program has either open. Until store_move_end every program is refused the
 * target with CONFLICT "db.unfinished". Refused with CONFLICT "db.not_empty" or "db.other_source" when the target holds
 * something else, and with "db.other_tables" when the source is of another version. */
bool store_move(Store *from, Store *to, const Room *const *rooms, Instant now, const MoveProgress *told, GError **error);
bool store_move_end(Store *to, GError **error);

/* Distributes every table of a server's database by county with its extension Citus; no other program has it open. `order` is
 * called with each command before it runs; `dry` runs none and needs no Citus. Tables that are distributed already stay so.
 * Refused with CONFLICT "db.not_a_server", "db.no_citus", and, after each has been reported to `told`, "db.not_for_citus" when
 * tables are not as Citus needs them. */
bool store_distribute(Store *self, bool dry, const VerifyReport *told, void order(void *data, const char *sql), GError **error);

/* Lends a reading connection (waits when all are lent) that sees one unchanging snapshot until
 * it is given back, with its rows ended. A statement that writes fails on it. */
Db *store_reader(Store *self, GError **error);
void store_return(Store *self, Db *reader); /* does nothing for NULL */
/* Lends a reading connection, until store_return, for what is looked up before a write that judges again. A server opens no
 * transaction for it, which was half of what such a look-up cost: each statement sees what is committed when it is asked, and
 * none may read all rows. */
Db *store_lookup(Store *self, GError **error);
bool store_is_remote(const Store *self); /* is it a server's, so that each statement is waited for? */

/* ---- the writer ---- */

/* A write runs on the writer's thread inside its transaction. The writer may run it again after a fault or a refusal of
 * another write, so it changes nothing but the database and its own `data`. After a failed statement it returns at once,
 * because a server runs nothing more in such a transaction. */
typedef bool WriteFunction(Db *db, void *data, GError **error);
/* Called once per write, on the writer's thread, after its transaction is durable (error NULL) or the write was rolled back
 * (error set, owned by the writer). */
typedef void WriteDone(void *data, const GError *error);

/* Queues a write (a fault on a store opened for reading). The writer runs all queued writes, and those that arrive meanwhile, as
 * a group in one transaction, commits once, then calls every `done`. A refusal (code < 500) rolls back only its own write: the
 * group is run again with a savepoint for each write, and the groups after it have savepoints too as long as one of their
 * writes is refused; a write that began alone needs none, and is not run again for a refusal of one that joined it behind a
 * savepoint. A fault rolls the group back, and its writes are run one by one. A full disk gives FULL. A transaction that a
 * server asks to retry, or that was lost before its commit, is run again. */
void store_submit(Store *self, WriteFunction *work, void *data, WriteDone *done);
/* Queues a write and waits for its end. */
bool store_write(Store *self, WriteFunction *work, void *data, GError **error);

/* Writes that have ended, the transactions that they shared, and how many of them ended with a fault. */
typedef struct WriterCounts {
    uint64_t writes, transactions, faults;
} WriterCounts;
WriterCounts store_writer_counts(Store *self);
