// SPDX-License-Identifier: Apache-2.0
/* Sends an answer: JSON, the page of that JSON, a refusal (RFC 9457), bytes, a file, a redirect. */
#include "http/state.h"

#include <string.h>

enum { RETRY_SECONDS = 5 };

static const struct {
    const char *name, *value;
} always[] = {
    { "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self';"
      " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "same-origin" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
};

/* ---- sending ---- */

enum MHD_Result answer_queue(RequestState *self)
{
    struct MHD_Response *response = g_steal_pointer(&self->response);
    enum MHD_Result sent = MHD_queue_response(self->conn, self->status, response);
    MHD_destroy_response(response);
    return sent;
}

enum MHD_Result answer_reply(RequestState *self, unsigned status, struct MHD_Response *response, const char *type, const char *cache)
{
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
        MHD_add_response_header(response, always[i].name, always[i].value);
    if (type)
        MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", cache);
    bool is_shared = g_str_has_prefix(cache, "public"); /* the same for everybody, so that one copy in a cache serves all */
    if (!is_shared)
        MHD_add_response_header(response, "Vary", "Accept, Accept-Language, Cookie");
    if (self->represented)
        MHD_add_response_header(response, "Preference-Applied", "return=representation");
    for (size_t i = 0; i < self->ended_count && !is_shared; i++) {
        g_autofree char *ended = session_ended_cookie(self, self->ended_cases[i]);
        MHD_add_response_header(response, "Set-Cookie", ended);
    }
    const char *const cookies[] = { self->device_cookie, self->waited_cookie, self->mark_cookie, self->cookie };
    for (size_t i = 0; i < G_N_ELEMENTS(cookies) && !is_shared; i++)
        if (cookies[i])
            MHD_add_response_header(response, "Set-Cookie", cookies[i]);
    if (status == BUSY || status == TOO_MANY) {
        g_autofree char *seconds = g_strdup_printf("%d", self->retry_seconds ? self->retry_seconds : RETRY_SECONDS);
        MHD_add_response_header(response, "Retry-After", seconds);
    }
    if (self->http->settings.behind_tls)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    if (self->closes)
        MHD_add_response_header(response, "Connection", "close");
    if (status == NO_SUCH_METHOD)
        MHD_add_response_header(response, "Allow", self->allow);
    self->status = status;
    self->response = response;
    return self->is_queued ? MHD_YES : answer_queue(self);
}

static enum MHD_Result send_text(RequestState *self, unsigned status, const char *type, char *text, size_t length)
{
    return answer_reply(self, status, MHD_create_response_from_buffer_with_free_callback(length, text, g_free), type, "no-store");
}

static enum MHD_Result send_json(RequestState *self, unsigned status, const char *type, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)); /* 86.33 stays 86.33 */
    return send_text(self, status, type, text, strlen(text));
}

static enum MHD_Result send_redirect(RequestState *self, const char *path)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Location", path);
    return answer_reply(self, MHD_HTTP_SEE_OTHER, response, NULL, "no-store");
}

/* ---- pages ---- */

void link_append(GString *link, const char *name, const char *value)
{
    g_string_append_c(link, strchr(link->str, '?') ? '&' : '?');
    g_string_append_uri_escaped(link, name, NULL, TRUE);
    g_string_append_c(link, '=');
    g_string_append_uri_escaped(link, value, NULL, TRUE);
}

static char *own_path(const RequestState *self)
{
    GString *path = g_string_new(NULL);
    for (unsigned i = 0; i < self->segment_count; i++) {
        g_string_append_c(path, '/');
        g_string_append_uri_escaped(path, self->segments[i], "!$&'()*+,;=:@", TRUE);
    }
    return g_string_free(path, FALSE);
}

/* The page on which a refused question or form is shown again: that of the route's form, or the question's own where it
 * does not fit. NULL: none. */
static char *asked_again_at(const RequestState *self)
{
    const Route *route = self->route;
    if (route && route->form)
        return route_fill(self, route->form, NULL);
    bool is_question = route && route->page && strcmp(self->method, "GET") == 0;
    return is_question && trouble_status(self->error) == NOT_FITTING ? own_path(self) : NULL;
}

/* The same page with one argument set. After a refused POST the form's own page is meant. */
static char *link_with(const RequestState *self, const char *name, const char *value)
{
    g_autofree char *path = self->route && self->route->form ? route_fill(self, self->route->form, NULL) : own_path(self);
    GString *link = g_string_new(path);
    bool is_get = strcmp(self->method, "GET") == 0;
    const char *key;
    json_t *values;
    if (is_get)
        json_object_foreach(self->given, key, values)
            link_append(link, key, json_string_value(json_array_get(values, 0)));
    link_append(link, name, value);
    return g_string_free(link, FALSE);
}

static char *fresh_key(const RequestState *self)
{
    unsigned char random[16];
    context_random(&self->request.context, random, sizeof random);
    return text_hex(random, sizeof random);
}

/* The desks, and whatever else a post is needed for, stand in the frame of the desks. */
static bool is_of_desk(const RequestState *self)
{
    bool is_named = self->segment_count && strcmp(self->segments[0], "desk") == 0;
    return self->actor.kind == STAFF && (is_named || (self->route && (self->route->demand & ANY_ROLE)));
}

void answer_show_actor(RequestState *self, Db *db)
{
    bool is_known = self->actor.kind != VISITOR && self->actor.kind != ENTRANT;
    if (!self->wants_page || self->shown_actor || !is_known || !self->http->settings.describe_actor)
        return;
    self->request.context.db = db;
    self->shown_actor = self->http->settings.describe_actor(&self->request);
    self->request.context.db = NULL;
}

static json_t *clock_text(Instant at)
{
    enum { HOUR = 60 };
    int minute = minute_of(at);
    return json_sprintf("%s %02d:%02d", DAY_WRITTEN(day_of(at)), minute / HOUR, minute % HOUR);
}

/* Troubles of the server are told to those who can mend them: a clock that is held, and what else the site knows. */
static void put_troubles(const RequestState *self, json_t *page)
{
    const HttpSite *site = self->site;
    Instant machine = self->http->settings.clock(), behind = clock_behind(self->request.context.clock, machine);
    bool is_his = false;
    for (size_t i = 0; i < self->actor.post_count; i++)
        is_his |= (self->actor.posts[i].roles & SYSTEM_ADMINISTRATOR) != 0;
    const char *trouble = is_his && site->trouble ? site->trouble(site->refresh_data) : NULL;
    g_autofree char *said = trouble ? view_sentence(site->view, self->request.language, trouble, NULL) : NULL;
    if (said)
        json_object_set_new(page, "trouble", json_string(said));
    if (is_his && behind >= MINUTE_MS)
        json_object_set_new(page, "held", json_pack("{s:o, s:o}", "clock", clock_text(machine), "last", clock_text(machine + behind)));
}

static json_t *page_object(RequestState *self)
{
    answer_show_actor(self, NULL);
    bool zh = self->request.language == CHINESE;
    g_autofree char *language_link = link_with(self, "lang", zh ? "en" : "zh");
    g_autofree char *size_link = link_with(self, "size", self->large ? "normal" : "large");
    g_autofree char *token = session_form_token(self);
    g_autofree char *key = fresh_key(self);
    g_autofree char *path = own_path(self);
    json_t *page = json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:b, s:s, s:s, s:b, s:b, s:b, s:b}",
        "path", path, "language", language_tags[self->request.language], "html_lang", zh ? "zh-CN" : "en",
        "is_en", !zh, "other_language", zh ? "en" : "zh-CN", "other_language_link", language_link,
        "size_link", size_link, "is_large", self->large, "token", token, "key", key,
        "signed_in", self->actor.kind == STAFF || self->actor.kind == HOLDER, "is_staff", self->actor.kind == STAFF,
        "is_desk", is_of_desk(self), "is_region", county_is_region(self->request.context.county));
    if (self->shown_actor)
        json_object_set(page, "actor", self->shown_actor);
    session_put_page(self, page);
    if (self->shown_parts)
        json_object_set(page, "parts", self->shown_parts);
    put_troubles(self, page);
    if (self->problem)
        json_object_set(page, "number", json_array_get(json_object_get(self->given, "number"), 0));
    return page;
}

static bool has_tried(json_t *forms)
{
    const char *name;
    json_t *form;
    json_object_foreach(forms, name, form)
        if (json_flag(form, "is_tried"))
            return true;
    return false;
}

/* The form that was refused is not on the page that is shown. */
static void put_typed(const RequestState *self, json_t *problem)
{
    json_t *typed = typed_of(self);
    json_object_set_new(problem, "typed", typed);
    json_object_set_new(problem, "has_typed", json_boolean(json_array_size(typed)));
}

/* The page of `route`, or another in its place. */
static enum MHD_Result send_page(RequestState *self, unsigned status, const Route *route, const char *name, const json_t *answer)
{
    size_t length;
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) page = page_object(self);
    const GPtrArray *named = view_forms(self->site->view, name);
    if (named && named->len)
        json_object_set_new(page, "forms", forms_of(self, route, answer));
    if (self->problem && !self->is_kept && !self->is_form_shown && !has_tried(json_object_get(page, "forms")))
        put_typed(self, json_object_get(answer, "problem"));
    if (route && route->done)
        json_object_set_new(page, "done", done_of(self, route, answer));
    char *html = view_page(self->site->view, name, self->request.language, answer, page, &length, &error);
    if (html)
        return send_text(self, status, "text/html; charset=utf-8", html, length);
    trouble_warn(error, "page %s", name);
    return send_json(self, status, "application/json", answer);
}

/* ---- refusals ---- */

static bool is_told(unsigned status)
{
    return status < FAULT || status == FULL || status == BUSY;
}

/* A handler's refusal may concern one field, or answers; the check of all fields has its own list. */
static json_t *errors_of(const RequestState *self, const json_t *details)
{
    if (json_array_size(self->field_errors))
        return json_incref(self->field_errors);
    json_t *errors = json_array();
    answers_tell(self, json_text(details, "answers"), errors);
    g_autofree char *names = g_strjoin(",", json_text(details, "field"), json_text(details, "further"), NULL);
    g_autofree char *said = view_sentence(self->site->view, self->request.language, json_text(details, "reason"), details);
    g_auto(GStrv) fields = g_strsplit(names, ",", -1);
    for (char **field = fields; self->route && *field; field++) {
        g_autofree char *label = field_label(self, *field);
        if (**field)
            json_array_append_new(errors, json_pack("{s:s, s:s, s:s}", "field", *field, "label", label, "detail", said));
    }
    return errors;
}

/* A table that people brought has many faults: each is told in a sentence, with its line and column. */
static void tell_faults(const RequestState *self, json_t *problem)
{
    json_t *faults = json_loads(json_text(problem, "faults"), 0, NULL), *one;
    size_t i;
    if (!faults)
        return;
    json_array_foreach(faults, i, one) {
        g_autofree char *said = view_sentence(self->site->view, self->request.language, json_text(one, "reason"), one);
        json_object_set_new(one, "detail", json_string(said));
    }
    json_object_set_new(problem, "has_faults", json_true());
    json_object_set_new(problem, "faults", faults);
}

static bool takes_files(const Route *route)
{
    const Field *field = route ? route->fields : NULL;
    while (field && field->name && field->kind != FIELD_FILES)
        field++;
    return field && field->name;
}

static json_t *problem_of(const RequestState *self, unsigned status)
{
    bool told = is_told(status);
    json_t *problem = told ? trouble_details(self->error) : json_pack("{s:s}", "reason", "base.fault");
    json_t *errors = errors_of(self, problem);
    json_object_del(problem, "further");
    json_object_del(problem, "answers");
    bool many = json_array_size(errors) > 0;
    const char *check = takes_files(self->route) && !self->held ? "http.check_fields_and_files" : "http.check_fields";
    g_autofree char *title_key = g_strdup_printf("http.status_%u", status);
    g_autofree char *title = view_sentence(self->site->view, self->request.language, title_key, NULL);
    g_autofree char *said = view_sentence(self->site->view, self->request.language,
                                          many ? check : json_text(problem, "reason"), problem);
    g_autofree char *law = view_code(self->site->view, self->request.language, "law", json_text(problem, "law"));
    json_object_set_new(problem, "type", json_string("about:blank"));
    json_object_set_new(problem, "title", json_string(title));
    json_object_set_new(problem, "status", json_integer(status));
    json_object_set_new(problem, "detail", json_string(said));
    json_object_set_new(problem, "errors", errors);
    if (json_object_get(problem, "law"))
        json_object_set_new(problem, "law", json_string(law));
    tell_faults(self, problem);
    json_object_set_new(problem, "has_errors", json_boolean(many));
    return problem;
}

/* The fields that fit and that the page can be asked with, so that it still shows what was chosen. */
static json_t *answers_kept(const RequestState *self, const Route *page)
{
    json_t *kept = json_object();
    for (const Field *field = page->fields; field && field->name; field++)
        json_object_set(kept, field->name, json_object_get(self->fields, field->name));
    size_t i;
    json_t *one;
    json_array_foreach(self->field_errors, i, one)
        json_object_del(kept, json_text(one, "field"));
    return kept;
}

static const char *way_in(const RequestState *self)
{
    return self->route && self->route->demand == HOLDERS ? "/track" : "/sign-in";
}

/* A form that comes without a session is answered by the page that asks for the password and leads back to the form. */
static bool asks_way_in(const RequestState *self)
{
    return self->error && trouble_status(self->error) == NOT_SIGNED_IN && self->route && self->route->form && strcmp(self->method, "POST") == 0;
}

/* The form's page again, fresh from the database, asked with what was kept, or else with nothing. */
static json_t *run_again(RequestState *again, const RequestState *self, GError **error)
{
    g_autoptr(json_t) kept = answers_kept(self, again->route);
    again->tried = self;
    again->request.refused = self->segments[self->segment_count - 1];
    again->request.fields = kept;
    g_autofree char *next = asks_way_in(self) ? route_fill(self, self->route->form, NULL) : NULL;
    json_put_text(kept, "next", next);
    json_t *answer = again->route->run(&again->request, error);
    if (answer || json_object_size(kept) == 0 || trouble_status(*error) >= FAULT)
        return answer;
    g_clear_error(error);
    json_object_clear(kept);
    return again->route->run(&again->request, error);
}

static void log_fault(const RequestState *self, const GError *error)
{
    if (!is_told(trouble_status(error)))
        trouble_warn(error, "%s %s", self->method, self->path);
}

static enum MHD_Result send_problem_page(RequestState *self, unsigned status, json_t *problem)
{
    const Route *form = NULL;
    form_put_ids(self, json_object_get(problem, "errors"));
    self->problem = problem;
    g_autofree char *path = asks_way_in(self) ? g_strdup(way_in(self)) : status != NOT_SIGNED_IN ? asked_again_at(self) : NULL;
    g_autoptr(GError) not_shown = NULL;
    json_t *answer = path ? inner_ask(self, path, run_again, &form, &not_shown) : NULL;
    if (not_shown)
        log_fault(self, not_shown);
    g_autoptr(json_t) data = answer ? answer : json_object();
    json_object_set(data, "problem", problem);
    if (!answer)
        return send_page(self, status, NULL, "http/problem", data);
    return send_page(self, status, form, form->page, data);
}

static enum MHD_Result send_to_sign_in(RequestState *self)
{
    bool holders = self->route && self->route->demand == HOLDERS;
    g_autofree char *path = own_path(self);
    g_autofree char *escaped = g_uri_escape_string(path, "/", TRUE);
    g_autofree char *see = holders ? g_strdup(way_in(self)) : g_strdup_printf("%s?next=%s", way_in(self), escaped);
    return send_redirect(self, see);
}

static enum MHD_Result send_problem(RequestState *self)
{
    unsigned status = trouble_status(self->error);
    log_fault(self, self->error);
    if (status == NOT_ALLOWED)
        security_note_refusal(self);
    kept_refused(self);
    if (status == NOT_SIGNED_IN && self->wants_page && strcmp(self->method, "GET") == 0)
        return send_to_sign_in(self);
    g_autoptr(json_t) problem = problem_of(self, status);
    if (self->wants_page)
        return send_problem_page(self, status, problem);
    json_object_del(problem, "has_errors");
    json_object_del(problem, "has_faults");
    return send_json(self, status, "application/problem+json", problem);
}

/* Before it is done: what was typed, or the form with it. */
static enum MHD_Result send_typed(RequestState *self)
{
    const Route *form = NULL;
    if (self->changes_rows)
        kept_refused(self);
    g_autofree char *path = asked_again_at(self);
    g_autoptr(json_t) data = inner_ask(self, path, run_again, &form, &self->error);
    return data ? send_page(self, MHD_HTTP_OK, form, self->changes ? form->page : "http/check", data) : send_problem(self);
}

/* ---- where a browser goes next ---- */

bool http_write(const Request *r, WriteFunction *work, void *data, GError **error)
{
    return store_write(r->state->site->store, work, data, error);
}

json_t *answer_redirect(Request *r, const char *path)
{
    g_free(r->state->redirect);
    r->state->redirect = g_strdup(path);
    return json_pack("{s:s}", "see", path);
}

bool answer_is_page(const Request *r)
{
    return r->state && r->state->wants_page && r->state->route->page;
}

/* ---- built-in files ---- */

GHashTable *answer_tags(void)
{
    GHashTable *tags = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (size_t i = 0; i < embedded_count; i++) {
        if (!strstr(embedded[i].name, "/static/"))
            continue;
        g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, embedded[i].bytes, (gssize)embedded[i].size);
        g_hash_table_insert(tags, (void *)(uintptr_t)embedded[i].name, g_strdup_printf("\"%.16s\"", sum));
    }
    return tags;
}

static const char *type_of(const char *name)
{
    static const struct { const char *ending, *type; } types[] = {
        { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" },
        { ".svg", "image/svg+xml" }, { ".png", "image/png" }, { ".woff2", "font/woff2" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(name, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

enum MHD_Result answer_static(RequestState *self)
{
    g_autofree char *name = g_strdup_printf("%s/static/%s", self->segments[1], self->segments[2]);
    const Embedded *found = embedded_find(name);
    bool reads = strcmp(self->method, "GET") == 0;
    if (!found || !reads) {
        self->allow = g_strdup("GET, HEAD");
        refuse(&self->error, found ? NO_SUCH_METHOD : NOT_FOUND, found ? "http.no_such_method" : "base.not_found", "method", self->method, NULL);
        return send_problem(self);
    }
    const char *tag = g_hash_table_lookup(self->http->tags, name);
    const char *known = MHD_lookup_connection_value(self->conn, MHD_HEADER_KIND, "If-None-Match");
    bool same = known && strcmp(known, tag) == 0;
    struct MHD_Response *response = MHD_create_response_from_buffer(same ? 0 : found->size, (void *)(uintptr_t)found->bytes, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "ETag", tag);
    return answer_reply(self, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response, type_of(name), "public, max-age=300");
}

/* ---- all together ---- */

enum MHD_Result answer_send(RequestState *self)
{
    bool posted = strcmp(self->method, "POST") == 0;
    if (self->error)
        return send_problem(self);
    if (form_waits(self))
        return send_typed(self);
    if (self->bytes || self->file_path || self->remote_file >= 0)
        return raw_send(self);
    if (self->wants_page && self->redirect)
        return send_redirect(self, self->redirect);
    if (self->wants_page && posted && self->route->redirect) {
        g_autofree char *next = route_fill(self, self->route->redirect, self->answer);
        return send_redirect(self, next);
    }
    if (self->wants_page && self->route->page)
        return send_page(self, MHD_HTTP_OK, self->route, self->route->page, self->answer);
    if (posted)
        represent(self);
    return send_json(self, posted && self->route->run ? MHD_HTTP_CREATED : MHD_HTTP_OK, "application/json", self->answer);
}
