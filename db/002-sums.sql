-- Which tables have a sum (county 0), and by which text each was made when its rows were last added up: a table that is
-- made anew is added up anew.
-- recomputed: db_watched
CREATE TABLE db_watched (
    county BIGINT NOT NULL,
    name TEXT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (county, name)
);
