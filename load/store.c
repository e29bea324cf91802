// SPDX-License-Identifier: Apache-2.0
#include "load/store.h"

bool load_file_find(const Context *context, const char *source, const char *hash, int64_t *file, GError **error)
{
    bool found;
    *file = 0;
    return db_integer(context->db, "SELECT file FROM load_file WHERE county = :county AND source = :source AND hash = :hash",
                      WITH(db_int("county", context->county), db_text("source", source), db_text("hash", hash)), file, &found, error);
}

bool load_file_add(const Context *context, const char *source, const char *name, const char *hash, int64_t *file, GError **error)
{
    return db_next_id(context->db, context->county, "load-file", file, error) &&
           db_run(context->db,
                  "INSERT INTO load_file (county, file, source, hash, name, loaded_at)"
                  " VALUES (:county, :file, :source, :hash, :name, :now)",
                  WITH(db_int("county", context->county), db_int("file", *file), db_text("source", source), db_text("hash", hash),
                       db_text("name", name), db_int("now", context->now)), error);
}

bool load_case_find(const Context *context, const char *source, const char *before, int64_t *number, int64_t *file, GError **error)
{
    *number = *file = 0;
    g_autoptr(DbRows) rows = db_query(context->db,
        "SELECT number, file FROM load_case WHERE county = :county AND source = :source AND before = :before",
        WITH(db_int("county", context->county), db_text("source", source), db_text("before", before)), error);
    if (rows && db_next(rows, error)) {
        *number = db_column_int(rows, 0);
        *file = db_column_int(rows, 1);
    }
    return rows && !db_failed(rows);
}

bool load_case_add(const Context *context, const char *source, const char *before, int64_t number, int64_t file, GError **error)
{
    return db_run(context->db,
                  "INSERT INTO load_case (county, source, before, number, file) VALUES (:county, :source, :before, :number, :file)",
                  WITH(db_int("county", context->county), db_text("source", source), db_text("before", before),
                       db_int("number", number), db_int("file", file)), error);
}

json_t *load_file_json(const Context *context, int64_t file, GError **error)
{
    return db_row(context->db, "SELECT name, loaded_at FROM load_file WHERE county = :county AND file = :file",
                  WITH(db_int("county", context->county), db_int("file", file)), error);
}
