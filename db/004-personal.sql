-- SPDX-License-Identifier: Apache-2.0
-- The keys that seal a county's personal data, without the keys themselves, which lie in a file beside the database
-- (docs/privacy.md): that file is not made anew as long as a row of it stands here.
CREATE TABLE personal_key (
    county   BIGINT NOT NULL,
    id       BIGINT NOT NULL,  -- from 1 on; the largest seals
    proof    TEXT NOT NULL,    -- keyed hash of the key: another one with the same number is not taken for it
    complete BIGINT NOT NULL,  -- 1: no value is left that is plain or sealed with an earlier key
    made_at  BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
