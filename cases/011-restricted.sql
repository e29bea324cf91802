-- SPDX-License-Identifier: Apache-2.0
-- The day on which what a case says of its applicant is erased, and until which nobody is shown it (PIPL art. 47), since 1970-01-01; 0: none.
ALTER TABLE case_now ADD COLUMN restricted_until BIGINT NOT NULL DEFAULT 0;
