-- SPDX-License-Identifier: Apache-2.0
-- No list shows an application from home that was never submitted, also when it was withdrawn.
DROP INDEX case_place;
DROP INDEX case_hall;
CREATE INDEX case_place ON case_now (county, place, number) WHERE channel <> 'county' AND (channel <> 'online' OR marks LIKE '%,received%');
CREATE INDEX case_hall ON case_now (county, organ, number) WHERE channel IN ('county', 'online') AND (channel <> 'online' OR marks LIKE '%,received%');
