-- SPDX-License-Identifier: Apache-2.0
-- Views of lists that people have named for themselves.
CREATE TABLE list_view (
    county  BIGINT NOT NULL,
    staff   BIGINT NOT NULL,
    list    TEXT NOT NULL,    -- name of the list
    name    TEXT NOT NULL,
    query   TEXT NOT NULL,    -- what the list is asked, as in its address
    made_at BIGINT NOT NULL,
    PRIMARY KEY (county, staff, list, name)
);
