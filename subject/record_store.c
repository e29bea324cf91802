// SPDX-License-Identifier: Apache-2.0
#include "subject/subject.h"

#include <string.h>

enum { ARGUMENTS = RECORD_COLUMNS_MOST + 4 }; /* with county, personal column, trail and the end of the list */

static const char personal[] = "personal";

static DbArg argument(const RecordColumn *column, const void *row)
{
    const void *place = (const char *)row + column->offset;
    int64_t number = column->kind == RECORD_TEXT || column->kind == RECORD_JSON ? 0 : *(const int64_t *)place;
    switch (column->kind) {
    case RECORD_TEXT:
    case RECORD_JSON: return db_text(column->name, *(char *const *)place);
    case RECORD_WORD: return db_text(column->name, number < 0 ? NULL : column->words[number]);
    default: return db_int(column->name, number);
    }
}

int record_append_columns(const Record *self, GString *sql, const char *before)
{
    const char *const further[] = { self->personal ? personal : NULL, self->trail ? self->trail->name : NULL };
    int count = 0;
    for (size_t i = 0; i < self->count; i++)
        if (!record_is_sealed(&self->columns[i]))
            text_append_all(sql, (const char *const[]){ count++ ? ", " : "", before, self->columns[i].name, NULL });
    for (size_t i = 0; i < G_N_ELEMENTS(further); i++)
        if (further[i]) {
            text_append_all(sql, (const char *const[]){ ", ", before, further[i], NULL });
            count++;
        }
    return count;
}

static bool is_written(const RecordColumn *column, unsigned groups)
{
    return (column->flags & RECORD_KEY) || ((column->group | RECORD_WHOLE) & groups);
}

static bool writes_personal(const Record *self, unsigned groups)
{
    for (size_t i = 0; i < self->count; i++)
        if (record_is_sealed(&self->columns[i]) && is_written(&self->columns[i], groups))
            return true;
    return false;
}

static char *seal_personal(Db *db, int64_t county, const Record *self, const void *row, GError **error)
{
    g_autofree char *lines = record_write_personal(self, row);
    const int64_t *key = (const void *)((const char *)row + record_key(self)->offset);
    return personal_seal(db, county, self->personal, DECIMAL(*key), lines, error);
}

/* The key, the columns of the groups and the trail are the statement's parameters. */
static bool run(Db *db, const char *sql, int64_t county, const Record *self, unsigned groups, const void *row, GError **error)
{
    DbArg args[ARGUMENTS] = { db_int("county", county) };
    size_t count = 1;
    bool seals = writes_personal(self, groups);
    g_autofree char *sealed = seals ? seal_personal(db, county, self, row, error) : NULL;
    g_autofree char *trail = self->trail ? self->trail->write(NULL, row) : NULL;
    if (seals && !sealed)
        return false;
    for (size_t i = 0; i < self->count; i++)
        if (!record_is_sealed(&self->columns[i]) && is_written(&self->columns[i], groups))
            args[count++] = argument(&self->columns[i], row);
    if (seals)
        args[count++] = db_text(personal, sealed);
    if (self->trail)
        args[count] = db_text(self->trail->name, trail);
    return (groups == RECORD_WHOLE ? db_insert : db_run)(db, sql, args, error);
}

static char *build_insert(const void *record, unsigned groups)
{
    const Record *self = record;
    GString *sql = g_string_sized_new(2048);
    (void)groups;
    g_string_append_printf(sql, "INSERT INTO %s (county, ", self->table);
    record_append_columns(self, sql, "");
    g_string_append(sql, ") VALUES (:county, ");
    record_append_columns(self, sql, ":");
    return g_string_free(g_string_append_c(sql, ')'), FALSE);
}

bool record_insert(Db *db, int64_t county, const Record *self, const void *row, GError **error)
{
    return run(db, db_statement_text(db, build_insert, self, RECORD_WHOLE), county, self, RECORD_WHOLE, row, error);
}

static void append_assignment(GString *sql, const char *name)
{
    g_string_append(g_string_append(g_string_append(sql, name), " = :"), name);
}

static char *build_update(const void *record, unsigned groups)
{
    const Record *self = record;
    GString *sql = g_string_sized_new(2048);
    const char *comma = "";
    g_string_append_printf(sql, "UPDATE %s SET ", self->table);
    for (size_t i = 0; i < self->count; i++) {
        if (!(self->columns[i].group & groups) || record_is_sealed(&self->columns[i]))
            continue;
        append_assignment(g_string_append(sql, comma), self->columns[i].name);
        comma = ", ";
    }
    if (writes_personal(self, groups)) {
        append_assignment(g_string_append(sql, comma), personal);
        comma = ", ";
    }
    if (self->trail)
        append_assignment(g_string_append(sql, comma), self->trail->name);
    append_assignment(g_string_append(sql, " WHERE county = :county AND "), record_key(self)->name);
    return g_string_free(sql, FALSE);
}

bool record_update(Db *db, int64_t county, const Record *self, unsigned groups, const void *row, GError **error)
{
    return run(db, db_statement_text(db, build_update, self, groups), county, self, groups, row, error);
}

static void drop_page(RecordWalk *self)
{
    for (size_t i = 0; i < self->count; i++)
        record_clear(self->record, self->page + i * self->record->size);
    self->count = self->next = 0;
}

static bool read_page(RecordWalk *self, GError **error)
{
    const RecordColumn *key = record_key(self->record);
    g_autofree char *also = self->empty ? g_strdup_printf(" AND %s = ''", self->empty->name) : g_strdup("");
    g_autoptr(GString) sql = g_string_new("SELECT ");
    drop_page(self);
    record_append_columns(self->record, sql, "");
    g_string_append_printf(sql, " FROM %s WHERE county = :county%s AND %s > :after ORDER BY %s LIMIT :most", self->record->table, also,
                           key->name, key->name);
    g_autoptr(DbRows) rows = db_query(self->db, sql->str, WITH(db_int("county", self->county), db_int("after", self->after),
                                                               db_int("most", RECORD_PAGE)), error);
    self->page = self->page ? self->page : g_malloc_n(RECORD_PAGE, self->record->size);
    for (; db_next(rows, error); self->count++) {
        char *row = self->page + self->count * self->record->size;
        self->damaged[self->count] = !record_read(self->record, rows, row);
        self->after = *(const int64_t *)(const void *)(row + key->offset);
    }
    self->is_last = self->count < RECORD_PAGE;
    return !db_failed(rows);
}

void *record_next(RecordWalk *self, GError **error)
{
    if (self->next == self->count && !self->is_last)
        self->failed = !read_page(self, error);
    if (self->next == self->count || self->failed)
        return NULL;
    self->is_damaged = self->damaged[self->next];
    return self->page + self->next++ * self->record->size;
}

void record_walk_end(RecordWalk *self)
{
    drop_page(self);
    g_clear_pointer(&self->page, g_free);
}

/* The row, and behind its columns the salt of :subject where that is wanted. */
static char *build_select(const void *record, unsigned with_salt)
{
    const Record *self = record;
    GString *sql = g_string_sized_new(1024);
    record_append_columns(self, g_string_append(sql, "SELECT "), "");
    g_string_append_printf(sql, "%s%s FROM %s", with_salt ? ", " : "", with_salt ? ledger_salt_column : "", self->table);
    append_assignment(g_string_append(sql, " WHERE county = :county AND "), record_key(self)->name);
    return g_string_free(sql, FALSE);
}

static int column_count(const Record *self)
{
    int count = (self->personal != NULL) + (self->trail != NULL);
    for (size_t i = 0; i < self->count; i++)
        count += !record_is_sealed(&self->columns[i]);
    return count;
}

bool record_load_to_act(Db *db, int64_t county, const Record *self, int64_t key, const char *subject, void *row, SubjectHead *head,
                        bool *found, GError **error)
{
    memset(row, 0, self->size);
    const DbArg of_subject = db_text(subject ? "subject" : NULL, subject);
    g_autoptr(DbRows) rows = db_query(db, db_statement_text(db, build_select, self, subject != NULL),
                                      WITH(db_int("county", county), db_int(record_key(self)->name, key), of_subject), error);
    *found = rows && db_next(rows, error);
    if (*found && !record_read(self, rows, row))
        return fault(error, "%s %" PRId64 " is damaged: see pinghu verify", self->table, key);
    if (*found && subject)
        *head = ledger_head_of(rows, column_count(self));
    return rows && !db_failed(rows);
}

bool record_load(Db *db, int64_t county, const Record *self, int64_t key, void *row, bool *found, GError **error)
{
    return record_load_to_act(db, county, self, key, NULL, row, NULL, found, error);
}
