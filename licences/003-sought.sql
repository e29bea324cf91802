-- SPDX-License-Identifier: Apache-2.0
-- What is searched in the register is folded (list_fold); rows that are there are filled when the county is opened.
ALTER TABLE licence ADD COLUMN code_sought TEXT NOT NULL DEFAULT '';
ALTER TABLE licence ADD COLUMN item_sought TEXT NOT NULL DEFAULT '';
ALTER TABLE licence ADD COLUMN former_sought TEXT NOT NULL DEFAULT '';
DROP INDEX licence_item;
DROP INDEX licence_former;
CREATE INDEX licence_code ON licence (county, code_sought, number);
CREATE INDEX licence_item ON licence (county, item_sought, number);
CREATE INDEX licence_former ON licence (county, former_sought, number);
