// SPDX-License-Identifier: Apache-2.0
/* Rows of the tables of hashes, whose names are those of other rooms. */
#include "lists/lists.h"

enum { NAME = 4, LETTERS = 26 };

static char *build_insert(const void *table, unsigned count)
{
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql, "INSERT INTO %s (county, number, hash) VALUES ", (const char *)table);
    for (unsigned i = 0; i < count; i++)
        g_string_append_printf(sql, "%s(:county, :number, :h%c%c)", i ? ", " : "", 'a' + i / LETTERS, 'a' + i % LETTERS);
    return g_string_free(sql, FALSE);
}

static char *build_delete(const void *table, unsigned variant)
{
    (void)variant;
    return g_strdup_printf("DELETE FROM %s WHERE county = :county AND number = :number", (const char *)table);
}

static char *build_select(const void *table, unsigned variant)
{
    (void)variant;
    return g_strdup_printf("SELECT number, hash FROM %s WHERE county = :county AND number > :after AND number <= :last ORDER BY number, hash",
                           (const char *)table);
}

bool sought_put(const Context *context, const char *table, int64_t number, const Sought *who, GError **error)
{
    DbArg args[SOUGHT_MOST + 3] = { db_int("county", context->county), db_int("number", number) };
    g_autoptr(GArray) hashes = sought_make(context, table, who, error);
    for (guint i = 0; hashes && i < hashes->len; i++) {
        const char name[NAME] = { 'h', (char)('a' + i / LETTERS), (char)('a' + i % LETTERS) };
        args[i + 2] = db_int(g_intern_string(name), g_array_index(hashes, int64_t, i)); /* a writer of its own reads the name later */
    }
    return hashes && (!hashes->len || db_run(context->db, db_statement_text(context->db, build_insert, table, hashes->len), args, error));
}

bool sought_drop(const Context *context, const char *table, int64_t number, GError **error)
{
    return db_run(context->db, db_statement_text(context->db, build_delete, table, 0),
                  WITH(db_int("county", context->county), db_int("number", number)), error);
}

bool sought_rows(const Context *context, const char *table, int64_t after, int64_t last, GArray *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, db_statement_text(context->db, build_select, table, 0),
                                      WITH(db_int("county", context->county), db_int("after", after), db_int("last", last)), error);
    while (db_next(rows, error))
        g_array_append_val(out, ((SoughtRow){ db_column_int(rows, 0), db_column_int(rows, 1) }));
    return !db_failed(rows);
}
