// SPDX-License-Identifier: Apache-2.0
/* A POST between its last byte and its answer: the thread of the connection checks it, the writer's transaction does it. */
#include "http/state.h"

#include <string.h>

/* ---- checks ---- */

/* A proxy in front may put a name of its own into Host, but the browser's Origin is then the public address. Where that is of
 * https, a page of the same name without it may be another's, who stands between. */
static bool is_own_origin(const RequestState *self, const char *origin)
{
    const char *after = strstr(origin, "://"), *host = state_header(self, "Host");
    if (strcmp(origin, self->public_url) == 0)
        return true;
    g_autofree char *its_name = address_host(origin), *public_name = address_host(self->public_url);
    bool is_bare = g_str_has_prefix(self->public_url, "https:") && g_str_has_prefix(origin, "http:") && strcmp(its_name, public_name) == 0;
    return !is_bare && after && host && strcmp(after + strlen("://"), host) == 0;
}

/* A form of another site must not act in the name of the person who is signed in here (CSRF). */
static bool is_from_here(const RequestState *self, GError **error)
{
    const char *origin = state_header(self, "Origin");
    bool is_foreign = g_strcmp0(state_header(self, "Sec-Fetch-Site"), "cross-site") == 0 || (origin && !is_own_origin(self, origin));
    return !is_foreign || refuse(error, NOT_ALLOWED, "http.foreign_form", NULL);
}

bool post_is_own_form(const RequestState *self, const char *given)
{
    g_autofree char *token = session_form_token(self);
    return !*self->token || self->route->begins || secret_equals(token, given);
}

static bool has_form_token(const RequestState *self, GError **error)
{
    return self->body_kind != FORM_BODY || post_is_own_form(self, self->form_token) || refuse(error, NOT_ALLOWED, "http.form_too_old", NULL);
}

/* Files that come when the session has ended may be read, to be kept (kept_late). */
static bool may_be_kept(RequestState *self, Db *db, GError **error)
{
    g_autoptr(GError) none = NULL;
    bool may = trouble_status(*error) == NOT_SIGNED_IN && self->wants_page && self->route->form && session_load_late(self, db, &none);
    if (may)
        g_clear_error(error);
    return may;
}

/* The session is read again when all is there, for it may have ended since. */
bool post_may_upload(RequestState *self, GError **error)
{
    if (!is_from_here(self, error))
        return false;
    Db *db = store_reader(self->site->store, error);
    if (!db)
        return false;
    session_read(self);
    bool may = state_enter(self, db, error) && session_load(self, db, error) && (route_admits(self->route, &self->actor, error) || may_be_kept(self, db, error));
    if (!may)
        answer_show_actor(self, db);
    self->request.context.db = NULL;
    store_return(self->site->store, db);
    return may;
}

/* The session's query also finds the answer that was kept yesterday for an earlier request of the same key, and today's where something is
 * made ready or refused before the writer's transaction. Else the writer finds today's, as that of a request under way: see run_post. */
static void look_back(RequestState *self)
{
    enum { NEW_DAY = 10 /* minutes: two requests of one key at midnight could be kept under two days */ };
    const Route *route = self->route;
    self->looks = minute_of(self->request.context.now) < NEW_DAY;
    if (!route->run || !self->key)
        return;
    idempotency_digest(self);
    self->looks_today = route->prepare || route->lookup || route->compute || route->begins || self->request.upload_count || self->wanted_files || self->field_error;
}

static bool prepare(RequestState *self, Db *db)
{
    if (!self->route->prepare)
        return true;
    self->prepared = state_enter(self, db, &self->error) ? self->route->prepare(&self->request, &self->error) : NULL;
    self->request.prepared = self->prepared;
    self->request.context.db = NULL;
    if (!self->route->run)
        self->answer = json_incref(self->prepared);
    return self->prepared != NULL;
}

/* A program sends the key in a header. All forms of a page carry one in a field, and where they are sent tells them apart. */
static void take_key(RequestState *self)
{
    const char *given = state_header(self, "Idempotency-Key");
    g_autofree char *of_page = g_steal_pointer(&self->key);
    if (given && text_is_clean(given, strlen(given)))
        self->key = g_strdup(given);
    else if (of_page && *of_page) {
        g_autofree char *path = route_fill(self, self->route->path, NULL), *both = g_strjoin("\n", of_page, path, NULL);
        self->key = hash_text(both);
    }
}

/* If-Match (RFC 9110, 13.1.1) says the same as the field "seen": of which state of the subject a program acts. */
static void take_revision(RequestState *self)
{
    const char *match = state_header(self, "If-Match");
    if (!match || !field_in(self->route->fields, "seen") || json_object_get(self->given, "seen"))
        return;
    g_autofree char *seen = g_strdup(match);
    given_add(self->given, "seen", g_strstrip(g_strdelimit(seen, "\"", ' ')));
}

static bool has_key(const RequestState *self, GError **error)
{
    enum { KEY_MOST = 100 };
    size_t length = self->key ? strlen(self->key) : 0;
    const char *reason = self->wants_page ? "http.form_key_missing" : length ? "http.key_length" : "http.key_missing";
    return (length && length <= KEY_MOST) || refuse(error, BAD_INPUT, reason, NULL);
}

/* The sender is known to be allowed to ask: now the faults of the fields may be told. */
static bool is_ready(RequestState *self, Db *db)
{
    if (self->is_replay || !self->field_error)
        return self->is_replay || prepare(self, db);
    self->error = g_steal_pointer(&self->field_error);
    return false;
}

/* Every check that reads the database runs before the writer. A sender without the right to ask is not told what is wrong
 * with the fields. */
static bool admits(RequestState *self, Db *db, GError **error)
{
    bool may = route_admits(self->route, &self->actor, error);
    if (!may)
        kept_late(self, db);
    return may;
}

static bool fits(RequestState *self, Db *db)
{
    GError **error = &self->error;
    bool only_keeps = self->saves || self->drops,
         only_shows = self->changes_rows && form_waits(self);
    bool well = session_load(self, db, error) && admits(self, db, error) &&
                has_form_token(self, error) && kept_attach(self, db, error) &&
                (only_shows   ? true
                 : only_keeps ? kept_asked(self, error)
                              : (!self->route->run || has_key(self, error)) && is_ready(self, db));
    if (self->field_error)
        json_array_clear(self->field_errors);
    return well;
}

/* ---- in the writer's transaction ---- */

/* Runs inside the writer's transaction, and again when a fault of a neighbour has undone it, so it starts from nothing. The
 * first run assumes that no request of the same key is under way. If there is one, the key's row clashes or the action is
 * refused because it was taken already; then on_written submits the request again. Each further run looks for a kept answer
 * first. */
static bool run_post(Db *db, void *data, GError **error)
{
    bool found = false;
    RequestState *self = data;
    g_clear_pointer(&self->answer, json_decref);
    self->looked = self->looks;
    self->looks = true;
    if (!state_enter(self, db, error) || (self->looked && !idempotency_find(self, db, &self->answer, &found, error)))
        return false;
    if (found)
        return true;
    self->answer = self->route->run(&self->request, error);
    if (!self->answer) {
        session_forget_begun(self);
        return false;
    }
    return kept_drop_in(db, self, error) && ((self->begins_session && !self->route->begins) || idempotency_keep(self, db, self->answer, error));
}

/* A refusal may come from a request of the same key that won: the second run finds its answer. A fault does not. */
static void on_written(void *data, const GError *error)
{
    RequestState *self = data;
    if (error && trouble_status(error) < FAULT && !self->looked)
        request_submit(self);
    else
        request_resume(self, error);
}

void request_submit(RequestState *self)
{
    store_submit(self->site->store, run_post, self, on_written);
}

/* ---- on the connection's thread ---- */

/* The checks may take long (password hashing), so they run on the connection's own thread. */
static bool may(RequestState *self)
{
    Db *db = self->route->run ? store_lookup(self->site->store, &self->error) : store_reader(self->site->store, &self->error);
    if (!db)
        return false;
    bool well = fits(self, db);
    store_return(self->site->store, db);
    return well;
}

/* A route that takes files blocks for them alone. */
static bool blocks(const RequestState *self)
{
    bool takes_files = false;
    for (const Field *field = self->route->fields; field && field->name; field++)
        takes_files = takes_files || field->kind == FIELD_FILES;
    return self->route->blocking && (self->request.upload_count || !takes_files);
}

static bool start(RequestState *self)
{
    if (blocks(self))
        return blocking_pool_run(self);
    if (self->route->compute)
        return computing_pool_run(self);
    if (!request_suspend(self, 0))
        return false;
    request_submit(self);
    return true;
}

bool post_take(RequestState *self)
{
    GError **error = &self->error;
    if (!body_end(self, error))
        return false;
    take_key(self);
    if (!is_from_here(self, error))
        return false;
    take_revision(self);
    fields_check(self, &self->field_error);
    look_back(self);
    session_read(self);
    return may(self) && self->route->run && !self->is_replay && !self->saves && !self->drops && !form_waits(self) && start(self);
}
