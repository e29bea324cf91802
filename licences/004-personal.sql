-- SPDX-License-Identifier: Apache-2.0
-- The holder's name and number stand in one column that is sealed when the county is opened (db/db.h). listed stays: everybody may read
-- it, and a person's name is masked in it; the name of a person in sought becomes a keyed hash then (licences/fields.c).
-- sealed: licence.personal
ALTER TABLE licence ADD COLUMN personal TEXT NOT NULL DEFAULT '';
UPDATE licence SET personal = '=holder=' || replace(replace(holder, '\', '\\'), '
', '\n') || '
id_number=' || replace(replace(id_number, '\', '\\'), '
', '\n') || '
' WHERE holder || id_number <> '';
UPDATE licence SET sought = '' WHERE is_person = 1;
ALTER TABLE licence DROP COLUMN holder;
ALTER TABLE licence DROP COLUMN id_number;
