-- SPDX-License-Identifier: Apache-2.0
-- Days are kept in working days, and cases that are open beyond their limit are judged beside those that are decided. What is there
-- is counted anew when the county is opened.
ALTER TABLE counter ADD COLUMN judged BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN awaited_spent_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE counter ADD COLUMN awaited_statutory_days BIGINT NOT NULL DEFAULT 0;
