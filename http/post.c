// SPDX-License-Identifier: Apache-2.0
/* A POST, between its last byte and its answer: checked where it arrived, done in the writer's turn. */
#include "http/state.h"

#include <string.h>

/* ---- may it be done? ---- */

/* A form of another site cannot act in the name of who is signed in here. */
static bool is_from_here(const RequestState *self, GError **error)
{
    const char *site = state_header(self, "Sec-Fetch-Site"), *origin = state_header(self, "Origin"), *host = state_header(self, "Host");
    const char *after = origin ? strstr(origin, "://") : NULL;
    bool foreign = (site && strcmp(site, "cross-site") == 0) || (origin && (!after || !host || strcmp(after + 3, host) != 0));
    return !foreign || refuse(error, NOT_ALLOWED, "http.foreign_form", NULL);
}

static bool has_form_token(const RequestState *self, GError **error)
{
    if (self->body_kind != FORM_BODY || !*self->token)
        return true;
    g_autofree char *token = session_form_token(self);
    return g_strcmp0(token, self->form_token) == 0 || refuse(error, NOT_ALLOWED, "http.form_too_old", NULL);
}

/* Was it done already? Asked with the session, of what was done before this request came, so that the writer, whom all wait
 * for, need not ask. Who sent the same at the same time is found by the writer: see run_post. */
static void look_back(RequestState *self)
{
    enum { NEW_DAY = 10 /* minutes: what is done twice at once could be kept under two days */ };
    self->looks = minute_of(self->request.context.now) < NEW_DAY;
    if (self->route->run && self->key)
        self->idempotency_digest = idempotency_digest(self);
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

/* A program's stands in a header, a form's in the form. */
static bool take_key(RequestState *self)
{
    const char *given = state_header(self, "Idempotency-Key");
    if (given && text_is_clean(given, strlen(given))) {
        g_free(self->key);
        self->key = g_strdup(given);
    }
    return true;
}

static bool has_key(const RequestState *self, GError **error)
{
    size_t length = self->key ? strlen(self->key) : 0;
    return (length > 0 && length <= 100) || refuse(error, BAD_INPUT, "http.key_missing", NULL);
}

/* Whoever asks may. */
static bool is_ready(RequestState *self, Db *db)
{
    if (self->is_replay || !self->field_error)
        return self->is_replay || prepare(self, db);
    self->error = g_steal_pointer(&self->field_error);
    return false;
}

/* All that is asked of the database before the writer is. Who may not ask is not told what is wrong with the fields. */
static bool fits(RequestState *self, Db *db)
{
    GError **error = &self->error;
    bool well = session_load(self, db, error) && route_admits(self->route, &self->actor, error) && has_form_token(self, error) &&
                (!self->route->run || has_key(self, error)) && is_ready(self, db);
    if (self->field_error)
        json_array_clear(self->field_errors);
    return well;
}

/* ---- in the writer's turn ---- */

/* Inside the writer's transaction; may come again after a neighbour's fault, so it begins afresh. The first time it trusts
 * that nobody has sent the same at the same time: else what it keeps clashes with what was kept, or the action is refused for
 * it was taken already; then it comes again. Whenever it does, whatever became of it before, it looks. */
static bool run_post(Db *db, void *data, GError **error)
{
    bool found = false;
    RequestState *self = data;
    g_clear_pointer(&self->answer, json_decref);
    self->looked = self->looks;
    self->looks = true;
    if (!state_enter(self, db, error) || (self->looked && !idempotency_find(self, db, &self->answer, &found, error)) || found)
        return found;
    self->answer = self->route->run(&self->request, error);
    if (!self->answer)
        return false;
    return self->begins_session || idempotency_keep(self, db, self->answer, error);
}

/* A server that is away, or a fault, is none of it. */
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

/* ---- on its way there ---- */

/* It may take long: so on the connection's own thread. */
static bool may(RequestState *self)
{
    Db *db = store_reader(self->site->store, &self->error);
    if (!db)
        return false;
    bool well = fits(self, db);
    store_return(self->site->store, db);
    return well;
}

static bool start(RequestState *self)
{
    if (self->route->blocking && self->request.upload_count)
        return blocking_pool_run(self);
    if (!request_suspend(self))
        return false;
    request_submit(self);
    return true;
}

bool post_take(RequestState *self)
{
    GError **error = &self->error;
    if (!body_end(self, error) || !take_key(self) || !is_from_here(self, error))
        return false;
    look_back(self);
    session_read(self);
    fields_check(self, &self->field_error);
    return may(self) && self->route->run && !self->is_replay && start(self);
}
