// SPDX-License-Identifier: Apache-2.0
/* A whole database copied into another, of whichever engine: every table of the rooms, row by row in the order of its key.
 * How many rows of a table are there is written with them, so a move that broke off goes on by passing over as many; its
 * source is ours alone, and stays as it is. */
#include "db/engine.h"

#include <string.h>

enum { BATCH_ROWS = 2000, BATCH_BYTES = 8 << 20 };

typedef struct Moving {
    Store *from, *to;
    Db *reader; /* sees the source as it was when the move began */
    const MoveProgress *told;
    int64_t done, all;
} Moving;

/* A table that is moved: its name, and the columns of its key as SQL. */
typedef struct Table {
    char *name, *key;
} Table;

static void table_free(void *data)
{
    Table *self = data;
    g_free(self->name);
    g_free(self->key);
    g_free(self);
}

/* ---- which tables ---- */

static Table *table_named(const GPtrArray *tables, const char *name)
{
    guint at = 0;
    while (at < tables->len && strcmp(((Table *)tables->pdata[at])->name, name) != 0)
        at++;
    return at < tables->len ? tables->pdata[at] : NULL;
}

/* The target makes db's own tables itself; only the series of numbers, and which keys sealed its values, are copied. */
static void add_table(GPtrArray *tables, const char *room, const GMatchInfo *found)
{
    g_autofree char *name = g_match_info_fetch(found, 1);
    if (strcmp(room, "db") == 0 && strcmp(name, "ids") != 0 && strcmp(name, "personal_key") != 0)
        return;
    Table *one = g_new(Table, 1);
    *one = (Table){ g_steal_pointer(&name), g_match_info_fetch(found, 2) };
    g_ptr_array_add(tables, one);
}

static void rename_table(GPtrArray *tables, const char *name, const char *to)
{
    Table *self = table_named(tables, name);
    if (self) {
        g_free(self->name);
        self->name = g_strdup(to);
    }
}

/* A table that a migration makes anew is made under another name, takes the place of the old one, and its name. */
static void read_tables(GPtrArray *tables, const char *room, const char *sql)
{
    g_autoptr(GRegex) change = g_regex_new("CREATE TABLE (?:IF NOT EXISTS )?(\\w+) \\(.*?PRIMARY KEY \\(([^)]*)\\)|^DROP TABLE (\\w+)|"
                                           "^ALTER TABLE (\\w+) RENAME TO (\\w+)", G_REGEX_DOTALL | G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    for (g_regex_match(change, sql, 0, &found); g_match_info_matches(found); g_match_info_next(found, NULL)) {
        g_autofree char *dropped = g_match_info_fetch(found, 3), *renamed = g_match_info_fetch(found, 4), *to = g_match_info_fetch(found, 5);
        if (dropped && *dropped)
            g_ptr_array_remove(tables, table_named(tables, dropped));
        else if (renamed && *renamed)
            rename_table(tables, renamed, to);
        else
            add_table(tables, room, found);
    }
}

static GPtrArray *tables_of(const Room *const *rooms)
{
    GPtrArray *tables = g_ptr_array_new_with_free_func(table_free);
    for (; *rooms; rooms++)
        for (size_t i = 0; i < embedded_count; i++) {
            g_autofree char *room = g_path_get_dirname(embedded[i].name);
            if (strcmp(room, (*rooms)->name) == 0 && g_str_has_suffix(embedded[i].name, ".sql"))
                read_tables(tables, room, embedded[i].bytes);
        }
    return tables;
}

static bool count_all(Db *db, const GPtrArray *tables, int64_t *rows, GError **error)
{
    bool found, counted = true;
    *rows = 0;
    for (guint i = 0; counted && i < tables->len; i++) {
        int64_t more = 0;
        g_autofree char *sql = g_strdup_printf("/* all rows */ SELECT COUNT(*) FROM %s", ((Table *)tables->pdata[i])->name);
        counted = db_integer(db, sql, NULL, &more, &found, error);
        *rows += more;
    }
    return counted;
}

/* ---- some rows of a table ---- */

typedef struct Batch {
    Moving *moving;
    const Table *table;
    char *insert;
    int columns;
    int64_t before;      /* rows of the table that are there without these */
    GArray *values;      /* of DbArg, row after row, each row with its end */
    GStringChunk *texts; /* and bytes */
    size_t bytes;
} Batch;

static void batch_clear(Batch *self)
{
    g_free(self->insert);
    if (self->values)
        g_array_unref(self->values);
    if (self->texts)
        g_string_chunk_free(self->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

static guint rows_in(const Batch *self)
{
    return self->values->len / (guint)(self->columns + 1);
}

static char *insert_into(const char *table, const DbRows *rows, int columns)
{
    g_autoptr(GString) names = g_string_new(NULL), values = g_string_new(NULL);
    for (int i = 0; i < columns; i++) {
        const char *name = rows->engine->name(rows, i), *comma = i ? ", " : "";
        g_string_append_printf(names, "%s%s", comma, name);
        g_string_append_printf(values, "%s:%s", comma, name);
    }
    return g_strdup_printf("INSERT INTO %s (%s) VALUES (%s)", table, names->str, values->str);
}

static bool take_value(Batch *self, const DbRows *rows, int column, GError **error)
{
    size_t length = 0;
    DbArg value = { .name = g_intern_string(rows->engine->name(rows, column)) };
    switch (rows->engine->kind(rows, column)) {
    case VALUE_NULL: value.kind = DB_NULL; break;
    case VALUE_INTEGER: value = db_int(value.name, db_column_int(rows, column)); break;
    case VALUE_TEXT: value = db_text(value.name, g_string_chunk_insert(self->texts, db_column_text(rows, column))); break;
    case VALUE_BYTES: {
        const void *bytes = db_column_bytes(rows, column, &length);
        value = db_bytes(value.name, g_string_chunk_insert_len(self->texts, bytes ? bytes : "", (gssize)length), length);
        break;
    }
    default: return fault(error, "%s.%s is of a kind that is not moved", self->table->name, value.name);
    }
    self->bytes += length + (value.kind == DB_TEXT ? strlen(value.text) : 0);
    g_array_append_val(self->values, value);
    return true;
}

static bool take_row(Batch *self, const DbRows *rows, GError **error)
{
    for (int i = 0; i < self->columns; i++)
        if (!take_value(self, rows, i, error))
            return false;
    g_array_append_val(self->values, ((DbArg){ .name = NULL }));
    return true;
}

static bool note(Db *db, const char *source, const char *table, int64_t rows, GError **error)
{
    return db_run(db, "INSERT INTO db_move (county, name, source, rows) VALUES (0, :name, :source, :rows)"
                      " ON CONFLICT (county, name) DO UPDATE SET rows = excluded.rows",
                  WITH(db_text("name", table), db_text("source", source), db_int("rows", rows)), error);
}

static bool put(Db *db, void *data, GError **error)
{
    const Batch *self = data;
    db_use_async_writer(db);
    for (guint i = 0; i < rows_in(self); i++)
        if (!db_run(db, self->insert, &g_array_index(self->values, DbArg, i * (guint)(self->columns + 1)), error))
            return false;
    return note(db, self->moving->from->name, self->table->name, self->before + rows_in(self), error);
}

static bool flush(Batch *self, GError **error)
{
    Moving *moving = self->moving;
    guint rows = rows_in(self);
    if (!store_write(moving->to, put, self, error))
        return false;
    self->before += rows;
    moving->done += rows;
    moving->told->progress(moving->told->data, moving->done, moving->all);
    g_array_set_size(self->values, 0);
    g_string_chunk_clear(self->texts);
    self->bytes = 0;
    return true;
}

/* ---- one table ---- */

static bool rows_there(Store *to, const char *table, int64_t *rows, GError **error)
{
    bool found, well;
    Db *db = store_reader(to, error);
    *rows = 0;
    if (!db)
        return false;
    well = db_integer(db, "SELECT rows FROM db_move WHERE county = 0 AND name = :name", WITH(db_text("name", table)), rows, &found, error);
    store_return(to, db);
    return well;
}

static void begin_batch(Batch *self, const DbRows *rows)
{
    self->columns = rows->engine->count(rows);
    self->insert = insert_into(self->table->name, rows, self->columns);
    self->values = g_array_new(FALSE, FALSE, sizeof(DbArg));
    self->texts = g_string_chunk_new(1 << 16);
}

static bool move_rows(Batch *self, DbRows *rows, GError **error)
{
    for (int64_t at = 0; db_next(rows, error); at++) {
        if (at < self->before)
            continue;
        if (!self->insert)
            begin_batch(self, rows);
        if (!take_row(self, rows, error))
            return false;
        bool full = rows_in(self) == BATCH_ROWS || self->bytes >= BATCH_BYTES;
        if (full && !flush(self, error))
            return false;
    }
    return !db_failed(rows) && (!self->insert || flush(self, error));
}

static bool move_table(Moving *self, const Table *table, GError **error)
{
    g_auto(Batch) batch = { .moving = self, .table = table };
    if (!rows_there(self->to, table->name, &batch.before, error))
        return false;
    self->done += batch.before;
    g_autofree char *sql = g_strdup_printf("/* all rows */ SELECT * FROM %s ORDER BY %s", table->name, table->key);
    g_autoptr(DbRows) rows = db_query(self->reader, sql, NULL, error);
    return rows && move_rows(&batch, rows, error);
}

/* ---- all ---- */

typedef struct Start {
    const GPtrArray *tables;
    const char *source, *target;
} Start;

/* Into a database in which there is nothing, or what this very move has brought there. */
static bool start(Db *db, void *data, GError **error)
{
    const Start *self = data;
    g_autoptr(json_t) under_way = db_rows(db, "/* all counties */ SELECT source FROM db_move", NULL, error);
    if (!under_way)
        return false;
    const char *source = json_text(json_array_get(under_way, 0), "source");
    if (json_array_size(under_way))
        return strcmp(source, self->source) == 0 ||
               refuse(error, CONFLICT, "db.other_source", "file", self->target, "source", source, NULL);
    int64_t rows;
    if (!count_all(db, self->tables, &rows, error))
        return false;
    if (rows)
        return refuse(error, CONFLICT, "db.not_empty", "file", self->target, NULL);
    return note(db, self->source, "ids", 0, error);
}

static bool move_all(Moving *self, const GPtrArray *tables, GError **error)
{
    int64_t arrived;
    if (!count_all(self->reader, tables, &self->all, error))
        return false;
    for (guint i = 0; i < tables->len; i++)
        if (!move_table(self, tables->pdata[i], error))
            return false;
    self->told->progress(self->told->data, self->done, self->all);
    Db *db = store_reader(self->to, error);
    bool counted = db && count_all(db, tables, &arrived, error);
    store_return(self->to, db);
    return counted && (arrived == self->all || fault(error, "%" PRId64 " rows arrived of %" PRId64, arrived, self->all));
}

bool store_move(Store *from, Store *to, const Room *const *rooms, Instant now, const MoveProgress *told, GError **error)
{
    g_autoptr(GPtrArray) tables = tables_of(rooms);
    Start begun = { tables, from->name, to->name };
    Moving moving = { .from = from, .to = to, .told = told, .reader = store_reader(from, error) };
    if (!moving.reader)
        return false;
    bool moved = migrations_fit(moving.reader, from->name, rooms, error) &&
                 migrate_from(to, embedded, embedded_count, rooms, now, error) && store_write(to, start, &begun, error) &&
                 move_all(&moving, tables, error);
    store_return(from, moving.reader);
    return moved;
}

static bool forget(Db *db, void *data, GError **error)
{
    (void)data;
    return db_run(db, "/* all counties */ DELETE FROM db_move", NULL, error);
}

bool store_move_end(Store *to, GError **error)
{
    return store_write(to, forget, NULL, error);
}

bool move_is_over(Db *db, const char *file, GError **error)
{
    int64_t tables;
    bool found;
    return db_integer(db, "/* all counties */ SELECT COUNT(*) FROM db_move", NULL, &tables, &found, error) &&
           (tables == 0 || refuse(error, CONFLICT, "db.unfinished", "file", file, NULL));
}
