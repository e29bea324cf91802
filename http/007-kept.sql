-- SPDX-License-Identifier: Apache-2.0
-- Forms that somebody has filled in and not sent yet, or sent when his session had ended: http/kept.c. At most some dozens for an account.
CREATE TABLE http_kept (
    county     BIGINT NOT NULL,
    actor_kind BIGINT NOT NULL,
    actor      BIGINT NOT NULL,
    action     TEXT NOT NULL,    -- address to which the form is sent
    mark       TEXT NOT NULL,    -- SHA-256 of the mark of the one browser that is shown it again, hexadecimal; '': any of the account
    page       TEXT NOT NULL,    -- address of the page with the form
    kept_at    BIGINT NOT NULL,
    until_at   BIGINT NOT NULL,
    content    TEXT NOT NULL,
    PRIMARY KEY (county, actor_kind, actor, action, mark)
);
-- sealed: http_kept.content
CREATE INDEX http_kept_old ON http_kept (county, until_at);
-- How many of them the session's account had when the session began, or last kept one: without any, no page looks for them.
ALTER TABLE http_session ADD COLUMN keeps BIGINT NOT NULL DEFAULT 0;
