// SPDX-License-Identifier: Apache-2.0
#include "timers/store.h"

void timer_free(void *timer)
{
    Timer *self = timer;
    g_free(self->subject);
    g_free(self->kind);
    g_free(self);
}

GPtrArray *timers_due(Db *db, int64_t county, Instant now, int64_t most, GError **error)
{
    g_autoptr(GPtrArray) due = g_ptr_array_new_with_free_func(timer_free);
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT subject, kind, at, next_try, tries FROM timer WHERE county = :county AND next_try <= :now"
        " ORDER BY next_try, subject, kind LIMIT :most",
        WITH(db_int("county", county), db_int("now", now), db_int("most", most)), error);
    while (db_next(rows, error)) {
        Timer *timer = g_new(Timer, 1);
        *timer = (Timer){ g_strdup(db_column_text(rows, 0)), g_strdup(db_column_text(rows, 1)), db_column_int(rows, 2),
                          db_column_int(rows, 3), db_column_int(rows, 4) };
        g_ptr_array_add(due, timer);
    }
    return db_failed(rows) ? NULL : g_steal_pointer(&due);
}

bool timer_put(const Context *context, const char *subject, const char *kind, Instant at, GError **error)
{
    return db_run(context->db,
        "INSERT INTO timer (county, subject, kind, at, next_try, tries, trouble) VALUES (:county, :subject, :kind, :at, :at, 0, '')"
        " ON CONFLICT (county, subject, kind) DO UPDATE SET at = excluded.at, next_try = excluded.next_try, tries = 0, trouble = ''",
        WITH(db_int("county", context->county), db_text("subject", subject), db_text("kind", kind), db_int("at", at)), error);
}

bool timer_clear(const Context *context, const char *subject, const char *kind, GError **error)
{
    return db_run(context->db, "DELETE FROM timer WHERE county = :county AND subject = :subject AND kind = :kind",
                  WITH(db_int("county", context->county), db_text("subject", subject), db_text("kind", kind)), error);
}

bool timer_put_off(Db *db, int64_t county, const Timer *timer, Instant next_try, const char *trouble, GError **error)
{
    return db_run(db,
        "UPDATE timer SET next_try = :next_try, tries = :tries, trouble = :trouble WHERE county = :county AND subject = :subject"
        " AND kind = :kind AND next_try = :tried",
        WITH(db_int("next_try", next_try), db_int("tries", timer->tries + 1), db_text("trouble", trouble), db_int("county", county),
             db_text("subject", timer->subject), db_text("kind", timer->kind), db_int("tried", timer->next_try)), error);
}

bool timer_at(Db *db, int64_t county, const char *subject, const char *kind, Instant *at, GError **error)
{
    bool found;
    *at = 0;
    return db_integer(db, "SELECT at FROM timer WHERE county = :county AND subject = :subject AND kind = :kind",
                      WITH(db_int("county", county), db_text("subject", subject), db_text("kind", kind)), at, &found, error);
}

json_t *timer_kinds_kept(Db *db, int64_t county, GError **error)
{
    return db_rows(db, "/* all rows */ SELECT kind FROM timer WHERE county = :county GROUP BY kind", WITH(db_int("county", county)), error);
}
