-- SPDX-License-Identifier: Apache-2.0
-- A reset of password or second factors that waits for a second administrator.
ALTER TABLE member ADD COLUMN asked TEXT NOT NULL DEFAULT 'none' CHECK (asked IN ('none', 'password', 'factors', 'both'));
ALTER TABLE member ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN asked_by BIGINT NOT NULL DEFAULT 0; -- the member of the staff who asked; 0: nobody
