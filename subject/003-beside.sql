-- SPDX-License-Identifier: Apache-2.0
-- What happens beside a case (a hearing, a visit), so that the case's page finds it by one key. A row is written with the first event
-- of such a subject, and stays.
-- large: subject_beside
CREATE TABLE subject_beside (
    county      BIGINT NOT NULL,
    case_number BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    PRIMARY KEY (county, case_number, number, kind)
);
