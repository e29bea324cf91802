-- SPDX-License-Identifier: Apache-2.0
-- Items (事项) in all their versions. A version's contents never change; the ledger holds how each
-- came about. Instants are milliseconds since 1970 in UTC.
CREATE TABLE item (
    county BIGINT NOT NULL,
    code TEXT NOT NULL,
    version BIGINT NOT NULL,           -- from 1, without gap
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    fields TEXT NOT NULL,              -- all of it, as canonical JSON; what follows repeats parts of it

    organ BIGINT NOT NULL,             -- whose power it is
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    summary TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    objects TEXT NOT NULL,             -- who may apply: 'person enterprise'
    online INTEGER NOT NULL CHECK (online IN (0, 1)),
    instant INTEGER NOT NULL CHECK (instant IN (0, 1)),
    promised_days BIGINT NOT NULL,
    promised_unit TEXT NOT NULL,
    at_village INTEGER NOT NULL CHECK (at_village IN (0, 1)), -- villages take it in
    at_town INTEGER NOT NULL CHECK (at_town IN (0, 1)),       -- towns decide it
    at_zone INTEGER NOT NULL CHECK (at_zone IN (0, 1)),       -- the development zone decides it
    in_centre INTEGER NOT NULL CHECK (in_centre IN (0, 1)),   -- handled in the service centre
    taken_over TEXT NOT NULL CHECK (taken_over IN ('', 'prefecture', 'province')), -- from whom

    -- From which day to which other one (not included) it was in force. Null: not yet.
    since_day TEXT,
    until_day TEXT,

    -- What searching compares with: folded as queries are (NFKC, small letters).
    search_name TEXT NOT NULL,         -- the name without blanks
    search_words TEXT NOT NULL,        -- the English name
    search_keywords TEXT NOT NULL,     -- everyday words, each between bars: |开饭店|饭店|
    search_pinyin TEXT NOT NULL,       -- syllables of name and keywords: |can yin xu ke|fan dian|
    search_initials TEXT NOT NULL,     -- |cyxk|fd|
    search_text TEXT NOT NULL,         -- the summaries

    made_at BIGINT NOT NULL,
    published_at BIGINT,               -- null: never published
    retired_at BIGINT,                 -- null: not replaced
    PRIMARY KEY (county, code, version)
);

-- One version of an item is published; it is what people see and what lists run over.
CREATE UNIQUE INDEX item_published ON item (county, code) WHERE state = 'published';

-- All that is counted of the catalogue on a day.
CREATE INDEX item_in_force ON item (county, since_day, until_day, organ, type, code, version, online,
    in_centre, taken_over, at_village, at_town, at_zone);

-- What happened to the catalogue (事项调整): repeats events of the ledger, for lists.
CREATE TABLE item_change (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    day TEXT NOT NULL,                 -- from which it holds
    kind TEXT NOT NULL,                -- change_kind_names
    item TEXT NOT NULL,
    version BIGINT NOT NULL,           -- that it brought in force, or ended
    level TEXT NOT NULL,               -- taken over from, delegated to; '' otherwise
    into_item TEXT NOT NULL,           -- merged into; '' otherwise
    document TEXT NOT NULL,            -- normative document (规范性文件): its name
    document_number TEXT NOT NULL,     -- and number (文号)
    made_at BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX item_change_day ON item_change (county, day, number);
CREATE INDEX item_change_item ON item_change (county, item, number);

-- The last day before the reform (改革前): what later figures are compared with.
CREATE TABLE item_reform (
    county BIGINT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (county)
);
