-- SPDX-License-Identifier: Apache-2.0
-- The day of the hearing of whose missing minutes its organ was reminded, since 1970-01-01; 0: none yet.
ALTER TABLE hearing ADD COLUMN reminded BIGINT NOT NULL DEFAULT 0;
