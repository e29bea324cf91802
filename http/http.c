// SPDX-License-Identifier: Apache-2.0
/* The server: from a connection to a handler and back. A GET runs where it arrives; a POST is checked
 * there, waits suspended for the writer, and is answered after the commit. */
#include "http/state.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A thread waits for each answer of a database server, so there are more of them then. */
enum { THREADS = 2, REMOTE_THREADS = 4, IDLE_SECONDS = 30, CONNECTION_MEMORY = 48 * 1024 };

static Instant machine_clock(void)
{
    return g_get_real_time() / 1000;
}

void *refuse_field(GError **error, const char *field, const char *reason, ...)
{
    va_list args;
    g_autoptr(json_t) details = json_pack("{s:s, s:s}", "reason", reason, "field", field);
    va_start(args, reason);
    for (const char *name = va_arg(args, const char *); name; name = va_arg(args, const char *))
        json_object_set_new(details, name, json_string(va_arg(args, const char *)));
    va_end(args);
    g_autofree char *message = json_canonical(details);
    g_set_error_literal(error, TROUBLE, NOT_FITTING, message);
    return NULL;
}

void *refuse_same(GError **error, const char *field, GError *why)
{
    g_autoptr(GError) owned = why;
    g_autoptr(json_t) details = trouble_details(owned);
    if (trouble_status(owned) != NOT_FITTING) {
        g_propagate_error(error, g_steal_pointer(&owned));
        return NULL;
    }
    json_object_set_new(details, "field", json_string(field));
    g_autofree char *message = json_canonical(details);
    g_set_error_literal(error, TROUBLE, NOT_FITTING, message);
    return NULL;
}

/* ---- a request's state ---- */

RequestState *state_new(Http *http, Conn *conn, const char *path, const char *method)
{
    RequestState *self = g_new0(RequestState, 1);
    const Site *named = site_named(http, MHD_lookup_connection_value(conn, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST));
    const Site *site = named ? named : http->local;
    self->http = http;
    self->site = &site->is;
    self->public_url = site->public_url;
    self->is_misdirected = !named;
    self->patterns = site->patterns;
    self->conn = conn;
    self->method = method;
    self->path = g_strdup(path);
    self->file = -1;
    self->linger = self->remote_file = -1;
    self->given = json_object();
    return self;
}

void state_free(RequestState *self)
{
    if (self->post)
        MHD_destroy_post_processor(self->post);
    if (self->response)
        MHD_destroy_response(self->response);
    if (self->remote_file >= 0)
        close(self->remote_file);
    quota_settle(self);
    EVP_MD_CTX_free(self->digest);
    body_drop_files(self);
    g_clear_pointer(&self->uploads, g_array_unref);
    GString *strings[] = { self->body, self->text };
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        if (strings[i])
            g_string_free(strings[i], TRUE);
    json_t *values[] = { self->given, self->fields, self->prepared, self->field_errors, self->answer, self->shown_parts, self->shown_actor,
                         self->wanted_files, self->kept, self->held };
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        json_decref(values[i]);
    char *texts[] = { self->path, self->key, self->idempotency_digest, self->key_hash, self->token_hash, self->told_part, self->text_name, self->form_token, self->cookie, self->device_cookie, self->waited_cookie, self->mark_cookie, self->file_path, self->remote_key, self->type, self->name,
                      self->redirect, self->allow };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    if (self->actor.kind != VISITOR)
        self->http->settings.clear_actor(&self->actor);
    g_clear_error(&self->body_error);
    g_clear_error(&self->field_error);
    g_clear_error(&self->error);
    g_clear_pointer(&self->bytes, g_bytes_unref);
    g_free(self);
}

/* ---- who asks, and how ---- */

const char *state_header(const RequestState *self, const char *name)
{
    return MHD_lookup_connection_value(self->conn, MHD_HEADER_KIND, name);
}

/* An argument of the address wins and is kept in a cookie; without one the cookie counts. */
static const char *choice(RequestState *self, const char *name, const char *const *choices)
{
    const char *asked = MHD_lookup_connection_value(self->conn, MHD_GET_ARGUMENT_KIND, name);
    const char *kept = MHD_lookup_connection_value(self->conn, MHD_COOKIE_KIND, name);
    if (asked && g_strv_contains(choices, asked)) {
        if (!self->cookie)
            self->cookie = g_strdup_printf("%s=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", name, asked);
        return asked;
    }
    return kept && g_strv_contains(choices, kept) ? kept : NULL;
}

/* Chinese is the county's language, unless the header names English before it. */
static enum language accepted_language(const char *header_text)
{
    const char *zh = header_text ? strstr(header_text, "zh") : NULL;
    const char *en = header_text ? strstr(header_text, "en") : NULL;
    return en && (!zh || en < zh) ? ENGLISH : CHINESE;
}

static void set_manner(RequestState *self)
{
    static const char *const languages[] = { "zh", "en", NULL }, *const sizes[] = { "normal", "large", NULL };
    static const char *const kiosks[] = { "no", "yes", NULL };
    const char *language = choice(self, "lang", languages);
    const char *size = choice(self, "size", sizes);
    const char *kiosk = choice(self, "kiosk", kiosks);
    const char *accept = state_header(self, "Accept");
    self->request.language = language ? (strcmp(language, "en") == 0 ? ENGLISH : CHINESE)
                                      : accepted_language(state_header(self, "Accept-Language"));
    self->large = size && strcmp(size, "large") == 0;
    self->is_kiosk = kiosk && strcmp(kiosk, "yes") == 0;
    self->wants_page = accept && strstr(accept, "text/html");
}

static void set_request(RequestState *self)
{
    Request *r = &self->request;
    r->context = *self->site->world;
    r->context.public_url = self->public_url;
    r->context.actor = &self->actor;
    r->context.now = clock_hold(r->context.clock, self->http->settings.clock());
    r->path = self->parts;
    r->view = self->site->view;
    r->state = self;
    self->actor.name = "";
}

/* ---- running a handler ---- */

bool state_enter(RequestState *self, Db *db, GError **error)
{
    const HttpSite *site = self->site;
    self->request.context.db = db;
    return !site->refresh || site->refresh(&self->request.context, site->refresh_data, error);
}

static void run_get(RequestState *self)
{
    Db *db = store_reader(self->site->store, &self->error);
    if (!db)
        return;
    session_read(self);
    if (state_enter(self, db, &self->error) && session_load(self, db, &self->error) && route_admits(self->route, &self->actor, &self->error) &&
        body_query(self, &self->error) && fields_check(self, &self->error) && (!self->wants_page || kept_load(self, db, &self->error)))
        self->answer = self->route->run(&self->request, &self->error);
    answer_show_actor(self, db);
    self->request.context.db = NULL;
    store_return(self->site->store, db);
}

bool request_acts(const RequestState *self)
{
    return strcmp(self->method, "POST") == 0 && self->route->run;
}

/* Pages that wait never keep an action out, so they are counted apart. */
static unsigned *waiting_of(const RequestState *self)
{
    return request_acts(self) ? &self->http->waiting : &self->http->waiting_reads;
}

static void stop_waiting(Http *http, unsigned *count)
{
    pthread_mutex_lock(&http->lock);
    --*count;
    if (http->waiting + http->waiting_reads == 0)
        pthread_cond_broadcast(&http->none_waits);
    pthread_mutex_unlock(&http->lock);
}

void request_resume(RequestState *self, const GError *error)
{
    Http *http = self->http;
    unsigned *count = waiting_of(self);
    self->request.context.db = NULL;
    if (error)
        self->error = g_error_copy(error);
    self->finished = true;
    MHD_resume_connection(self->conn);
    stop_waiting(http, count);
}

bool request_suspend(RequestState *self, unsigned before)
{
    Http *http = self->http;
    unsigned *count = waiting_of(self), limit = (unsigned)http->settings.limits[LIMIT_WAITING];
    bool acts = request_acts(self);
    pthread_mutex_lock(&http->lock);
    bool may = !http->closing && *count + before < (acts ? limit : MAX(limit / 2, 1));
    *count += may;
    pthread_mutex_unlock(&http->lock);
    if (!may)
        return refuse(&self->error, BUSY, acts ? "db.busy" : "http.no_turn", NULL);
    MHD_suspend_connection(self->conn);
    return true;
}

void request_read(RequestState *self)
{
    if (strcmp(self->method, "POST") == 0)
        post_take(self);
    else
        run_get(self);
    if (!self->error && self->fetch) {
        blocking_pool_go_on(self);
        return;
    }
    self->is_queued = true;
    answer_send(self);
    request_resume(self, NULL);
}

/* ---- libmicrohttpd's side ---- */

static bool is_static(const RequestState *self)
{
    return self->segment_count == 3 && strcmp(self->segments[0], "static") == 0;
}

/* The request is refused before its body is read, for its head, its sender or the size or kind of the body. The connection
 * stays open for a while behind this answer: see pool.c. */
static enum MHD_Result answer_early(RequestState *self)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(self->conn, MHD_CONNECTION_INFO_CONNECTION_FD);
    self->linger = fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 0);
    return answer_send(self);
}

/* The same for everybody: whoever looks after the server asks for its health, and the page of a refusal for its style. */
static bool is_for_any_host(const RequestState *self)
{
    return strcmp(self->path, "/healthz") == 0 || g_str_has_prefix(self->path, "/static/");
}

static bool has_room(RequestState *self, GError **error)
{
    return (!peer_is_refused(self->peer) && fair_queue_enter(self)) || refuse(error, BUSY, "http.busy", NULL);
}

/* A chunked body's end is read by libmicrohttpd with bare LF too, so that a proxy may see it elsewhere: no request follows it. */
static enum MHD_Result begin(RequestState *self, const Head *head)
{
    bool posts = strcmp(self->method, "POST") == 0;
    set_manner(self);
    self->closes = state_header(self, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    if (!head_judge(self, head, &self->error) || !has_room(self, &self->error)) {
        set_request(self);
        self->closes = true;
        return answer_early(self);
    }
    peer_enter(self->peer, SENDING, self->http->settings.limits);
    if (self->is_misdirected && !is_for_any_host(self)) {
        refuse(&self->error, MISDIRECTED, "http.misdirected", "address", self->public_url, NULL);
        return MHD_YES;
    }
    if (!route_find(self, self->method, &self->error))
        return MHD_YES;
    set_request(self);
    return posts && !body_begin(self, &self->error) ? answer_early(self) : MHD_YES;
}

/* Takes a request whose body is complete; returns what post_take does. */
static bool take(RequestState *self)
{
    if (fair_queue_takes(self))
        return fair_queue_push(self);
    if (strcmp(self->method, "POST") == 0)
        return post_take(self);
    run_get(self);
    return !self->error && self->fetch && blocking_pool_run(self);
}

static enum MHD_Result finish(RequestState *self)
{
    peer_enter(self->peer, ANSWERED, self->http->settings.limits);
    if (self->error && is_static(self) && !self->route) {
        g_clear_error(&self->error);
        return answer_static(self);
    }
    if (!self->request.state)
        set_request(self);
    if (self->response)
        return answer_queue(self);
    bool is_ready = self->error || self->finished;
    return !is_ready && take(self) ? MHD_YES : answer_send(self);
}

static enum MHD_Result on_request(void *closure, Conn *conn, const char *path, const char *method, const char *version,
                                  const char *bytes, size_t *length, void **held)
{
    enum target target = head_target_of(*held);
    RequestState *self = target == PLAIN_TARGET ? *held : NULL;
    if (!self) {
        self = *held = state_new(closure, conn, path, strcmp(method, "HEAD") == 0 ? "GET" : method);
        self->peer = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
        return begin(self, &(Head){ method, path, version, target });
    }
    if (*length) {
        self->read += (int64_t)*length;
        peer_sent(self->peer, self->read, self->http->settings.limits);
        if (self->read > READ_MOST)
            return MHD_NO;
        if (!self->error && self->route && strcmp(self->method, "POST") == 0)
            body_take(self, bytes, *length);
        *length = 0;
        return MHD_YES;
    }
    return finish(self);
}

static void on_end(void *closure, Conn *conn, void **held, enum MHD_RequestTerminationCode how)
{
    (void)conn, (void)how;
    Http *http = closure;
    RequestState *self = head_target_of(*held) == PLAIN_TARGET ? *held : NULL;
    if (self && self->linger >= 0)
        linger_take(http->linger, self->linger);
    if (self) {
        fair_queue_leave(self);
        peer_enter(self->peer, AWAITED, http->settings.limits);
        state_free(self);
    }
    *held = NULL;
}

static void on_log(void *closure, const char *format, va_list args)
{
    (void)closure;
    g_logv(G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, format, args);
}

/* ---- opening and closing ---- */

static bool read_listen(const char *listen, struct sockaddr_in *address, GError **error)
{
    const char *colon = strrchr(listen, ':');
    char *rest = NULL;
    g_autofree char *host = colon ? g_strndup(listen, (size_t)(colon - listen)) : NULL;
    guint64 port = colon ? g_ascii_strtoull(colon + 1, &rest, 10) : 0;
    *address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    if (!colon || *rest || rest == colon + 1 || port > UINT16_MAX || inet_pton(AF_INET, host, &address->sin_addr) != 1)
        return refuse(error, BAD_INPUT, "http.listen", "listen", listen, NULL);
    return true;
}

/* Listens before the daemon starts, so that the address is known to the first request. -1: the address is taken. */
static int listen_at(const struct sockaddr_in *address)
{
    int on = 1, made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool listens = made >= 0 && setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                   bind(made, (const struct sockaddr *)(const void *)address, sizeof *address) == 0 && listen(made, SOMAXCONN) == 0;
    if (listens || made < 0)
        return made;
    close(made);
    return -1;
}

/* Bare LF is refused from this level on; see head.c for versions that have none. */
#if MHD_VERSION >= 0x01000000
#define STRICT_LINES MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#else
#define STRICT_LINES
#endif

static struct MHD_Daemon *start(Http *self, int listening, unsigned threads, unsigned connections)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    return MHD_start_daemon(flags, 0, connections_admit, self->connections, on_request, self,
        MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_URI_LOG_CALLBACK, head_target, NULL, STRICT_LINES MHD_OPTION_LISTEN_SOCKET, listening,
        MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_NOTIFY_CONNECTION, connections_notice, self->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, self, MHD_OPTION_END);
}

static char *address_of(int listening)
{
    char host[INET_ADDRSTRLEN];
    struct sockaddr_in bound = { 0 };
    socklen_t length = sizeof bound;
    getsockname(listening, (struct sockaddr *)(void *)&bound, &length);
    inet_ntop(AF_INET, &bound.sin_addr, host, sizeof host);
    return g_strdup_printf("http://%s:%u", host, ntohs(bound.sin_port));
}

Http *http_open(const HttpSettings *settings, const HttpSite *sites, size_t count, GError **error)
{
    struct sockaddr_in address;
    if (!read_listen(settings->listen, &address, error))
        return NULL;
    int listening = listen_at(&address);
    if (listening < 0)
        return refuse(error, CONFLICT, "http.cannot_listen", "listen", settings->listen, NULL);
    unsigned connections;
    Http *self = g_new0(Http, 1);
    self->settings = *settings;
    self->settings.clock = settings->clock ? settings->clock : machine_clock;
    self->settings.upload_most = settings->upload_most ? settings->upload_most : UPLOAD_MOST;
    self->address = address_of(listening);
    sites_open(self, sites, count);
    self->tags = answer_tags();
    limits_complete(self->settings.limits);
    self->connections = connections_open(self->settings.limits, !settings->behind_tls && !settings->address_header, &connections);
    self->linger = linger_open();
    self->noted = noted_open();
    self->quotas = quotas_open();
    self->fair_queue = fair_queue_open();
    self->blocking_pool = blocking_pool_open();
    self->computing_pool = computing_pool_open();
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->none_waits, NULL);
    self->daemon = start(self, listening, store_is_remote(sites[0].store) ? REMOTE_THREADS : THREADS, connections);
    if (self->daemon)
        return self;
    http_close(self);
    return fault(error, "the daemon for %s does not start", settings->listen);
}

const char *http_address(const Http *self)
{
    return self->address;
}

void http_close(Http *self)
{
    if (!self)
        return;
    pthread_mutex_lock(&self->lock);
    self->closing = true;
    while (self->waiting + self->waiting_reads)
        pthread_cond_wait(&self->none_waits, &self->lock);
    pthread_mutex_unlock(&self->lock);
    if (self->daemon)
        MHD_stop_daemon(self->daemon);
    connections_close(self->connections);
    pool_close(self->linger);
    pool_close(self->blocking_pool);
    noted_close(self->noted);
    pool_close(self->computing_pool);
    quotas_close(self->quotas);
    fair_queue_close(self->fair_queue);
    sites_close(self);
    g_hash_table_unref(self->tags);
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->none_waits);
    g_free(self->address);
    g_free(self);
}
