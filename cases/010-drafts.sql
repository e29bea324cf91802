-- SPDX-License-Identifier: Apache-2.0
-- Up to which number the drafts that nobody handed in have been ended (ending.c).
CREATE TABLE case_drafts (
    county BIGINT NOT NULL,
    until  BIGINT NOT NULL,
    PRIMARY KEY (county)
);

-- Nothing is recorded of a draft but here: to which of the staff its applicant is shown in clear, who typed it or has last said why,
-- and since when (milliseconds since 1970 in UTC).
ALTER TABLE case_now ADD COLUMN draft_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_now ADD COLUMN draft_staff BIGINT NOT NULL DEFAULT 0;
