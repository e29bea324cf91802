// SPDX-License-Identifier: Apache-2.0
#include "lists/inside.h"

json_t *view_rows(const Context *context, const char *list, GError **error)
{
    return db_rows(context->db,
        "SELECT name, query FROM list_view WHERE county = :county AND staff = :staff AND list = :list ORDER BY name",
        WITH(db_int("county", context->county), db_int("staff", context->actor->id), db_text("list", list)), error);
}

bool view_remove(const Context *context, const char *list, const char *name, GError **error)
{
    return db_run(context->db,
        "DELETE FROM list_view WHERE county = :county AND staff = :staff AND list = :list AND name = :name",
        WITH(db_int("county", context->county), db_int("staff", context->actor->id), db_text("list", list), db_text("name", name)), error);
}

bool view_save(const Context *context, const char *list, const char *name, const char *query, GError **error)
{
    return view_remove(context, list, name, error) && db_run(context->db,
        "INSERT INTO list_view (county, staff, list, name, query, made_at) VALUES (:county, :staff, :list, :name, :query, :made_at)",
        WITH(db_int("county", context->county), db_int("staff", context->actor->id), db_text("list", list), db_text("name", name),
             db_text("query", query), db_int("made_at", context->now)), error);
}
