-- SPDX-License-Identifier: Apache-2.0
-- The outbox: one row for each message, written in the transaction of the action that it tells of. Instants are
-- milliseconds since 1970 in UTC; 0: never.

-- large: message
CREATE TABLE message (
    county    BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    recipient TEXT NOT NULL,   -- staff/ID, desk/ORGAN/DIVISION/ROLE or holder/NUMBER of a case
    party     BIGINT NOT NULL, -- the party whose telephone the web hook is told; 0: none
    template  TEXT NOT NULL,   -- where its words stand: cases.messages.decided
    language  TEXT NOT NULL,   -- in which it is sent; pages show it in the reader's
    data      TEXT NOT NULL,   -- JSON: what the template is filled with; no personal data
    made_at   BIGINT NOT NULL,
    read_at   BIGINT NOT NULL, -- 0: unread
    channel   TEXT NOT NULL CHECK (channel IN ('page', 'mail', 'hook')), -- page: it is shown, and sent nowhere
    state     TEXT NOT NULL CHECK (state IN ('shown', 'waiting', 'sending', 'sent', 'failed')),
    next_try  BIGINT NOT NULL, -- waiting: when to try; sending: until when the sender has time to say what became of it
    tries     BIGINT NOT NULL,
    lost      BIGINT NOT NULL, -- senders that ended before they said what became of it
    ended_at  BIGINT NOT NULL, -- when it was sent or given up
    trouble   TEXT NOT NULL,   -- why the last try failed
    PRIMARY KEY (county, id)
);
-- What somebody was told, newest first.
CREATE INDEX message_inbox ON message (county, recipient, id);
CREATE INDEX message_unread ON message (county, recipient, id) WHERE read_at = 0;
-- What the worker must do, and when.
CREATE INDEX message_due ON message (county, next_try, id) WHERE next_try > 0;
-- The administrator's lists.
CREATE INDEX message_sent ON message (county, ended_at, id) WHERE state = 'sent';
CREATE INDEX message_failed ON message (county, ended_at, id) WHERE state = 'failed';

-- Where members of staff get mail, as each has said.
CREATE TABLE mail_address (
    county   BIGINT NOT NULL,
    staff    BIGINT NOT NULL,
    address  TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (county, staff)
);

-- The ways out that the servers of this database have, as the one that started last has said.
CREATE TABLE outbox_channel (
    county  BIGINT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'hook')),
    PRIMARY KEY (county, channel)
);
