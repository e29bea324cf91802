// SPDX-License-Identifier: Apache-2.0
/* Sessions. */
#include "http/state.h"

#include <sodium.h>
#include <string.h>

enum {
    STAFF_IDLE = 30 * MINUTE_MS,       /* classified protection: idle sessions end */
    STAFF_MOST = 8 * 60 * MINUTE_MS,   /* a working day */
    HOLDER_IDLE = 120 * MINUTE_MS,
    SEEN_EVERY = MINUTE_MS,
    TOKEN_BYTES = 32,
};

const char *session_cookie_name(const Http *http)
{
    return http->settings.behind_tls ? "__Host-pinghu" : "pinghu";
}

static char *hash_of(const char *token)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, token, -1);
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

static int64_t idle_of(int64_t kind)
{
    return kind == STAFF ? STAFF_IDLE : HOLDER_IDLE;
}

static bool forget(const Context *context, const char *token, GError **error)
{
    g_autofree char *hash = hash_of(token);
    return db_run(context->db, "DELETE FROM http_session WHERE county = :county AND hash = :hash",
                  WITH(db_int("county", context->county), db_text("hash", hash)), error);
}

static void set_cookie(RequestState *self, const char *token, bool ends)
{
    g_free(self->cookie);
    self->cookie = g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", session_cookie_name(self->http), token,
                                   self->http->settings.behind_tls ? "; Secure" : "", ends ? "; Max-Age=0" : "");
}

bool session_begin(Request *r, enum actor_kind kind, int64_t id, GError **error)
{
    unsigned char random[TOKEN_BYTES];
    const Context *context = &r->context;
    if (context->actor->kind == STAFF && kind != STAFF)
        return refuse(error, CONFLICT, "http.signed_in", NULL);
    context_random(context, random, sizeof random);
    g_autofree char *token = text_hex(random, sizeof random);
    g_autofree char *hash = hash_of(token);
    if (*r->state->token && !forget(context, r->state->token, error))
        return false;
    r->state->begins_session = true;
    g_strlcpy(r->state->begun_token, token, sizeof r->state->begun_token);
    r->state->begun_kind = kind;
    r->state->begun_id = id;
    set_cookie(r->state, token, false);
    return db_run(context->db, "INSERT INTO http_session (county, hash, actor_kind, actor, made_at, seen_at)"
        " VALUES (:county, :hash, :kind, :actor, :made_at, :seen_at)",
        WITH(db_int("county", context->county), db_text("hash", hash), db_int("kind", kind), db_int("actor", id),
             db_int("made_at", context->now), db_int("seen_at", context->now)), error);
}

bool session_end(Request *r, GError **error)
{
    r->state->begins_session = true;
    set_cookie(r->state, "", true);
    return !*r->state->token || forget(&r->context, r->state->token, error);
}

bool session_end_all(const Context *context, enum actor_kind kind, int64_t id, GError **error)
{
    return db_run(context->db, "DELETE FROM http_session WHERE county = :county AND actor_kind = :kind AND actor = :actor",
                  WITH(db_int("county", context->county), db_int("kind", kind), db_int("actor", id)), error);
}

/* ---- finding ---- */

static bool write_seen(Db *db, void *seen, GError **error)
{
    return db_run(db, "UPDATE http_session SET seen_at = :at WHERE county = :county AND hash = :hash",
                  WITH(db_int("at", json_number(seen, "at")), db_int("county", json_number(seen, "county")),
                       db_text("hash", json_text(seen, "hash"))), error);
}

static void free_seen(void *seen, const GError *error)
{
    if (error)
        g_warning("session seen: %s", error->message);
    json_decref(seen);
}

static void note_seen(const RequestState *self)
{
    const Context *context = &self->request.context;
    json_t *seen = json_pack("{s:I, s:I, s:s}", "county", context->county, "at", context->now, "hash", self->token_hash);
    store_submit(self->site->store, write_seen, seen, free_seen);
}

void session_read(RequestState *self)
{
    const char *token = MHD_lookup_connection_value(self->conn, MHD_COOKIE_KIND, session_cookie_name(self->http));
    if (!token || strlen(token) != TOKEN_TEXT - 1 || strspn(token, "0123456789abcdef") != TOKEN_TEXT - 1)
        return;
    memcpy(self->token, token, TOKEN_TEXT);
    g_free(self->token_hash);
    self->token_hash = hash_of(self->token);
}

typedef struct Found {
    int64_t kind, actor, made_at, seen_at;
    bool any;
    char *done; /* digest and answer kept for the request's key; NULL: none */
} Found;

static void found_clear(Found *self)
{
    g_free(self->done);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

/* A subquery, since PostgreSQL would read the whole day for a join. */
#define DONE_ON(day)                                                                                                      \
    "(SELECT digest || answer FROM http_done WHERE county = :county AND day = " day                                       \
    " AND key = s.actor_kind || '/' || s.actor || '/' || :key)"

#define OF_SESSION "SELECT actor_kind, actor, made_at, seen_at, " DB_CACHE_VERSION
#define WITH_DONE OF_SESSION ", COALESCE(" DONE_ON(":today") ", " DONE_ON(":yesterday") ")"
#define THE_SESSION " FROM http_session s WHERE county = :county AND hash = :hash"
enum { LOOKS_BACK = 2, LOOKS_UP = 5 }; /* the places of these arguments */

/* The query for the session also finds the cache's version, and for a POST the answer kept for its key and the number that its
 * route looks up: each saves a round trip. */
static DbRows *session_rows(const RequestState *self, Db *db, bool *looks_up, GError **error)
{
    const Context *context = &self->request.context;
    const Lookup *lookup = self->idempotency_digest ? self->route->lookup : NULL;
    Day today = day_of(context->now);
    DbArg args[LOOKS_UP + LOOKUP_ARGS + 1] = { db_int("county", context->county), db_text("hash", self->token_hash), db_int("today", today),
                                               db_int("yesterday", today - 1), db_text("key", self->key) };
    g_autofree char *text = lookup ? lookup->bind(&self->request, args + LOOKS_UP) : NULL;
    g_autofree char *sql = text ? g_strconcat(WITH_DONE ", ", lookup->sql, THE_SESSION, NULL) : NULL;
    *looks_up = sql != NULL;
    if (!self->idempotency_digest)
        args[LOOKS_BACK].name = NULL;
    return db_query(db, sql ? sql : self->idempotency_digest ? WITH_DONE THE_SESSION : OF_SESSION THE_SESSION, args, error);
}

static bool find_session(RequestState *self, Db *db, Found *found, GError **error)
{
    bool looks_up;
    g_autoptr(DbRows) rows = session_rows(self, db, &looks_up, error);
    found->any = db_next(rows, error);
    if (found->any)
        *found = (Found){ db_column_int(rows, 0), db_column_int(rows, 1), db_column_int(rows, 2), db_column_int(rows, 3), true };
    if (found->any)
        db_cache_version(db, self->request.context.county, db_column_int(rows, 4));
    if (found->any && self->idempotency_digest)
        found->done = g_strdup(db_column_text(rows, 5));
    if (found->any && looks_up)
        self->request.looked_up = db_column_int(rows, 6);
    return !db_failed(rows);
}

/* A visitor has no session whose query could have found the kept answer. */
static bool look_back(RequestState *self, Db *db, const Found *found, bool known, GError **error)
{
    if (!self->idempotency_digest)
        return true;
    if (!known)
        return idempotency_find(self, db, &self->answer, &self->is_replay, error);
    self->is_replay = found->done != NULL;
    return !self->is_replay || idempotency_match(self, found->done, &self->answer, error);
}

static bool lasts(const Found *found, Instant now)
{
    return now - found->seen_at < idle_of(found->kind) && (found->kind != STAFF || now - found->made_at < STAFF_MOST);
}

/* The actor found before an upload was read may have changed since. */
static void forget_actor(RequestState *self)
{
    if (self->actor.kind != VISITOR)
        self->http->settings.clear_actor(&self->actor);
    self->actor = (Actor){ .name = "" };
}

bool session_load(RequestState *self, Db *db, GError **error)
{
    g_auto(Found) found = { 0 };
    bool known = false;
    const Context *context = &self->request.context;
    self->request.looked_up = -1;
    forget_actor(self);
    if (self->token_hash && !find_session(self, db, &found, error))
        return false;
    if (found.any && lasts(&found, context->now) &&
        !self->http->settings.load_actor(db, context->county, (enum actor_kind)found.kind, found.actor,
                                            day_of(context->now), &self->actor, &known, error))
        return false;
    if (!known)
        self->token[0] = '\0';
    else if (context->now - found.seen_at > SEEN_EVERY)
        note_seen(self);
    return look_back(self, db, &found, known, error);
}
