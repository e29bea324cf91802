// SPDX-License-Identifier: Apache-2.0
/* Changes of the catalogue as the database keeps them. */
#include "catalogue/room.h"

bool change_insert(const Context *context, ItemChange *change, int64_t version, GError **error)
{
    char day[DAY_TEXT];
    return db_next_id(context->db, context->county, "item_change", &change->number, error) &&
           db_run(context->db,
                  "INSERT INTO item_change (county, number, day, kind, item, version, level, into_item, document,"
                  " document_number, made_at) VALUES (:county, :number, :day, :kind, :item, :version, :level, :into_item,"
                  " :document, :document_number, :made_at)",
                  WITH(db_int("county", context->county), db_int("number", change->number),
                       db_text("day", day_text(change->day, day)), db_text("kind", change_kind_names[change->kind]),
                       db_text("item", change->item), db_int("version", version), db_text("level", change->level),
                       db_text("into_item", change->into), db_text("document", change->document),
                       db_text("document_number", change->document_number), db_int("made_at", context->now)),
                  error);
}
