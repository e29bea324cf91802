// SPDX-License-Identifier: Apache-2.0
/* Sessions. */
#include "http/state.h"

#include <sodium.h>
#include <string.h>

enum { SEEN_EVERY = MINUTE_MS, TOKEN_BYTES = 32, ENTRANT_MINUTES = 10 /* to fetch a telephone, or to enrol one */ };

static const char *cookie_name(const RequestState *self)
{
    return self->http->settings.behind_tls ? "__Host-pinghu" : "pinghu";
}

char *session_form_token(const RequestState *self)
{
    static const unsigned char purpose[crypto_generichash_KEYBYTES] = "pinghu: this form was ours";
    unsigned char proof[crypto_generichash_BYTES_MIN];
    if (!*self->token)
        return g_strdup("");
    crypto_generichash(proof, sizeof proof, (const unsigned char *)self->token, strlen(self->token), purpose, sizeof purpose);
    return text_hex(proof, sizeof proof);
}

bool session_derive(const Request *r, const char *purpose, unsigned char out[SESSION_DERIVED])
{
    const RequestState *self = r->state;
    const char *token = *self->begun_token ? self->begun_token : self->token;
    return *token && crypto_generichash(out, SESSION_DERIVED, (const unsigned char *)purpose, strlen(purpose), (const unsigned char *)token,
                                        TOKEN_TEXT - 1) == 0;
}

/* ---- beginning and ending ---- */

static bool forget(const Context *context, const char *token, GError **error)
{
    g_autofree char *hash = hash_text(token);
    return !*token || db_run(context->db, "DELETE FROM http_session WHERE county = :county AND hash = :hash",
                             WITH(db_int("county", context->county), db_text("hash", hash)), error);
}

/* A browser has one session of a member of the staff, and one for each case; `number` 0: the former. */
static char *cookie_of(const RequestState *self, int64_t number, const char *token, const char *more)
{
    bool behind_tls = self->http->settings.behind_tls;
    g_autofree char *which = number ? g_strdup_printf("-%" PRId64, number) : g_strdup("");
    return g_strdup_printf("%s%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(self), which, token, behind_tls ? "; Secure" : "", more);
}

char *session_ended_cookie(const RequestState *self, int64_t number)
{
    return cookie_of(self, number, "", "; Max-Age=0");
}

static void set_cookie(RequestState *self, char *cookie)
{
    g_free(self->cookie);
    self->cookie = cookie;
}

static bool drop_case(RequestState *self, size_t place, GError **error)
{
    const CaseSession dropped = self->cases[place];
    for (size_t i = place + 1; i < self->case_count; i++)
        self->cases[i - 1] = self->cases[i];
    self->case_count--;
    if (self->ended_count < CASES_MOST)
        self->ended_cases[self->ended_count++] = dropped.number;
    return forget(&self->request.context, dropped.token, error);
}

static size_t place_of_case(const RequestState *self, int64_t number)
{
    size_t place = 0;
    while (place < self->case_count && self->cases[place].number != number)
        place++;
    return place;
}

bool session_leave(Request *r, int64_t number, GError **error)
{
    RequestState *self = r->state;
    size_t place = place_of_case(self, number);
    self->begins_session = true;
    return place == self->case_count || drop_case(self, place, error);
}

/* An older token, which somebody may have put into the browser, is worth nothing afterwards. Beyond CASES_MOST the oldest case goes. */
static bool end_older(RequestState *self, int64_t number, GError **error)
{
    if (!number)
        return forget(&self->request.context, self->staff_token, error);
    size_t place = place_of_case(self, number);
    if (place == self->case_count)
        return self->case_count < CASES_MOST || drop_case(self, 0, error);
    return forget(&self->request.context, self->cases[place].token, error);
}

/* Sessions that nobody has ended go a day after they began, when none lasts any more. */
static bool sweep(const Context *context, GError **error)
{
    return db_run(context->db, "DELETE FROM http_session WHERE county = :county AND made_at < :old",
                  WITH(db_int("county", context->county), db_int("old", context->now - DAY_MS)), error);
}

bool session_begin(Request *r, enum actor_kind kind, int64_t id, GError **error)
{
    unsigned char random[TOKEN_BYTES];
    RequestState *self = r->state;
    const Context *context = &r->context;
    int64_t number = kind == HOLDER ? id : 0;
    context_random(context, random, sizeof random);
    g_autofree char *token = text_hex(random, sizeof random);
    g_autofree char *hash = hash_text(token);
    if (!end_older(self, number, error) || !sweep(context, error))
        return false;
    self->begins_session = true;
    g_strlcpy(self->begun_token, token, sizeof self->begun_token);
    self->begun_kind = kind == PROVEN ? ENTRANT : kind;
    self->begun_id = id;
    set_cookie(self, cookie_of(self, number, token, ""));
    int64_t keeps = 0;
    const KeptRow of = { .county = context->county, .kind = kind, .actor = id };
    return kept_count(context->db, &of, &keeps, error) &&
           db_run(context->db, "INSERT INTO http_session (county, hash, actor_kind, actor, made_at, seen_at, keeps)"
                  " VALUES (:county, :hash, :kind, :actor, :made_at, :seen_at, :keeps)",
                  WITH(db_int("county", context->county), db_text("hash", hash), db_int("kind", kind), db_int("actor", id),
                       db_int("made_at", context->now), db_int("seen_at", context->now), db_int("keeps", keeps)), error);
}

void session_forget_begun(RequestState *self)
{
    g_clear_pointer(&self->device_cookie, g_free);
    if (!self->begins_session)
        return;
    self->begins_session = false;
    self->begun_token[0] = '\0';
    self->begun_kind = VISITOR;
    self->ended_count = 0;
    set_cookie(self, NULL);
}

/* On a desk that others use nothing stays open, and whoever signs out here is signed out wherever else he forgot to. */
bool session_end(Request *r, GError **error)
{
    RequestState *self = r->state;
    const Actor *actor = r->context.actor;
    self->begins_session = true;
    set_cookie(self, cookie_of(self, 0, "", "; Max-Age=0"));
    while (self->case_count)
        if (!drop_case(self, self->case_count - 1, error))
            return false;
    return forget(&r->context, self->staff_token, error) && (actor->kind != STAFF || session_end_all(&r->context, STAFF, actor->id, error));
}

/* The row of a session that others end stays until its day is over, as that of an idle one does, so that a form which comes too late can be kept
 * for its account. */
#define ENDED "UPDATE http_session SET seen_at = 0 WHERE county"

bool session_end_all(const Context *context, enum actor_kind kind, int64_t id, GError **error)
{
    bool is_staff = kind == STAFF;
    return db_run(context->db, ENDED " = :county AND actor_kind IN (:kind, :entering, :proven) AND actor = :actor",
                  WITH(db_int("county", context->county), db_int("kind", kind), db_int("entering", is_staff ? ENTRANT : kind),
                       db_int("proven", is_staff ? PROVEN : kind), db_int("actor", id)), error);
}

/* ---- finding ---- */

static bool write_seen(Db *db, void *seen, GError **error)
{
    return db_run(db, "UPDATE http_session SET seen_at = :at WHERE county = :county AND hash = :hash AND seen_at > 0",
                  WITH(db_int("at", json_number(seen, "at")), db_int("county", json_number(seen, "county")),
                       db_text("hash", json_text(seen, "hash"))), error);
}

static void free_seen(void *seen, const GError *error)
{
    if (error)
        trouble_warn(error, "session seen");
    json_decref(seen);
}

static void note_seen(const RequestState *self)
{
    const Context *context = &self->request.context;
    json_t *seen = json_pack("{s:I, s:I, s:s}", "county", context->county, "at", context->now, "hash", self->token_hash);
    store_submit(self->site->store, write_seen, seen, free_seen);
}

static bool is_token(const char *text)
{
    return text && strlen(text) == TOKEN_TEXT - 1 && strspn(text, "0123456789abcdef") == TOKEN_TEXT - 1;
}

static void add_case(RequestState *self, int64_t number, const char *token)
{
    g_autofree char *hash = hash_text(token);
    if (self->case_count == CASES_MOST) {
        memmove(self->cases, self->cases + 1, sizeof *self->cases * (CASES_MOST - 1));
        self->case_count--;
    }
    CaseSession *added = &self->cases[self->case_count++];
    added->number = number;
    memcpy(added->token, token, TOKEN_TEXT);
    memcpy(added->hash, hash, TOKEN_TEXT);
}

/* "pinghu-330482140903000123". */
static enum MHD_Result read_cookie(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    gint64 number;
    RequestState *self = closure;
    const char *ours = cookie_name(self);
    (void)kind;
    if (!g_str_has_prefix(name, ours) || !is_token(value))
        return MHD_YES;
    const char *which = name + strlen(ours);
    if (!*which)
        memcpy(self->staff_token, value, TOKEN_TEXT);
    else if (*which == '-' && g_ascii_string_to_signed(which + 1, 10, 1, INT64_MAX, &number, NULL))
        add_case(self, number, value);
    return MHD_YES;
}

void session_read(RequestState *self)
{
    self->staff_token[0] = '\0';
    self->case_count = self->ended_count = 0;
    MHD_get_connection_values(self->conn, MHD_COOKIE_KIND, read_cookie, self);
}

static void use_token(RequestState *self, const char *token)
{
    g_strlcpy(self->token, token, sizeof self->token);
    g_free(self->token_hash);
    self->token_hash = *token ? hash_text(token) : NULL;
}

typedef struct Found {
    int64_t kind, actor, made_at, seen_at;
    bool any;
    int64_t keeps;
    char *done; /* digest and answer kept for the request's key; NULL: none */
} Found;

static void found_clear(Found *self)
{
    g_free(self->done);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

/* A subquery, since PostgreSQL would read the whole day for a join. */
#define DONE_ON(day)                                                                                                      \
    "(SELECT " IDEMPOTENCY_KEPT " FROM http_done WHERE county = :county AND day = " day                                       \
    " AND key = s.actor_kind || '/' || s.actor || '/' || :key)"

#define OF_SESSION "SELECT actor_kind, actor, made_at, seen_at, " DB_CACHE_VERSION ", keeps"
#define WITH_DONE_BEFORE OF_SESSION ", " DONE_ON(":yesterday")
#define WITH_DONE OF_SESSION ", COALESCE(" DONE_ON(":today") ", " DONE_ON(":yesterday") ")"
#define THE_SESSION " FROM http_session s WHERE county = :county AND hash = :hash"
enum { LOOKS_BACK = 2, LOOKS_TODAY = 4, LOOKS_UP = 5 }; /* the places of these arguments */

/* The query for the session also finds the cache's version, and for a POST the answer kept for its key and the number that its
 * route looks up: each saves a round trip. */
static DbRows *session_rows(const RequestState *self, Db *db, bool *looks_up, GError **error)
{
    const Context *context = &self->request.context;
    const Lookup *lookup = self->idempotency_digest ? self->route->lookup : NULL;
    Day today = day_of(context->now);
    DbArg args[LOOKS_UP + LOOKUP_ARGS + 1] = { db_int("county", context->county), db_text("hash", self->token_hash), db_int("yesterday", today - 1),
                                               db_text("key", self->key_hash), db_int("today", today) };
    g_autofree char *text = lookup ? lookup->bind(&self->request, db, args + LOOKS_UP) : NULL;
    g_autofree char *sql = text ? g_strconcat(WITH_DONE ", ", lookup->sql, THE_SESSION, NULL) : NULL;
    *looks_up = sql != NULL;
    if (!self->looks_today)
        args[self->idempotency_digest ? LOOKS_TODAY : LOOKS_BACK].name = NULL;
    const char *usual = self->looks_today ? WITH_DONE THE_SESSION : self->idempotency_digest ? WITH_DONE_BEFORE THE_SESSION : OF_SESSION THE_SESSION;
    return db_query(db, sql ? sql : usual, args, error);
}

static bool find_session(RequestState *self, Db *db, Found *found, GError **error)
{
    bool looks_up;
    g_autoptr(DbRows) rows = session_rows(self, db, &looks_up, error);
    found->any = db_next(rows, error);
    if (found->any)
        *found = (Found){ db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2), db_column_int(rows, 3), true, db_column_int(rows, 5) };
    if (found->any)
        db_cache_version(db, self->request.context.county, db_column_int(rows, 4));
    if (found->any && self->idempotency_digest)
        found->done = g_strdup(db_column_text(rows, 6));
    if (found->any && looks_up)
        self->request.looked_up = db_column_int(rows, 7);
    return !db_failed(rows);
}

/* ---- which of them ---- */

static bool lasts(const RequestState *self, const Found *found)
{
    const int *limits = self->http->settings.limits;
    int idle = ENTRANT_MINUTES, longest = ENTRANT_MINUTES;
    if (found->kind == STAFF)
        idle = limits[LIMIT_STAFF_IDLE], longest = limits[LIMIT_STAFF_SESSION];
    else if (found->kind == HOLDER)
        idle = limits[self->is_kiosk ? LIMIT_KIOSK_IDLE : LIMIT_CASE_IDLE], longest = limits[LIMIT_CASE_SESSION];
    Instant now = self->request.context.now;
    return now - found->seen_at < (int64_t)idle * MINUTE_MS && now - found->made_at < (int64_t)longest * MINUTE_MS;
}

static bool mark_lasting(RequestState *self, Db *db, bool lasting[CASES_MOST], GError **error)
{
    static const char *const names[CASES_MOST] = { "h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7" };
    DbArg args[CASES_MOST + 2] = { db_int("county", self->request.context.county) };
    for (size_t i = 0; i < CASES_MOST; i++)
        args[i + 1] = db_text(names[i], i < self->case_count ? self->cases[i].hash : "");
    g_autoptr(DbRows) rows = db_query(db, "SELECT hash, actor_kind, actor, made_at, seen_at FROM http_session"
        " WHERE county = :county AND hash IN (:h0, :h1, :h2, :h3, :h4, :h5, :h6, :h7)", args, error);
    while (db_next(rows, error)) {
        const Found found = { db_column_int(rows, 1), db_column_int(rows, 2), db_column_int(rows, 3), db_column_int(rows, 4) };
        for (size_t i = 0; i < self->case_count; i++)
            if (strcmp(self->cases[i].hash, db_column_text(rows, 0)) == 0)
                lasting[i] = found.kind == HOLDER && found.actor == self->cases[i].number && lasts(self, &found);
    }
    return !db_failed(rows);
}

static bool find_cases(RequestState *self, Db *db, GError **error)
{
    size_t count = 0;
    bool lasting[CASES_MOST] = { false };
    if (self->case_count && !mark_lasting(self, db, lasting, error))
        return false;
    for (size_t i = 0; i < self->case_count; i++)
        if (lasting[i])
            self->cases[count++] = self->cases[i];
        else
            self->ended_cases[self->ended_count++] = self->cases[i].number;
    self->case_count = count;
    for (size_t i = 0; i < count; i++)
        self->case_numbers[i] = self->cases[i].number;
    return true;
}

/* The token of the case that the address names ("/track/330482…"); else "". */
static const char *named_token(const RequestState *self)
{
    gint64 number = 0;
    const char *named = self->route->demand == HOLDERS ? self->parts[0] : NULL;
    if (!named || !g_ascii_string_to_signed(named, 10, 1, INT64_MAX, &number, NULL))
        return "";
    size_t place = place_of_case(self, number);
    return place < self->case_count ? self->cases[place].token : "";
}

/* The actor found before an upload was read may have changed since. */
static void forget_actor(RequestState *self)
{
    if (self->actor.kind != VISITOR)
        self->http->settings.clear_actor(&self->actor);
    self->actor = (Actor){ .name = "" };
}

/* Where a request begins a session, or has none, no query for the session could have found its kept answer. */
static bool look_back(RequestState *self, Db *db, const Found *found, GError **error)
{
    if (!self->idempotency_digest)
        return true;
    if (!found || self->route->begins)
        return idempotency_find(self, db, &self->answer, &self->is_replay, error);
    self->is_replay = found->done != NULL;
    return !self->is_replay || idempotency_match(self, db, found->done, &self->answer, error);
}

/* Nothing but the steps of the way in knows the session of somebody who has still to take them. */
static bool is_asked_for(const RequestState *self, const Found *found, int64_t kind)
{
    bool enters = found->kind == ENTRANT || found->kind == PROVEN;
    return found->kind == kind || (enters && kind == STAFF && (self->route->demand & ENTRANTS));
}

static bool load_by(RequestState *self, Db *db, int64_t kind, const char *token, bool *known, GError **error)
{
    g_auto(Found) found = { 0 };
    const Context *context = &self->request.context;
    use_token(self, token);
    if (!*token)
        return true;
    if (!find_session(self, db, &found, error) ||
        (found.any && is_asked_for(self, &found, kind) && lasts(self, &found) &&
         !self->http->settings.load_actor(db, context->county, found.kind == PROVEN ? ENTRANT : (enum actor_kind)found.kind, found.actor,
                                          day_of(context->now), &self->actor, known, error)))
        return false;
    if (*known && self->actor.since > day_of(found.made_at)) {
        forget_actor(self);
        *known = false;
    }
    if (!*known)
        return true;
    self->actor.is_proven = found.kind == PROVEN;
    self->forms_kept = found.keeps;
    if (self->forms_kept)
        mark_read(self);
    self->actor.cases = self->case_numbers;
    self->actor.case_count = self->case_count;
    if (context->now - found.seen_at > SEEN_EVERY)
        note_seen(self);
    return look_back(self, db, &found, error);
}

bool session_load(RequestState *self, Db *db, GError **error)
{
    bool known = false;
    self->request.looked_up = -1;
    forget_actor(self);
    if (!find_cases(self, db, error))
        return false;
    const char *named = named_token(self), *newest = self->case_count ? self->cases[self->case_count - 1].token : "";
    if (!load_by(self, db, *named ? HOLDER : STAFF, *named ? named : self->staff_token, &known, error) ||
        (!known && !load_by(self, db, HOLDER, newest, &known, error)))
        return false;
    if (known)
        return true;
    use_token(self, "");
    return look_back(self, db, NULL, error);
}

/* ---- what comes too late ---- */

bool session_load_late(RequestState *self, Db *db, GError **error)
{
    bool known = false;
    g_auto(Found) found = { 0 };
    const Context *context = &self->request.context;
    session_read(self);
    const char *named = named_token(self), *newest = self->case_count ? self->cases[self->case_count - 1].token : "";
    use_token(self, *named ? named : self->route->demand == HOLDERS && !*self->staff_token ? newest : self->staff_token);
    if (!*self->token || !find_session(self, db, &found, error) || !found.any || (found.kind != STAFF && found.kind != HOLDER))
        return false;
    return self->http->settings.load_actor(db, context->county, (enum actor_kind)found.kind, found.actor, day_of(context->now), &self->actor, &known, error) &&
           known && route_admits(self->route, &self->actor, error);
}

void session_forget_late(RequestState *self)
{
    forget_actor(self);
    use_token(self, "");
}

/* ---- for their owner ---- */

json_t *session_list(const Request *r, int64_t staff, GError **error)
{
    const RequestState *self = r->state;
    g_autoptr(json_t) list = json_array();
    g_autoptr(DbRows) rows = db_query(r->context.db, "SELECT hash, actor_kind, actor, made_at, seen_at FROM http_session WHERE county = :county"
        " AND actor_kind = :kind AND actor = :actor ORDER BY seen_at DESC, hash",
        WITH(db_int("county", r->context.county), db_int("kind", STAFF), db_int("actor", staff)), error);
    while (db_next(rows, error)) {
        const Found found = { db_column_int(rows, 1), db_column_int(rows, 2), db_column_int(rows, 3), db_column_int(rows, 4) };
        if (lasts(self, &found) && r->context.actor->since <= day_of(found.made_at))
            json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:b}", "session", db_column_text(rows, 0), "made_at", (json_int_t)found.made_at,
                                                  "seen_at", (json_int_t)found.seen_at, "is_here", secret_equals(self->token_hash, db_column_text(rows, 0))));
    }
    return !db_failed(rows) ? g_steal_pointer(&list) : NULL;
}

bool session_end_one(const Context *context, int64_t staff, const char *session, bool *known, GError **error)
{
    int64_t changed;
    bool well = db_change(context->db, ENDED " = :county AND actor_kind = :kind AND actor = :actor AND hash = :hash AND seen_at > 0",
                          WITH(db_int("county", context->county), db_int("kind", STAFF), db_int("actor", staff), db_text("hash", session)), &changed, error);
    *known = well && changed == 1;
    return well;
}
