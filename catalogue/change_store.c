// SPDX-License-Identifier: Apache-2.0
/* Changes of the catalogue as the database keeps them. */
#include "catalogue/room.h"

bool change_insert(const Context *context, ItemChange *change, int64_t version, GError **error)
{
    return db_next_id(context->db, context->county, "item_change", &change->number, error) && db_run(context->db,
                  "INSERT INTO item_change (county, number, day, kind, item, version, level, into_item, document,"
                  " document_number, made_at) VALUES (:county, :number, :day, :kind, :item, :version, :level, :into_item,"
                  " :document, :document_number, :made_at)",
                  WITH(db_int("county", context->county), db_int("number", change->number),
                       db_text("day", DAY_WRITTEN(change->day)), db_text("kind", change_kind_names[change->kind]),
                       db_text("item", change->item), db_int("version", version), db_text("level", change->level),
                       db_text("into_item", change->into), db_text("document", change->document),
                       db_text("document_number", change->document_number), db_int("made_at", context->now)), error);
}

/* ---- lists ---- */

#define ASKED(asked, county)                                                                                             \
    db_int("county", county), BIND_TEXT(asked, "from"), BIND_TEXT(asked, "to"), BIND_TEXT(asked, "level"),               \
        BIND_TEXT(asked, "item")
#define WANTED                                                                                                           \
    " WHERE c.county = :county AND c.day >= :from AND c.day <= COALESCE(NULLIF(:to, ''), '9999')"                        \
    " AND (:level = '' OR c.level = :level) AND (:item = '' OR c.item = :item OR c.into_item = :item)"                   \
    " AND NOT (c.kind IN ('listed', 'revised') AND EXISTS (SELECT 1 FROM item o WHERE o.county = :county"                \
    " AND o.code = c.item AND o.version = c.version AND o.until_day < o.since_day))" /* it never came in force */

json_t *changes_list(Db *db, int64_t county, const json_t *asked, int64_t first, int64_t limit, GError **error)
{
    return db_rows(db,
        "SELECT c.number, c.day, c.kind AS change_kind, c.level AS change_level, c.item, i.name AS item_name,"
        " i.name_en AS item_name_en, i.organ, c.version, c.into_item, t.name AS into_name, t.name_en AS into_name_en,"
        " c.document, c.document_number FROM item_change c"
        " JOIN item i ON i.county = c.county AND i.code = c.item AND i.version = c.version"
        " LEFT JOIN item t ON t.county = c.county AND t.code = c.into_item AND t.version = 1" WANTED
        " AND (:kind = '' OR c.kind = :kind) ORDER BY c.day DESC, c.number DESC LIMIT :limit OFFSET :first",
        WITH(ASKED(asked, county), BIND_TEXT(asked, "kind"), db_int("limit", limit), db_int("first", first)), error);
}

json_t *changes_count(Db *db, int64_t county, const json_t *asked, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT c.kind, COUNT(*) FROM item_change c" WANTED " GROUP BY c.kind",
                                      WITH(ASKED(asked, county)), error);
    g_autoptr(json_t) counts = json_object();
    while (db_next(rows, error))
        json_object_set_new(counts, db_column_text(rows, 0), json_integer(db_column_int(rows, 1)));
    return db_failed(rows) ? NULL : g_steal_pointer(&counts);
}
