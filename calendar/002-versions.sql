-- SPDX-License-Identifier: Apache-2.0
-- Calendars are versions as every list has them (versioned.h). Those kept before have no first day: they were in force
-- until the next.
ALTER TABLE calendar_version ADD COLUMN state TEXT NOT NULL DEFAULT 'published';
ALTER TABLE calendar_version ADD COLUMN since_day TEXT;
ALTER TABLE calendar_version ADD COLUMN until_day TEXT;
ALTER TABLE calendar_version ADD COLUMN published_at BIGINT;
ALTER TABLE calendar_version ADD COLUMN retired_at BIGINT;
