-- SPDX-License-Identifier: Apache-2.0
-- The outbox: one row for each message, written in the transaction of the action that it tells of. Instants are
-- milliseconds since 1970 in UTC; 0: never.

-- large: message
CREATE TABLE message (
    county    BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    recipient TEXT NOT NULL,   -- staff/ID, desk/ORGAN/DIVISION/ROLE or holder/NUMBER of a case
    party     BIGINT NOT NULL, -- the party whose telephone the web hook is told; 0: none
    template  TEXT NOT NULL,   -- the key of its words: cases.messages.decided
    data      TEXT NOT NULL,   -- JSON: the data that fill the template; no personal data
    made_at   BIGINT NOT NULL,
    read_at   BIGINT NOT NULL, -- 0: unread
    channel   TEXT NOT NULL CHECK (channel IN ('page', 'mail', 'hook')), -- page: it is shown and not sent
    state     TEXT NOT NULL CHECK (state IN ('shown', 'waiting', 'sending', 'sent', 'failed')),
    next_try  BIGINT NOT NULL, -- waiting: time of the next try; sending: end of the sender's claim; 0: no try to come
    tries     BIGINT NOT NULL,
    lost      BIGINT NOT NULL, -- senders that ended before they wrote the outcome
    ended_at  BIGINT NOT NULL, -- time when it was sent, failed or was given up
    trouble   TEXT NOT NULL,   -- reason why the last try failed
    PRIMARY KEY (county, id)
);
-- The messages of one recipient, newest first.
CREATE INDEX message_inbox ON message (county, recipient, id);
CREATE INDEX message_unread ON message (county, recipient, id) WHERE read_at = 0;
-- The work of the thread that sends, for each channel.
CREATE INDEX message_due ON message (county, channel, next_try, id) WHERE next_try > 0;
-- The administrator's lists.
CREATE INDEX message_waiting ON message (county, next_try, id) WHERE next_try > 0;
CREATE INDEX message_sent ON message (county, ended_at, id) WHERE state = 'sent';
CREATE INDEX message_failed ON message (county, ended_at, id) WHERE state = 'failed';

-- Mail addresses of members of staff who want their messages by mail.
CREATE TABLE mail_address (
    county   BIGINT NOT NULL,
    staff    BIGINT NOT NULL,
    address  TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (county, staff)
);

-- The channels of the servers of this database, recorded by the one that started last.
CREATE TABLE outbox_channel (
    county  BIGINT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'hook')),
    PRIMARY KEY (county, channel)
);
