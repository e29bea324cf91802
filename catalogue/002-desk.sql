-- SPDX-License-Identifier: Apache-2.0
-- Each item with its newest version, as its keepers list them. Repeats the table of versions.
CREATE TABLE item_desk (
    county BIGINT NOT NULL,
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    item_state TEXT NOT NULL,
    published BIGINT NOT NULL,         -- the version that was published last; 0: none, or the item has ended
    since_day TEXT NOT NULL,           -- from which that one is in force; '': none
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    organ BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    search TEXT NOT NULL,              -- code, names, everyday words, their pinyin and initials
    PRIMARY KEY (county, code)
);
INSERT INTO item_desk (county, code, version, item_state, published, since_day, name, name_en, organ, made_at, search)
    SELECT i.county, i.code, i.version, i.state, COALESCE(p.version, 0), COALESCE(p.since_day, ''), i.name, i.name_en, i.organ,
        i.made_at, LOWER(i.code) || ' ' || i.search_name || ' ' || i.search_words || ' ' || i.search_keywords || ' '
        || REPLACE(i.search_pinyin, ' ', '') || ' ' || i.search_initials
    FROM item i LEFT JOIN item p ON p.county = i.county AND p.code = i.code AND p.state = 'published'
    WHERE i.version = (SELECT MAX(n.version) FROM item n WHERE n.county = i.county AND n.code = i.code);
