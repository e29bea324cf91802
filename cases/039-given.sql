-- SPDX-License-Identifier: Apache-2.0
-- A person is found by the pinyin of the given name alone too: the hashes of older cases are made anew when the county is opened (013-hashes.sql).
DELETE FROM case_hash_filled;
