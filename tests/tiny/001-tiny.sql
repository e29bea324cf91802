-- SPDX-License-Identifier: Apache-2.0
CREATE TABLE tiny (
    county BIGINT NOT NULL,
    id     BIGINT NOT NULL,
    word   TEXT NOT NULL,
    PRIMARY KEY (county, id)
);
