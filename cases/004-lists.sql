-- SPDX-License-Identifier: Apache-2.0
-- The lists behind the figures (list.c) are opened by departments and by places, latest day first.
DROP INDEX case_accepted_place;
DROP INDEX case_accepted_organ;
DROP INDEX case_decided_place;
DROP INDEX case_decided_organ;
DROP INDEX case_open_place;
DROP INDEX case_open;
DROP INDEX case_ended;
DROP INDEX case_overdue;
DROP INDEX case_returned;
DROP INDEX case_refused;
-- Columns behind the number are looked through without fetching the row.
CREATE INDEX case_accepted_organ ON case_now (county, organ, accepted_on, number, place, channel) WHERE accepted_on <> 0;
CREATE INDEX case_accepted_item ON case_now (county, organ, item, accepted_on, number, place, channel) WHERE accepted_on <> 0;
CREATE INDEX case_accepted_place ON case_now (county, place, accepted_on, number, organ, channel) WHERE accepted_on <> 0;
CREATE INDEX case_decided_organ ON case_now (county, organ, decided_on, number, place, channel) WHERE decided_on <> 0;
CREATE INDEX case_decided_item ON case_now (county, organ, item, decided_on, number, place, channel) WHERE decided_on <> 0;
CREATE INDEX case_decided_place ON case_now (county, place, decided_on, number, organ, channel) WHERE decided_on <> 0;
CREATE INDEX case_open ON case_now (county, organ, accepted_on, number, item, place, channel) WHERE state IN ('review', 'suspended');
CREATE INDEX case_open_place ON case_now (county, place, accepted_on, number, organ, item, channel) WHERE state IN ('review', 'suspended');
CREATE INDEX case_ended ON case_now (county, organ, accepted_on, number, item, place, channel) WHERE accepted_on <> 0 AND state IN ('withdrawn', 'terminated');
CREATE INDEX case_overdue ON case_now (county, organ, accepted_on, number, item, place, channel) WHERE overdue = 1;
CREATE INDEX case_returned ON case_now (county, organ, accepted_on, number, item, place, channel) WHERE accepted_on <> 0 AND returned = 1;
CREATE INDEX case_refused ON case_now (county, organ, decided_on, number, item, place, channel) WHERE decision = 'refused';
