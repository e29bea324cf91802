-- append-only: a
CREATE TABLE a (b bigint, c Double
 Precision DEFAULT (0), d BYTEA CHECK (d <> 'it''s )'), PRIMARY KEY (b));