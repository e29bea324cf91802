// SPDX-License-Identifier: Apache-2.0
/* Forms that are kept for their sender, so that nothing that somebody has typed or sent is lost: what a page saves while it is being filled in, what
 * came when the session had ended, and the files of what was refused. The same account is shown it again in the form, and nobody else; of what
 * came too late, only the browser that sent it. It is gone when the form is sent, when its sender drops it, or after some days. */
#include "http/state.h"

#include <string.h>

enum { CONTENT_MOST = 256 * 1024 /* bytes */, HOUR_MS = 60 * MINUTE_MS, DAYS = 7 };

static KeptRow row_of(const RequestState *self)
{
    const Context *context = &self->request.context;
    return (KeptRow){ .county = context->county, .kind = self->actor.kind, .actor = self->actor.id, .action = "", .mark = "", .page = "",
                      .at = context->now, .until = context->now + DAYS * DAY_MS, .is_known = self->forms_kept > 0 };
}

static bool has_account(const RequestState *self)
{
    return self->actor.kind == STAFF || self->actor.kind == HOLDER;
}

/* Secrets are kept nowhere. A part of a field, "answers.kind", is kept as the field is. */
static bool is_kept(const RequestState *self, const char *given)
{
    g_autofree char *name = g_strndup(given, strcspn(given, "."));
    const Field *field = field_in(self->route->fields, name);
    return field && field->kind != FIELD_SECRET && field->kind != FIELD_FILES;
}

static json_t *given_of(const RequestState *self)
{
    const char *name;
    json_t *values, *given = json_object();
    json_object_foreach(self->given, name, values)
        if (is_kept(self, name))
            json_object_set(given, name, values);
    return given;
}

/* *files, where not NULL, becomes those that are kept, owned by the caller. */
static bool keep(RequestState *self, KeptRow row, json_t **files, GError **error)
{
    g_autofree char *action = route_fill(self, self->route->path, NULL), *page = route_fill(self, self->route->form, NULL);
    row.action = action;
    row.page = page;
    g_autoptr(json_t) given = given_of(self), taken = kept_files_take(self, &row);
    g_autoptr(json_t) form = json_pack("{s:O, s:O}", "given", given, "files", taken);
    g_autofree char *content = json_dumps(form, JSON_COMPACT);
    row.content = content;
    kept_files_sweep(self, &row, taken);
    if (strlen(content) > CONTENT_MOST)
        return refuse(error, TOO_LARGE, "http.too_long_to_keep", NULL);
    if (!store_write(self->site->store, kept_write, &row, error))
        return false;
    if (files)
        *files = json_incref(taken);
    return true;
}

/* ---- for pages that ask whether their session lasts ---- */

static char *who_of(const RequestState *self)
{
    g_autofree char *account = g_strdup_printf("%" PRId64 "/%d/%" PRId64, self->request.context.county, self->actor.kind, self->actor.id);
    return hash_text(account);
}

void session_put_page(const RequestState *self, json_t *page)
{
    if (self->actor.kind != STAFF && self->actor.kind != HOLDER)
        return;
    g_autofree char *who = who_of(self), *path = self->actor.kind == HOLDER ? g_strdup_printf("/session/%" PRId64, self->actor.id) : g_strdup("/session");
    json_object_set_new(page, "session", json_pack("{s:s, s:s, s:s}", "who", who, "path", path, "way_in", self->actor.kind == HOLDER ? "/track" : "/sign-in"));
}

json_t *session_show(Request *r, GError **error)
{
    (void)error;
    g_autofree char *who = who_of(r->state), *token = session_form_token(r->state);
    return json_pack("{s:s, s:s}", "who", who, "token", token);
}

/* ---- what the account has ---- */

bool kept_load(RequestState *self, Db *db, GError **error)
{
    const char *shown = self->route->form ? self->route->form : self->route->path;
    if (!self->forms_kept || !has_account(self))
        return true;
    KeptRow row = row_of(self);
    g_autofree char *page = route_fill(self, shown, NULL);
    row.page = page;
    row.mark = self->mark;
    row.with_refused = self->wanted_files != NULL;
    json_decref(self->kept);
    self->kept = kept_read(db, &row, error);
    return self->kept != NULL;
}

json_t *kept_files_of(const RequestState *self, const char *action)
{
    const json_t *form = json_object_get(self->kept, action);
    KeptRow row = row_of(self);
    row.action = action;
    row.mark = json_text(form, "mark");
    return kept_files_there(self, &row, json_object_get(form, "files"));
}

/* A file that was chosen anew takes the place of the one that is kept where there is room for one alone, and of the same one anywhere. */
static bool is_replaced(const RequestState *self, const json_t *file)
{
    const char *name = json_text(file, "field");
    const Field *field = field_in(self->route->fields, name);
    bool is_same = false;
    for (guint i = 0; i < self->uploads->len; i++)
        is_same |= strcmp(g_array_index(self->uploads, Upload, i).sha256, json_text(file, "sha256")) == 0;
    return is_same || (field && field->most == 1 && uploads_of(self, name));
}

static bool is_wanted(const RequestState *self, const json_t *file)
{
    for (size_t i = 0; i < json_array_size(self->wanted_files); i++)
        if (secret_equals(json_string_value(json_array_get(self->wanted_files, i)), json_text(file, "sha256")))
            return true;
    return false;
}

bool kept_attach(RequestState *self, Db *db, GError **error)
{
    size_t i;
    json_t *file;
    if (self->is_replay || !self->wanted_files || !self->uploads || !self->route->form)
        return true;
    if (!kept_load(self, db, error))
        return false;
    g_autofree char *action = route_fill(self, self->route->path, NULL);
    g_autoptr(json_t) files = kept_files_of(self, action);
    KeptRow row = row_of(self);
    row.action = action;
    row.mark = json_text(json_object_get(self->kept, action), "mark");
    json_array_foreach(files, i, file)
        if (is_wanted(self, file) && !is_replaced(self, file))
            kept_files_attach(self, &row, file);
    self->request.uploads = (const Upload *)(void *)self->uploads->data;
    self->request.upload_count = self->uploads->len;
    g_clear_error(&self->field_error);
    fields_check(self, &self->field_error);
    return true;
}

/* ---- what is kept ---- */

bool kept_asked(RequestState *self, GError **error)
{
    if (!self->route->form || !self->route->fields || !has_account(self))
        return refuse(error, BAD_INPUT, "http.not_kept", NULL);
    g_free(self->redirect);
    self->redirect = route_fill(self, self->route->form, NULL);
    if (self->drops)
        return http_write(&self->request, kept_drop_in, self, error);
    self->answer = json_pack("{s:I}", "kept_at", (json_int_t)self->request.context.now);
    return keep(self, row_of(self), NULL, error);
}

bool kept_drop_in(Db *db, void *data, GError **error)
{
    RequestState *self = data;
    KeptRow row = row_of(self);
    g_autofree char *action = route_fill(self, self->route->path, NULL);
    row.action = action;
    row.mark = self->mark;
    if (self->drops && !self->answer)
        self->answer = json_object();
    return !self->forms_kept || !has_account(self) || kept_delete(db, &row, error);
}

/* A refusal that tells the faults of a table, or is of the field of the file, perhaps of one of several by its name, is of the file itself. */
bool kept_is_at_fault(const RequestState *self, const Upload *upload)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) why = self->error ? trouble_details(self->error) : json_object();
    const char *name = json_text(why, "name");
    bool is_field = strcmp(json_text(why, "field"), upload->field) == 0;
    json_array_foreach(self->field_errors, i, one)
        is_field |= strcmp(json_text(one, "field"), upload->field) == 0;
    return json_object_get(why, "faults") || (is_field && (!*name || strcmp(name, upload->name) == 0));
}

static bool is_to_be_sent_again(unsigned status)
{
    return status == NOT_FITTING || status == CONFLICT || status == TOO_MANY || status == BUSY;
}

void kept_refused(RequestState *self)
{
    g_autoptr(GError) error = NULL;
    if (!self->wants_page || !self->request.upload_count || !self->route->form ||
        !has_account(self) || !self->site->incoming ||
        (self->error && !is_to_be_sent_again(trouble_status(self->error))) ||
        !post_is_own_form(self, self->form_token))
        return;
    KeptRow row = row_of(self);
    row.mark = KEPT_REFUSED;
    row.until = row.at + HOUR_MS;
    if (!keep(self, row, &self->held, &error))
        g_info("files of a refused form: %s", error->message);
    if (!json_array_size(self->held))
        g_clear_pointer(&self->held, json_decref);
}

static bool note_late(const RequestState *self, GError **error)
{
    const SecurityEntry entry = { SECURITY_SIGN_OUT, SECURITY_DONE, SECURITY_COUNTED, .purpose = "form_kept" };
    return http_security(&self->request, &entry, error);
}

/* Only a page of this server that was made for the session that has ended knows the proof that comes with the form. */
static bool keep_late(RequestState *self, Db *db, GError **error)
{
    self->request.context.db = db;
    if (!session_load_late(self, db, error) || !post_is_own_form(self, self->form_token))
        return false;
    mark_give(self);
    KeptRow row = row_of(self);
    row.mark = self->mark;
    row.until = row.at + HOUR_MS;
    return keep(self, row, NULL, error) && note_late(self, error);
}

void kept_late(RequestState *self, Db *db)
{
    g_autoptr(GError) failed = NULL;
    if (trouble_status(self->error) != NOT_SIGNED_IN || !self->wants_page || self->body_kind != FORM_BODY || !self->route->form)
        return;
    self->is_kept = keep_late(self, db, &failed);
    session_forget_late(self);
    if (failed)
        g_info("a form that came too late: %s", failed->message);
    if (!self->is_kept)
        return;
    g_clear_error(&self->error);
    refuse(&self->error, NOT_SIGNED_IN, "http.kept", NULL);
}
