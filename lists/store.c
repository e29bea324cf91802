// SPDX-License-Identifier: Apache-2.0
/* Statements of a list, made of its description's names. Each of the openings that a reader has is asked for by itself, for
 * only so does each use its index; their rows are merged here. What is looked through and not found by the index is written
 * as a sum or a longer text, so that no other index looks better to the engine. */
#include "lists/room.h"

#include <string.h>

enum { ARGS = 2 + LIST_COLUMNS + 1 + 2 * LIST_PARTS + 2 * RANGES_MOST + FOLLOWED_MOST + WORDS_MOST + SOUGHT_HASHES + 2, NAME = 4, LETTERS = 26, TEXT_EXPECTED = 1024 };

typedef struct Statement {
    const ListRangeOfRows *wanted;
    const ListOpened *opened;
    const ListRange *span;
    const ListColumn *order[LIST_PARTS];
    size_t parts;
    bool looks; /* through rows for what has no index */
    GString *sql;
    size_t count;
    DbArg args[ARGS];
    char names[ARGS][NAME];
} Statement;

/* ---- texts and their parameters ---- */

static void put_value(Statement *self, const ListValue *value)
{
    char *name = self->names[self->count];
    name[0] = 'p'; /* by hand, as all of the text: printing it took as long as reading the rows */
    name[1] = (char)('a' + self->count / LETTERS);
    name[2] = (char)('a' + self->count % LETTERS);
    name[3] = '\0';
    self->args[self->count++] = value->is_text ? db_text(name, value->text) : db_int(name, value->number);
    self->args[self->count] = (DbArg){ 0 };
    g_string_append(g_string_append_c(self->sql, ':'), name);
}

static void put_condition(Statement *self, const char *left, const char *sign, const ListValue *value)
{
    text_append_all(self->sql, (const char *const[]){ " AND ", left, " ", sign, " ", NULL });
    put_value(self, value);
}

static void put_names(Statement *self, const char *after)
{
    for (size_t i = 0; i < self->parts; i++)
        text_append_all(self->sql, (const char *const[]){ i ? ", " : "", self->order[i]->name, after, NULL });
}

static void put_bound(Statement *self, const char *sign, const ListPlace *place)
{
    g_string_append(self->sql, " AND (");
    put_names(self, "");
    text_append_all(self->sql, (const char *const[]){ ") ", sign, " (", NULL });
    for (size_t i = 0; i < self->parts; i++) {
        if (i)
            g_string_append(self->sql, ", ");
        put_value(self, &place->parts[i]);
    }
    g_string_append_c(self->sql, ')');
}

/* The place before or behind all that lie in the span. */
static ListPlace span_end(const Statement *self, bool last)
{
    const ListRange *span = self->span;
    ListPlace place = { .count = self->parts };
    for (size_t i = 0; i < self->parts; i++)
        place.parts[i] = list_end(self->order[i], last);
    if (span->column)
        place.parts[0] = last ? span->most : span->least;
    return place;
}

/* The one of two places that comes first, or last. */
static ListPlace nearer(const ListPlace *a, const ListPlace *b, bool first)
{
    return a->count && (list_compare(a, b) < 0) == first ? *a : *b;
}

static void put_places(Statement *self)
{
    const ListRangeOfRows *wanted = self->wanted;
    bool descending = wanted->descending;
    ListPlace begin = span_end(self, descending), end = span_end(self, !descending);
    begin = nearer(&wanted->from, &begin, descending);
    end = nearer(&wanted->to, &end, !descending);
    put_bound(self, descending ? "<" : ">", &begin);
    if (wanted->to.count || self->span->column)
        put_bound(self, descending ? ">=" : "<=", &end);
}

static void put_followed(Statement *self, const char *column, const ListRange *range)
{
    text_append_all(self->sql, (const char *const[]){ " AND (", column, " BETWEEN ", NULL });
    put_value(self, &range->least);
    g_string_append(self->sql, " AND ");
    put_value(self, &range->most);
    text_append_all(self->sql, (const char *const[]){ " OR ", column, " IN (", NULL });
    for (guint i = 0; i < range->followed->len; i++) {
        g_string_append(self->sql, i ? ", " : "");
        put_value(self, &(ListValue){ .number = g_array_index(range->followed, int64_t, i) });
    }
    g_string_append(self->sql, "))");
}

/* A range that the opening's index does not find is looked for, by a term that keeps the engine from taking another index. */
static void put_ranges(Statement *self)
{
    const ListAsk *ask = self->wanted->ask;
    for (size_t i = 0; i < ask->range_count; i++) {
        const ListRange *range = &ask->ranges[i];
        const char *name = range->column->name;
        bool is_found = list_is_found(self->opened, range);
        g_autofree char *hidden = g_strconcat("(", name, range->least.is_text ? " || '')" : " + 0)", NULL);
        if (is_found && g_strcmp0(self->opened->scope->narrow, name) == 0)
            put_condition(self, name, "=", &range->least);
        if (is_found || !self->looks)
            continue;
        if (range->followed) {
            put_followed(self, hidden, range);
            continue;
        }
        put_condition(self, hidden, ">=", &range->least);
        put_condition(self, hidden, "<=", &range->most);
    }
}

/* The rows, by the hashes of a person where one is meant: by the first are they found, in the order of their keys. */
static void put_tables(Statement *self)
{
    const ListAsk *ask = self->wanted->ask;
    const char *table = ask->spec->table, *sought = ask->spec->search.sought, *key = ask->spec->key;
    if (!ask->way.count) {
        text_append_all(self->sql, (const char *const[]){ " FROM ", table, " WHERE county = :county", NULL });
        return;
    }
    text_append_all(self->sql, (const char *const[]){ " FROM ", sought, " JOIN ", table, " USING (county, ", key, ") WHERE county = :county AND ",
                                                      table, ".county = :county", NULL });
    put_condition(self, "hash", "=", &(ListValue){ .number = ask->way.hashes[0] });
    for (size_t i = 1; i < ask->way.count; i++) {
        text_append_all(self->sql, (const char *const[]){ " AND EXISTS (SELECT 1 FROM ", sought, " o WHERE o.county = :county AND o.number = ",
                                                          table, ".", key, NULL });
        put_condition(self, "o.hash", "=", &(ListValue){ .number = ask->way.hashes[i] });
        g_string_append_c(self->sql, ')');
    }
}

static void put_rows(Statement *self)
{
    const ListAsk *ask = self->wanted->ask;
    const ListScope *scope = self->opened->scope;
    put_tables(self);
    if (scope->only)
        text_append_all(self->sql, (const char *const[]){ " AND ", scope->only, NULL });
    for (size_t i = 0; scope->equal[i]; i++)
        put_condition(self, scope->equal[i], "=", &(ListValue){ .number = self->opened->values[i] });
    if (ask->is_one)
        put_condition(self, ask->spec->key, "=", &ask->one);
    put_ranges(self);
    put_places(self);
    for (size_t i = 0; i < ask->word_count && self->looks; i++) {
        put_condition(self, ask->spec->search.contains, "LIKE", &(ListValue){ .is_text = true, .text = ask->words[i] });
        g_string_append(self->sql, " ESCAPE '\\'");
    }
    if (scope->also && self->looks)
        text_append_all(self->sql, (const char *const[]){ " AND ", scope->also, NULL });
}

static void put_limit(Statement *self, const char *limit, int64_t number)
{
    g_string_append(self->sql, limit);
    put_value(self, &(ListValue){ .number = number });
}

static void put_order(Statement *self, const char *limit, int64_t number)
{
    g_string_append(self->sql, " ORDER BY ");
    put_names(self, self->wanted->descending ? " DESC" : "");
    put_limit(self, limit, number);
}

/* Each opening is asked for each range of the order's first column. */
static size_t count_parts(const ListAsk *ask)
{
    return ask->seen.count * (ask->hashed.column ? 2 : 1);
}

static const ListOpened *opening_of(const ListAsk *ask, size_t part)
{
    return &ask->seen.all[part % ask->seen.count];
}

static void begin(Statement *self, const ListRangeOfRows *wanted, size_t part, int64_t county)
{
    self->wanted = wanted;
    self->opened = wanted->ask->seen.count ? opening_of(wanted->ask, part) : NULL;
    self->span = part < wanted->ask->seen.count ? &wanted->ask->span : &wanted->ask->hashed;
    self->parts = list_order_columns(wanted->ask->spec, wanted->ask->order, self->order);
    self->looks = true;
    self->sql = g_string_append(g_string_sized_new(TEXT_EXPECTED), "SELECT ");
    self->args[0] = db_int("county", county);
    self->args[1] = (DbArg){ 0 };
    self->count = 1;
}

static void statement_clear(Statement *self)
{
    g_string_free(self->sql, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Statement, statement_clear)

/* ---- rows ---- */

static void clear_row(void *data)
{
    ListRow *row = data;
    if (row->data)
        row->free_row(row->data);
    g_free(row->made_of);
    json_decref(row->part);
}

GArray *list_rows_new(void)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(ListRow));
    g_array_set_clear_func(rows, clear_row);
    return rows;
}

static void free_json(void *row)
{
    json_decref(row);
}

static ListPlace place_at(const Statement *self, const DbRows *rows, int first)
{
    ListPlace place = { .count = self->parts };
    for (int i = 0; i < (int)self->parts; i++) {
        ListValue *part = &place.parts[i];
        part->is_text = list_is_text(self->order[i]);
        if (part->is_text)
            part->text = g_string_chunk_insert(self->wanted->ask->texts, db_column_text(rows, first + i));
        else
            part->number = db_column_int(rows, first + i);
    }
    return place;
}

static const ListReader *reader_of(const Statement *self)
{
    const ListReader *reader = self->wanted->ask->spec->reader;
    return reader && reader->read && !self->wanted->by_columns ? reader : NULL;
}

static void find_part(const Statement *self, const DbRows *rows, int version, ListRow *row)
{
    GString *made_of = g_string_new(self->wanted->parts);
    json_write_number(g_string_append_c(made_of, '/'), row->at.parts[self->parts - 1].number);
    json_write_number(g_string_append_c(made_of, '/'), db_column_int(rows, version));
    row->made_of = g_string_free(made_of, FALSE);
    row->part = part_kept(self->wanted->r, ROW_PARTS, row->made_of);
}

static bool take_row(const Statement *self, const DbRows *rows, int places, GArray *out, GError **error)
{
    const ListReader *reader = reader_of(self);
    ListRow row = { .at = place_at(self, rows, places), .free_row = reader ? reader->free_row : free_json };
    if (self->wanted->parts)
        find_part(self, rows, places + (int)self->parts, &row);
    bool is_read = !row.part && !self->wanted->parts_alone;
    if (is_read)
        row.data = reader ? reader->read(rows, error) : list_row_json(self->wanted->ask->spec, rows);
    g_array_append_val(out, row);
    return !is_read || row.data;
}

/* The columns that the reader reads, then those of the row's place and its version; *places is where these begin. */
static void put_columns(Statement *self, int *places)
{
    size_t before = self->sql->len;
    const ListReader *reader = reader_of(self);
    const ListColumn *column = self->wanted->ask->spec->columns;
    if (reader && !self->wanted->parts_alone) {
        reader->select(self->sql);
        g_string_append(self->sql, ", ");
    }
    for (; !reader && column->name; column++)
        text_append_all(self->sql, (const char *const[]){ column->from ? column->from : column->name, ", ", NULL });
    *places = 0;
    for (const char *at = self->sql->str + before; *at; at++)
        *places += *at == ',';
    put_names(self, "");
    if (self->wanted->parts)
        text_append_all(self->sql, (const char *const[]){ ", ", reader->version, NULL });
}

static bool read_part(const Context *context, const ListRangeOfRows *wanted, size_t part, int64_t most, GArray *out, GError **error)
{
    int places;
    g_auto(Statement) self;
    begin(&self, wanted, part, context->county);
    put_columns(&self, &places);
    put_rows(&self);
    put_order(&self, " LIMIT ", most);
    g_autoptr(DbRows) rows = db_query(context->db, self.sql->str, self.args, error);
    while (db_next(rows, error))
        if (!take_row(&self, rows, places, out, error))
            return false;
    return !db_failed(rows);
}

static int in_order(const void *a, const void *b, void *descending)
{
    int order = list_compare(&((const ListRow *)a)->at, &((const ListRow *)b)->at);
    return descending ? -order : order;
}

/* A row that two openings let through stands there twice, side by side. */
static void merge(GArray *rows, bool descending, int64_t most)
{
    g_array_sort_with_data(rows, in_order, GINT_TO_POINTER(descending));
    for (guint i = rows->len; i > 1; i--)
        if (in_order(&g_array_index(rows, ListRow, i - 1), &g_array_index(rows, ListRow, i - 2), NULL) == 0)
            g_array_remove_index(rows, i - 1);
    if (rows->len > most)
        g_array_set_size(rows, (guint)most);
}

/* Each part is read no further than to the last row that may still stand among the first. */
bool list_read(const Context *context, const ListRangeOfRows *wanted, int64_t most, GArray *rows, GError **error)
{
    ListRangeOfRows rest = *wanted;
    for (size_t i = 0; i < count_parts(wanted->ask); i++) {
        if (!read_part(context, &rest, i, most, rows, error))
            return false;
        if (i > 0)
            merge(rows, wanted->descending, most);
        if (rows->len == most)
            rest.to = g_array_index(rows, ListRow, most - 1).at;
    }
    return true;
}

/* ---- ends and numbers ---- */

static bool read_place(const Context *context, const Statement *self, ListPlace *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, self->sql->str, self->args, error);
    *out = (ListPlace){ 0 };
    if (db_next(rows, error))
        *out = place_at(self, rows, 0);
    return !db_failed(rows);
}

bool list_edge(const Context *context, const ListRangeOfRows *wanted, ListPlace *edge, GError **error)
{
    const ListAsk *ask = wanted->ask;
    *edge = (ListPlace){ 0 };
    for (size_t i = 0; i < count_parts(ask) && ask->spec->bound && !ask->is_one; i++) {
        ListPlace here;
        int64_t share = ask->spec->bound / (int64_t)count_parts(ask);
        if (!list_looks(ask, opening_of(ask, i)))
            continue;
        g_auto(Statement) self;
        begin(&self, wanted, i, context->county);
        self.looks = false;
        put_names(&self, "");
        put_rows(&self);
        put_order(&self, " LIMIT 1 OFFSET ", MAX(share, 1) - 1);
        if (!read_place(context, &self, &here, error))
            return false;
        if (here.count)
            *edge = nearer(edge, &here, !wanted->descending);
    }
    return true;
}

bool list_count(const Context *context, const ListRangeOfRows *wanted, int64_t most, int64_t *count, GError **error)
{
    const ListAsk *ask = wanted->ask;
    *count = 0;
    for (size_t i = 0; i < count_parts(ask) && *count < most; i++) {
        bool found;
        int64_t more = 0;
        g_auto(Statement) self;
        begin(&self, wanted, i, context->county);
        g_string_append_printf(self.sql, "COUNT(*) FROM (SELECT %s", ask->spec->key);
        put_rows(&self);
        put_limit(&self, " LIMIT ", most - *count);
        g_string_append(self.sql, ") counted");
        if (!db_integer(context->db, self.sql->str, self.args, &more, &found, error))
            return false;
        *count += more;
    }
    return true;
}

bool list_place_of(const Context *context, const ListAsk *ask, const ListValue *key, ListPlace *out, GError **error)
{
    const ListRangeOfRows wanted = { .ask = ask };
    g_auto(Statement) self;
    begin(&self, &wanted, 0, context->county);
    put_names(&self, "");
    g_string_append_printf(self.sql, " FROM %s WHERE county = :county", ask->spec->table);
    put_condition(&self, ask->spec->key, "=", key);
    return read_place(context, &self, out, error);
}
