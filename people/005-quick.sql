-- SPDX-License-Identifier: Apache-2.0
-- A slip is an applicant's (cases): the SHA-256 of a first password is called by what it is.
ALTER TABLE member RENAME COLUMN slip TO quick_hash;
