// SPDX-License-Identifier: Apache-2.0
#include "lists/room.h"

static const char place[] = "list_view.query";

static char *key_of(const Context *context, const char *list, const char *name)
{
    return g_strdup_printf("%" PRId64 "/%s/%s", context->actor->id, list, name);
}

json_t *view_rows(const Context *context, const char *list, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) rows = db_rows(context->db,
        "SELECT name, query FROM list_view WHERE county = :county AND staff = :staff AND list = :list ORDER BY name",
        WITH(db_int("county", context->county), db_int("staff", context->actor->id), db_text("list", list)), error);
    json_array_foreach(rows, i, row) {
        g_autofree char *key = key_of(context, list, json_text(row, "name")), *query = NULL;
        if (!personal_open(context->db, context->county, place, key, json_text(row, "query"), &query, error))
            return NULL;
        json_object_set_new(row, "query", json_string(query));
    }
    return g_steal_pointer(&rows);
}

bool view_remove(const Context *context, const char *list, const char *name, GError **error)
{
    return db_run(context->db,
        "DELETE FROM list_view WHERE county = :county AND staff = :staff AND list = :list AND name = :name",
        WITH(db_int("county", context->county), db_int("staff", context->actor->id), db_text("list", list), db_text("name", name)), error);
}

bool view_save(const Context *context, const char *list, const char *name, const char *query, GError **error)
{
    g_autofree char *key = key_of(context, list, name), *sealed = personal_seal(context->db, context->county, place, key, query, error);
    return sealed && view_remove(context, list, name, error) && db_run(context->db,
        "INSERT INTO list_view (county, staff, list, name, query, made_at) VALUES (:county, :staff, :list, :name, :query, :made_at)",
        WITH(db_int("county", context->county), db_int("staff", context->actor->id), db_text("list", list), db_text("name", name),
             db_text("query", sealed), db_int("made_at", context->now)), error);
}
