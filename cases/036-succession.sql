-- SPDX-License-Identifier: Apache-2.0
-- Organs and divisions that have ended, whose running cases are on their way to the successor: how far the walk through the cases has come.
CREATE TABLE case_succession (
    county BIGINT NOT NULL,
    subject TEXT NOT NULL,  -- "organ/11", "division/330482103201"
    after BIGINT NOT NULL,  -- number of the last case that was looked at
    PRIMARY KEY (county, subject)
);
