-- SPDX-License-Identifier: Apache-2.0
-- What a case says of its applicant stands in one column that is sealed when the county is opened (db/db.h); only whether it is a person or
-- an enterprise stays readable.
-- sealed: case_now.personal
ALTER TABLE case_now ADD COLUMN personal TEXT NOT NULL DEFAULT '';
UPDATE case_now SET personal = '=applicant=' || replace(replace(applicant, '\', '\\'), '
', '\n') || '
applicant_contact=' || replace(replace(applicant_contact, '\', '\\'), '
', '\n') || '
applicant_division=' || applicant_division || '
applicant_id=' || replace(replace(applicant_id, '\', '\\'), '
', '\n') || '
applicant_nonce=' || applicant_nonce || '
applicant_telephone=' || replace(replace(applicant_telephone, '\', '\\'), '
', '\n') || '
' WHERE applicant || applicant_contact || applicant_id || applicant_nonce || applicant_telephone <> '' OR applicant_division <> 0;
ALTER TABLE case_now DROP COLUMN applicant;
ALTER TABLE case_now DROP COLUMN applicant_contact;
ALTER TABLE case_now DROP COLUMN applicant_division;
ALTER TABLE case_now DROP COLUMN applicant_id;
ALTER TABLE case_now DROP COLUMN applicant_nonce;
ALTER TABLE case_now DROP COLUMN applicant_telephone;
