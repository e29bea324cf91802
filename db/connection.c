// SPDX-License-Identifier: Apache-2.0
/* The engine-neutral part of a connection: statements found by their text, parameters bound by name, rows read one by one. */
#include "db/personal.h"

#include <string.h>

enum { STATEMENTS_MOST = 500 /* kept prepared on a connection */ };

/* ---- statements kept prepared ---- */

static void drop(void *data)
{
    DbRows *self = data;
    self->engine->drop(self);
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

/* Statements built at run time could fill the memory, so the connection forgets its idle ones from time to time. */
static void make_room(Db *self)
{
    if (g_hash_table_size(self->statements) < STATEMENTS_MOST)
        return;
    memset(self->recent, 0, sizeof self->recent);
    g_hash_table_foreach_remove(self->statements, is_idle, NULL);
}

static DbRows *prepare(Db *self, const char *sql, GError **error)
{
    if (self->async_writer && !async_writer_wait(self->async_writer, error))
        return NULL;
    make_room(self);
    DbRows *made = g_new0(DbRows, 1);
    made->db = self;
    made->engine = self->engine;
    made->text = g_strdup(sql);
    g_hash_table_insert(self->statements, made->text, made);
    if (shard_check(sql, error) && self->engine->compile(made, error))
        return made;
    g_hash_table_remove(self->statements, sql);
    return NULL;
}

/* Only the writer begins and ends transactions. */
bool statement_is_order(const char *sql)
{
    static const char *const orders[] = { "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE" };
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++)
        if (g_str_has_prefix(sql, orders[i]))
            return true;
    return false;
}

/* The address finds the statement, the text proves it: a text made at run time may stand where
 * another stood before. */
static DbRows *find(Db *self, const char *sql, GError **error)
{
    if (self->in_write && statement_is_order(sql))
        return fault(error, "a write orders %s itself", sql);
    DbRows **recent = &self->recent[((uintptr_t)sql >> 3) % STATEMENTS_RECENT];
    if (*recent && strcmp((*recent)->text, sql) == 0)
        return *recent;
    DbRows *found = g_hash_table_lookup(self->statements, sql);
    if (!found)
        found = prepare(self, sql, error);
    return *recent = found;
}

typedef struct StatementText {
    StatementBuilder *build;
    const void *of;
    unsigned variant;
    char *text;
} StatementText;

static void clear_text(void *text)
{
    g_free(((StatementText *)text)->text);
}

const char *db_statement_text(Db *self, StatementBuilder *build, const void *of, unsigned variant)
{
    for (guint i = 0; i < self->texts->len; i++) {
        const StatementText *one = &g_array_index(self->texts, StatementText, i);
        if (one->of == of && one->variant == variant && one->build == build)
            return one->text;
    }
    const StatementText made = { build, of, variant, build(of, variant) };
    g_array_append_val(self->texts, made);
    return made.text;
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

/* Most texts are ASCII, which eight bytes at once tell. */
static bool is_utf8(const char *text, size_t length)
{
    static const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t bytes;
    size_t at = 0;
    for (; at + sizeof bytes <= length; at += sizeof bytes) {
        memcpy(&bytes, text + at, sizeof bytes);
        if (bytes & high_bits)
            break;
    }
    return g_utf8_validate(text + at, (gssize)(length - at), NULL);
}

static bool bind_value(DbRows *self, int at, const DbArg *arg, bool lasts, GError **error)
{
    size_t length = arg->kind == DB_TEXT ? strlen(arg->text) : 0;
    if (arg->kind == DB_TEXT && !is_utf8(arg->text, length))
        return fault(error, "the text for :%s is not UTF-8", arg->name);
    return self->engine->bind(self, at, arg, length, lasts, error);
}

static void *blame_missing(const DbRows *self, GError **error)
{
    for (unsigned i = 0; i < self->count; i++)
        if (self->parameters[i].round != self->round)
            return fault(error, "parameter :%s was not given: %s", self->parameters[i].name,
                         self->text);
    return NULL;
}

static bool bind(DbRows *self, const DbArg *args, bool lasts, GError **error)
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
        if (strcmp(arg->name, "county") == 0)
            self->county = arg->number;
        if (!bind_value(self, at, arg, lasts, error))
            return false;
    }
    return bound == self->count || blame_missing(self, error);
}

/* ---- rows ---- */

static DbRows *start(Db *self, const char *sql, const DbArg *args, bool lasts, GError **error)
{
    DbRows *rows = find(self, sql, error);
    if (!rows || (self->async_writer && !async_writer_wait(self->async_writer, error)))
        return NULL;
    if (rows->open)
        return fault(error, "still open: %s", sql);
    if (!bind(rows, args, lasts, error))
        return NULL;
    rows->open = true;
    rows->ended = rows->failed = false;
    self->open++;
    return rows;
}

static DbRows *ask(Db *self, const char *sql, const DbArg *args, bool lasts, GError **error)
{
    DbRows *rows = start(self, sql, args, lasts, error);
    if (!rows || !self->engine->ask || self->engine->ask(rows, error))
        return rows;
    db_rows_end(rows);
    return NULL;
}

DbRows *db_query(Db *self, const char *sql, const DbArg *args, GError **error)
{
    return ask(self, sql, args, false, error);
}

bool db_next(DbRows *self, GError **error)
{
    return self && !self->ended && self->engine->next(self, error);
}

bool db_failed(const DbRows *self)
{
    return !self || self->failed;
}

int64_t db_column_int(const DbRows *self, int column)
{
    return self->engine->integer(self, column);
}

const char *db_column_text(const DbRows *self, int column)
{
    return self->engine->text(self, column);
}

const void *db_column_bytes(const DbRows *self, int column, size_t *length)
{
    return self->engine->bytes(self, column, length);
}

void db_rows_end(DbRows *self)
{
    if (!self || !self->open)
        return;
    self->engine->end(self);
    self->open = false;
    self->db->open--;
}

bool statement_run(DbRows *self, const DbArg *args, GError **error)
{
    if (!bind(self, args, true, error))
        return false;
    self->ended = self->failed = false;
    bool well = self->engine->run(self, NULL, error);
    self->engine->end(self);
    return well;
}

static bool run(Db *self, DbRows *rows, const DbArg *args, GError **error)
{
    if (rows->open)
        return fault(error, "still open: %s", rows->text);
    if (self->async_writer && !self->open) /* no row of this thread needs the connection */
        return async_writer_add(self->async_writer, rows, args, error);
    return (!self->async_writer || async_writer_wait(self->async_writer, error)) && statement_run(rows, args, error);
}

bool db_run(Db *self, const char *sql, const DbArg *args, GError **error)
{
    DbRows *rows = find(self, sql, error);
    return rows && run(self, rows, args, error);
}

bool db_insert(Db *self, const char *sql, const DbArg *args, GError **error)
{
    DbRows *rows = find(self, sql, error);
    if (rows && !rows->is_insert) /* the async writer may be reading it */
        rows->is_insert = true;
    return rows && run(self, rows, args, error);
}

void db_use_async_writer(Db *self)
{
    self->exclusive = true;
    if (self->writes && !self->async_writer)
        self->async_writer = async_writer_start();
}

Db *db_snapshot(Db *self)
{
    bool may = self->writes && self->alone;
    self->exclusive |= may;
    Db *before = may ? engine_open(self->address, ENGINE_READS, NULL) : NULL;
    if (!before)
        return NULL;
    before->cache = self->cache;
    before->personal = self->personal;
    if (engine_begin(before, NULL))
        return before;
    engine_close(before);
    return NULL;
}

void db_snapshot_end(Db *self)
{
    if (!self)
        return;
    engine_rollback(self);
    engine_close(self);
}

bool engine_end_async_writer(Db *self, GError **error)
{
    AsyncWriter *behind = g_steal_pointer(&self->async_writer);
    return !behind || async_writer_end(behind, error);
}

bool db_change(Db *self, const char *sql, const DbArg *args, int64_t *changed, GError **error)
{
    g_autoptr(DbRows) rows = start(self, sql, args, true, error);
    return rows && self->engine->run(rows, changed, error);
}

/* An engine has made and checked all changes when it gives the first row of a RETURNING. */
bool db_integer(Db *self, const char *sql, const DbArg *args, int64_t *value, bool *found,
                GError **error)
{
    g_autoptr(DbRows) rows = ask(self, sql, args, true, error);
    *found = db_next(rows, error);
    *value = *found ? db_column_int(rows, 0) : 0;
    return !db_failed(rows);
}

/* ---- the connection ---- */

Db *connection_new(const Engine *engine, bool writes)
{
    Db *self = g_new0(Db, 1);
    self->engine = engine;
    self->writes = writes;
    self->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, drop);
    self->texts = g_array_new(FALSE, FALSE, sizeof(StatementText));
    g_array_set_clear_func(self->texts, clear_text);
    return self;
}

bool engine_is_server(const char *address)
{
    return g_str_has_prefix(address, "postgresql://") || g_str_has_prefix(address, "postgres://");
}

Db *engine_open(const char *address, enum engine_use use, GError **error)
{
    Db *self = engine_is_server(address) ? postgres_open(address, use, error) : sqlite_open(address, use, error);
    if (self)
        self->address = g_strdup(address);
    return self;
}

static int rising(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

void engine_set_counties(Db *self, GArray *counties)
{
    guint kept = 1;
    g_array_sort(counties, rising);
    for (guint i = 1; i < counties->len; i++) {
        int64_t county = g_array_index(counties, int64_t, i);
        if (county != g_array_index(counties, int64_t, kept - 1))
            g_array_index(counties, int64_t, kept++) = county;
    }
    g_array_set_size(counties, kept);
    g_clear_pointer(&self->counties, g_array_unref);
    self->counties = g_array_ref(counties);
}

bool engine_has_county(const Db *self, int64_t county)
{
    return self->counties && g_array_binary_search(self->counties, &county, rising, NULL);
}

void engine_close(Db *self)
{
    g_clear_pointer(&self->transaction_state, g_ptr_array_unref);
    g_clear_pointer(&self->carried, g_ptr_array_unref);
    g_clear_pointer(&self->counties, g_array_unref);
    self->engine->close(self);
    personal_ciphers_free(self->ciphers);
    g_array_unref(self->texts);
    g_free(self->address);
    g_free(self);
}

/* ---- transactions ---- */

static void reset(Db *self)
{
    self->status = TRANSACTION_OK;
    self->exclusive = false;
    self->cache_version = (CacheVersion){ 0 };
}

bool engine_begin(Db *self, GError **error)
{
    reset(self);
    return self->engine->begin(self, error);
}

bool engine_begin_lookup(Db *self, GError **error)
{
    reset(self);
    return (self->engine->begin_lookup ? self->engine->begin_lookup : self->engine->begin)(self, error);
}

bool engine_commit(Db *self, GError **error)
{
    bool committed = flush_at_commit(self, error) && self->engine->commit(self, error);
    if (committed)
        g_clear_pointer(&self->transaction_state, g_ptr_array_unref);
    return committed;
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
    g_clear_pointer(&self->transaction_state, g_ptr_array_unref);
    self->engine->rollback(self);
}
