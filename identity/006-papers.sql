-- SPDX-License-Identifier: Apache-2.0
-- What papers say of the organ that issues them. Where a column is empty, store.c puts what is usual in its place.
ALTER TABLE organ ADD COLUMN full_name TEXT NOT NULL DEFAULT '';    -- 平湖市水利局
ALTER TABLE organ ADD COLUMN full_name_en TEXT NOT NULL DEFAULT '';
ALTER TABLE organ ADD COLUMN mark TEXT NOT NULL DEFAULT '';         -- 发文字号: 平水
ALTER TABLE organ ADD COLUMN nature TEXT NOT NULL DEFAULT '';       -- organ_natures; '': an administrative organ
ALTER TABLE organ ADD COLUMN superior TEXT NOT NULL DEFAULT '';     -- 嘉兴市水利局: to which one may apply for administrative review
ALTER TABLE organ ADD COLUMN superior_en TEXT NOT NULL DEFAULT '';
ALTER TABLE organ ADD COLUMN court TEXT NOT NULL DEFAULT '';        -- 平湖市人民法院: that hears suits against it
-- Its papers have no legal effect: 1 for organs of a demo county, whose made-up codes hold XXXX.
ALTER TABLE organ ADD COLUMN is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1));
UPDATE organ SET is_demo = 1 WHERE code LIKE '%XXXX%';
