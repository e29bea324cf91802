// SPDX-License-Identifier: Apache-2.0
/* One request from its first byte to its answer: what the files of this room hand each other. */
#pragma once

#include "http/http.h"

#include <microhttpd.h>
#include <openssl/evp.h>
#include <pthread.h>

typedef struct MHD_Connection Conn;

enum { PARTS = 8, PATH_SEGMENTS = 12, TOKEN_TEXT = 65, FIELDS_MOST = 100, BODY_MOST = 1 << 20 };
/* What is read of one body at all, kept or dropped: beyond that the connection ends without an answer. */
static const int64_t READ_MOST = (int64_t)4 << 30;

/* A route with its path cut into segments once and for all. */
typedef struct Pattern {
    const Route *route;
    char **segments; /* "{number}" where a part stands */
    unsigned count;
} Pattern;

/* Threads for calls that may block on a machine outside, as those of a store of papers do. */
typedef struct BlockingPool BlockingPool;

/* Goes on reading from senders whose body was refused before it was read. */
typedef struct Linger Linger;

typedef struct Site {
    HttpSite is;
    GArray *patterns; /* of Pattern */
} Site;

struct Http {
    struct MHD_Daemon *daemon;
    HttpSettings settings;
    GArray *sites;         /* of Site */
    GHashTable *hosts;     /* host name -> Site */
    const Site *elsewhere; /* for every other name */
    GHashTable *tags;      /* static file -> ETag */
    char *address;
    Linger *linger;
    pthread_mutex_t lock;  /* for the next three; of the system, for the thread sanitizer sees no GLib lock */
    pthread_cond_t none_waits;
    unsigned waiting;      /* connections suspended until the writer or the blocking pool has done its part */
    bool closing;          /* none is suspended any more: libmicrohttpd ends a program that stops while some are */
    BlockingPool *blocking_pool;
};

enum body_kind { NO_BODY, JSON_BODY, FORM_BODY };

typedef struct RequestState {
    Http *http;
    const HttpSite *site;
    const GArray *patterns; /* of the site */
    Conn *conn;
    const Route *route;
    const Pattern *pattern;
    const char *method;
    char *path;
    char *segments[PATH_SEGMENTS + 1];
    unsigned segment_count;
    const char *parts[PARTS + 1];
    bool wants_page;
    bool large;            /* large type */
    /* the body as it comes in */
    enum body_kind body_kind;
    GString *body;         /* JSON */
    struct MHD_PostProcessor *post;
    GError *body_error;    /* the first thing wrong with it; the rest is read and dropped */
    int64_t received;      /* bytes of text fields and of files */
    int64_t read;          /* bytes of the body, kept or dropped */
    int linger;            /* the connection, held open past an early answer; -1 */
    json_t *given;         /* name -> array of texts */
    char *last_name;       /* of the text field that is coming in */
    GArray *uploads;       /* of Upload */
    int file;              /* of the upload that is coming in; -1 */
    char *told_part;       /* name and file name of a part told of before its first byte came */
    EVP_MD_CTX *digest;
    /* what the handler is handed */
    Request request;
    Actor actor;
    json_t *fields;
    json_t *prepared;
    char *key, *form_token; /* of the form */
    char *idempotency_digest;      /* of what is to be done, before the writer is asked, who has enough to do */
    bool is_replay;         /* before this request came; `answer` is what was answered */
    char *token_hash;       /* NULL: the cookie names none */
    bool looks, looked;     /* the writer will look too whether it was done, and did the last time */
    json_t *field_errors;   /* [{field, label, detail}] */
    GError *field_error;    /* of a form, until it is known that who asks may be told */
    /* the session */
    char token[TOKEN_TEXT]; /* "" without one */
    char *cookie;           /* Set-Cookie to send */
    bool begins_session;
    enum actor_kind begun_kind; /* of the session that was begun; else VISITOR */
    int64_t begun_id;
    /* the answer */
    json_t *answer;
    GError *error;
    bool finished;          /* the writer has answered */
    GBytes *bytes;
    char *file_path, *type, *name, *redirect;
    char *allow;            /* the methods that this address takes, for a 405 */
    bool attached, for_ever;
    bool represented;       /* `answer` is the representation that the sender prefers */
    FetchFile *fetch;       /* NULL: no remote file is answered */
    const void *source;
    char *remote_key;
    int remote_file;        /* -1: none */
    struct RequestState *next; /* in the queue of the blocking pool */
} RequestState;

/* Of the site that the request's host name means. */
RequestState *state_new(Http *http, Conn *conn, const char *path, const char *method);
void state_free(RequestState *self);
Instant http_now(const Http *http);
/* From here on the request reads and writes on this connection. */
bool state_enter(RequestState *self, Db *db, GError **error);

/* The writer has done it, or `error` says why not; on any thread. The connection goes on. */
void request_resume(RequestState *self, const GError *error);
/* Suspends the connection until request_resume. False when the server is being closed: the request is refused with BUSY. */
bool request_suspend(RequestState *self);
const char *state_header(const RequestState *self, const char *name); /* NULL: not sent */

/* ---- post.c ---- */
void request_submit(RequestState *self); /* to the writer */
/* What has come whole is on its way, and the connection suspended; false: the answer is there, or state->error. */
bool post_take(RequestState *self);

/* ---- blocking_pool.c ---- */
BlockingPool *blocking_pool_open(void);
/* After the last request. */
void blocking_pool_close(BlockingPool *self);
/* Suspends the connection and runs the blocking part of the request (Route.blocking, or the fetching of a remote file) on a
 * thread of the pool. False as request_suspend. */
bool blocking_pool_run(RequestState *request);

/* ---- routes.c ---- */
GArray *patterns_make(const Route *const *tables);
/* Cuts state->path into segments and finds the route; sets parts, and state->allow when it refuses the
 * method. 404, 405. */
bool route_find(RequestState *self, const char *method, GError **error);
/* "/desk/cases/{number}" with the parts filled from `answer` (may be NULL), then from the path. */
char *route_fill(const RequestState *self, const char *path, const json_t *answer);
/* May the actor pass? NOT_SIGNED_IN or NOT_ALLOWED. */
bool route_admits(const Route *route, const Actor *actor, GError **error);
extern const Route http_routes[];

/* ---- sites.c ---- */
void sites_open(Http *self, const HttpSite *sites, size_t count);
void sites_close(Http *self);
/* By the Host header; NULL is none. */
const Site *site_named(const Http *self, const char *host);

/* ---- linger.c ---- */
Linger *linger_open(void);
/* Breaks off what is under way. */
void linger_close(Linger *self);
/* Reads and drops what still comes in on the socket, for a few seconds; then closes it. */
void linger_take(Linger *self, int socket);

/* ---- body.c ---- */
bool body_begin(RequestState *self, GError **error);
void body_take(RequestState *self, const char *bytes, size_t length);
bool body_end(RequestState *self, GError **error);
/* What the address carries, into state->given. */
bool body_query(RequestState *self, GError **error);
void given_add(json_t *given, const char *name, const char *value);

/* ---- fields.c ---- */
/* Checks state->given against the route's table; fills state->fields. NOT_FITTING "http.check_fields"
 * with state->field_errors. */
bool fields_check(RequestState *self, GError **error);
char *field_label(const RequestState *self, const char *name);

/* ---- session_store.c ---- */
/* The session's actor into state->actor, when the cookie names one that lasts; where there is a idempotency_digest, also whether he
 * did the same before: is_replay and the answer. NOT_FITTING as idempotency_find. */
bool session_load(RequestState *self, Db *db, GError **error);
/* The cookie's token, into state->token and its hash. */
void session_read(RequestState *self);
/* The proof that a form was ours: lower-case hex, owned by the caller; "" without a session. */
char *session_form_token(const RequestState *self);
const char *session_cookie_name(const Http *http);

/* ---- idempotency_store.c ---- */
/* The answer to an earlier request of the same key; *found. NOT_FITTING when the body differs. */
bool idempotency_find(RequestState *self, Db *db, json_t **answer, bool *found, GError **error);
/* The answer in what was kept, a digest and an answer in one, when it is of what is asked now. */
bool idempotency_match(const RequestState *self, const char *kept, json_t **answer, GError **error);
bool idempotency_keep(RequestState *self, Db *db, const json_t *answer, GError **error);
/* Hash over route and what was given. Owned by the caller. */
char *idempotency_digest(const RequestState *self);

/* ---- answer.c ---- */
/* Sends what state holds: answer, bytes, file, redirect or error. */
enum MHD_Result answer_send(RequestState *self);
enum MHD_Result answer_static(RequestState *self);
/* Queues a response, which it takes over, with the headers that every answer has; `type` may be NULL. */
enum MHD_Result answer_reply(RequestState *self, unsigned status, struct MHD_Response *response, const char *type, const char *cache);
GHashTable *answer_tags(void);

/* ---- inner.c ---- */
/* Asks the GET route at `path` on behalf of who sent `self`, on a reader: runs `run`, which returns the answer, with a state
 * of that route whose fields are still to be set. *route is that route, once found. NULL with *error when there is none, the
 * actor may not pass or no reader is to be had. */
typedef json_t *InnerRun(RequestState *inner, const RequestState *self, GError **error);
json_t *inner_ask(const RequestState *self, const char *path, InnerRun *run, const Route **route, GError **error);
/* Where the sender of a POST prefers return=representation, what is to be seen at the route's redirect takes the place of
 * its answer; where it cannot be seen now, the answer stays. */
void represent(RequestState *self);

/* ---- raw.c ---- */
/* Sends the bytes or the file that state holds. */
enum MHD_Result raw_send(RequestState *self);
