// SPDX-License-Identifier: Apache-2.0
/* The state of one request from its first byte to its answer, which the files of this room share. */
#pragma once

#include "http/http.h"

#include <microhttpd.h>
#include <openssl/evp.h>
#include <pthread.h>

typedef struct MHD_Connection Conn;

enum { TEXT_MOST = 200, LONG_TEXT_MOST = 4000 }; /* characters, where a field says nothing else */
enum {
    PARTS = 8,
    PATH_SEGMENTS = 12,
    TOKEN_TEXT = 65,
    FIELDS_MOST = 1000,
    BODY_MOST = 1 << 20,
    UPLOAD_MOST = 128 << 20
};
/* Values of a form beyond one for each field; bytes of a body besides its files, as the text may be escaped; and of those in which no
 * value is told. */
enum { VALUES_MOST = 1000, ENCODED_MOST = 4 * BODY_MOST, QUIET_MOST = 1 << 16 };
/* A body of more bytes than this, kept or dropped, ends the connection without an answer. */
static const int64_t READ_MOST = (int64_t)4 << 30;

/* A route with its path cut into segments. */
typedef struct Pattern {
    const Room *room;
    const Route *route;
    char **segments; /* "{number}" for a part */
    unsigned count;
    bool is_open; /* the last part takes all that is left */
} Pattern;

typedef struct Pool Pool;
typedef struct Connections Connections;
typedef struct Peer Peer; /* of a connection */
typedef struct FairQueue FairQueue;
typedef struct Sender Sender;

typedef struct Site {
    HttpSite is;
    GArray *patterns; /* of Pattern */
    char *public_url;
} Site;

struct Http {
    struct MHD_Daemon *daemon;
    HttpSettings settings;
    GArray *sites;         /* of Site */
    GHashTable *hosts;     /* host name -> Site */
    const Site *local;     /* asked by the names of this machine */
    GHashTable *tags;      /* static file -> ETag */
    char *address;
    Connections *connections;
    struct Quotas *quotas;
    FairQueue *fair_queue;
    Pool *linger;          /* its threads read and drop the rest of bodies that were refused early */
    pthread_mutex_t lock;  /* for the next four; of the system, for the thread sanitizer sees no GLib lock */
    pthread_cond_t none_waits;
    unsigned waiting;      /* connections of actions, suspended until the writer or the blocking pool has done its part */
    unsigned waiting_reads; /* connections of all other requests, suspended until their turn or the blocking pool has done its part */
    bool closing;          /* no connection may be suspended any more: libmicrohttpd aborts when it is stopped while some are */
    struct Noted *noted;   /* what the security log was told this day: see security.c */
    Pool *blocking_pool;   /* its threads make calls that may block on a machine outside, as those of a store of papers do */
    Pool *computing_pool;  /* its threads run what takes the processor for long, as Route.compute */
};

enum body_kind { NO_BODY, JSON_BODY, FORM_BODY };

/* A case's session, whose cookie has the number in its name: one each, so that several are open in several tabs. */
enum { CASES_MOST = 8 };
typedef struct CaseSession {
    int64_t number;
    char token[TOKEN_TEXT], hash[TOKEN_TEXT];
} CaseSession;

/* The mark of what is kept of a refused form: it belongs to the page that shows it again, and to no page that is opened anew. */
#define KEPT_REFUSED "refused"
/* A form that is kept; `mark` is the hash of its browser's, or "". What is borrowed outlives it. */
typedef struct KeptRow {
    int64_t county;
    enum actor_kind kind;
    int64_t actor;
    const char *action, *mark, *page, *content;
    Instant at, until;
    bool with_refused; /* to read: what was kept of refused forms, too */
    bool is_known; /* the account's sessions know already that it has some */
} KeptRow;

typedef struct RequestState {
    Http *http;
    const HttpSite *site;
    const char *public_url; /* of the site */
    bool is_misdirected;    /* asked by a name that is no site's */
    const GArray *patterns; /* of the site */
    Conn *conn;
    Peer *peer;
    Sender *sender;         /* NULL: the request is not counted as one under way */
    bool exceeds_share;     /* the sender asks for much, while others ask too */
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
    GString *body;         /* JSON; or the small chunks of a form that are still to be parsed */
    struct MHD_PostProcessor *post;
    GError *body_error;    /* the first thing wrong with it; the rest is read and dropped */
    int64_t text_bytes, file_bytes;
    int64_t read;          /* bytes of the body, kept or dropped */
    int64_t told;          /* of these, up to the last value */
    unsigned values;       /* of the form */
    char *text_name;       /* of the text field that is coming in; NULL: none */
    GString *text;         /* its value so far */
    int64_t keeps;         /* bytes of the upload that is coming in; 0: all */
    int linger;            /* the connection, held open past an early answer; -1 */
    json_t *given;         /* name -> array of texts */
    GArray *uploads;       /* of Upload */
    int file;              /* of the upload that is coming in; -1: it is not kept */
    char *told_part;       /* name and file name of a part told of before its first byte came */
    EVP_MD_CTX *digest;
    /* what the handler is handed */
    Request request;
    Actor actor;
    json_t *fields;
    json_t *prepared;
    char *key, *form_token; /* of the form */
    char *key_hash;         /* as which the key is kept */
    char *idempotency_digest; /* of route and fields, keyed by the key; made before the writer's transaction, which is the bottleneck */
    bool is_replay;         /* an earlier request of the same key was done; `answer` is its kept answer */
    char *token_hash;       /* NULL: the cookie names none */
    bool looks_today;       /* the query for the session looks for an answer kept today, too */
    bool looks, looked;     /* the next run in the writer looks for a kept answer; the last one did */
    json_t *field_errors;   /* [{field, label, detail}] */
    GError *field_error;    /* of the fields, until it is known that the sender may be told */
    const json_t *problem;  /* what is told of it, while its form is shown again */
    const struct RequestState *tried; /* the request whose form is shown again; NULL */
    bool is_confirmed;      /* what the form holds was looked at once more */
    bool changes;           /* what was looked at is to be changed */
    bool changes_rows;      /* a row was added or taken away, and the form is to be shown with it */
    /* forms that are kept: kept.c */
    bool saves, drops;      /* the form is only to be kept, or what was kept of it to be dropped */
    bool is_kept;           /* the session had ended, and the form is kept */
    bool is_form_shown;     /* the page that is shown again has the form that was refused */
    int64_t forms_kept;     /* for the account; 0: none */
    char mark[TOKEN_TEXT];  /* hash of the browser's mark, under which forms that came too late are kept; "" */
    char *mark_cookie;      /* Set-Cookie to send */
    json_t *wanted_files;   /* hashes of kept files that are part of the form; NULL: none */
    json_t *kept;           /* the page's forms that are kept: action -> {given, files, kept_at, mark}; NULL: none */
    json_t *held;           /* files of this form, which was refused, that are kept */
    /* the session */
    char token[TOKEN_TEXT]; /* of the one that the request acts by; "" without one */
    char staff_token[TOKEN_TEXT]; /* of the cookie of a member of the staff; "" without one */
    CaseSession cases[CASES_MOST]; /* as the cookies name them, the newest last; once loaded, those that last */
    int64_t case_numbers[CASES_MOST], ended_cases[CASES_MOST]; /* of these; and those whose cookies are to go */
    size_t case_count, ended_count;
    bool is_kiosk;          /* the browser stands where the next person uses it */
    char *cookie;           /* Set-Cookie to send */
    char *device_cookie;    /* the same of the device's mark */
    char *waited_cookie;    /* and of the mark that it has waited */
    GPtrArray *taken;       /* keys of quotas that a refusal gives back; NULL: none */
    int taken_amount;       /* how much each of these quotas gets back */
    bool begins_session;
    char begun_token[TOKEN_TEXT]; /* "" where none was begun */
    enum actor_kind begun_kind; /* of the session that was begun; else VISITOR */
    int64_t begun_id;
    /* the answer */
    int retry_seconds;      /* of an answer that asks to come again later; 0: as usual */
    json_t *answer;
    json_t *shown_parts;    /* of the page, by name; NULL: none */
    json_t *shown_actor;    /* what a page shows of who asks; NULL: not asked for yet */
    GError *error;
    bool finished;          /* the writer has answered */
    bool closes;            /* nothing that follows on the connection can be read */
    bool is_queued;         /* what it is answered is made on another thread than its connection's */
    struct MHD_Response *response; /* made there; NULL: none */
    unsigned status;        /* of the response */
    GBytes *bytes;
    char *file_path, *type, *name, *redirect;
    char *allow;            /* the methods that this address takes, for a 405 */
    bool attached, for_ever, packs;
    bool represented;       /* `answer` is the representation that the sender prefers */
    FetchFile *fetch;       /* NULL: no remote file is answered */
    const void *source;
    char *remote_key;
    int remote_file;        /* -1: none */
} RequestState;

/* Begins a request to the site that the Host header names. */
RequestState *state_new(Http *http, Conn *conn, const char *path, const char *method);
void state_free(RequestState *self);
/* From here on the request reads and writes on this connection. */
bool state_enter(RequestState *self, Db *db, GError **error);

/* Resumes the suspended connection, on any thread: the request is done, or refused with `error`. */
void request_resume(RequestState *self, const GError *error);
/* Does it change anything when it is done? */
bool request_acts(const RequestState *self);
/* Suspends the connection until request_resume. False when the server is being closed or too many wait already: the request is refused
 * with BUSY. Of requests that do not act half as many may wait, less those that wait `before` it for the same sender: some room is left
 * for others. 0: no sender's are counted. */
bool request_suspend(RequestState *self, unsigned before);
const char *state_header(const RequestState *self, const char *name); /* NULL: not sent */

/* Answers a suspended GET, or POST that only asks, on this thread, or on one of the blocking pool, and resumes it. */
void request_read(RequestState *self);

/* ---- head.c ---- */
/* The request line, as libmicrohttpd has cut it in the buffer into which it received it; url is unescaped. */
typedef struct Head {
    const char *method, *url, *version;
    enum target { PLAIN_TARGET, ODD_TARGET, LONG_TARGET } target;
} Head;
/* MHD_OPTION_URI_LOG_CALLBACK, which alone sees the target as it was sent. What it returns is held with the connection until
 * on_request is called: NULL, or what head_target_of tells from a RequestState, which is a PLAIN_TARGET. */
void *head_target(void *closure, const char *target, Conn *conn);
enum target head_target_of(const void *held);
/* May the request be read at all? BAD_INPUT, LONG_ADDRESS: the connection is to be closed behind the refusal. Of a target in absolute form
 * only the path stays in self->path. */
bool head_judge(RequestState *self, const Head *head, GError **error);

/* ---- sender.c ---- */
/* The address that a request comes from, of IPv6 the first 64 bits; "" where senders cannot be told apart. Owned by the caller. */
char *sender_address(const RequestState *self);
/* The same as a number; 0 where senders cannot be told apart. */
uint64_t sender_number(const RequestState *self);

/* ---- fair_queue.c ---- */
FairQueue *fair_queue_open(void);
void fair_queue_close(FairQueue *self);
/* Counts the request as one under way of its sender, until fair_queue_leave. False: he has as many as he may have connections. */
bool fair_queue_enter(RequestState *request);
void fair_queue_leave(RequestState *request);
/* Does the request, which changes nothing, have to wait for its turn? */
bool fair_queue_takes(const RequestState *request);
/* Suspends the request until its turn, and then has it read. False as request_suspend. */
bool fair_queue_push(RequestState *request);

/* ---- device.c ---- */
enum { WAITED_FOR = 60 * MINUTE_MS }; /* as long a mark of waiting holds */
/* The mark that the browser was given when it was told to wait, and when; NULL where it has none of ours that holds, also with an error.
 * Owned by the caller. */
char *waited_mark(const Request *r, Instant *since, GError **error);
/* Gives the browser one with the answer, sealed, so that it proves when it was given. */
bool waited_give(const Request *r, GError **error);

/* Reads the hash of the browser's mark for forms that came too late into state->mark; gives it one with the answer, where it has none. */
void mark_read(RequestState *self);
void mark_give(RequestState *self);

/* ---- quota.c ---- */
struct Quotas *quotas_open(void);
void quotas_close(struct Quotas *self);
/* The request is over: gives back what it has taken if it was refused. */
void quota_settle(RequestState *self);

/* ---- limits.c ---- */
/* Puts the usual number in place of each 0. */
void limits_complete(int *limits);

/* ---- connections.c ---- */
enum phase { AWAITED /* a head, or the rest of it */, SENDING /* a body */, ANSWERED /* from the last byte to the answer's */ };
/* How long each phase may take stands in `limits`, which is lowered to what the process can afford, and half of it for one address; *most is how many connections may
 * be open with those that are being ended. `tells_apart`: connections of one address are of one sender. */
Connections *connections_open(int *limits, bool tells_apart, unsigned *most);
void connections_close(Connections *self);
/* MHD_AcceptPolicyCallback: an address that has all the connections it may have, and opens one after the other, is closed out
 * unanswered for the rest of a second, which costs least. */
enum MHD_Result connections_admit(void *closure, const struct sockaddr *from, socklen_t length);
/* MHD_OPTION_NOTIFY_CONNECTION, which keeps the Peer as the connection's context. */
void connections_notice(void *closure, Conn *conn, void **held, enum MHD_ConnectionNotificationCode what);
void peer_enter(Peer *self, enum phase phase, const int *limits);
/* So much of the body has come. */
void peer_sent(Peer *self, int64_t bytes, const int *limits);
/* Were there so many connections that this one is to be told to come again? */
bool peer_is_refused(const Peer *self);

/* ---- post.c ---- */
/* Submits the suspended request to the writer, which will resume it. */
void request_submit(RequestState *self);
/* May the sender hand files to the route? To be asked before any of the body is read. NOT_ALLOWED, NOT_SIGNED_IN. */
bool post_may_upload(RequestState *self, GError **error);
/* Does the proof `given` show that the form was made for this session, where there is one? */
bool post_is_own_form(const RequestState *self, const char *given);
/* Takes a POST whose body is complete. True: the connection is suspended until it is done. False: its answer is there, or state->error. */
bool post_take(RequestState *self);

/* ---- pool.c ---- */
typedef void PoolWork(Pool *self, void *item);
/* Nicenesses: others' pages come first; what crowds or was refused comes last. */
enum { GIVES_WAY = 5, GIVES_WAY_TO_ALL = 15 };
/* `most` threads, of which each begins when an item finds none free; beyond those that are worked on, `queue` items may wait. */
Pool *pool_open(unsigned most, unsigned queue, int niceness, PoolWork *work);
/* False when no thread is free and no further item may wait for one; or when none can be started. */
bool pool_push(Pool *self, void *item);
/* After the last item was pushed: those that were not begun are done first. */
void pool_close(Pool *self);
Pool *blocking_pool_open(void);
/* Suspends the connection and runs the blocking part of the request (Route.blocking, or the fetching of a remote file) on a
 * thread of the pool. False as request_suspend. */
bool blocking_pool_run(RequestState *request);
/* The same of a request that is suspended. */
void blocking_pool_go_on(RequestState *request);
Pool *computing_pool_open(void);
/* Suspends the connection and runs Route.compute on a thread of the pool. False as request_suspend. */
bool computing_pool_run(RequestState *request);
Pool *linger_open(void);
/* Reads and drops what still comes in on the socket, for a few seconds; then closes it. */
void linger_take(Pool *self, int socket);

/* ---- routes.c ---- */
GArray *patterns_make(const Room *const *rooms, bool of_region);
/* Room.fits: an address leads to one route, a name and an address to one tab. */
bool routes_fit(const Room *const *rooms, GError **error);
/* Cuts state->path into segments and finds the route; sets parts, and state->allow when it refuses the method. 404, 405. */
bool route_find(RequestState *self, const char *method, GError **error);
/* "/desk/cases/{number}" with the parts filled from `answer` (may be NULL), then from the path. */
char *route_fill(const RequestState *self, const char *path, const json_t *answer);
/* May the actor pass? NOT_SIGNED_IN or NOT_ALLOWED. */
bool route_admits(const Route *route, const Actor *actor, GError **error);
extern const Route http_routes[];

/* ---- sites.c ---- */
/* Once `self` knows the address served. */
void sites_open(Http *self, const HttpSite *sites, size_t count);
void sites_close(Http *self);
/* By the Host header, which HTTP/1.0 need not send (NULL); NULL: no site answers to it. */
const Site *site_named(const Http *self, const char *host);

/* ---- body.c ---- */
bool body_begin(RequestState *self, GError **error);
void body_take(RequestState *self, const char *bytes, size_t length);
bool body_end(RequestState *self, GError **error);
/* The members of the body, which is an object in JSON, as given_add adds them (body_json.c). */
bool body_read_json(RequestState *self, GError **error);
/* Removes what was kept of files, but for those that a room has moved away. */
void body_drop_files(RequestState *self);
/* Reads the arguments of the address into state->given. */
bool body_query(RequestState *self, GError **error);
void given_add(json_t *given, const char *name, const char *value);

/* ---- fields.c ---- */
/* Checks state->given against the route's table; fills state->fields. NOT_FITTING "http.check_fields" with state->field_errors. */
bool fields_check(RequestState *self, GError **error);
/* Is it "<name>.<something>" of a field FIELD_ANSWERS? */
bool field_is_answer(const Field *fields, const char *given);
char *field_label(const RequestState *self, const char *name);
/* The name of an option in the page's answer of the field, whose options are two parts; NULL: nothing. */
const char *field_option_name(const Field *field, const json_t *answer, enum language language, const char *value);
/* Appends the faults of answers to a form that is data, JSON text of [{"field", "reason", "label", "label_en", "at": its name unless "answers.<field>", …}]. */
void answers_tell(const RequestState *self, const char *faults, json_t *errors);
/* The files that came for a field. */
size_t uploads_of(const RequestState *self, const char *name);

/* The room of the route's page; "base" without one. Owned by the caller. */
char *route_room(const Route *route);
/* Characters of a text. */
int64_t field_most(const Field *field);
/* With what the other fields say, is it asked at all? */
bool field_is_asked(const Field *field, const json_t *given);

/* The word "<room>.<about>.<name>" for a field, of the room given or else of its own; NULL when there is none. */
const char *field_word(const RequestState *self, const char *room, const Field *field, const char *about, const char *name);

/* ---- rows.c ---- */
enum { ROWS_MOST = 50 };
/* A button of a table asks: "+wells.3.depth" adds the row of that cell, "-wells.2" takes a
 * row away; else nothing. */
void rows_change(json_t *given, const char *asked);
/* The highest number of a row of which anything was given; 0: none. */
unsigned rows_given(const json_t *given, const char *table);
/* Is it the name of a cell of the field's table? */
bool rows_hold(const Field *field, const char *given);
char *rows_cell(const char *table, unsigned row, const char *column); /* "wells.2.depth"; owned by the caller */

/* ---- form.c ---- */
/* The forms of the page of `shown`, by name, over the page's answer. */
json_t *forms_of(const RequestState *self, const Route *shown, const json_t *answer);
/* The name of the form by which `route` is asked on the page of `shown`; NULL where it has none there. Owned by the caller. */
char *form_name(const Route *route, const Route *shown);
/* Where the errors of a refused form lead: puts the "id" of its field beside each; null where the page shows none. */
void form_put_ids(const RequestState *self, json_t *errors);

/* ---- done.c ---- */
/* The texts typed into a form that its page does not show any more, so that it can be copied out of the refusal: [{label, value}]. */
json_t *typed_of(const RequestState *self);
/* Is the form to be shown once more, or changed, before it is done? */
bool form_waits(const RequestState *self);
/* The data of the page of a route with `done`. */
json_t *done_of(const RequestState *self, const Route *shown, const json_t *answer);

/* ---- kept.c ---- */
/* Reads what is kept of the forms of the page, if anything, into state->kept. */
bool kept_load(RequestState *self, Db *db, GError **error);
/* The files kept with the form, as far as they are still there: [{field, name, sha256, size, head}]. Owned by the caller. */
json_t *kept_files_of(const RequestState *self, const char *action);
/* Makes the kept files that the form names uploads of the request, and checks the fields anew. */
bool kept_attach(RequestState *self, Db *db, GError **error);
/* Keeps or drops the form, which is all that was asked. BAD_INPUT "http.not_kept"; TOO_LARGE. */
bool kept_asked(RequestState *self, GError **error);
/* A WriteFunction over the state: what is kept of the form goes. */
WriteFunction kept_drop_in;
/* Keeps the files of a form that is refused or not sent yet, for the page that shows it again. */
void kept_refused(RequestState *self);
/* The form is refused as NOT_SIGNED_IN: keeps it where the session that it was made for has ended. */
void kept_late(RequestState *self, Db *db);

/* Puts what a page's script needs to ask whether its session lasts under "session": "who" tells accounts apart, "path", "way_in". Nothing without an account. */
void session_put_page(const RequestState *self, json_t *page);
Handler session_show;

/* ---- kept_store.c ---- */
/* A WriteFunction over a KeptRow. */
WriteFunction kept_write;
/* By the action: {given, files, kept_at, mark} of the forms of of->page that an account and browser have. Owned by the caller. */
json_t *kept_read(Db *db, const KeptRow *of, GError **error);
bool kept_delete(Db *db, const KeptRow *of, GError **error);
bool kept_count(Db *db, const KeptRow *of, int64_t *count, GError **error);
/* Room.forgets: as idempotency_forget. */
bool kept_forget(const Context *context, const char *subject, GError **error);

/* ---- kept_files.c ---- */
/* Moves the uploads to where they are kept. Owned by the caller. */
json_t *kept_files_take(RequestState *self, const KeptRow *row);
/* Is the file of an upload refused for what it is? */
bool kept_is_at_fault(const RequestState *self, const Upload *upload);
/* Deletes what of the account, or of anybody, is kept no longer; of the row's form all but `files`. */
void kept_files_sweep(const RequestState *self, const KeptRow *row, const json_t *files);
json_t *kept_files_there(const RequestState *self, const KeptRow *row, const json_t *files);
void kept_files_attach(RequestState *self, const KeptRow *row, const json_t *file);

/* ---- session_store.c ---- */
/* The session's actor into state->actor, when a cookie names one that lasts: of the case that the address names, else of the
 * staff, else of the newest case; with an idempotency_digest also is_replay and the kept answer. NOT_FITTING as idempotency_find. */
bool session_load(RequestState *self, Db *db, GError **error);
/* The actor of a session that has ended, of which the browser has the cookie still, if he may still act and the route admits him: for what is
 * kept, until session_forget_late, and nothing else. False without one. */
bool session_load_late(RequestState *self, Db *db, GError **error);
void session_forget_late(RequestState *self);
/* The tokens of the cookies. */
void session_read(RequestState *self);
/* The session that a refused request had begun is none: the browser keeps those that it has. */
void session_forget_begun(RequestState *self);
/* A Set-Cookie that ends the case's cookie; owned by the caller. */
char *session_ended_cookie(const RequestState *self, int64_t number);
/* The proof that a form was made by this server for this session: lower-case hex, owned by the caller; "" without a session. */
char *session_form_token(const RequestState *self);

/* ---- security.c ---- */
struct Noted *noted_open(void);
void noted_close(struct Noted *self);
/* That the actor's right did not reach: in the log once the refusal is known. */
void security_note_refusal(const RequestState *self);

/* ---- idempotency_store.c ---- */
/* The answer to an earlier request of the same key; *found. NOT_FITTING when the body differs. */
bool idempotency_find(RequestState *self, Db *db, json_t **answer, bool *found, GError **error);
/* The columns of a row of http_done in one text. */
#define IDEMPOTENCY_KEPT "digest || day || ' ' || answer || ' ' || key"
/* The kept answer out of such a text. NOT_FITTING when the digest is of another request. */
bool idempotency_match(const RequestState *self, Db *db, const char *kept, json_t **answer, GError **error);
bool idempotency_keep(RequestState *self, Db *db, const json_t *answer, GError **error);
/* Room.forgets: deletes the kept answers that name the subject by its number, as it is or grouped. */
bool idempotency_forget(const Context *context, const char *subject, GError **error);
/* Sets the request's digest and the hash of its key. */
void idempotency_digest(RequestState *self);

/* ---- answer.c ---- */
/* Takes down what a page will show of who asks, as long as the reading connection is there (NULL: it was not). */
void answer_show_actor(RequestState *self, Db *db);
/* Sends what state holds: answer, bytes, file, redirect or error. */
enum MHD_Result answer_send(RequestState *self);
enum MHD_Result answer_static(RequestState *self);
/* Queues a response, which it takes over, with the headers that every answer has; `type` may be NULL. */
enum MHD_Result answer_reply(RequestState *self, unsigned status, struct MHD_Response *response, const char *type, const char *cache);
/* Queues the response that was made on another thread. */
enum MHD_Result answer_queue(RequestState *self);
GHashTable *answer_tags(void);

/* ---- inner.c ---- */
/* Asks the GET route at `path` on behalf of the sender of `self`, on a reader: runs `run`, which returns the answer, with a
 * state of that route whose fields are still to be set. *route is that route, once found. NULL with *error when there is none, the
 * actor may not pass or no reader is to be had. */
typedef json_t *InnerRun(RequestState *inner, const RequestState *self, GError **error);
json_t *inner_ask(RequestState *self, const char *path, InnerRun *run, const Route **route, GError **error);
/* Where the sender of a POST prefers return=representation, what is to be seen at the route's redirect takes the place of
 * its answer; where it cannot be seen now, the answer stays. */
void represent(RequestState *self);

/* ---- raw.c ---- */
/* Sends the bytes or the file that state holds. */
enum MHD_Result raw_send(RequestState *self);
