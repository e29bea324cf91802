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
