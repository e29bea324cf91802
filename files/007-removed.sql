-- SPDX-License-Identifier: Apache-2.0
-- When a paper that had been handed in was taken out or replaced, in milliseconds since 1970; 0: it is there. It stays with its file, unseen.
ALTER TABLE paper ADD COLUMN removed_at BIGINT NOT NULL DEFAULT 0;
