-- What the database door keeps for itself. This file is run at every start, before the list of
-- migrations can be read, and so creates only what is not there yet.

-- Which migrations this database has had. An applied file never changes afterwards.
CREATE TABLE IF NOT EXISTS migration (
    room TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,        -- SHA-256 of the file, hexadecimal
    applied_at BIGINT NOT NULL,  -- instant, ms since 1970
    PRIMARY KEY (room, number)
);

-- Series of numbers, one row each: the number that is given out next.
CREATE TABLE IF NOT EXISTS ids (
    county BIGINT NOT NULL,
    name TEXT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (county, name)
);

-- Of each table the number of its rows and the sum of their hashes, modulo 2^64.
CREATE TABLE IF NOT EXISTS db_sum (
    county BIGINT NOT NULL,  -- 0: of a table that knows none
    name TEXT NOT NULL,      -- of the table; 'schema': of the list of tables, indexes and triggers
    rows BIGINT NOT NULL,
    sum BIGINT NOT NULL,
    own BIGINT NOT NULL,     -- the hash of this row
    PRIMARY KEY (county, name)
);
