-- SPDX-License-Identifier: Apache-2.0
-- Which files were loaded, and which case of another system became which of ours: so that none comes twice.
CREATE TABLE load_file (
    county    BIGINT NOT NULL,
    file      BIGINT NOT NULL,
    source    TEXT NOT NULL,   -- the system it comes from
    hash      TEXT NOT NULL,   -- SHA-256 of its bytes
    name      TEXT NOT NULL,
    loaded_at BIGINT NOT NULL, -- when it was begun
    PRIMARY KEY (county, file)
);
CREATE UNIQUE INDEX load_file_content ON load_file (county, source, hash);
-- large: load_case
CREATE TABLE load_case (
    county BIGINT NOT NULL,
    source TEXT NOT NULL,
    before TEXT NOT NULL,      -- the number it had there
    number BIGINT NOT NULL,    -- the number it has here
    file   BIGINT NOT NULL,
    PRIMARY KEY (county, source, before)
);
