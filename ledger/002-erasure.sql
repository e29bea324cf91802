-- SPDX-License-Identifier: Apache-2.0
-- Events of a person (version 2): the chain binds their commitment, so that an erasure can take the facts out of the payload. Events
-- of older programs, and of what concerns nobody, are of version 1 and stay as they are.
-- append-only: event but payload
ALTER TABLE event ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- The events that erased, so that the list beside the database is held against them at every start.
CREATE TABLE ledger_erasure (
    county  BIGINT NOT NULL,
    number  BIGINT NOT NULL,     -- of the event
    subject TEXT NOT NULL,
    PRIMARY KEY (county, number)
);
INSERT INTO ledger_erasure (county, number, subject) SELECT county, number, subject FROM event WHERE kind = 'ledger.erased';
