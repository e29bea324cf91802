-- SPDX-License-Identifier: Apache-2.0
-- What the decision grants, in the organ's own words; '': what the item is called.
ALTER TABLE case_now ADD COLUMN granted TEXT NOT NULL DEFAULT '';
-- How the decision was delivered (送达方式): a word of delivery_names; '': not yet, or by an older program.
ALTER TABLE case_now ADD COLUMN delivered_by TEXT NOT NULL DEFAULT '';
