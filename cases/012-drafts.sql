-- SPDX-License-Identifier: Apache-2.0
-- How often a draft has been changed, so that of two people at one draft the second notices. It has no events to count.
ALTER TABLE case_now ADD COLUMN draft_revision BIGINT NOT NULL DEFAULT 0;
