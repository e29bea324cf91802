-- SPDX-License-Identifier: Apache-2.0
-- No list shows an application from home before it is submitted.
DROP INDEX case_place;
DROP INDEX case_hall;
CREATE INDEX case_place ON case_now (county, place, number) WHERE channel <> 'county' AND (channel <> 'online' OR state <> 'draft');
CREATE INDEX case_hall ON case_now (county, organ, number) WHERE channel IN ('county', 'online') AND (channel <> 'online' OR state <> 'draft');
