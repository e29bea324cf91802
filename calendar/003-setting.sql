-- SPDX-License-Identifier: Apache-2.0
-- Whether what is handed in outside office hours counts as received on the next working day, as the practice was; no row: it does not
-- (电子签名法 art. 11).
CREATE TABLE calendar_setting (
    county          BIGINT NOT NULL,
    by_office_hours INTEGER NOT NULL CHECK (by_office_hours IN (0, 1)),
    PRIMARY KEY (county)
);
