// SPDX-License-Identifier: Apache-2.0
/* The one door to the database. A Store is the whole database; a Db is one connection of it,
 * used by one thread at a time. The dialect of the statements is the common part of SQLite 3.40
 * and PostgreSQL 15: named parameters (:county), no time, no JSON, no engine words. Every
 * parameter must be given and every given one must be used. Statements are kept prepared.
 *
 * Promise: what store_write or a WriteDone has acknowledged is on the disk (synchronous=FULL);
 * what was refused or failed has changed nothing. Of one refusal nobody knows, and it says so: BUSY "db.unknown",
 * when a server went away while it committed and did not come back to tell. */
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

/* Runs a statement that gives no rows (or whose rows are of no interest). */
bool db_run(Db *self, const char *sql, const DbArg *args, GError **error);
/* From here to the end of the work db_run only takes statements down; they are carried out in their order while the work
 * goes on, and who reads waits for them. What fails is told by a later call, at the latest by the work's end, and
 * nothing is carried out after it: for works of thousands of statements of which none is expected to be refused. */
void db_use_async_writer(Db *self);
/* A reading connection that sees the database as it was before this work, however much the work writes meanwhile; for works
 * that read as much as they write, behind. NULL when there is none, because others write in the same transaction: then
 * the work reads on its own connection. To be given back before the work ends. */
Db *db_snapshot(Db *self);
void db_snapshot_end(Db *self); /* NULL is none */
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
 * NULL from db_query means *error is set; texts live until the next db_next. One statement text
 * may be open once at a time on a connection. */
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

/* ---- what a write remembers ---- */

/* Memory of `size` bytes, all 0 when *fresh, that lives as long as the transaction in which it is asked for, one for
 * each county and `flush`: for what each of a hundred works of one transaction would otherwise read and write anew.
 * `flush` writes it down, once, before the commit. What a work that is undone changed in it is undone too. To be
 * asked for anew in each work. NULL on a reading connection. */
typedef bool FlushFunction(Db *self, int64_t county, const void *memory, GError **error);
void *db_transaction_state(Db *self, int64_t county, FlushFunction *flush, size_t size, bool *fresh);
/* Of a large memory only the first `used` bytes are kept for an undoing; what lies behind may then be anything. */
void db_transaction_state_used(Db *self, int64_t county, FlushFunction *flush, size_t used);
bool db_is_writer(Db *self); /* is it the writer's? */
/* Takes it back as if it had never been asked for: it could not be read. */
void db_transaction_state_drop(Db *self, int64_t county, FlushFunction *flush);

/* ---- reference data ---- */

/* Divisions, organs, items, the staff's names: rows that seldom change and stand on every page. A value
 * made of nothing else is kept in memory under a key, for all connections, until any of them changes.
 * Whoever inserts or changes such a row says so in the same write. */
bool db_reference_changed(Db *self, int64_t county, GError **error);
/* The value kept, which others hold too: nobody changes it. NULL when it has to be made. */
json_t *db_cache_get(Db *self, int64_t county, const char *key);
void db_cache_put(Db *self, int64_t county, const char *key, json_t *json); /* NULL is not kept */
/* The same for what is made ready for use: a box of GLib's (g_atomic_rc_box), let go by `let_go`. One key is one kind. */
void *db_cache_get_box(Db *self, int64_t county, const char *key);
void db_cache_put_box(Db *self, int64_t county, const char *key, void *box, void let_go(void *box));

/* ---- sums over tables ---- */

/* Of every table but those that say "-- recomputed: TABLE" in their migration the database keeps, for each county,
 * the number of its rows and a sum of their hashes, changed with every row by what only this program can do. Tells
 * every table, and the list of tables itself ("schema"), whose rows do not make the sum that is kept. A PostgreSQL
 * server keeps no such sums (its pages have checksums of their own): there it tells nothing. */
bool db_sums_check(Db *self, const Examination *told, GError **error);

/* ---- the store ---- */

/* Opens the database at `address` and its writer thread: the path of an SQLite file, which is created if need be, or
 * postgresql://… for a database of a PostgreSQL server. `readers` is how many reading connections there may be at
 * once. A second process on the same database is refused with CONFLICT "db.in_use"; a file of several names (hard
 * links), behind which another process could hide, with CONFLICT "db.linked"; a server's database that does not sort
 * text by its bytes with CONFLICT "db.locale". While a server is away, whatever is
 * asked is refused with BUSY "db.away", and goes on by itself when it is back. */
Store *store_open(const char *address, unsigned readers, GError **error);
/* The same with the migrations of `rooms` (as store_migrate), for a program that can share a server's database with others
 * of its kind: their writes take turns, each sees what those before have made, and nothing else has to be agreed. They
 * come and go as they like; while one is there who wants it for himself is refused with "db.in_use", as is who would have
 * to bring the schema up. A file's is refused to a second one as ever. */
Store *store_open_together(const char *address, unsigned readers, const Room *const *rooms, Instant now, GError **error);
/* The county whose rows the works concern that are submitted from now on: programs of different counties do not wait for
 * each other. */
void store_set_county(Store *self, int64_t county);
/* The same store once more, with its connections and, on a server, one of its few writers, for another county: works of
 * several may share a transaction, of which each statement concerns one. To be closed before the one it is shared with, and
 * made on the same thread as its brothers. */
Store *store_share(Store *self);
/* Opens it for reading only, beside a program that may be writing or not: no lock, no migration, nothing is changed.
 * `rooms` as for store_migrate. Refused with NOT_FOUND "db.missing" when there is no such file, and with CONFLICT
 * "db.other_tables" when its tables are not those that this program makes. */
Store *store_open_reading(const char *address, unsigned readers, const Room *const *rooms, GError **error);
/* Where a database is made that shall take its name at `address` only when it is whole; on a server, where others make
 * and name databases, there already. Owned by the caller. */
char *store_draft(const char *address);
/* What the names of the files that belong to a database begin with: its path; of a server's database its name. In
 * `folder`, when that is not NULL. Owned by the caller. */
char *store_beside(const char *address, const char *folder);
/* Waits for the writes under way, then closes. */
void store_close(Store *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Brings the schema up: all embedded files ROOM/NNN-name.sql, rooms in the order given (NULL
 * ended), numbers rising, each in one transaction. Refuses (FAULT) when the database holds a
 * migration that this program does not know, or one whose text has changed since. A comment
 * line "-- append-only: TABLE" makes the engine itself forbid UPDATE and DELETE of that table; a PostgreSQL
 * server forbids them to the table's owner, but nothing to a superuser. */
bool store_migrate(Store *self, const Room *const *rooms, Instant now, GError **error);

/* Who is told how a move goes: rows of all that are there. */
typedef struct MoveProgress {
    void (*progress)(void *data, int64_t done, int64_t all);
    void *data;
} MoveProgress;
/* Copies all tables of `rooms` from one store, which stays as it is, into another that has none of theirs or holds what an
 * earlier move from the same one has brought there: then it goes on. Both are open to nobody else. Until store_move_end
 * the target is refused to everybody with CONFLICT "db.unfinished". Refused with CONFLICT "db.not_empty" or
 * "db.other_source" into a database that holds something else, and with "db.other_tables" from one of another version. */
bool store_move(Store *from, Store *to, const Room *const *rooms, Instant now, const MoveProgress *told, GError **error);
bool store_move_end(Store *to, GError **error);

/* Gives every table of a server's database over to its extension Citus, by county; who has it open has it alone. Tells each
 * order before it is carried out; `dry` carries out none and needs no Citus. What is distributed already is let be. Refused
 * with CONFLICT "db.not_a_server", "db.no_citus", and "db.not_for_citus" when tables are not as Citus needs them, of which each
 * is told first. */
bool store_distribute(Store *self, bool dry, const Examination *told, void order(void *data, const char *sql), GError **error);

/* Lends a reading connection (waits when all are lent) that sees one unchanging snapshot until
 * it is given back, with its rows ended. A statement that writes fails on it. */
Db *store_reader(Store *self, GError **error);
void store_return(Store *self, Db *reader);
/* Lends a reading connection, until store_return, for what is looked up before a write that judges again. A server opens no
 * transaction for it, which was half of what such a look-up cost: each statement sees what is committed when it is asked, and
 * none may read all rows. */
Db *store_lookup(Store *self, GError **error);
bool store_is_remote(const Store *self); /* is it a server's, so that each statement is waited for? */

/* ---- the writer ---- */

/* A write: runs on the writer's thread inside its transaction, may be run again after a fault or a refusal of
 * a neighbour, so it changes nothing but the database and its own `data`. After a statement that failed it only
 * returns: a server does nothing more in such a transaction. */
typedef bool WriteFunction(Db *db, void *data, GError **error);
/* Called once per work, on the writer's thread, after the transaction is durable (error NULL) or
 * the work was undone (error set, owned by the writer). */
typedef void WriteDone(void *data, const GError *error);

/* Queues a write (a fault on a store opened for reading). The writer takes what waits, runs it in one transaction, commits
 * once, then calls every `done`. A refusal (code < 500) undoes only its own work: the group is run again with a savepoint
 * for each, as are those that come after it as long as there are refusals. A fault undoes the group, which is then run one
 * by one. A full disk gives FULL. What a server asks to run again, or lost without committing it, is run again. */
void store_submit(Store *self, WriteFunction *work, void *data, WriteDone *done);
/* Queues a write and waits for its end. */
bool store_write(Store *self, WriteFunction *work, void *data, GError **error);

/* Works ended, transactions they shared, works that ended with a fault. */
typedef struct WriterCounts {
    uint64_t works, groups, faults;
} WriterCounts;
WriterCounts store_writer_counts(Store *self);
