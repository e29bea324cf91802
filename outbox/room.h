// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share among themselves. */
#pragma once

#include "lists/lists.h"
#include "outbox/outbox.h"

extern const Route outbox_routes[];

/* ---- recipients (notify.c) ---- */

/* "staff/12", "desk/5/330482000000/2", "holder/330482…"; owned by the caller. */
char *recipient_text(const MessageTo *to);
bool recipient_read(const char *text, MessageTo *out);
/* The recipients whose messages an actor may read: the actor and the actor's posts. Array of text. */
GPtrArray *recipients_of(const Actor *actor);
bool message_is_for(const json_t *message, const Actor *actor);
/* A part of a message: "title", "text" or "name", the kind of message. Owned by the caller. */
char *message_words(const View *view, enum language language, const json_t *message, const char *part);

/* ---- channels ---- */

/* A message as it is sent. Borrowed. */
typedef struct Letter {
    const char *id;               /* "330482.17.1385827200000": the same at each try */
    const char *const *addresses; /* of mail; NULL ended */
    const char *telephone;        /* of a short message */
    const char *link;             /* to the page it is about; "" where the centre does not know its public address */
    const char *centre, *title, *text, *foot, *language, *template, *recipient;
    int64_t county, tries;
    Instant made_at, now;
} Letter;

enum outcome {
    WENT_OUT,
    TRY_AGAIN,
    IS_AWAY,  /* the server is not there, or not now: no message of this channel can be sent */
    NEVER,    /* refused for good */
};

typedef struct OutboxWorker OutboxWorker;
void worker_end(OutboxWorker *self);

enum channel_kind { MAIL, HOOK, CHANNELS };

struct Outbox {
    char *smtp, *mail_from, *mail_user, *mail_password, *hook, *hook_secret; /* NULL where there is none */
    Instant (*clock)(void);
    Instant away_until[CHANNELS]; /* until then the channel is not tried; used by the thread that sends alone */
    OutboxWorker *worker;         /* NULL: none runs */
};

extern const char *const outbox_channel_names[CHANNELS + 1]; /* "mail", "hook", NULL */
bool channel_is_open(const Outbox *self, enum channel_kind channel);

/* A CURL for one question to an address by one of these protocols, which may take so long. */
void *channel_ask(const char *url, const char *protocols, int seconds);

/* One round over one county, as outbox_send_due; logs when *is_failing changes: once when sending begins to fail, once when it
 * works again. */
void outbox_round(Outbox *self, const OutboxSite *site, bool *is_failing);

/* *trouble says why not, in English for the administrator, without personal data; owned by the caller. */
enum outcome mail_send(const Outbox *self, const Letter *letter, char **trouble);
enum outcome hook_send(const Outbox *self, const Letter *letter, char **trouble);

/* ---- mail.c: pure ---- */

/* A whole mail by RFC 5322, lines ended by CRLF: text/plain in UTF-8, headers that are not plain ASCII by RFC 2047. Owned
 * by the caller. */
char *mail_compose(const char *from, const Letter *letter);
/* A mail address as we take one: plain letters, digits and some signs, a domain with a dot. FieldCheck: NOT_FITTING
 * "outbox.address_form". */
char *mail_address_check(const char *text, GError **error);
/* A server's refusal in ASCII, at most 200 bytes, without the addresses and telephones that it may name; `said` may be any
 * bytes. Owned by the caller. */
char *mail_told(const char *said);

/* ---- hook.c: pure ---- */

/* Owned by the caller. */
char *hook_body(const Letter *letter);

/* ---- admin.c ---- */
extern const ListSpec outbox_list;
extern const Field outbox_list_fields[];
json_t *outbox_try_again(Request *r, GError **error);
json_t *outbox_give_up(Request *r, GError **error);
