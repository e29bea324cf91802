-- SPDX-License-Identifier: Apache-2.0
-- What a member of the staff looks for, so that no address tells it and Back shows the result again; it goes after half an hour (find.c).
-- sealed: case_asked.question
CREATE TABLE case_asked (
    county   BIGINT NOT NULL,
    token    TEXT NOT NULL,   -- random, in the address
    staff    BIGINT NOT NULL, -- who alone may see it
    asked_at BIGINT NOT NULL, -- milliseconds since 1970 in UTC
    question TEXT NOT NULL,   -- JSON of the form's fields
    PRIMARY KEY (county, token)
);
