-- SPDX-License-Identifier: Apache-2.0
-- The seals of organs (印章): a pair of SM2 keys each, of which one at a time is in force. One that was ended still verifies what it sealed.
CREATE TABLE organ_seal (
    county   BIGINT NOT NULL,
    key      TEXT NOT NULL,   -- its name, 16 hexadecimal digits
    organ    BIGINT NOT NULL,
    public   TEXT NOT NULL,   -- PEM
    secret   TEXT NOT NULL,   -- 32 bytes in hexadecimal, sealed by the county's keys
    picture  TEXT NOT NULL,   -- PNG in base64; '': a round seal is drawn
    made_at  BIGINT NOT NULL,
    ended_at BIGINT NOT NULL, -- 0: in force
    reason   TEXT NOT NULL,   -- why it was ended; '': another one took its place
    PRIMARY KEY (county, key)
);
-- sealed: organ_seal.secret
CREATE UNIQUE INDEX organ_seal_in_force ON organ_seal (county, organ) WHERE ended_at = 0;

-- The key of its organ's seal, which the document names; '': it has none, and is sealed by the centre's when it is asked for.
ALTER TABLE document ADD COLUMN seal TEXT NOT NULL DEFAULT '';

-- The one sealed file of a document, once it was made. The bytes lie with the papers, encrypted by the county's keys.
-- large: document_seal
CREATE TABLE document_seal (
    county    BIGINT NOT NULL,
    code      TEXT NOT NULL,
    key       TEXT NOT NULL,   -- that sealed it
    hash      TEXT NOT NULL,   -- SHA-256 of the sealed PDF
    kept      TEXT NOT NULL,   -- SHA-256 of the bytes that are kept
    signature TEXT NOT NULL,   -- of the key over code and hash, in base64
    PRIMARY KEY (county, code)
);
