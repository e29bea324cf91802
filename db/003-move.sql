-- How far `pinghu migrate` has come in filling this database from another: of each table how many rows are there. Empty,
-- but while a move is under way.
CREATE TABLE db_move (
    county BIGINT NOT NULL,  -- 0
    name TEXT NOT NULL,      -- of the table
    source TEXT NOT NULL,    -- the database they come from
    rows BIGINT NOT NULL,
    PRIMARY KEY (county, name)
);
