-- SPDX-License-Identifier: Apache-2.0
-- The last day on which papers that were asked for may be brought, since 1970-01-01; 0: none were, or an older program asked and named none.
ALTER TABLE case_now ADD COLUMN correct_by BIGINT NOT NULL DEFAULT 0;
-- A bit for each material of the item's version, in its order: scanned, or seen on paper by a member of the staff. Older programs did not
-- note it: their scans are looked for, and what was seen on paper is ticked again.
ALTER TABLE case_now ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
-- Ids of the staff who have reviewed it, as ",12,15,".
ALTER TABLE case_now ADD COLUMN reviewers TEXT NOT NULL DEFAULT '';
