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
    GROWS_FOR = 60 * MINUTE_MS,  /* and after this its length does */
    FORGOTTEN_AFTER = DAY_MS,
    MARK_TRIES = 2,
};

typedef struct Count {
    const Budget *budget;
    char *key;            /* NULL: it does not count */
    int64_t count, last_at;
    char *wait;           /* key under which it is kept how long the sender waits */
    bool has_waited, let; /* the wait is over; and it was this request that has used it up */
    bool by_mark;         /* it is not, and the browser has waited */
} Count;

typedef struct Attempt {
    int64_t county;
    Instant now;
    size_t size;
    Count counts[BUDGETS_MOST];
    char *address, *mark; /* keys under which attempts by marks are counted; NULL: none may be made */
    Instant since;        /* the mark was given */
} Attempt;

static void attempt_clear(Attempt *self)
{
    g_free(self->address);
    g_free(self->mark);
    for (size_t i = 0; i < self->size; i++) {
        g_free(self->counts[i].key);
        g_free(self->counts[i].wait);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

/* ---- who tries what ---- */

static char *key_of(const Budget *budget, const char *what, const char *address)
{
    bool is_known = *address || !budget->by_address;
    return is_known ? g_strconcat(budget->name, budget->by_what ? ":" : "", budget->by_what ? what : "", budget->by_address ? "@" : "",
                                  budget->by_address ? address : "", NULL) : NULL;
}

/* Somebody who tries the secrets of many waits for all of them at once; else everybody waits for each by himself. */
static char *wait_of(const Budget *budget, const char *what, const char *address)
{
    bool for_all = budget->by_address && !budget->by_what;
    return budget->waits ? g_strconcat("wait:", budget->name, ":", for_all ? "" : what, "@", address, NULL) : NULL;
}

static Attempt attempt_of(const Request *r, const Budget *budgets, const char *what)
{
    Attempt self = { .county = r->context.county, .now = r->context.now };
    g_autofree char *address = sender_address(r->state);
    for (; budgets[self.size].name && self.size < BUDGETS_MOST; self.size++)
        self.counts[self.size] = (Count){ .budget = &budgets[self.size], .key = key_of(&budgets[self.size], what, address),
                                          .wait = wait_of(&budgets[self.size], what, address) };
    self.address = *address ? g_strconcat("marked@", address, NULL) : NULL;
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

/* ---- waiting ---- */

/* A wait is a row too: `count` how often the sender was told to wait, `first_at` until when, 0 once he has come again. */
typedef struct Wait {
    int64_t times;
    Instant until, told_at;
} Wait;

static bool read_wait(Db *db, int64_t county, const char *key, Wait *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT count, first_at, last_at FROM http_failure WHERE county = :county AND key = :key",
                                      WITH(db_int("county", county), db_text("key", key)), error);
    *out = (Wait){ 0 };
    if (db_next(rows, error))
        *out = (Wait){ db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2) };
    return !db_failed(rows);
}

enum { DOUBLINGS = 5 /* up to 640 seconds: within the window, or nobody would wait longer */ };

static int seconds_of(const Budget *budget, int64_t times)
{
    return budget->grows ? WAIT_SECONDS << MIN(times - 1, DOUBLINGS) : WAIT_SECONDS;
}

typedef struct Telling {
    const Attempt *attempt;
    const Count *count;
    bool is_longest; /* the wait has the longest length, whatever came before */
    int seconds;
    Instant until;
} Telling;

static bool tell_wait(Db *db, void *data, GError **error)
{
    Telling *self = data;
    Wait before;
    const Attempt *attempt = self->attempt;
    if (!read_wait(db, attempt->county, self->count->wait, &before, error))
        return false;
    int64_t again = attempt->now - before.told_at < GROWS_FOR ? before.times + 1 : 1, times = self->is_longest ? MAX(again, DOUBLINGS + 1) : again;
    self->seconds = seconds_of(self->count->budget, times);
    self->until = MAX(before.until, attempt->now) + self->seconds * SECOND;
    return db_run(db, "INSERT INTO http_failure (county, key, count, first_at, last_at) VALUES (:county, :key, :times, :until, :at)"
        " ON CONFLICT (county, key) DO UPDATE SET count = excluded.count, first_at = excluded.first_at, last_at = excluded.last_at",
        WITH(db_int("county", attempt->county), db_text("key", self->count->wait), db_int("times", times),
             db_int("until", self->until), db_int("at", attempt->now)), error);
}

/* One of many at once: the others find it used up. */
static bool use_wait(Db *db, int64_t county, Count *count, GError **error)
{
    int64_t changed;
    bool well = db_change(db, "UPDATE http_failure SET first_at = 0 WHERE county = :county AND key = :key AND first_at > 0",
                          WITH(db_int("county", county), db_text("key", count->wait)), &changed, error);
    count->let = well && changed == 1;
    return well;
}

/* ---- browsers that have waited ---- */

/* An attacker who keeps failing at an address uses up each wait as soon as it is over. So a browser that has waited as long as a first wait
 * is judged meanwhile: an address has one such attempt in a quarter of an hour, and a mark two in all. */
static bool opens_by_mark(Db *db, const Attempt *self, Instant *at, GError **error)
{
    int64_t tries = 0, all;
    Instant last, last_of_all;
    *at = INT64_MAX;
    if (!self->address)
        return true;
    if ((self->mark && !read_count(db, self->county, self->mark, &tries, &last, error)) ||
        !read_count(db, self->county, self->address, &all, &last_of_all, error))
        return false;
    if (tries < MARK_TRIES)
        *at = MAX(self->since + WAIT_SECONDS * SECOND, last_of_all + WINDOW);
    return true;
}

static bool may_by_mark(Db *db, const Attempt *self, bool *may, GError **error)
{
    Instant at = INT64_MAX;
    bool well = !self->mark || opens_by_mark(db, self, &at, error);
    *may = well && at <= self->now;
    return well;
}

static bool add_mark(Db *db, const Attempt *self, const char *key, GError **error)
{
    return db_run(db, "INSERT INTO http_failure (county, key, count, first_at, last_at) VALUES (:county, :key, 1, :at, :at)"
        " ON CONFLICT (county, key) DO UPDATE SET count = http_failure.count + 1, last_at = excluded.last_at",
        WITH(db_int("county", self->county), db_text("key", key), db_int("at", self->now)), error);
}

static bool use_mark(Db *db, Attempt *self, GError **error)
{
    bool may = false;
    for (size_t i = 0; !may && i < self->size; i++)
        may = self->counts[i].by_mark;
    if (!may)
        return true;
    if (!may_by_mark(db, self, &may, error) || (may && (!add_mark(db, self, self->mark, error) || !add_mark(db, self, self->address, error))))
        return false;
    for (size_t i = 0; i < self->size; i++)
        self->counts[i].let |= may && self->counts[i].by_mark;
    return true;
}

/* An attempt by a mark puts off the wait that all at the address share by the longest, and the attempts count until then: so nobody has
 * more of them by marks than without. */
static bool put_off(Db *db, const Attempt *self, const Count *count, GError **error)
{
    Telling telling = { self, count, .is_longest = true };
    return tell_wait(db, &telling, error) &&
           db_run(db, "UPDATE http_failure SET last_at = :until WHERE county = :county AND key = :key",
                  WITH(db_int("until", telling.until), db_int("county", self->county), db_text("key", count->key)), error);
}

static bool count_all(Db *db, void *data, GError **error)
{
    Attempt *self = data;
    bool well = db_run(db, "DELETE FROM http_failure WHERE county = :county AND last_at < :old",
                       WITH(db_int("county", self->county), db_int("old", self->now - FORGOTTEN_AFTER)), error) && use_mark(db, self, error);
    for (size_t i = 0; well && i < self->size; i++) {
        Count *each = &self->counts[i];
        bool is_marked = each->let;
        well = (!each->has_waited || use_wait(db, self->county, each, error)) &&
               (!each->key || count(db, self, each->key, each->budget->waits && !each->budget->grows ? INT64_MAX : each->budget->most, error)) &&
               (!is_marked || put_off(db, self, each, error));
    }
    return well && read_counts(db, self, error);
}

/* ---- judging ---- */

static bool refuse_locked(const Request *r, const Count *count, GError **error)
{
    Instant ends = count->last_at + WINDOW;
    g_autofree char *until = view_instant(CHINESE, ends), *until_en = view_instant(ENGLISH, ends);
    r->state->retry_seconds = (int)((ends - r->context.now) / SECOND) + 1;
    return refuse(error, TOO_MANY, "http.locked", "until", until, "until_en", until_en, NULL);
}

static int seconds_until(const Attempt *self, Instant at)
{
    return (int)((at - self->now + SECOND - 1) / SECOND);
}

/* A browser that comes with its mark is told when that lets it in; one that gets a mark may not keep it, and is told both. */
static bool refuse_wait(const Request *r, Attempt *self, int seconds, GError **error)
{
    Instant at;
    bool is_new = self->address && !self->mark;
    if (is_new)
        self->since = self->now;
    if ((is_new && !waited_give(r, error)) || !opens_by_mark(r->context.db, self, &at, error))
        return false;
    bool is_sooner = at > self->now && at < self->now + seconds * (Instant)SECOND;
    r->state->retry_seconds = is_sooner && !is_new ? seconds_until(self, at) : seconds;
    return refuse(error, TOO_MANY, "http.wait", "seconds", DECIMAL(r->state->retry_seconds), is_sooner && is_new ? "sooner" : NULL,
                  DECIMAL(seconds_until(self, at)), NULL);
}

/* An attempt while too many fail is told to wait, and is judged when it is made again in time. */
static bool has_waited(const Request *r, Attempt *self, Count *count, GError **error)
{
    Wait wait;
    Telling telling = { self, count, .is_longest = false };
    if (!read_wait(r->context.db, self->county, count->wait, &wait, error))
        return false;
    count->has_waited = wait.until && wait.until <= self->now && self->now - wait.until < COMES_AGAIN;
    if (count->has_waited)
        return true;
    if (!may_by_mark(r->context.db, self, &count->by_mark, error))
        return false;
    if (count->by_mark)
        return true;
    if (wait.until > self->now)
        return refuse_wait(r, self, seconds_until(self, wait.until), error);
    return store_write(r->state->site->store, tell_wait, &telling, error) && refuse_wait(r, self, telling.seconds, error);
}

static bool is_over(const Attempt *self, const Count *count, bool counted)
{
    return count->count >= count->budget->most + counted && self->now - count->last_at < WINDOW;
}

/* Once counted, many at once are judged again, as if they had come in a row. */
static bool lets(const Request *r, Attempt *self, bool counted, GError **error)
{
    for (size_t i = 0; i < self->size; i++) {
        Count *count = &self->counts[i];
        if (!count->key || count->let || !is_over(self, count, counted))
            continue;
        if (!count->budget->waits)
            return refuse_locked(r, count, error);
        if (counted ? !refuse_wait(r, self, WAIT_SECONDS, error) : !has_waited(r, self, count, error))
            return false;
    }
    return true;
}

static bool read_mark(const Request *r, Attempt *self, GError **error)
{
    GError *why = NULL;
    g_autofree char *mark = self->address ? waited_mark(r, &self->since, &why) : NULL;
    self->mark = mark ? g_strconcat("mark:", mark, NULL) : NULL;
    if (why)
        g_propagate_error(error, why);
    return !why;
}

bool throttle_attempt(const Request *r, const Budget *budgets, const char *what, GError **error)
{
    g_auto(Attempt) self = attempt_of(r, budgets, what);
    return read_mark(r, &self, error) && read_counts(r->context.db, &self, error) && lets(r, &self, false, error) &&
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
