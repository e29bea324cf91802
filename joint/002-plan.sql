-- SPDX-License-Identifier: Apache-2.0
-- What was applied for: the items by stages and which result is whose paper, as the bundle had it when the whole began; '': one of an older program.
ALTER TABLE joint ADD COLUMN plan TEXT NOT NULL DEFAULT '';
