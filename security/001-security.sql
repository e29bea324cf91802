-- SPDX-License-Identifier: Apache-2.0
-- The security log (安全日志) of a county: each entry is chained by its hash to the one before. No personal data beyond the
-- account of a member of the staff. Instants are milliseconds since 1970 in UTC.

-- never-updated: security_entry
-- large: security_entry
CREATE TABLE security_entry (
    county  BIGINT NOT NULL,
    number  BIGINT NOT NULL,  -- from 1, without gap
    at      BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor   TEXT NOT NULL,    -- visitor, holder (of a case), staff, system
    account TEXT NOT NULL,    -- of the member of the staff who acted, or who was meant; '' for anybody else
    organ   BIGINT NOT NULL,  -- for which it was done, or 0
    subject TEXT NOT NULL,    -- case/330482140903000123, or ''
    purpose TEXT NOT NULL,    -- a word of the program's own, or ''
    network TEXT NOT NULL,    -- from which it came: 192.0.2.0/24, or ''
    times   BIGINT NOT NULL,  -- the how manyth of its kind this day
    hash    TEXT NOT NULL,    -- SHA-256 of the hash before and this entry, hexadecimal
    PRIMARY KEY (county, number)
);
CREATE INDEX security_entry_at ON security_entry (county, at, number);
CREATE INDEX security_entry_account ON security_entry (county, account, at, number);
-- Accesses to one person's data.
CREATE INDEX security_entry_subject ON security_entry (county, subject, at) WHERE subject <> '';

-- Both ends of the log, so that an entry missing at either is noticed, and how long entries are kept.
CREATE TABLE security_log (
    county  BIGINT NOT NULL,
    number  BIGINT NOT NULL,  -- of the last entry
    hash    TEXT NOT NULL,    -- of it; '' before the first
    first   BIGINT NOT NULL,  -- number of the first entry that is kept
    before  TEXT NOT NULL,    -- hash of the entry before that one; '' when there was none
    months  BIGINT NOT NULL CHECK (months >= 6), -- Cybersecurity Law (网络安全法) art. 21: six at least
    PRIMARY KEY (county)
);
