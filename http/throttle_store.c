// SPDX-License-Identifier: Apache-2.0
/* Budgets of failed attempts. Each attempt is counted before it is judged, so that many at once gain nothing over as many in a
 * row; what is refused here is not counted, so that nobody can keep another person out for ever. */
#include "http/state.h"

#include <string.h>

enum {
    BUDGETS_MOST = 8,
    SECOND = 1000,
    WINDOW = 15 * MINUTE_MS,
    WAIT_SECONDS = 20,
    COMES_AGAIN = 5 * MINUTE_MS, /* after a longer time the wait begins anew */
    FORGOTTEN_AFTER = DAY_MS,
};

typedef struct Count {
    const Budget *budget;
    char *key;            /* NULL: it does not count */
    int64_t count, last_at;
} Count;

typedef struct Attempt {
    int64_t county;
    Instant now;
    char *wait;           /* key under which it is kept who was told to wait */
    Instant waits_since;  /* 0: nobody was */
    size_t size;
    Count counts[BUDGETS_MOST];
} Attempt;

static void attempt_clear(Attempt *self)
{
    for (size_t i = 0; i < self->size; i++)
        g_free(self->counts[i].key);
    g_free(self->wait);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

/* ---- who tries what ---- */

static char *key_of(const Budget *budget, const char *what, const char *address)
{
    bool is_known = *address || !budget->by_address;
    return is_known ? g_strconcat(budget->name, budget->by_what ? ":" : "", budget->by_what ? what : "", budget->by_address ? "@" : "",
                                  budget->by_address ? address : "", NULL) : NULL;
}

static Attempt attempt_of(const Request *r, const Budget *budgets, const char *what)
{
    Attempt self = { .county = r->context.county, .now = r->context.now };
    g_autofree char *address = sender_address(r->state);
    self.wait = g_strconcat("wait:", what, "@", address, NULL);
    for (; budgets[self.size].name && self.size < BUDGETS_MOST; self.size++)
        self.counts[self.size] = (Count){ .budget = &budgets[self.size], .key = key_of(&budgets[self.size], what, address) };
    return self;
}

/* ---- counting ---- */

static bool read_count(Db *db, int64_t county, const char *key, int64_t *count, int64_t *last_at, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT count, last_at FROM http_failure WHERE county = :county AND key = :key",
                                      WITH(db_int("county", county), db_text("key", key)), error);
    bool found = db_next(rows, error);
    *count = found ? db_column_int(rows, 0) : 0;
    *last_at = found ? db_column_int(rows, 1) : 0;
    return !db_failed(rows);
}

static bool read_counts(Db *db, Attempt *self, GError **error)
{
    bool well = true;
    for (size_t i = 0; well && i < self->size; i++)
        well = !self->counts[i].key || read_count(db, self->county, self->counts[i].key, &self->counts[i].count, &self->counts[i].last_at, error);
    return well;
}

/* A count begins again a quarter of an hour after its last attempt; one that was not used up, after its first. */
static bool count(Db *db, const Attempt *self, const char *key, int64_t locks_at, GError **error)
{
    return db_run(db, "INSERT INTO http_failure (county, key, count, first_at, last_at) VALUES (:county, :key, 1, :at, :at)"
        " ON CONFLICT (county, key) DO UPDATE SET"
        " count = CASE WHEN http_failure.last_at <= :old OR (http_failure.first_at <= :old AND http_failure.count < :locks)"
        " THEN 1 ELSE http_failure.count + 1 END,"
        " first_at = CASE WHEN http_failure.last_at <= :old OR (http_failure.first_at <= :old AND http_failure.count < :locks)"
        " THEN excluded.first_at ELSE http_failure.first_at END, last_at = excluded.last_at",
        WITH(db_int("county", self->county), db_text("key", key), db_int("at", self->now), db_int("old", self->now - WINDOW),
             db_int("locks", locks_at)), error);
}

static bool forget(Db *db, int64_t county, const char *key, GError **error)
{
    return db_run(db, "DELETE FROM http_failure WHERE county = :county AND key = :key", WITH(db_int("county", county), db_text("key", key)), error);
}

static bool count_all(Db *db, void *data, GError **error)
{
    Attempt *self = data;
    bool well = db_run(db, "DELETE FROM http_failure WHERE county = :county AND last_at < :old",
                       WITH(db_int("county", self->county), db_int("old", self->now - FORGOTTEN_AFTER)), error) &&
                (!self->waits_since || forget(db, self->county, self->wait, error));
    for (size_t i = 0; well && i < self->size; i++) {
        const Budget *budget = self->counts[i].budget;
        well = !self->counts[i].key || count(db, self, self->counts[i].key, budget->waits ? INT64_MAX : budget->most, error);
    }
    return well && read_counts(db, self, error);
}

static bool note_wait(Db *db, void *data, GError **error)
{
    const Attempt *self = data;
    return forget(db, self->county, self->wait, error) && count(db, self, self->wait, INT64_MAX, error);
}

/* ---- judging ---- */

static bool refuse_locked(const Request *r, const Count *count, GError **error)
{
    Instant ends = count->last_at + WINDOW;
    g_autofree char *until = view_instant(CHINESE, ends), *until_en = view_instant(ENGLISH, ends);
    r->state->retry_seconds = (int)((ends - r->context.now) / SECOND) + 1;
    return refuse(error, TOO_MANY, "http.locked", "until", until, "until_en", until_en, NULL);
}

/* An attempt while too many fail is told once to wait, and is judged when it is made again. */
static bool has_waited(const Request *r, Attempt *self, GError **error)
{
    int64_t told;
    if (!read_count(r->context.db, self->county, self->wait, &told, &self->waits_since, error))
        return false;
    Instant since = self->now - self->waits_since;
    if (since >= WAIT_SECONDS * SECOND && since < COMES_AGAIN)
        return true;
    if (since >= COMES_AGAIN && !store_write(r->state->site->store, note_wait, self, error))
        return false;
    r->state->retry_seconds = WAIT_SECONDS;
    g_autofree char *seconds = g_strdup_printf("%d", WAIT_SECONDS);
    return refuse(error, TOO_MANY, "http.wait", "seconds", seconds, NULL);
}

static bool is_over(const Attempt *self, const Count *count, bool counted)
{
    return count->count >= count->budget->most + counted && self->now - count->last_at < WINDOW;
}

static bool lets(const Request *r, Attempt *self, bool counted, GError **error)
{
    bool waits = false;
    for (size_t i = 0; i < self->size; i++) {
        const Count *count = &self->counts[i];
        if (!count->key || !is_over(self, count, counted))
            continue;
        if (!count->budget->waits)
            return refuse_locked(r, count, error);
        waits = true;
    }
    return !waits || counted || has_waited(r, self, error);
}

bool throttle_attempt(const Request *r, const Budget *budgets, const char *what, GError **error)
{
    g_auto(Attempt) self = attempt_of(r, budgets, what);
    return read_counts(r->context.db, &self, error) && lets(r, &self, false, error) &&
           store_write(r->state->site->store, count_all, &self, error) && lets(r, &self, true, error);
}

/* A success takes back one attempt of the sender's and of all, and no more, since else an attacker with a case of his own could begin anew
 * by it whenever he likes. */
bool throttle_passed(const Request *r, const Budget *budgets, const char *what, GError **error)
{
    g_auto(Attempt) self = attempt_of(r, budgets, what);
    bool well = true;
    for (size_t i = 0; well && i < self.size; i++) {
        const char *key = self.counts[i].key;
        if (key && budgets[i].by_what)
            well = forget(r->context.db, self.county, key, error);
        else if (key)
            well = db_run(r->context.db, "UPDATE http_failure SET count = count - 1 WHERE county = :county AND key = :key AND count > 0",
                          WITH(db_int("county", self.county), db_text("key", key)), error);
    }
    return well;
}
