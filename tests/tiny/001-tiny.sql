-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE tiny (
    county BIGINT NOT NULL,
    id     BIGINT NOT NULL,
    word   TEXT NOT NULL,
    PRIMARY KEY (county, id)
);

-- large: tiny_thing
CREATE TABLE tiny_thing (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    label  TEXT NOT NULL,
    owner  TEXT NOT NULL,
    state  TEXT NOT NULL,
    case_number BIGINT NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX tiny_thing_label ON tiny_thing (county, label, number);
