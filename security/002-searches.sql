-- SPDX-License-Identifier: Apache-2.0
-- A search for a person says why (a word of the program's own; '' of any other entry) and how many were found.
ALTER TABLE security_entry ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE security_entry ADD COLUMN found BIGINT NOT NULL DEFAULT 0;
