-- SPDX-License-Identifier: Apache-2.0
-- Of a tracking code only a hash is kept. What older programs kept in clear is hashed when the county is opened (code.c).
ALTER TABLE case_now RENAME COLUMN password TO code_hash;

-- The counties in which that has been done.
CREATE TABLE case_codes (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
