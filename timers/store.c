// SPDX-License-Identifier: Apache-2.0
#include "timers/store.h"

#include <string.h>

/* ---- changes of a transaction ---- */

/* A timer is often set, moved and cleared by the actions of one transaction: the last change of each is written before the
 * commit, so that a timer that was set and cleared again is never written. */
enum { CHANGES = 256, SUBJECT_TEXT = 64, KIND_TEXT = 28 };

typedef struct Change {
    Instant at; /* 0: cleared */
    guint hash;
    bool is_new; /* no row is there */
    char subject[SUBJECT_TEXT], kind[KIND_TEXT];
} Change;

typedef struct Changes {
    unsigned count;
    Change changes[CHANGES];
} Changes;

static bool write_change(Db *db, int64_t county, const Change *change, GError **error)
{
    if (!change->at)
        return db_run(db, "DELETE FROM timer WHERE county = :county AND subject = :subject AND kind = :kind",
                      WITH(db_int("county", county), db_text("subject", change->subject), db_text("kind", change->kind)), error);
    return db_run(db,
        "INSERT INTO timer (county, subject, kind, at, next_try, tries, trouble) VALUES (:county, :subject, :kind, :at, :at, 0, '')"
        " ON CONFLICT (county, subject, kind) DO UPDATE SET at = excluded.at, next_try = excluded.next_try, tries = 0, trouble = ''",
        WITH(db_int("county", county), db_text("subject", change->subject), db_text("kind", change->kind), db_int("at", change->at)), error);
}

/* The oldest ones: who was set lately may soon be cleared. */
static bool write_first(Db *db, int64_t county, Changes *self, unsigned count, GError **error)
{
    for (unsigned i = 0; i < count; i++)
        if (!write_change(db, county, &self->changes[i], error))
            return false;
    self->count -= count;
    memmove(self->changes, self->changes + count, self->count * sizeof *self->changes);
    return true;
}

static bool flush(Db *db, int64_t county, void *memory, GError **error)
{
    Changes *self = memory;
    return write_first(db, county, self, self->count, error);
}

/* Readers have no changes. */
static bool flush_changes(Db *db, int64_t county, GError **error)
{
    bool fresh;
    Changes *self = db_transaction_state(db, county, flush, sizeof *self, &fresh);
    return !self || flush(db, county, self, error);
}

static Change *change_of(Changes *self, const Change *like)
{
    for (unsigned i = self->count; i > 0; i--) {
        Change *change = &self->changes[i - 1];
        if (change->hash == like->hash && strcmp(change->subject, like->subject) == 0 && strcmp(change->kind, like->kind) == 0)
            return change;
    }
    return NULL;
}

static bool add(Db *db, int64_t county, Changes *self, const Change *change, GError **error)
{
    if (self->count == CHANGES && !write_first(db, county, self, CHANGES / 2, error))
        return false;
    self->changes[self->count++] = *change;
    return true;
}

bool timer_put(const Context *context, const char *subject, const char *kind, bool is_new, Instant at, GError **error)
{
    bool fresh, put = true;
    Changes *self = db_transaction_state(context->db, context->county, flush, sizeof *self, &fresh);
    Change change = { .at = at, .hash = g_str_hash(subject), .is_new = is_new };
    if (!self || g_strlcpy(change.subject, subject, SUBJECT_TEXT) >= SUBJECT_TEXT || g_strlcpy(change.kind, kind, KIND_TEXT) >= KIND_TEXT)
        return fault(error, "no timer of %s can be set here", subject);
    db_transaction_state_carry(context->db, context->county, flush, true); /* empty: its memory is not cleared again */
    Change *before = change_of(self, &change);
    if (before && before->is_new && !at)
        *before = self->changes[--self->count];
    else if (before)
        before->at = at;
    else if (at || !is_new)
        put = add(context->db, context->county, self, &change, error);
    db_transaction_state_used(context->db, context->county, flush, offsetof(Changes, changes) + self->count * sizeof change);
    return put;
}

bool timer_take(const Context *context, const Timer *timer, GError **error)
{
    return timer_put(context, timer->subject, timer->kind, false, 0, error) && flush_changes(context->db, context->county, error);
}

/* ---- rows ---- */

void timer_free(void *timer)
{
    Timer *self = timer;
    g_free(self->subject);
    g_free(self->kind);
    g_free(self);
}

GPtrArray *timers_due(Db *db, int64_t county, Instant now, int64_t most, GError **error)
{
    if (!flush_changes(db, county, error))
        return NULL;
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
    return flush_changes(db, county, error) && db_integer(db, "SELECT at FROM timer WHERE county = :county AND subject = :subject AND kind = :kind",
                      WITH(db_int("county", county), db_text("subject", subject), db_text("kind", kind)), at, &found, error);
}

json_t *timer_kinds_kept(Db *db, int64_t county, GError **error)
{
    return db_rows(db, "/* all rows */ SELECT kind FROM timer WHERE county = :county GROUP BY kind", WITH(db_int("county", county)), error);
}
