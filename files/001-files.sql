-- SPDX-License-Identifier: Apache-2.0
-- Scanned papers: what they are; their bytes lie by their hash beside the database.
-- large: paper
CREATE TABLE paper (
    county     BIGINT NOT NULL,
    subject    TEXT NOT NULL,    -- case/330482140903000123
    paper      BIGINT NOT NULL,  -- from 1 in each subject
    material   TEXT NOT NULL,    -- which of the papers the item asks for
    name       TEXT NOT NULL,    -- as the sender called it
    type       TEXT NOT NULL,    -- by its bytes
    paper_size BIGINT NOT NULL,
    hash       TEXT NOT NULL,    -- SHA-256, hexadecimal
    actor_kind BIGINT NOT NULL,
    actor      BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (county, subject, paper)
);
-- What the centre itself has written: the facts from which the document is drawn, always the same way.
-- large: document
CREATE TABLE document (
    county        BIGINT NOT NULL,
    code          TEXT NOT NULL,   -- verification code, 16 characters
    subject       TEXT NOT NULL,
    sequence      BIGINT NOT NULL, -- of the subject's event that wrote it
    document_kind TEXT NOT NULL,
    number        TEXT NOT NULL,   -- 平受〔2014〕000123号
    organ         BIGINT NOT NULL,
    content       TEXT NOT NULL,
    made_at       BIGINT NOT NULL,
    PRIMARY KEY (county, code)
);
CREATE INDEX document_subject ON document (county, subject, made_at, number);
