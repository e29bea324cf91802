-- SPDX-License-Identifier: Apache-2.0
-- The kind of act that the case asks for: approval, confirmation, payment, reward, ruling, filing, service or other; empty: a licence, as
-- which older programs took every case.
ALTER TABLE case_now ADD COLUMN act TEXT NOT NULL DEFAULT '';
