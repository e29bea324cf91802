-- SPDX-License-Identifier: Apache-2.0
-- The last of the days that the applicant was told for the special procedure under way (art. 45), since 1970-01-01; 0: none.
ALTER TABLE case_now ADD COLUMN special_until BIGINT NOT NULL DEFAULT 0;
