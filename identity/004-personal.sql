-- SPDX-License-Identifier: Apache-2.0
-- party.id_number is the keyed hash of the number from now on (db/db.h, docs/privacy.md), by which a party is found; the number itself
-- stands, sealed, in its cases. Older rows are hashed when the county is opened: the counties in which that has been done.
CREATE TABLE party_hashed (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
