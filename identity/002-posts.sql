-- SPDX-License-Identifier: Apache-2.0
-- A first password, and one that somebody else has set, must be changed at the next sign-in.
ALTER TABLE staff ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));

-- Posts are held from one day to another, both included, as days since 1970-01-01. One who stands in for somebody on leave
-- (请假代理) holds that person's posts for these days, beside his own.
CREATE TABLE post_of_days (
    county BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    place BIGINT NOT NULL,             -- tells apart the posts of one person
    organ BIGINT NOT NULL,
    division BIGINT NOT NULL,
    roles BIGINT NOT NULL CHECK (roles > 0),
    from_day BIGINT NOT NULL,          -- 0: since ever
    to_day BIGINT NOT NULL,            -- 0: until further notice
    for_staff BIGINT NOT NULL,         -- whose post it is; 0: his own
    PRIMARY KEY (county, staff, place),
    FOREIGN KEY (county, staff) REFERENCES staff (county, id),
    FOREIGN KEY (county, organ) REFERENCES organ (county, number),
    FOREIGN KEY (county, division) REFERENCES division (county, code)
);
INSERT INTO post_of_days (county, staff, place, organ, division, roles, from_day, to_day, for_staff)
    SELECT county, staff, ROW_NUMBER() OVER (PARTITION BY county, staff ORDER BY organ, division), organ, division, roles, 0, 0, 0 FROM post;
DROP TABLE post;
ALTER TABLE post_of_days RENAME TO post;
CREATE INDEX post_desk ON post (county, organ, division, staff);
