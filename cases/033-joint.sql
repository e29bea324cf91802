-- SPDX-License-Identifier: Apache-2.0
-- 1: one acceptance counted for this case and for those of other organs (联办件).
ALTER TABLE case_now ADD COLUMN joint BIGINT NOT NULL DEFAULT 0;
