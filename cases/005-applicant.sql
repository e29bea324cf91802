-- SPDX-License-Identifier: Apache-2.0
-- A case says itself whose it is: what another application or a register says later changes nothing of it. The register of parties
-- had kept what the newest application said. It is read here, and then forgotten, because the rooms' migrations come in the
-- order of the rooms and this is the last that needs it.
ALTER TABLE case_now ADD COLUMN applicant TEXT NOT NULL DEFAULT '';
ALTER TABLE case_now ADD COLUMN applicant_contact TEXT NOT NULL DEFAULT '';
ALTER TABLE case_now ADD COLUMN applicant_division BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_now ADD COLUMN applicant_id TEXT NOT NULL DEFAULT '';
ALTER TABLE case_now ADD COLUMN applicant_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE case_now ADD COLUMN applicant_nonce TEXT NOT NULL DEFAULT '';
ALTER TABLE case_now ADD COLUMN applicant_telephone TEXT NOT NULL DEFAULT '';
UPDATE case_now SET applicant = p.name, applicant_contact = p.contact, applicant_division = p.division, applicant_id = p.id_number,
    applicant_kind = p.kind, applicant_telephone = p.telephone FROM party p
WHERE p.county = case_now.county AND p.id = case_now.party AND NOT EXISTS
    (SELECT 1 FROM event WHERE event.county = case_now.county AND event.subject = 'case/' || case_now.number
     AND event.kind = 'ledger.erased');
-- The kind of an erased applicant stays, because it names nobody.
UPDATE case_now SET applicant_kind = p.kind FROM party p
WHERE p.county = case_now.county AND p.id = case_now.party AND applicant_kind = '';
ALTER TABLE party DROP COLUMN name;
ALTER TABLE party DROP COLUMN telephone;
ALTER TABLE party DROP COLUMN contact;
ALTER TABLE party DROP COLUMN division;
