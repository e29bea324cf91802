// SPDX-License-Identifier: Apache-2.0
/* Erasure (PIPL art. 47): what goes, and what stays to say so. */
#include "ledger/leaf.h"
#include "ledger/store.h"

#include <string.h>

/* An empty salt stays, to tell what was erased from what was lost. */
static bool erase_salts(const Context *context, const char *subject, GError **error)
{
    return db_run(context->db, "UPDATE ledger_salt SET salt = :none WHERE county = :county AND subject = :subject",
                  WITH(db_int("county", context->county), db_text("subject", subject), db_bytes("none", "", 0)), error);
}

typedef struct Reducing {
    const Context *context;
    GPtrArray *numbers, *payloads; /* of the events that have facts */
} Reducing;

static bool reduce(const Event *event, void *data, GError **error)
{
    Reducing *self = data;
    g_autoptr(GString) kept = g_string_new(NULL);
    (void)error;
    leaf_append_kept(kept, event);
    if (event->version <= EVENT_PLAIN || strcmp(kept->str, event->payload) == 0)
        return true;
    g_ptr_array_add(self->numbers, g_strdup(DECIMAL(event->number)));
    g_ptr_array_add(self->payloads, g_strdup(kept->str));
    return true;
}

/* Read to the end before anything is written: the rows are the same. */
static bool erase_facts(const Context *context, const char *subject, GError **error)
{
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free), payloads = g_ptr_array_new_with_free_func(g_free);
    Reducing self = { context, numbers, payloads };
    bool well = ledger_walk_subject(context->db, context->county, subject, reduce, &self, error);
    for (guint i = 0; well && i < numbers->len; i++)
        well = db_run(context->db, "UPDATE event SET payload = :payload WHERE county = :county AND number = :number",
                      WITH(db_text("payload", payloads->pdata[i]), db_int("county", context->county),
                           db_int("number", g_ascii_strtoll(numbers->pdata[i], NULL, 10))), error);
    return well;
}

/* The last event of the subject that erased it, or restricted its use. */
static DbRows *last_erasure(Db *db, int64_t county, const char *subject, GError **error)
{
    return db_query(db, "SELECT " EVENT_COLUMNS " FROM event WHERE county = :county AND subject = :subject AND kind IN (:erased, :restricted)"
                        " ORDER BY sequence DESC LIMIT 1",
                    WITH(db_int("county", county), db_text("subject", subject), db_text("erased", LEDGER_ERASED),
                         db_text("restricted", LEDGER_RESTRICTED)), error);
}

bool ledger_restrict(const Context *context, const char *subject, GError **error)
{
    g_autoptr(DbRows) rows = last_erasure(context->db, context->county, subject, error);
    int64_t number = rows && db_next(rows, error) ? db_column_int(rows, 0) : 0;
    if (!rows || db_failed(rows))
        return false;
    return !number || db_run(context->db, "INSERT INTO ledger_erasure (county, number, subject) VALUES (:county, :number, :subject)"
                                          " ON CONFLICT (county, number) DO NOTHING",
                     WITH(db_int("county", context->county), db_int("number", number), db_text("subject", subject)), error);
}

bool ledger_forget(const Context *context, const char *subject, GError **error)
{
    return ledger_restrict(context, subject, error) && erase_facts(context, subject, error) && erase_salts(context, subject, error);
}

bool ledger_erasure(Db *db, int64_t county, const char *subject, json_t **out, GError **error)
{
    *out = NULL;
    g_autoptr(DbRows) rows = last_erasure(db, county, subject, error);
    if (!rows || !db_next(rows, error))
        return rows && !db_failed(rows);
    const Event event = ledger_event_of(rows);
    g_autoptr(json_t) payload = json_loads(event.payload, 0, NULL);
    const json_t *facts = json_object_get(payload, "facts");
    *out = json_pack("{s:I, s:s, s:O*, s:O*}", "number", event.number, "day", DAY_WRITTEN(day_of(event.at)), "reason",
                     json_object_get(facts, "reason"), "until_day", json_object_get(facts, "day"));
    return true;
}
