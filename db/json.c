// SPDX-License-Identifier: Apache-2.0
/* Rows as JSON. */
#include "db/engine.h"

static json_t *json_bytes(const DbRows *self, int column)
{
    size_t length;
    const void *bytes = db_column_bytes(self, column, &length);
    g_autofree char *hex = text_hex(bytes, length);
    return json_string_nocheck(hex);
}

static json_t *json_column(const DbRows *self, int column)
{
    switch (self->engine->kind(self, column)) {
    case VALUE_INTEGER: return json_integer(db_column_int(self, column));
    case VALUE_REAL: return json_real(self->engine->real(self, column));
    case VALUE_TEXT: return json_string(db_column_text(self, column));
    case VALUE_BYTES: return json_bytes(self, column);
    default: return json_null();
    }
}

static json_t *json_row(const DbRows *self, GError **error)
{
    g_autoptr(json_t) row = json_object();
    int count = self->engine->count(self);
    for (int i = 0; i < count; i++) {
        const char *name = self->engine->name(self, i);
        if (json_object_set_new(row, name, json_column(self, i)) < 0)
            return fault(error, "column %s holds no UTF-8: %s", name, self->text);
    }
    return g_steal_pointer(&row);
}

json_t *db_rows(Db *self, const char *sql, const DbArg *args, GError **error)
{
    g_autoptr(DbRows) rows = db_query(self, sql, args, error);
    g_autoptr(json_t) all = json_array();
    while (db_next(rows, error)) {
        json_t *row = json_row(rows, error);
        if (!row)
            return NULL;
        json_array_append_new(all, row);
    }
    return db_failed(rows) ? NULL : g_steal_pointer(&all);
}

json_t *db_row(Db *self, const char *sql, const DbArg *args, GError **error)
{
    g_autoptr(DbRows) rows = db_query(self, sql, args, error);
    if (!db_next(rows, error))
        return db_failed(rows) ? NULL : refuse(error, NOT_FOUND, "base.not_found", NULL);
    return json_row(rows, error);
}
