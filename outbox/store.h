// SPDX-License-Identifier: Apache-2.0
/* Rows of message, mail_address and outbox_channel. A message is read as an object of its columns, `data` as an object. */
#pragma once

#include "outbox/outbox.h"

enum { RECIPIENTS_AT_ONCE = 8 };

typedef struct MessageRow {
    const char *recipient, *template, *data, *channel, *state;
    Instant next_try;
} MessageRow;
bool message_insert(const Context *context, const MessageRow *row, GError **error);
/* Room.forgets: deletes the messages to a case's holder. */
bool messages_forget(const Context *context, const char *subject, GError **error);

/* NOT_FOUND "outbox.no_message". */
json_t *message_load(Db *db, int64_t county, int64_t id, GError **error);
/* The messages of one recipient below `before`, newest first. */
json_t *message_inbox(Db *db, int64_t county, const char *recipient, int64_t before, int64_t most, GError **error);
/* The number of unread messages of these recipients, counted as far as `most`. Unused recipients are "". */
bool message_unread(Db *db, int64_t county, const char *const recipients[static RECIPIENTS_AT_ONCE], int64_t most, int64_t *count,
                    GError **error);
/* The messages of a recipient up to `until` are read now. */
bool message_read(const Context *context, const char *recipient, int64_t until, GError **error);
bool message_read_one(const Context *context, int64_t id, GError **error);

/* Messages of one channel that are to be sent by `now`, or that a sender claimed for a time that is over by then; soonest first. */
json_t *message_due(Db *db, int64_t county, const char *channel, Instant now, int64_t most, GError **error);
/* Changes a message that was read as `before` in these members; *done is false when another server has changed it since. */
bool message_move(const Context *context, const json_t *before, const json_t *changes, bool *done, GError **error);

/* {address, language}; "" where there is none. */
json_t *mail_address_of(Db *db, int64_t county, int64_t staff, GError **error);
bool mail_address_put(const Context *context, int64_t staff, const char *address, enum language language, GError **error);

/* {mail: true, hook: true}: the channels that are recorded. Reference data (db.h): shared. */
json_t *channels_recorded(Db *db, int64_t county, GError **error);
bool channel_record(const Context *context, const char *channel, bool there, GError **error);
