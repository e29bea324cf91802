// SPDX-License-Identifier: Apache-2.0
/* One connection to SQLite: its settings, the statements it keeps prepared, their parameters by
 * name, and their rows. */
#include "db/sqlite.h"

#include <string.h>

enum {
    PATIENCE_MS = 2000,    /* how long another program may hold the database */
    STATEMENTS_MOST = 500, /* kept prepared on a connection */
};

/* ---- trouble ---- */

static bool is_clash(int code)
{
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
           code == SQLITE_CONSTRAINT_ROWID;
}

/* A file that may not grow (disk, quota or file size limit) shows as one of these. */
static bool is_full(int code)
{
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE ||
           code == SQLITE_IOERR_SHMSIZE;
}

static bool is_damage(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

void *engine_trouble(Db *self, const char *sql, GError **error)
{
    int code = sqlite3_extended_errcode(self->link);
    const char *message = sqlite3_errmsg(self->link);
    if (is_clash(code))
        return refuse(error, CONFLICT, "db.clash", NULL);
    if (is_full(code))
        return refuse(error, FULL, "db.full", NULL);
    if ((code & 0xff) == SQLITE_BUSY)
        return refuse(error, BUSY, "db.busy", NULL);
    if (is_damage(code))
        return fault(error, "%s is damaged or not a database: %s",
                     sqlite3_db_filename(self->link, "main"), message);
    return fault(error, "database: %s (%d): %s", message, code, sql);
}

/* ---- statements kept prepared ---- */

static void drop(void *data)
{
    DbRows *self = data;
    sqlite3_finalize(self->statement);
    for (unsigned i = 0; i < self->count; i++)
        g_free(self->parameters[i].name);
    g_free(self->parameters);
    g_free(self->text);
    g_free(self);
}

static int is_idle(void *key, void *value, void *data)
{
    (void)key, (void)data;
    return !((const DbRows *)value)->open;
}

/* Texts made at run time could be without number; then it is time to begin anew. */
static void make_room(Db *self)
{
    if (g_hash_table_size(self->statements) < STATEMENTS_MOST)
        return;
    memset(self->recent, 0, sizeof self->recent);
    g_hash_table_foreach_remove(self->statements, is_idle, NULL);
}

static bool name_parameters(DbRows *self, GError **error)
{
    self->count = (unsigned)sqlite3_bind_parameter_count(self->statement);
    self->parameters = g_new0(Parameter, self->count);
    for (unsigned i = 0; i < self->count; i++) {
        const char *name = sqlite3_bind_parameter_name(self->statement, (int)i + 1);
        if (!name || *name != ':')
            return fault(error, "a parameter without a :name: %s", self->text);
        self->parameters[i].name = g_strdup(name + 1);
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
    return (!PLANS_CHECKED || plan_check(self->db, self->text, error)) && name_parameters(self, error);
}

static DbRows *prepare(Db *self, const char *sql, GError **error)
{
    if (self->behind && !behind_wait(self->behind, error))
        return NULL;
    make_room(self);
    DbRows *made = g_new0(DbRows, 1);
    made->db = self;
    made->text = g_strdup(sql);
    g_hash_table_insert(self->statements, made->text, made);
    if (compile(made, error))
        return made;
    g_hash_table_remove(self->statements, sql);
    return NULL;
}

/* The address finds the statement, the text proves it: a text made at run time may stand where
 * another stood before. */
static DbRows *find(Db *self, const char *sql, GError **error)
{
    DbRows **recent = &self->recent[((uintptr_t)sql >> 3) % STATEMENTS_RECENT];
    if (*recent && strcmp((*recent)->text, sql) == 0)
        return *recent;
    DbRows *found = g_hash_table_lookup(self->statements, sql);
    if (!found)
        found = prepare(self, sql, error);
    return *recent = found;
}

/* ---- parameters ---- */

/* Arguments mostly come in the statement's order, so the search begins behind the one before. */
static int place_of(const DbRows *self, const char *name, unsigned from)
{
    for (unsigned i = 0; i < self->count; i++) {
        unsigned at = (from + i) % self->count;
        if (strcmp(self->parameters[at].name, name) == 0)
            return (int)at;
    }
    return -1;
}

static bool bind_text(DbRows *self, int at, const DbArg *arg, sqlite3_destructor_type life,
                      GError **error)
{
    const char *end = NULL;
    if (!g_utf8_validate(arg->text, -1, &end))
        return fault(error, "the text for :%s is not UTF-8", arg->name);
    return sqlite3_bind_text64(self->statement, at, arg->text, (sqlite3_uint64)(end - arg->text),
                               life, SQLITE_UTF8) == SQLITE_OK ||
           engine_trouble(self->db, self->text, error);
}

static bool bind_value(DbRows *self, int at, const DbArg *arg, sqlite3_destructor_type life,
                       GError **error)
{
    int code = SQLITE_OK;
    switch (arg->kind) {
    case DB_NULL: code = sqlite3_bind_null(self->statement, at); break;
    case DB_INTEGER: code = sqlite3_bind_int64(self->statement, at, arg->number); break;
    case DB_TEXT: return bind_text(self, at, arg, life, error);
    case DB_BYTES:
        code = sqlite3_bind_blob64(self->statement, at, arg->text, arg->length, life);
        break;
    }
    return code == SQLITE_OK || engine_trouble(self->db, self->text, error);
}

static void *blame_missing(const DbRows *self, GError **error)
{
    for (unsigned i = 0; i < self->count; i++)
        if (self->parameters[i].round != self->round)
            return fault(error, "parameter :%s was not given: %s", self->parameters[i].name,
                         self->text);
    return NULL;
}

static bool bind(DbRows *self, const DbArg *args, sqlite3_destructor_type life, GError **error)
{
    unsigned bound = 0, next = 0;
    self->round++;
    for (const DbArg *arg = args; arg && arg->name; arg++, bound++) {
        int at = place_of(self, arg->name, next);
        if (at < 0 || self->parameters[at].round == self->round)
            return fault(error, "parameter :%s was given but %s: %s", arg->name,
                         at < 0 ? "not used" : "twice", self->text);
        self->parameters[at].round = self->round;
        next = (unsigned)at + 1;
        if (!bind_value(self, at + 1, arg, life, error))
            return false;
    }
    return bound == self->count || blame_missing(self, error);
}

/* ---- rows ---- */

static DbRows *start(Db *self, const char *sql, const DbArg *args, sqlite3_destructor_type life,
                     GError **error)
{
    DbRows *rows = find(self, sql, error);
    if (!rows || (self->behind && !behind_wait(self->behind, error)))
        return NULL;
    if (rows->open)
        return fault(error, "still open: %s", sql);
    if (!bind(rows, args, life, error))
        return NULL;
    rows->open = true;
    rows->ended = rows->failed = false;
    self->open++;
    return rows;
}

DbRows *db_query(Db *self, const char *sql, const DbArg *args, GError **error)
{
    return start(self, sql, args, SQLITE_TRANSIENT, error);
}

bool db_next(DbRows *self, GError **error)
{
    if (!self || self->ended)
        return false;
    int code = sqlite3_step(self->statement);
    sums_ended(self->db, code == SQLITE_ROW || code == SQLITE_DONE);
    if (code == SQLITE_ROW)
        return true;
    self->ended = true;
    self->failed = code != SQLITE_DONE;
    if (self->failed)
        engine_trouble(self->db, self->text, error);
    return false;
}

bool db_failed(const DbRows *self)
{
    return !self || self->failed;
}

int64_t db_column_int(const DbRows *self, int column)
{
    return sqlite3_column_int64(self->statement, column);
}

const char *db_column_text(const DbRows *self, int column)
{
    return (const char *)sqlite3_column_text(self->statement, column);
}

const void *db_column_bytes(const DbRows *self, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(self->statement, column);
    *length = (size_t)sqlite3_column_bytes(self->statement, column);
    bool is_null = sqlite3_column_type(self->statement, column) == SQLITE_NULL;
    return bytes || is_null ? bytes : "";
}

void db_rows_end(DbRows *self)
{
    if (!self || !self->open)
        return;
    sqlite3_reset(self->statement); /* says again what db_next said */
    self->open = false;
    self->db->open--;
}

bool statement_run(DbRows *self, const DbArg *args, GError **error)
{
    int code = SQLITE_ROW;
    if (!bind(self, args, SQLITE_STATIC, error))
        return false;
    while (code == SQLITE_ROW)
        code = sqlite3_step(self->statement);
    sums_ended(self->db, code == SQLITE_DONE);
    if (code != SQLITE_DONE)
        engine_trouble(self->db, self->text, error);
    sqlite3_reset(self->statement); /* says again what the step said */
    return code == SQLITE_DONE;
}

bool db_run(Db *self, const char *sql, const DbArg *args, GError **error)
{
    DbRows *rows = find(self, sql, error);
    if (!rows)
        return false;
    if (rows->open)
        return fault(error, "still open: %s", sql);
    if (self->behind && !self->open) /* nobody on this thread uses the connection meanwhile */
        return behind_take(self->behind, rows, args, error);
    return (!self->behind || behind_wait(self->behind, error)) && statement_run(rows, args, error);
}

bool db_change(Db *self, const char *sql, const DbArg *args, int64_t *changed, GError **error)
{
    if (!db_run(self, sql, args, error) || (self->behind && !behind_wait(self->behind, error)))
        return false;
    *changed = sqlite3_changes64(self->link);
    return true;
}

void db_run_behind(Db *self)
{
    if (self->writes && !self->behind)
        self->behind = behind_begin();
}

bool engine_catch_up(Db *self, GError **error)
{
    Behind *behind = g_steal_pointer(&self->behind);
    return !behind || behind_end(behind, error);
}

/* SQLite has made and checked all changes when it gives the first row of a RETURNING. */
bool db_integer(Db *self, const char *sql, const DbArg *args, int64_t *value, bool *found,
                GError **error)
{
    g_autoptr(DbRows) rows = start(self, sql, args, SQLITE_STATIC, error);
    *found = db_next(rows, error);
    *value = *found ? db_column_int(rows, 0) : 0;
    return !db_failed(rows);
}

/* ---- transactions ---- */

bool engine_script(Db *self, const char *sql, GError **error)
{
    bool well = sqlite3_exec(self->link, sql, NULL, NULL, NULL) == SQLITE_OK;
    sums_ended(self, well);
    return well || engine_trouble(self, "a script", error);
}

KeptState *engine_kept(Db *self)
{
    return &self->kept;
}

GPtrArray **engine_memory(Db *self)
{
    return &self->memory;
}

bool engine_begin(Db *self, GError **error)
{
    if (self->writes)
        sums_begin(self);
    self->kept = (KeptState){ .kept = self->kept.kept };
    if (!db_run(self, self->writes ? "BEGIN IMMEDIATE" : "BEGIN", NULL, error))
        return false;
    bool ready = !self->writes || self->tables || sums_tables(self, error);
    if (!ready)
        engine_rollback(self);
    return ready;
}

bool engine_commit(Db *self, GError **error)
{
    return memory_settle(self, error) && db_run(self, "COMMIT", NULL, error);
}

bool engine_end_rows(Db *self)
{
    bool none = self->open == 0;
    GHashTableIter all;
    void *rows;
    g_hash_table_iter_init(&all, self->statements);
    while (self->open && g_hash_table_iter_next(&all, NULL, &rows))
        db_rows_end(rows);
    return none;
}

void engine_rollback(Db *self)
{
    engine_end_rows(self);
    memory_end(&self->memory);
    self->sums = NULL;
    /* SQLite ends some transactions by itself, as when the disk is full. */
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

int engine_log_pages(const Db *self)
{
    return self->log_pages;
}

bool engine_checkpoint(Db *self, bool shrink, int patience, GError **error)
{
    int mode = shrink ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
    sqlite3_busy_timeout(self->link, patience);
    int code = sqlite3_wal_checkpoint_v2(self->link, "main", mode, NULL, NULL);
    sqlite3_busy_timeout(self->link, PATIENCE_MS);
    if (code != SQLITE_OK)
        return engine_trouble(self, "the log", error);
    self->log_pages = 0;
    return true;
}

/* ---- opening ---- */

/* What all connections are set to. Negative cache sizes are KiB: readers live from the system's
 * cache, so that many of them stay small. Double quotes are for names only, as in PostgreSQL. */
static const char settings[] = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                               "PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY;"
                               "PRAGMA trusted_schema = OFF;";
static const char writing[] = "PRAGMA cache_size = -32768;"; /* what a busy day touches */
static const char reading[] = "PRAGMA cache_size = -2048; PRAGMA query_only = ON;";

static bool keep_log(Db *self, GError **error)
{
    g_autoptr(json_t) row = db_row(self, "PRAGMA journal_mode = WAL", NULL, error);
    if (!row)
        return false;
    const char *mode = json_text(row, "journal_mode");
    return strcmp(mode, "wal") == 0 || fault(error, "no write-ahead log here, only \"%s\"", mode);
}

static bool set_up(Db *self, GError **error)
{
    sqlite3_busy_timeout(self->link, PATIENCE_MS);
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!sums_open(self))
        return engine_trouble(self, "the sums", error);
    if (!engine_script(self, settings, error) ||
        !engine_script(self, self->writes ? writing : reading, error))
        return false;
    sqlite3_db_config(self->link, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !self->writes, NULL);
    if (!self->writes)
        return true;
    sqlite3_wal_hook(self->link, note_pages, self);
    return keep_log(self, error);
}

/* SQLite counts its memory under a lock, a tenth of what a write costs; nobody asks for the number. */
void engine_start(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

Db *engine_open(const char *file, bool writes, GError **error)
{
    g_autoptr(Db) self = g_new0(Db, 1);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_CREATE : 0);
    self->writes = writes;
    self->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, drop);
    if (sqlite3_open_v2(file, &self->link, flags, NULL) != SQLITE_OK)
        return engine_trouble(self, file, error);
    return set_up(self, error) ? g_steal_pointer(&self) : NULL;
}

void engine_close(Db *self)
{
    memory_end(&self->memory);
    self->sums = NULL;
    g_hash_table_unref(self->statements);
    g_clear_pointer(&self->tables, g_hash_table_unref);
    sqlite3_close(self->link);
    g_free(self);
}
