-- SPDX-License-Identifier: Apache-2.0
-- Documents name the person they are for, and people name files after themselves: both are sealed when the county is opened (db/db.h).
-- sealed: paper.name
-- sealed: document.content
UPDATE paper SET name = '=' || name WHERE name <> '';
UPDATE document SET content = '=' || content WHERE content <> '';
