// SPDX-License-Identifier: Apache-2.0
/* Messages to people (消息): written in the transaction of the action that they tell of, one row each, shown on the pages
 * of their recipients, and sent by a thread of its own where the centre has a channel: mail to staff who want it, a web
 * hook (a gateway for text messages) to applicants. Nothing of a message is public, and its data are not personal: a case
 * number, an item, a day. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "http/http.h"
#include "identity/identity.h"
#include "view/view.h"

extern const Room outbox_room; /* /desk/messages, /messages, /desk/outbox */

/* ---- telling ---- */

/* The words of a message stand in its room's words, in every language: KEY.name (what kind of message it is), KEY.title
 * and KEY.text, in which {{tags}} name the message's data. */
typedef struct MessageTemplate {
    const char *key;          /* "cases.messages.decided" */
    const char *const *names; /* the names in its data, NULL ended */
    /* The telephone of the holder with that number, which the web hook is told; "" where there is none. Owned by the caller.
     * NULL: no holder is told. */
    char *(*telephone)(Db *db, int64_t county, int64_t number, GError **error);
} MessageTemplate;            /* Room.messages: a table ends with { 0 } */
/* Holds the words of a table of templates against their names: FAULT names the word in which a tag would stay empty. To be
 * called when the program starts. */
bool outbox_check(const View *view, const MessageTemplate *templates, GError **error);

/* The recipient of a message: build it by one of the three functions below. */
typedef struct MessageTo {
    enum { TO_STAFF, TO_DESK, TO_HOLDER } kind;
    int64_t id;     /* id of a member of staff, or number of a case */
    Post desk;      /* with one role */
} MessageTo;
static inline MessageTo to_staff(int64_t id)
{
    return (MessageTo){ .kind = TO_STAFF, .id = id };
}
/* All who hold that post; when one of them has read the message, it counts as read. */
static inline MessageTo to_desk(int64_t organ, int64_t division, unsigned role)
{
    return (MessageTo){ .kind = TO_DESK, .desk = { organ, division, role } };
}
/* The holder of a case, by its number and query password. */
static inline MessageTo to_holder(int64_t number)
{
    return (MessageTo){ .kind = TO_HOLDER, .id = number };
}
/* Writes one message; to be called inside the write of the action. `data` has "path", the page that the message is about,
 * and all of the template's names; FAULT otherwise. Borrows `data`. */
bool notify(const Context *context, const MessageTo *to, const MessageTemplate *template, const json_t *data, GError **error);

/* HttpSettings.describe_actor: as identity_describe_actor, and {messages: {path, unread (at most 99), more}} where the
 * connection can be asked. */
json_t *outbox_describe_actor(const Request *r);

/* ---- signed requests to other machines ---- */

enum { SIGNING_SECRET_LEAST = 16 };
/* An address to which what tells of people may be sent: https, to this machine itself also http. */
bool call_address_fits(const char *address);
/* "t=SECONDS,v1=HEX": HMAC-SHA-256 of "SECONDS.BODY" by the secret. Owned by the caller. */
char *call_signature(const char *secret, Instant now, const char *body);

/* One POST of JSON, with the headers Idempotency-Key and X-Pinghu-Signature. Redirections are not
 * followed. */
typedef struct CallRequest {
    const char *address, *secret, *key, *body;
    Instant now;
    int seconds;   /* for the whole of it */
    size_t most;   /* bytes kept of the answer */
    bool is_short; /* what is longer is cut; else the call fails there */
} CallRequest;
typedef struct Call {
    void *curl; /* CURL: to be performed by who has made it */
    void *headers;
    char *body;
    GString *answer;
    size_t most;
    bool is_short, is_too_long;
} Call;
void call_begin(Call *self, const CallRequest *request);
/* After it was performed with that result (CURLcode): the status of the answer, 0 without one. */
long call_status(const Call *self, int result);
void call_clear(Call *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

/* ---- sending ---- */

typedef struct OutboxSettings {
    const char *smtp;         /* "smtp://host:port" or "smtps://…"; NULL: no mail */
    const char *mail_from;    /* an address */
    const char *mail_user, *mail_password; /* NULL: the server asks for none */
    const char *hook;         /* https address, of this machine also http; NULL: no web hook */
    const char *hook_secret;  /* signs what is sent there */
    Instant (*clock)(void);   /* the present */
} OutboxSettings;
typedef struct OutboxSite {
    Store *store;
    const Context *world;     /* county and randomness */
    const View *view;
} OutboxSite;

typedef struct Outbox Outbox;
/* Refuses BAD_INPUT "outbox.smtp_form", "outbox.mail_from_form", "outbox.hook_form", "outbox.hook_secret". */
Outbox *outbox_open(const OutboxSettings *settings, GError **error);
void outbox_close(Outbox *self); /* waits for the message under way; NULL is let be */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outbox, outbox_close)
/* In a write, when a server starts: from now on messages are sent by the channels that this outbox has open, and by no other. */
bool outbox_record(const Outbox *self, const Context *context, GError **error);
/* Begins the thread that sends, where a channel is open. `sites` are counties, not regions; what they point to is borrowed until
 * the outbox is closed. */
void outbox_run(Outbox *self, const OutboxSite *sites, size_t count);
/* One round of that thread over one county: sends what is due on the open channels. A message is claimed in one write before it is
 * sent, so that no other server sends it at the same time, and its outcome is recorded in a second write. A message that fails
 * here does not hold up the others; the first error is returned. */
bool outbox_send_due(Outbox *self, const OutboxSite *site, GError **error);
