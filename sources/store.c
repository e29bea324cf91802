// SPDX-License-Identifier: Apache-2.0
#include "sources/life.h"

#include <string.h>

/* ---- sources ---- */

static const char all_key[] = "sources/all";

json_t *sources_all(Db *db, int64_t county, GError **error)
{
    json_t *kept = db_cache_get(db, county, all_key);
    if (kept)
        return kept;
    json_t *sources = db_rows(db, "/* all rows */ SELECT number, code, name, name_en, organ_name, organ_name_en, purpose, purpose_en, state FROM source"
                                  " WHERE county = :county ORDER BY code, number", WITH(db_int("county", county)), error);
    db_cache_put(db, county, all_key, sources);
    return sources;
}

bool sources_shares(const Context *context, json_t *sources, GError **error)
{
    size_t i;
    json_t *source;
    g_autoptr(json_t) all = sources_all(context->db, context->county, error);
    json_array_foreach(all, i, source)
        if (strcmp(json_text(source, "state"), source_state_names[SOURCE_IN_USE]) == 0)
            json_array_append(sources, source);
    return all != NULL;
}

/* ---- askings ---- */

bool asking_insert(const Context *context, int64_t case_number, int64_t source, const char *material, GError **error)
{
    int64_t id;
    return db_next_id(context->db, context->county, "source_asking", &id, error) && db_insert(context->db,
        "INSERT INTO source_asking (county, id, case_number, source, material, sharing, tries, next_try, made_at, ended_at, trouble)"
        " VALUES (:county, :id, :case_number, :source, :material, 'waits', 0, :now, :now, 0, '')",
        WITH(db_int("county", context->county), db_int("id", id), db_int("case_number", case_number), db_int("source", source),
             db_text("material", material), db_int("now", context->now)), error);
}

bool asking_waits(const Context *context, int64_t case_number, const char *material, bool *waits, GError **error)
{
    int64_t id;
    return db_integer(context->db, "SELECT id FROM source_asking WHERE county = :county AND case_number = :case_number AND material = :material"
                                   " AND sharing = 'waits' LIMIT 1",
                      WITH(db_int("county", context->county), db_int("case_number", case_number), db_text("material", material)), &id, waits, error);
}

static const json_t *source_numbered(const json_t *sources, int64_t number)
{
    size_t i;
    json_t *source;
    json_array_foreach((json_t *)sources, i, source)
        if (json_number(source, "number") == number)
            return source;
    return NULL;
}

bool sources_asks_papers(const Context *context, int64_t case_number, json_t *papers, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) all = sources_all(context->db, context->county, error);
    g_autoptr(json_t) rows = all ? db_rows(context->db, "SELECT source, material, sharing FROM source_asking WHERE county = :county AND case_number = :case_number"
                                                        " AND sharing <> 'dropped' ORDER BY id",
                                           WITH(db_int("county", context->county), db_int("case_number", case_number)), error) : NULL;
    json_array_foreach(rows, i, row) {
        const json_t *source = source_numbered(all, json_number(row, "source"));
        json_object_set(row, "name", json_object_get(source, "name"));
        json_object_set(row, "name_en", json_object_get(source, "name_en"));
        json_array_append(papers, row);
    }
    return rows != NULL;
}

bool sources_forgets(const Context *context, const char *subject, GError **error)
{
    int64_t number;
    if (subject_named(context->rooms, subject, &number) != &case_kind)
        return true;
    return db_run(context->db, "DELETE FROM source_asking WHERE county = :county AND case_number = :case_number",
                  WITH(db_int("county", context->county), db_int("case_number", number)), error);
}

GPtrArray *askings_due(Db *db, int64_t county, int64_t source, Instant now, int64_t most, GError **error)
{
    g_autoptr(GPtrArray) due = g_ptr_array_new_with_free_func((GDestroyNotify)asking_free);
    g_autoptr(DbRows) rows = db_query(db, "SELECT id, case_number, material, tries, next_try FROM source_asking WHERE county = :county"
                                          " AND source = :source AND next_try > 0 AND next_try <= :now ORDER BY next_try, id LIMIT :most",
                                      WITH(db_int("county", county), db_int("source", source), db_int("now", now), db_int("most", most)), error);
    while (rows && db_next(rows, error)) {
        Asking *asking = asking_new(db_column_int(rows, 0), db_column_int(rows, 1), source);
        asking->material = g_strdup(db_column_text(rows, 2));
        asking->tries = db_column_int(rows, 3);
        asking->next_try = db_column_int(rows, 4);
        g_ptr_array_add(due, asking);
    }
    return rows && !db_failed(rows) ? g_steal_pointer(&due) : NULL;
}

json_t *askings_last(Db *db, int64_t county, int64_t source, int64_t most, GError **error)
{
    return db_rows(db, "SELECT case_number, material, sharing, tries, made_at, ended_at, trouble FROM source_asking WHERE county = :county"
                       " AND source = :source ORDER BY id DESC LIMIT :most",
                   WITH(db_int("county", county), db_int("source", source), db_int("most", most)), error);
}

/* Several servers may ask: only the first finds the row as it was. */
bool asking_move(const Context *context, const Asking *before, const AskingMove *to, bool *done, GError **error)
{
    int64_t changed = 0;
    bool ran = db_change(context->db, "UPDATE source_asking SET sharing = :sharing, tries = :tries, next_try = :next_try, ended_at = :ended_at,"
                                      " trouble = :trouble WHERE county = :county AND id = :id AND tries = :was_tries AND next_try = :was_next_try",
                         WITH(db_text("sharing", to->sharing), db_int("tries", to->tries), db_int("next_try", to->next_try), db_int("ended_at", to->ended_at),
                              db_text("trouble", to->trouble), db_int("county", context->county), db_int("id", before->id),
                              db_int("was_tries", before->tries), db_int("was_next_try", before->next_try)), &changed, error);
    *done = ran && changed == 1;
    return ran;
}
