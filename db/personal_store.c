// SPDX-License-Identifier: Apache-2.0
/* The keys of a county's personal data held against what the database says of them, and every sealed column gone through when a key
 * is new: what an older program, or a migration, left plain begins with "=", and what an earlier key sealed is sealed anew. Each batch is a
 * write of its own, and what is sealed is passed over, so that a run that was cut off goes on. */
#include "db/personal.h"

#include <string.h>

/* ---- the columns ---- */

/* A migration's line "-- sealed: TABLE.COLUMN" names it; the key columns behind the county are those of the table's primary key. */
typedef struct SealedColumn {
    char *table, *column, *place; /* place: "TABLE.COLUMN" */
    GStrv key;
} SealedColumn;

static void column_free(void *data)
{
    SealedColumn *self = data;
    g_free(self->table);
    g_free(self->column);
    g_free(self->place);
    g_strfreev(self->key);
    g_free(self);
}

/* NULL where no migration makes the table. */
static GStrv key_of(const char *table)
{
    g_autofree char *pattern = g_strdup_printf("CREATE TABLE %s \\(.*?PRIMARY KEY \\(county, ([^)]*)\\)", table);
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_DOTALL, 0, NULL);
    for (size_t i = 0; i < embedded_count; i++) {
        g_autoptr(GMatchInfo) found = NULL;
        if (!g_str_has_suffix(embedded[i].name, ".sql") || !g_regex_match(regex, embedded[i].bytes, 0, &found))
            continue;
        g_autofree char *columns = g_match_info_fetch(found, 1);
        return g_strsplit(columns, ", ", -1);
    }
    return NULL;
}

static void add_columns(GPtrArray *out, const char *sql)
{
    g_autoptr(GRegex) regex = g_regex_new("^-- sealed: (\\w+)\\.(\\w+)$", G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    for (g_regex_match(regex, sql, 0, &found); g_match_info_matches(found); g_match_info_next(found, NULL)) {
        SealedColumn *one = g_new(SealedColumn, 1);
        *one = (SealedColumn){ .table = g_match_info_fetch(found, 1), .column = g_match_info_fetch(found, 2) };
        one->place = g_strconcat(one->table, ".", one->column, NULL);
        one->key = key_of(one->table);
        g_ptr_array_add(out, one);
    }
}

static GPtrArray *sealed_columns(void)
{
    GPtrArray *columns = g_ptr_array_new_with_free_func(column_free);
    for (size_t i = 0; i < embedded_count; i++)
        if (g_str_has_suffix(embedded[i].name, ".sql"))
            add_columns(columns, embedded[i].bytes);
    return columns;
}

/* ---- one batch ---- */

enum { BATCH = 500, KEY_COLUMNS = 4 };

typedef struct Sealing {
    int64_t county;
    const SealedColumn *column;
    char *sealed;         /* a pattern of what is sealed with the newest key */
    size_t parts;         /* of the key */
    DbArg after[KEY_COLUMNS]; /* key of the last row before the batch, its texts in `before`. Without a name: none yet */
    GStringChunk *before;
    /* The batch at hand, which may be run again: */
    GStringChunk *texts;
    DbArg at[KEY_COLUMNS]; /* key of its last row */
    GArray *args;          /* for each row its key, county and text */
    int64_t rows;
} Sealing;

static void begin_batch(Sealing *self)
{
    g_clear_pointer(&self->texts, g_string_chunk_free);
    self->texts = g_string_chunk_new(1 << 16);
    g_array_set_size(self->args, 0);
}

static void end_batch(Sealing *self)
{
    memcpy(self->after, self->at, sizeof self->after);
    g_clear_pointer(&self->before, g_string_chunk_free);
    self->before = g_steal_pointer(&self->texts);
}

static void sealing_clear(Sealing *self)
{
    g_clear_pointer(&self->before, g_string_chunk_free);
    g_clear_pointer(&self->texts, g_string_chunk_free);
    g_array_unref(self->args);
    g_free(self->sealed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sealing, sealing_clear)

static void append_key(const Sealing *self, GString *sql, const char *before, const char *between)
{
    for (size_t i = 0; i < self->parts; i++)
        g_string_append_printf(sql, "%s%s%s", i ? between : "", before, self->column->key[i]);
}

static char *select_text(const Sealing *self)
{
    const SealedColumn *column = self->column;
    GString *sql = g_string_new("/* all rows */ SELECT ");
    append_key(self, sql, "", ", ");
    g_string_append_printf(sql, ", %s FROM %s WHERE county = :county AND %s <> '' AND %s NOT LIKE :sealed", column->column, column->table,
                           column->column, column->column);
    if (self->after[0].name) {
        append_key(self, g_string_append(sql, " AND ("), "", ", ");
        append_key(self, g_string_append(sql, ") > ("), ":", ", ");
        g_string_append_c(sql, ')');
    }
    append_key(self, g_string_append(sql, " ORDER BY "), "", ", ");
    g_string_append_printf(sql, " LIMIT %d", BATCH);
    return g_string_free(sql, FALSE);
}

static char *update_text(const Sealing *self)
{
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql, "UPDATE %s SET %s = :sealed WHERE county = :county", self->column->table, self->column->column);
    for (size_t i = 0; i < self->parts; i++)
        g_string_append_printf(sql, " AND %s = :%s", self->column->key[i], self->column->key[i]);
    return g_string_free(sql, FALSE);
}

static DbArg key_part(const Sealing *self, const DbRows *rows, size_t at)
{
    const char *name = self->column->key[at];
    bool is_number = rows->engine->kind(rows, (int)at) == VALUE_INTEGER;
    return is_number ? db_int(name, db_column_int(rows, (int)at))
                     : db_text(name, g_string_chunk_insert(self->texts, db_column_text(rows, (int)at)));
}

/* The key as whoever writes the row tells it to personal_seal: its parts with "/" between. */
static char *key_text(const Sealing *self)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < self->parts; i++) {
        const DbArg *part = &self->at[i];
        g_string_append_printf(text, "%s%s", i ? "/" : "", part->kind == DB_TEXT ? part->text : DECIMAL(part->number));
    }
    return g_string_free(text, FALSE);
}

static char *sealed_anew(Db *db, const Sealing *self, const char *kept, GError **error)
{
    g_autofree char *of = key_text(self), *text = NULL;
    bool is_plain = *kept == '=';
    if (!is_plain && !personal_open(db, self->county, self->column->place, of, kept, &text, error))
        return NULL;
    return personal_seal(db, self->county, self->column->place, of, is_plain ? kept + 1 : text, error);
}

static bool take_row(Db *db, Sealing *self, const DbRows *rows, GError **error)
{
    for (size_t i = 0; i < self->parts; i++)
        self->at[i] = key_part(self, rows, i);
    g_autofree char *sealed = sealed_anew(db, self, db_column_text(rows, (int)self->parts), error);
    if (!sealed)
        return false;
    const DbArg more[] = { db_int("county", self->county), db_text("sealed", g_string_chunk_insert(self->texts, sealed)), { 0 } };
    g_array_append_vals(self->args, self->at, (guint)self->parts);
    g_array_append_vals(self->args, more, G_N_ELEMENTS(more));
    return true;
}

static bool read_batch(Db *db, Sealing *self, GError **error)
{
    DbArg args[KEY_COLUMNS + 3] = { db_int("county", self->county), db_text("sealed", self->sealed) };
    g_autofree char *sql = select_text(self);
    if (self->after[0].name)
        memcpy(args + 2, self->after, self->parts * sizeof(DbArg));
    begin_batch(self);
    g_autoptr(DbRows) rows = db_query(db, sql, args, error);
    while (db_next(rows, error))
        if (!take_row(db, self, rows, error))
            return false;
    return !db_failed(rows);
}

static bool seal_batch(Db *db, void *data, GError **error)
{
    Sealing *self = data;
    g_autofree char *sql = update_text(self);
    if (!read_batch(db, self, error))
        return false;
    size_t each = self->parts + 3;
    self->rows = (int64_t)(self->args->len / each);
    for (int64_t i = 0; i < self->rows; i++)
        if (!db_run(db, sql, &g_array_index(self->args, DbArg, (size_t)i * each), error))
            return false;
    return true;
}

/* ---- all columns ---- */

static bool seal_column(Store *self, int64_t county, const SealedColumn *column, size_t key, int64_t *rows, GError **error)
{
    bool well = true;
    g_auto(Sealing) sealing = { .county = county, .column = column, .sealed = g_strdup_printf("~%zu~%%", key), .rows = BATCH,
                                .parts = column->key ? g_strv_length(column->key) : 0, .args = g_array_new(FALSE, TRUE, sizeof(DbArg)) };
    if (sealing.parts == 0 || sealing.parts > KEY_COLUMNS)
        return fault(error, "the key of %s is not known", column->table);
    while (well && sealing.rows == BATCH) {
        well = store_write(self, seal_batch, &sealing, error);
        end_batch(&sealing);
        *rows += sealing.rows;
    }
    return well;
}

/* ---- the keys ---- */

typedef struct Keys {
    int64_t county;
    const char *file;
    Instant now;
    PersonalKeys *found; /* in the file */
    int64_t columns;     /* that are sealed, as the migrations say: a later one adds some */
    int64_t complete;    /* columns of which the newest has sealed every value */
    bool was_cut;        /* an earlier run with it was cut off, or knew fewer columns */
} Keys;

/* Every key that the database knows must be in the file. *known becomes the largest number. */
static bool hold_against(Db *db, Keys *self, int64_t *known, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT id, proof, complete FROM personal_key WHERE county = :county ORDER BY id",
                                      WITH(db_int("county", self->county)), error);
    *known = 0;
    while (db_next(rows, error)) {
        *known = db_column_int(rows, 0);
        self->complete = db_column_int(rows, 2);
        if (!self->found)
            return refuse(error, NOT_FOUND, "db.personal_missing", "file", self->file, NULL);
        g_autofree char *proof = *known <= (int64_t)self->found->count ? personal_keys_proof(self->found, *known) : NULL;
        if (!secret_equals(proof, db_column_text(rows, 1)))
            return refuse(error, CONFLICT, "db.personal_other", "file", self->file, "id", DECIMAL(*known), NULL);
    }
    return !db_failed(rows);
}

static bool add_key(Db *db, const Keys *self, int64_t id, GError **error)
{
    g_autofree char *proof = personal_keys_proof(self->found, id);
    return db_run(db, "INSERT INTO personal_key (county, id, proof, complete, made_at) VALUES (:county, :id, :proof, 0, :now)",
                  WITH(db_int("county", self->county), db_int("id", id), db_text("proof", proof), db_int("now", self->now)), error);
}

/* Under the county's write lock, so that of several servers one makes the keys. */
static bool settle_keys(Db *db, void *data, GError **error)
{
    int64_t known;
    Keys *self = data;
    g_clear_pointer(&self->found, personal_keys_free);
    self->complete = 0;
    if (!personal_keys_read(self->file, &self->found, error) || !hold_against(db, self, &known, error))
        return false;
    if (!self->found && !(personal_keys_make(self->file, error) && personal_keys_read(self->file, &self->found, error)))
        return false;
    bool is_newest = known == (int64_t)self->found->count;
    self->was_cut = known && is_newest && self->complete < self->columns;
    self->complete = is_newest ? self->complete : 0;
    for (int64_t id = known + 1; id <= (int64_t)self->found->count; id++)
        if (!add_key(db, self, id, error))
            return false;
    return true;
}

static bool note_complete(Db *db, void *data, GError **error)
{
    const Keys *self = data;
    return db_run(db, "UPDATE personal_key SET complete = :columns WHERE county = :county",
                  WITH(db_int("county", self->county), db_int("columns", self->columns)), error);
}

static bool seal_all(Store *self, const Keys *keys, const GPtrArray *columns, size_t count, bool *sealed, GError **error)
{
    int64_t rows = 0;
    for (guint i = 0; i < columns->len; i++)
        if (!seal_column(self, keys->county, columns->pdata[i], count, &rows, error))
            return false;
    *sealed = rows || keys->was_cut;
    return *sealed || store_write(self, note_complete, (void *)(uintptr_t)keys, error);
}

bool store_open_personal(Store *self, const char *file, int64_t county, Instant now, bool *sealed, GError **error)
{
    *sealed = false;
    g_autoptr(GPtrArray) columns = sealed_columns();
    Keys keys = { .county = county, .file = file, .now = now, .columns = columns->len };
    bool settled = store_write(self, settle_keys, &keys, error);
    size_t count = settled ? keys.found->count : 0;
    if (settled)
        personal_counties_add(self->personal, county, g_steal_pointer(&keys.found));
    personal_keys_free(keys.found);
    return settled && (keys.complete == keys.columns || seal_all(self, &keys, columns, count, sealed, error));
}

bool store_end_sealing(Store *self, int64_t county, GError **error)
{
    g_autoptr(GPtrArray) columns = sealed_columns();
    Keys keys = { .county = county, .columns = columns->len };
    return store_compact(self, error) && store_write(self, note_complete, &keys, error);
}

bool store_read_personal(Store *self, const char *file, int64_t county, GError **error)
{
    int64_t known;
    Keys keys = { .county = county, .file = file };
    Db *db = store_reader(self, error);
    bool fits = db && personal_keys_read(file, &keys.found, error) && hold_against(db, &keys, &known, error);
    store_return(self, db);
    if (fits && keys.found)
        personal_counties_add(self->personal, county, g_steal_pointer(&keys.found));
    personal_keys_free(keys.found);
    return fits;
}
