-- SPDX-License-Identifier: Apache-2.0
-- The counties whose cases, as far as they were issued before there was this register, have been entered in it.
CREATE TABLE licence_late (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
