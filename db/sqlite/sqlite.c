// SPDX-License-Identifier: Apache-2.0
/* The engine SQLite: one connection to a file, its settings, its statements and their rows. */
#include "db/sqlite/sqlite.h"

#include <errno.h>
#include <string.h>

enum { PATIENCE_MS = 2000 /* how long another program may hold the database */ };

/* ---- trouble ---- */

static bool is_clash(int code)
{
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
           code == SQLITE_CONSTRAINT_ROWID;
}

/* The system's number of the last failure with the log or, where there was none, with the file. */
static int last_number(sqlite3 *link)
{
    int why = 0;
    sqlite3_file *log = NULL;
    sqlite3_file_control(link, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (log && log->pMethods)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &why);
    if (!why)
        sqlite3_file_control(link, "main", SQLITE_FCNTL_LAST_ERRNO, &why);
    return why;
}

/* A file that may not grow for a quota or a limit of its size shows as an error of the disk, of which only the system's number tells
 * it from a disk that is broken. */
static bool is_full(sqlite3 *link)
{
    int code = sqlite3_extended_errcode(link), why = code == SQLITE_IOERR_WRITE ? last_number(link) : 0;
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE || why == EDQUOT || why == EFBIG;
}

static bool lacks_descriptors(sqlite3 *link)
{
    int why = sqlite3_system_errno(link);
    return (sqlite3_errcode(link) == SQLITE_CANTOPEN || sqlite3_errcode(link) == SQLITE_IOERR) && (why == EMFILE || why == ENFILE);
}

static bool is_damage(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* People may read it, whom the path is nothing to. */
static void *refuse_file(const Db *self, const char *reason, GError **error)
{
    g_autofree char *name = g_path_get_basename(sqlite3_db_filename(self->link, "main"));
    return refuse(error, BUSY, reason, "file", name, NULL);
}

void *engine_trouble(Db *self, const char *sql, GError **error)
{
    int code = sqlite3_extended_errcode(self->link);
    const char *message = sqlite3_errmsg(self->link);
    if (is_clash(code))
        return refuse(error, CONFLICT, "db.clash", NULL);
    if (is_full(self->link))
        return refuse(error, FULL, "db.full", NULL);
    if (lacks_descriptors(self->link))
        return refuse(error, BUSY, "base.descriptors", NULL);
    if ((code & 0xff) == SQLITE_READONLY && self->writes)
        return refuse_file(self, "db.read_only", error);
    if ((code & 0xff) == SQLITE_BUSY)
        return refuse(error, BUSY, "db.busy", NULL);
    if (is_damage(code))
        return fault(error, "%s is damaged or not a database: %s",
                     sqlite3_db_filename(self->link, "main"), message);
    return fault(error, "database: %s (%d): %s", message, code, sql);
}

/* ---- statements ---- */

static void drop(DbRows *self)
{
    sqlite3_finalize(self->statement);
}

static bool name_parameters(DbRows *self, GError **error)
{
    self->count = (unsigned)sqlite3_bind_parameter_count(self->statement);
    self->parameters = g_new0(Parameter, self->count);
    for (unsigned i = 0; i < self->count; i++) {
        const char *name = sqlite3_bind_parameter_name(self->statement, (int)i + 1);
        if (!name || *name != ':')
            return fault(error, "a parameter without a :name: %s", self->text);
        self->parameters[i].name = g_strdup(name + 1); /* SQLite's own goes when it compiles the text anew */
    }
    return true;
}

static bool compile(DbRows *self, GError **error)
{
    const char *rest = NULL;
    if (sqlite3_prepare_v3(self->db->link, self->text, -1, SQLITE_PREPARE_PERSISTENT,
                           &self->statement, &rest) != SQLITE_OK)
        return engine_trouble(self->db, self->text, error);
    if (!self->statement || rest[strspn(rest, " \t\r\n;")])
        return fault(error, "not one statement: %s", self->text);
    return plan_check(self->db, self->text, error) && name_parameters(self, error);
}

static bool bind(DbRows *self, int at, const DbArg *arg, size_t length, bool lasts, GError **error)
{
    int code = SQLITE_OK;
    sqlite3_stmt *statement = self->statement;
    sqlite3_destructor_type life = lasts ? SQLITE_STATIC : SQLITE_TRANSIENT;
    switch (arg->kind) {
    case DB_NULL: code = sqlite3_bind_null(statement, at + 1); break;
    case DB_INTEGER: code = sqlite3_bind_int64(statement, at + 1, arg->number); break;
    case DB_TEXT: code = sqlite3_bind_text64(statement, at + 1, arg->text, length, life, SQLITE_UTF8); break;
    case DB_BYTES: code = sqlite3_bind_blob64(statement, at + 1, arg->text, arg->length, life); break;
    }
    return code == SQLITE_OK || engine_trouble(self->db, self->text, error);
}

/* ---- rows ---- */

static bool next(DbRows *self, GError **error)
{
    int code = sqlite3_step(self->statement);
    bool well = code == SQLITE_ROW || code == SQLITE_DONE;
    if (!well)
        engine_trouble(self->db, self->text, error);
    self->failed = !sums_ended(self->db, well, error) || !well;
    self->ended = self->failed || code == SQLITE_DONE;
    return !self->ended;
}

static bool run(DbRows *self, int64_t *changed, GError **error)
{
    while (next(self, error))
        continue;
    if (changed && !self->failed)
        *changed = sqlite3_changes64(self->db->link);
    return !self->failed;
}

static void end(DbRows *self)
{
    sqlite3_reset(self->statement); /* says again what next said */
}

static int count(const DbRows *self)
{
    return sqlite3_data_count(self->statement);
}

static const char *name(const DbRows *self, int column)
{
    return sqlite3_column_name(self->statement, column);
}

static enum value_kind kind(const DbRows *self, int column)
{
    switch (sqlite3_column_type(self->statement, column)) {
    case SQLITE_INTEGER: return VALUE_INTEGER;
    case SQLITE_FLOAT: return VALUE_REAL;
    case SQLITE_TEXT: return VALUE_TEXT;
    case SQLITE_BLOB: return VALUE_BYTES;
    default: return VALUE_NULL;
    }
}

static int64_t integer(const DbRows *self, int column)
{
    return sqlite3_column_int64(self->statement, column);
}

static double real(const DbRows *self, int column)
{
    return sqlite3_column_double(self->statement, column);
}

static const char *text(const DbRows *self, int column)
{
    return (const char *)sqlite3_column_text(self->statement, column);
}

static const void *bytes(const DbRows *self, int column, size_t *length)
{
    const void *found = sqlite3_column_blob(self->statement, column);
    *length = (size_t)sqlite3_column_bytes(self->statement, column);
    bool is_null = sqlite3_column_type(self->statement, column) == SQLITE_NULL;
    return found || is_null ? found : "";
}

/* ---- transactions ---- */

static bool script(Db *self, const char *sql, GError **error)
{
    bool well = sqlite3_exec(self->link, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!well)
        engine_trouble(self, "a script", error);
    return sums_ended(self, well, error) && well;
}

/* The states of the transactions before hold as long as no other connection has written, and no write of any county. */
static bool resume(Db *self, GError **error)
{
    int64_t version = 0;
    bool found, read = db_integer(self, "PRAGMA data_version", NULL, &version, &found, error);
    if (!read || version != self->data_version || engine_has_county(self, 0))
        g_clear_pointer(&self->carried, g_ptr_array_unref);
    self->data_version = version;
    for (guint i = 0; read && self->counties && i < self->counties->len; i++)
        transaction_state_resume(self, g_array_index(self->counties, int64_t, i));
    return read;
}

/* Another program has renamed or removed the file: what is written now would not be found again. */
static bool is_there(Db *self, GError **error)
{
    int moved = 0;
    sqlite3_file_control(self->link, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return !moved || refuse_file(self, "db.gone_away", error);
}

static bool begin(Db *self, GError **error)
{
    if (self->writes && !is_there(self, error))
        return false;
    if (self->writes)
        sums_begin(self);
    self->changes = sqlite3_total_changes64(self->link);
    if (!db_run(self, self->writes ? "BEGIN IMMEDIATE" : "BEGIN", NULL, error))
        return false;
    bool ready = !self->writes || ((self->tables || sums_tables(self, error)) && resume(self, error));
    if (!ready)
        engine_rollback(self);
    return ready;
}

static bool commit(Db *self, GError **error)
{
    bool marks = self->unmarked && sqlite3_total_changes64(self->link) != self->changes;
    bool committed = (!marks || sqlite_mark_log(self, error)) && db_run(self, "COMMIT", NULL, error);
    if (committed && marks)
        self->unmarked = false;
    if (committed && self->transaction_state)
        transaction_state_committed(self);
    return committed;
}

/* SQLite ends some transactions by itself, as when the disk is full. */
static void rollback(Db *self)
{
    if (!sqlite3_get_autocommit(self->link))
        db_run(self, "ROLLBACK", NULL, NULL);
}

/* ---- the write-ahead log ---- */

static int note_pages(void *data, sqlite3 *link, const char *name, int pages)
{
    (void)link, (void)name;
    ((Db *)data)->log_pages = pages;
    return SQLITE_OK;
}

static bool checkpoint(Db *self, bool shrink, int patience, GError **error)
{
    int mode = shrink ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
    self->unmarked = true;
    sqlite3_busy_timeout(self->link, patience);
    int code = sqlite3_wal_checkpoint_v2(self->link, "main", mode, NULL, NULL);
    sqlite3_busy_timeout(self->link, PATIENCE_MS);
    if (code != SQLITE_OK)
        return engine_trouble(self, "the log", error);
    self->log_pages = 0;
    return true;
}

/* By a connection without the sums' hooks, since no row changes. */
bool sqlite_compact(const char *file, GError **error)
{
    sqlite3 *link = NULL;
    bool well = sqlite3_open_v2(file, &link, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
                sqlite3_exec(link, "PRAGMA temp_store = MEMORY; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) == SQLITE_OK;
    if (!well && is_full(link))
        refuse(error, FULL, "db.full", NULL);
    else if (!well)
        fault(error, "%s cannot be written anew: %s", file, sqlite3_errmsg(link));
    sqlite3_close(link);
    return well;
}

/* ---- opening ---- */

/* All connections have these settings. Negative cache sizes are KiB: readers live from the system's
 * cache, so that many of them stay small. Double quotes are for names only, as in PostgreSQL. */
static const char settings[] = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                               "PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY;"
                               "PRAGMA trusted_schema = OFF;";
static const char writing[] = "PRAGMA cache_spill = 7168;"; /* pages of a large write that are kept until its commit */
static const char drafting[] = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;";
/* KiB. A commit of SQLite looks through the whole cache where a page was divided, unless the database has more than 2^18 pages:
 * so that a small one, which the system's cache holds, gets a small cache, and a large one what a busy day touches. */
static const char small_cache[] = "PRAGMA cache_size = -6144;", large_cache[] = "PRAGMA cache_size = -28672;";
static const char reading[] = "PRAGMA cache_size = -2048; PRAGMA query_only = ON;";

static bool keep_log(Db *self, GError **error)
{
    g_autoptr(json_t) row = db_row(self, "PRAGMA journal_mode = WAL", NULL, error);
    if (!row)
        return false;
    const char *mode = json_text(row, "journal_mode");
    return strcmp(mode, "wal") == 0 || fault(error, "no write-ahead log here, only \"%s\"", mode);
}

/* SQLite opens for reading what it cannot open for writing, the file or its log, and says so with the first write. */
static bool can_write(Db *self, GError **error)
{
    self->unmarked = true;
    if (sqlite3_db_readonly(self->link, "main"))
        return refuse_file(self, "db.read_only", error);
    return script(self, "BEGIN IMMEDIATE; ROLLBACK", error);
}

static bool set_cache(Db *self, enum engine_use use, GError **error)
{
    enum { LARGE = 1 << 18 };
    int64_t pages;
    bool found;
    return db_integer(self, "PRAGMA page_count", NULL, &pages, &found, error) &&
           script(self, pages > LARGE || use == ENGINE_DRAFTS ? large_cache : small_cache, error);
}

static bool set_up(Db *self, enum engine_use use, GError **error)
{
    sqlite3_busy_timeout(self->link, PATIENCE_MS);
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!sums_open(self))
        return engine_trouble(self, "the sums", error);
    if (!script(self, settings, error) ||
        !script(self, self->writes ? writing : reading, error))
        return false;
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !self->writes, NULL);
    if (!self->writes)
        return true;
    sqlite3_wal_hook(self->link, note_pages, self);
    return (use == ENGINE_DRAFTS ? script(self, drafting, error) : keep_log(self, error) && can_write(self, error)) && set_cache(self, use, error);
}

/* SQLite counts its memory under a lock, a tenth of what a write costs; nobody asks for the number. */
void engine_start(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void close_link(Db *self)
{
    g_hash_table_unref(self->statements);
    g_clear_pointer(&self->tables, g_hash_table_unref);
    sqlite3_close(self->link);
}

static const Engine sqlite = {
    .begin = begin, .commit = commit, .rollback = rollback, .close = close_link, .schema = schema_rewrite,
    .script = script, .checkpoint = checkpoint,
    .compile = compile, .drop = drop, .bind = bind, .next = next, .run = run, .end = end,
    .count = count, .name = name, .kind = kind, .integer = integer, .real = real, .text = text, .bytes = bytes,
};

Db *sqlite_open(const char *file, enum engine_use use, GError **error)
{
    bool writes = use != ENGINE_READS;
    g_autoptr(Db) self = connection_new(&sqlite, writes);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(file, &self->link, flags, writes ? wal_vfs_name() : NULL) != SQLITE_OK)
        return engine_trouble(self, file, error);
    return set_up(self, use, error) ? g_steal_pointer(&self) : NULL;
}
