-- SPDX-License-Identifier: Apache-2.0
-- 1: it was let in while the virus scanner was away, and not judged; 0: it was judged, or there was no scanner.
ALTER TABLE paper ADD COLUMN is_unscanned BIGINT NOT NULL DEFAULT 0;
