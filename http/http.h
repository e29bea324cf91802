// SPDX-License-Identifier: Apache-2.0
/* The front door. A room offers a table of routes; each row names the method, the path, who may
 * pass, the fields it takes, the handler, and the page that shows its answer. A handler takes a
 * Request and returns JSON or refuses; it never sees a socket, a header or a status. A program
 * gets the JSON, a browser the same JSON through the page, so they cannot drift apart.
 *
 * GET handlers run on a reading connection (one snapshot). POST handlers run inside the writer's
 * transaction and may be run again: they change nothing but the database. The answer leaves only
 * after the commit. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "view/view.h"

extern const Room http_room; /* /api, /healthz */

/* ---- fields: what a form or a JSON body may hold, checked before the handler sees it ---- */

enum field_kind {
    FIELD_TEXT,      /* one line; least/most count characters; blanks at both ends are cut */
    FIELD_LONG_TEXT, /* several lines */
    FIELD_SECRET,    /* a password: neither trimmed nor ever shown again */
    FIELD_INTEGER,   /* least/most are its bounds */
    FIELD_DAY,       /* YYYY-MM-DD */
    FIELD_FLAG,      /* true/false; a checkbox */
    FIELD_CHOICE,    /* one of choices[] */
    FIELD_LIST,      /* several texts: JSON array or the field repeated; most is per text */
    FIELD_FILES,     /* uploaded papers, streamed to disk: see Upload; most is their number */
    FIELD_ANSWERS,   /* all "<name>.<something>", of a form that is data: {something: [texts]}, to be checked */
    FIELD_ROWS,      /* a table, its cells called "<name>.<row>.<column>": [{column: value}] */
    FIELD_MONEY,     /* yuan, as 1,234.50; an integer in fen once checked, which least/most bound */
};

/* How a form asks for it, where its kind leaves that open. */
enum field_look {
    LOOK_USUAL,
    LOOK_NONE,      /* no part of the form */
    LOOK_HIDDEN,    /* carried along, not asked */
    LOOK_DIGITS,    /* text of digits: a case number */
    LOOK_DECIMAL,   /* text of a number that may have decimals */
    LOOK_TELEPHONE, LOOK_SEARCH,
    LOOK_EXACT,     /* text that is copied letter by letter */
    LOOK_RADIOS,    /* few choices, all in sight; else a list to unfold */
    LOOK_FIRST,     /* a list whose first choice stands chosen */
};

/* Checks one value beyond its kind: returns the text to keep, owned by the caller, or refuses with a sentence for the asker. */
typedef char *FieldCheck(const char *value, GError **error);

typedef struct Field {
    const char *name;
    enum field_kind kind;
    int64_t least, most;        /* 0 for most means 200 characters (TEXT), 4,000 (LONG_TEXT) */
    bool required;
    const char *const *choices; /* NULL ended */
    const struct Field *columns; /* ROWS: of simple kinds; a row in which nothing stands is left out */
    FieldCheck *check;
    /* For the form (form.c). Its label is the word "<room>.fields.<name>", what helps to fill it in "<room>.hints.<name>", the
     * legend of a group "<room>.groups.<group>", its unit "<room>.units.<unit>", of the room whose page shows it or else of
     * `room`. NULL: as said, or nothing. */
    enum field_look look;
    const char *room;
    const char *label, *hint; /* other words in place of those */
    const char *said, *said_hint, *said_unit; /* texts in place of words, where the form is data; `group` is one too then */
    const char *group, *unit; /* fields of one group stand one after another */
    const char *codes;        /* a choice is called by the word "codes.<codes>.<choice>"; NULL: by the field's name */
    const char *options;      /* where the page's answer lists the choices: "materials.name" is the name of each of "materials";
                                 "towns.places.code" the code of each of the "places" of each of the "towns", by town */
    const char *option_if;    /* only those of which this is true */
    const char *empty;        /* the word for choosing none */
    const char *option_label; /* a word over one of them in place of its "name" */
    const char *value;        /* where the page's answer has what it is filled with at first */
    const char *shown_when;   /* "party_kind=enterprise": asked, and required, only when another field has this value */
    const char *id;           /* of its input, where a page's frame asks for it, or another form of the page a field of that name; NULL: that of forms */
    const char *autocomplete; /* HTML's word for it; NULL: "off" */
    const char *accept;       /* FILES: HTML's list of types */
#define TABLE_TYPES ".csv,.txt,.xlsx,text/csv"
    const char *missing;      /* the sentence for a required one that is empty */
    /* As `check`, with the fields that stand before it in the table; in its place. */
    char *(*judge)(const char *value, const json_t *fields, GError **error);
    int64_t bytes;            /* FILES: of a larger one only the size is kept, for the handler's refusal; 0: as large as a request may be */
    unsigned need;            /* of an action's form: asked where the rule needs or takes it (subject/subject.h) */
} Field;                      /* a table ends with { 0 } */

/* ---- a request ---- */

/* A file that has arrived: complete in the store's incoming folder, hashed on the way. It is
 * removed after the request unless the handler's room has moved it away. Nothing is kept before the route takes files, the
 * sender may ask it, a form has proved by the fields before the file that it is ours, and the field takes one more. */
typedef struct Upload {
    const char *field;
    const char *name;      /* as the sender called it, cleaned, without folders */
    const char *path;
    int64_t size;
    char sha256[65];       /* hexadecimal */
    unsigned char head[1024]; /* its first bytes, zero filled */
    bool is_unscanned;     /* no virus scanner could judge it, and it was let in */
} Upload;

typedef struct Http Http;

typedef struct Request {
    Context context;          /* db, county, actor, now, randomness */
    enum language language;
    const char *route;        /* the path as the route's table has it: "/desk/cases/{number}" */
    const char *refused;      /* when a form's page is shown again: the last part of the address that
                                 was refused, to tell which of the page's forms it was; else NULL */
    const char *const *path;  /* the parts of the path that stood in {braces}, in order */
    json_t *fields;           /* what was given, checked: every field of the table that was sent */
    const Upload *uploads;
    size_t upload_count;
    const json_t *prepared;   /* what the route's prepare returned; NULL where it has none */
    int64_t looked_up;        /* by the route's lookup: 0 when there is none; -1 when it was not asked */
    const View *view;
    /* The rest is http's own: use the functions below. */
    struct RequestState *state;
} Request;

/* Returns the answer (the caller owns it) or NULL with *error set. */
typedef json_t *Handler(Request *r, GError **error);

enum {
    ANYONE = 0,             /* demand: no sign-in */
    HOLDERS = 1 << 30,      /* demand: a HOLDER of a case (number and tracking code shown), or staff */
    WITHOUT_POST = 1 << 27,
    ANY_STAFF = ANY_ROLE | WITHOUT_POST, /* demand: a member of the staff, also one who has no post today */
    ENTRANTS = 1 << 29,     /* demand: an ENTRANT. His session is none to routes that demand anything else */
    ARRIVALS = ENTRANTS | 1 << 28, /* demand: an ENTRANT, or one of whom nobody knows yet who he is (id 0) */
};

/* A number that the query for the session of a POST reads along, which spares a server a statement and a round trip. It is asked
 * only where there is a session. */
typedef struct Lookup {
    const char *sql; /* "(SELECT …)" of one integer, with :county */
    /* Puts the other arguments, at most LOOKUP_ARGS, made of the fields that fit; a text that they need is returned, owned by
     * the caller. NULL: it is not asked. */
    char *(*bind)(const Request *r, Db *db, DbArg *args);
} Lookup;
enum { LOOKUP_ARGS = 8 };

typedef struct Route {
    const char *method;   /* "GET" or "POST" */
    const char *path;     /* "/desk/cases/{number}"; "{rest...}" at its end takes several segments */
    unsigned demand;      /* ANYONE, HOLDERS, or a set of roles of which a post must hold one */
    Handler *run;
    const char *page;     /* "cases/case", or NULL: JSON for everybody */
    const Field *fields;  /* of the query string (GET) or the body (POST); NULL: none */
    const char *redirect; /* POST: the GET route that shows what was done. A browser goes there next (303); a program that sends "Prefer:
                             return=representation" (RFC 7240) is answered with what is seen there after the commit, and else with the
                             short answer of `run`, which alone is kept for the idempotency key. Parts in {braces} are taken from the
                             answer, else from the path */
    const char *form; /* the GET route whose page shows the form again when refused, with "problem" (see below) in its data and what was
                         typed in its fields, asked with those of its own fields that were given and fit. A GET that does not fit
                         and names none shows its own page again in the same way */
    const char *does;     /* one English sentence, for the page that lists the API */
    Handler *prepare;     /* POST: called before `run`, once, on the connection's own thread with a reading connection: for slow work that
                             must not hold up the writer, such as hashing a password. It may refuse; what it returns stands in
                             r->prepared each time `run` is called. NULL: nothing to prepare. A POST without `run` changes nothing: what
                             is prepared is the answer (200), no key is asked for, and nothing of it is kept */
    /* POST with uploads, or whose fields take none: called once between `prepare` and `run`, without a connection to the database, on a thread
     * that may wait for a machine outside and holds nobody up. May add to the object r->prepared what it learns. NULL: it does not block. */
    bool (*blocking)(Request *r, GError **error);
    /* POST: a browser is shown what was typed, once it fits, with ways to change it; it is done when that is confirmed. The
     * route has a form and takes neither files nor secrets. */
    bool check;
    /* GET: the page "http/done" says that something is done, in words "<done>.title", "label" and "number", "note", "next" and
     * "next_1", "next_2" …, "button", each over the answer; the button leads to `redirect`. */
    const char *done;
    /* POST that begins a session: its answer is kept for that session alone, so that the request sent again by the same browser
     * is the same; any other is refused with CONFLICT "http.begun_already", for it has not that session. The page was made before the session, so no proof is asked for that it was made
     * for it. False: of a request that begins a session no answer is kept. */
    bool begins;
    const Lookup *lookup; /* NULL: none */
    /* POST with uploads: what a holder of cases may send, in megabytes, of which a request takes as many as its head announces before
     * any of its body is read; `what` is that person's session. NULL: as much as he likes. */
    const struct Quota *uploads;
    /* POST: called once after `prepare` and before `run`, without a connection to the database, on one of the few threads that
     * compute: for a hash of a password, which takes 64 MiB and a tenth of a second. What it returns takes the place of
     * r->prepared. Where too many requests wait for it already: BUSY. NULL: nothing is computed. */
    Handler *compute;
    bool slow;            /* GET: takes many times as long as others, as a PDF does; it is made beside them and waits for its turn */
} Route;                  /* a table ends with { 0 }; within it the first that fits an address is taken */

/* An entry of the desks' navigation: Room.tabs. */
typedef struct Tab {
    const char *name;     /* once in the program; its word stands in the room's "codes.room" */
    const char *path;     /* of a GET route: the page that it leads to */
    const char *within;   /* how the routes begin whose pages are in it too */
    unsigned roles;       /* whose holders see it */
    int place;            /* the lower, the further left */
} Tab;                    /* a table ends with { 0 } */

/* ---- forms ---- */

/* A page's forms stand ready in {{page.forms.<name>}}: those of the POST routes whose `form` it is, by the last plain part of
 * their address ("sign_in" of /sign-in, "apply" of /apply/{item}), and "question", the page's own fields. {{> view/form}} shows
 * one, with a button that says "<room>.buttons.<name>"; of a question at /desk/erase "<room>.buttons.ask_erase". Of a route for
 * many actions ("…/{number}/{action}") each is put into the answer by form_put. */
typedef struct Form {
    const char *action;     /* the address it is sent to */
    const char *name;       /* tells it from the page's others: ends the ids of its fields */
    const char *button;     /* the text on it */
    bool second;            /* it is not the page's main one */
    bool is_question;       /* it is sent by GET and filled with what the page was asked */
    const Field *fields;
} Form;
/* Puts the form under "form" into `into` where a page is to be shown, else nothing. Its choices and first values are
 * looked up in `answer`; what was typed and what is wrong stands in it when `name` is what was refused (Request), or of
 * a question, when the refused route has the same table of `fields`. */
void form_put(const Request *r, const Form *form, const json_t *answer, json_t *into);

/* In forms `_key` carries the idempotency key, `_token` the proof against forged requests; both
 * stand ready in {{page.key}} and {{page.token}}. The address may carry lang=zh|en and
 * size=large|normal on every page.
 *
 * A refusal as RFC 9457 says, and under "problem" in the data of a page:
 *   {"type": "about:blank", "title", "status", "detail", "reason": stable key,
 *    "errors": [{"field", "label", "detail"}], …the refusal's details}
 * where a detail "faults" (JSON text, of a table) becomes [{"line", "column", "detail", …}].
 * The word for a field's label is "<room of the route's page>.fields.<name>".
 *
 * Nothing that somebody has typed or sent is lost (kept.c). Of a route with `form`, a member of the staff or holder of a case is shown the form again, filled
 * in and with its files: after the session had ended, when the form came with the proof of that session, to the same account in the same browser, for an hour; and
 * after `_save` in place of the action, with which a page's script saves a form that has a long text while it is written, for seven days. `_drop` drops it. The files
 * of a refused form are kept for an hour; `_file` names by their hashes those that are part of the form. A form that its page does not
 * show any more has its texts in the refusal: problem.typed, [{label, value}]. */

/* A NOT_FITTING refusal of that field by a handler itself; a detail "further" names fields, by commas, that are wrong for the same reason. */
void *refuse_field(GError **error, const char *field, const char *reason, ...) G_GNUC_NULL_TERMINATED;
/* The refusal `why`, which it takes over, of that field, with all that its sentence is filled with; what is not NOT_FITTING stays as it is. */
void *refuse_same(GError **error, const char *field, GError *why);

/* The field of a table (NULL: an empty one) with this name; NULL when there is none. */
const Field *field_in(const Field *fields, const char *name);

/* The fields that a query ("state=valid&from=2014-01-01") gives, held against a table of fields as that of an address is. NOT_FITTING
 * names the first field that does not fit. Owned by the caller. */
json_t *fields_of_query(const Field *fields, const char *query, GError **error);

/* Appends "?name=value", or "&name=value" behind an argument, to an address. */
void link_append(GString *link, const char *name, const char *value);
/* Is it the address of a page of our own? None that a browser could read as another host's (//host, /\host, control characters that it drops). */
bool link_is_own(const char *path);
bool http_shows_parts(const Request *r); /* was the server started to show the page of all components? */

/* ---- parts of a page that are kept ---- */

/* Many requests show the same: a row of a list, a history. Such a part is a page of its own over data of its own, rendered once for
 * all to whom it looks the same. `made_of` names everything that it depends on besides reference data and the language: the
 * day, the number of events, what the reader may do. At most `places` parts of a sort are kept for each language of a county.
 * part_kept returns its HTML as a JSON string, or NULL when part_make has to make it; the caller owns it. */
enum { ROW_PARTS = 2039 /* of about 1 KB */, COURSE_PARTS = 251 /* of about 9 KB */ };
json_t *part_kept(const Request *r, unsigned places, const char *made_of);
json_t *part_make(const Request *r, unsigned places, const char *made_of, const char *page, const json_t *data, GError **error);
/* Shows HTML of such parts, a JSON string, as {{page.parts.<name>}}. Takes over `html`. */
void part_put(const Request *r, const char *name, json_t *html);

/* A write of its own, durable before it returns, in a GET that has to keep what it made; `work` may run again. */
bool http_write(const Request *r, WriteFunction *work, void *data, GError **error);

/* ---- answers that are not JSON ---- */

/* Answers with bytes of a type; `name` (may be NULL) suggests a file name, `attached` makes the
 * browser save it. Returns what the handler must return. Takes over `bytes`. */
json_t *answer_bytes(Request *r, GBytes *bytes, const char *type, const char *name, bool attached);
/* A table as "csv" or "xlsx", saved as NAME.FORMAT. */
json_t *answer_table(Request *r, const ViewTable *table, const char *name, const char *format, GError **error);
/* The same from a file on disk, streamed. */
json_t *answer_file(Request *r, const char *path, const char *type, const char *name, bool attached, GError **error);
/* The same from a file on another machine: `fetch` writes the content that `key` names into an open file, on a thread of the
 * blocking pool; its refusal is the answer. `source` lives as long as the server. */
typedef bool FetchFile(const void *source, const char *key, int file, GError **error);
json_t *answer_remote_file(Request *r, FetchFile *fetch, const void *source, const char *key, const char *type, const char *name,
                           bool attached);
/* The answer is the same for everybody and never changes: caches may keep it (a year, immutable, without Vary). */
void answer_for_ever(Request *r);
/* The bytes are sent packed by gzip to whoever accepts that. */
void answer_packed(Request *r);
/* A browser that asked for a page is sent to `path` (303); a program gets {"see": path}. */
json_t *answer_redirect(Request *r, const char *path);

/* Will the answer be shown as a page? For what only pages need. */
bool answer_is_page(const Request *r);

/* ---- sessions ---- */

/* A browser may hold one session of a member of the staff and, beside it, one for each of several cases (HOLDER), each with a cookie
 * of its own. A route for HOLDERS whose address begins with the number of such a case is asked as its holder; all else is asked as
 * the member of the staff, or without one as the holder of the newest case. Actor.cases has all of them. Sessions end idle and after a
 * while (session_store.c); a browser that was opened with kiosk=yes in the address ends those of cases earlier. */

/* Begins a session for an actor, or PROVEN for an ENTRANT who has shown a second factor too (random 256 bit, stored hashed; the old one of this browser for the staff, or for the same case, ends),
 * inside a POST handler. The cookie leaves with the answer. */
bool session_begin(Request *r, enum actor_kind kind, int64_t id, GError **error);
/* Ends all sessions of this browser, and those of the member of the staff everywhere. */
bool session_end(Request *r, GError **error);
/* Ends this browser's session of the case alone, if it has one. */
bool session_leave(Request *r, int64_t number, GError **error);
/* Ends all sessions of a staff member (account closed, password changed), those on the way in with them, or of a case's holder. */
bool session_end_all(const Context *context, enum actor_kind kind, int64_t id, GError **error);

/* The sessions of a member of the staff that last, the last used first: [{session (which tells them apart), made_at, seen_at, is_here}]. */
json_t *session_list(const Request *r, int64_t staff, GError **error);
/* Ends one of them; *known: there was such a one. */
bool session_end_one(const Context *context, int64_t staff, const char *session, bool *known, GError **error);

enum { SESSION_DERIVED = 32 };
/* Bytes that follow from the session's token and `purpose`, so that this session alone can make them again and nothing has to keep
 * them. Once the request has begun a session, of that one. False where there is none. */
bool session_derive(const Request *r, const char *purpose, unsigned char out[SESSION_DERIVED]);

/* ---- devices ---- */

/* A browser is given a random mark of 256 bits, which it keeps for 400 days; here its SHA-256 alone is known, hexadecimal. "" where the
 * browser has none. Owned by the caller. */
char *http_device(const Request *r);
/* Inside a POST handler: gives the browser a fresh mark with the answer, since the one before may have been copied; returns its hash as http_device does. */
char *http_device_mark(Request *r);
/* The JSON that a program has sent, byte by byte; NULL of a form. A header that came with the request; NULL: none. Both are the request's. */
const GString *http_json(const Request *r);
const char *http_header(const Request *r, const char *name);
/* Browser and system as the browser tells them, "Firefox, Windows"; "" where it is no known one. Owned by the caller. */
char *http_browser(const Request *r);

/* ---- budgets of failures ---- */

/* How many attempts at a secret may fail within a quarter of an hour before the next ones are slowed. A table of them is a rule. */
typedef struct Budget {
    const char *name;    /* begins the key under which failures are counted; at most eight in a table */
    int64_t most;
    bool by_what;        /* counted for each account or case apart */
    bool by_address;     /* counted for each sender apart; not at all where senders cannot be told apart (HttpSettings) */
    bool waits;          /* beyond it each attempt waits, so that nobody is kept out by others; else it is refused */
    bool grows;          /* the wait doubles each time, from 20 seconds up to some ten minutes */
} Budget;                /* a table ends with { 0 } */

/* To be called in a route's prepare, before a secret of `what` ("wang", "330482…") is judged. Counts the attempt in a durable write
 * of its own. Refuses with TOO_MANY and Retry-After: "http.locked" until a quarter of an hour after the last one and tells when that
 * is; "http.wait" where the sender is to come again in some seconds. */
bool throttle_attempt(const Request *r, const Budget *budgets, const char *what, GError **error);
/* Takes the attempt of who got in back, and forgets the failures at `what`. Inside a POST handler. */
bool throttle_passed(const Request *r, const Budget *budgets, const char *what, GError **error);

/* ---- limits ---- */

/* Limits of what one sender, or all together, may take of the server, so that nobody is kept out by others: `pinghu serve --limits`,
 * docs/limits.md. */
enum http_limit {
    LIMIT_CONNECTIONS,         /* open at once; fewer where the process may open too few files */
    LIMIT_ADDRESS_CONNECTIONS, /* of one address; where a proxy stands before the server, requests under way of one address that it names */
    LIMIT_HEAD_SECONDS,        /* from a connection's begin, or the answer before, until the next head has come */
    LIMIT_PIECE_SECONDS,       /* for each 128 KiB of a body */
    LIMIT_REQUEST_SECONDS,     /* for a body as a whole, and for its answer */
    LIMIT_WAITING,             /* requests that wait for the writer or for another machine */
    LIMIT_DRAFTS,              /* applications begun from home within an hour: see Quota */
    LIMIT_ADDRESS_DRAFTS,      /* of these, from one address */
    LIMIT_PARTY_DRAFTS,        /* of these, for one applicant */
    LIMIT_UPLOADS,             /* megabytes of papers sent from home within an hour: see Quota */
    LIMIT_ADDRESS_UPLOADS,     /* of these, from one address */
    LIMIT_HOLDER_UPLOADS,      /* of these, from one holder of cases */
    LIMIT_STAFF_IDLE,          /* minutes after which an idle session of a member of the staff ends */
    LIMIT_STAFF_SESSION,       /* and after which any does: a working day */
    LIMIT_CASE_IDLE,           /* the same of who follows a case */
    LIMIT_CASE_SESSION,
    LIMIT_KIOSK_IDLE,          /* of him where the next person uses the same browser */
    HTTP_LIMITS,
};

/* Sets one of `limits`, of HTTP_LIMITS numbers, by a text "connections=500". BAD_INPUT names the limits there are, or the bounds. */
bool http_limit_set(int *limits, const char *text, GError **error);
/* The number of that limit that this server holds. */
int http_limit_of(const Request *r, enum http_limit which);

/* ---- quotas: what costs room or numbers, whoever asks for it ---- */

/* How often something may be done, or how much taken, within an hour. A table of them is a rule; a row by nothing bounds all together: once that many were
 * done, the other rows hold for a tenth, so that many senders who do it often keep out nobody who does it once; nothing is done
 * beyond ten times as many. */
typedef struct Quota {
    const char *name;
    enum http_limit most;
    const char *reason;  /* the sentence of its refusal, with {{until_text}} */
    bool by_what;        /* counted for each party apart */
    bool by_address;     /* counted for each sender apart; not at all where senders cannot be told apart (HttpSettings) */
    bool of_done;        /* a request that is refused afterwards counts for nothing; another row bounds how often that is tried */
} Quota;                 /* a table ends with { 0 } and has at most eight rows */

/* To be called in a route's prepare, when all else fits; takes `amount` of what is counted. TOO_MANY, or BUSY for all together, with Retry-After. A form that is to be
 * looked at once more is judged and not counted. */
bool quota_take(const Request *r, const Quota *quotas, const char *what, int amount, GError **error);

/* ---- the security log (安全日志; GB/T 22239-2019, 8.1.4.3) ---- */

enum security_kind {
    SECURITY_SIGN_IN, SECURITY_SIGN_OUT, /* to an account, or to a case by its tracking code */
    SECURITY_RIGHTS,   /* somebody signed in lacked a right; http itself writes these */
    SECURITY_OPENED,   /* a page that shows personal data in clear */
    SECURITY_REVEALED, /* personal data are shown in clear from now on, for a reason that the ledger has */
    SECURITY_SCAN,     /* a scanned paper */
    SECURITY_DOCUMENT, /* a document that is not for everybody, as a receipt */
    SECURITY_EXPORT,   /* rows of a list as a file */
    SECURITY_SEARCH,   /* for a person */
    SECURITY_ACCOUNT,  /* a change of an account, its posts or its factors */
    SECURITY_SETTING, SECURITY_KEY,
    SECURITY_PROGRAM,  /* start, stop, and what is done to the database from a command line */
    SECURITY_LOG,      /* a look at this log */
    SECURITY_UPLOAD,   /* a file handed in that is infected, or that the virus scanner could not judge */
    SECURITY_ERASURE,  /* personal data erased, or restricted in their use; the room security itself writes these */
    SECURITY_SHARED,   /* another organ was asked for what it has of a person */
    SECURITY_KINDS,
};
enum security_outcome { SECURITY_DONE, SECURITY_FAILED, SECURITY_SLOWED, SECURITY_REFUSED, SECURITY_OUTCOMES };

/* A stranger can make any of these happen as often as he likes, so not everything is written each time. */
enum security_often {
    SECURITY_EACH,
    SECURITY_DAILY,   /* once for an account, kind, subject and purpose on a day; for reads */
    SECURITY_COUNTED, /* for an account (or, without one, a network), kind, outcome and route: the first of a day, the second, the
                         fourth and so on, with their number; for failures and refusals */
};

/* An entry holds no personal data beyond the account of a member of the staff, and nothing that anybody has typed. */
typedef struct SecurityEntry {
    enum security_kind kind;
    enum security_outcome outcome;
    enum security_often often;
    const char *account; /* which of the existing ones is meant; NULL: that of the actor, "" where he has none */
    const char *subject; /* "case/330482140903000123"; NULL: none */
    const char *purpose; /* a stable word ("password"), the name of a list, setting or verb; NULL: none */
    int64_t organ;       /* for which it was done; 0: that of the actor's first post */
    const char *reason;  /* of a search for a person: why, a stable word, and how many were found; NULL: of any other entry */
    int64_t found;
    /* http fills these in. A sender's whole address tells of a citizen where he lives, so that only the network is kept, which
     * still shows from where an attack comes: "192.0.2.0/24", "2001:db8:1::/48"; "" where it cannot be known. */
    const char *network;
    int64_t times;       /* COUNTED: how often so far this day; else 1 */
} SecurityEntry;
/* Writes an entry: in a POST handler's `run` within its transaction, and else at once, so that what is answered afterwards is in the
 * log first. False where it could not be written: then nothing may be shown. Without HttpSettings.security it does nothing. */
bool http_security(const Request *r, const SecurityEntry *entry, GError **error);

/* ---- the server ---- */

/* A site is served under a host name: one county, as a rule. */
typedef struct HttpSite {
    const char *host;          /* "pinghu.example", without its port; NULL: that of the world's public_url alone */
    /* Rooms, county, calendar, files and randomness, handed to every request. The rooms' routes are served; where it adds up
     * counties, their region routes. */
    const Context *world;
    Store *store;
    const View *view;
    const char *incoming;      /* folder for uploads under way, on the store's file system */
    /* Each time a request is given a connection: brings up to date what of its context follows from the database, as the
     * calendar does, and its present by what was recorded while it waited. May be NULL. */
    bool (*refresh)(Context *context, void *data, GError **error);
    void *refresh_data;
    const char *(*trouble)(void *refresh_data); /* a sentence's key, for system administrators: what is wrong just now; NULL: nothing. May be NULL */
} HttpSite;

typedef struct HttpSettings {
    const char *listen;        /* "127.0.0.1:8080"; port 0 takes a free one */
    bool behind_tls;           /* a proxy speaks TLS for us: cookies get Secure and __Host- */
    const char *address_header; /* in which that proxy appends the sender's address; NULL: behind a proxy senders are not told apart */
    int64_t upload_most;       /* bytes per request, 0 for the default of 128 MiB */
    /* Loads the actor of a session with the posts that he holds today. A session that is older than the last of them (Actor.since) has
     * ended, since a new role may demand a factor for which only the way in asks. Fills *out (strings and posts owned by `out`, freed by
     * clear_actor); found = false when he may no longer act. identity gives it. */
    bool (*load_actor)(Db *db, int64_t county, enum actor_kind kind, int64_t id, Day today, Actor *out,
                       bool *found, GError **error);
    void (*clear_actor)(Actor *actor);
    /* Makes what every page shows of the person who is signed in (name, rooms open to him) or holds a case; context.db is NULL where the page
     * was made without asking the database. May be NULL. */
    json_t *(*describe_actor)(const Request *r);
    /* Writes an entry of the security log, in a write. May be NULL. */
    bool (*security)(const Context *context, const SecurityEntry *entry, GError **error);
    bool shows_parts;          /* the page of all components is shown */
    Instant (*clock)(void);    /* the present; NULL: the machine's */
    int limits[HTTP_LIMITS];   /* 0: as usual */
} HttpSettings;

/* A site answers to its host name and to that of its public address, whatever the port; sessions of one are none at another,
 * as browsers keep them apart by the name. Requests to this machine's own names (localhost, 127.0.0.1, [::1], the address
 * listened at) go to the first site without a host, or else to the first; those to any other name are refused as
 * MISDIRECTED, but for /healthz and built-in files. What the sites point to outlives the server. */
Http *http_open(const HttpSettings *settings, const HttpSite *sites, size_t count, GError **error);
/* The address served, "http://127.0.0.1:8080". */
const char *http_address(const Http *self);
/* Where people find one of the sites: its world's public_url, else its host name at the port served, else that address. */
const char *http_public_url(const Http *self, size_t site);
/* Answers what is under way, then ends. */
void http_close(Http *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_close)

/* Do the routes of the rooms have their pages and words? FAULT names the route and the field. To be asked at start. */
bool http_check(const View *view, const Room *const *rooms, GError **error);

/* Everything that routes declare, as JSON: the API page and the test that walks every route with
 * every role read it. */
json_t *http_describe(const Context *world);
