-- SPDX-License-Identifier: Apache-2.0
-- What each case is now. Everything here but the password follows from the ledger's events and can be
-- rebuilt from them.
-- large: case_now
CREATE TABLE case_now (
    county         BIGINT NOT NULL,
    number         BIGINT NOT NULL,  -- county, day and serial of the day: cases of a day lie together
    item           TEXT NOT NULL,
    item_version   BIGINT NOT NULL,
    item_name      TEXT NOT NULL,
    item_name_en   TEXT NOT NULL,
    organ          BIGINT NOT NULL,
    place          BIGINT NOT NULL,
    channel        TEXT NOT NULL,
    party          BIGINT NOT NULL,
    state          TEXT NOT NULL,
    step           BIGINT NOT NULL,
    desk_organ     BIGINT NOT NULL,  -- who acts next
    desk_division  BIGINT NOT NULL,
    desk_role      BIGINT NOT NULL,
    corrected      BIGINT NOT NULL,
    extended       BIGINT NOT NULL,  -- days added by the head of the organ
    overdue        BIGINT NOT NULL,
    rated          BIGINT NOT NULL,
    returned       BIGINT NOT NULL,
    accepted_on    BIGINT NOT NULL,  -- days since 1970-01-01; 0: not yet
    accepted_hour  BIGINT NOT NULL,  -- 0 to 23; -1: the system did it
    decided_on     BIGINT NOT NULL,
    decision       TEXT NOT NULL,    -- granted, refused or empty
    spent          BIGINT NOT NULL,  -- days of the statutory clock used at the decision
    kept           BIGINT NOT NULL,  -- 1: decided within the promised limit
    missing        TEXT NOT NULL,
    special        TEXT NOT NULL,
    promised_days  BIGINT NOT NULL,
    promised_unit  TEXT NOT NULL,
    statutory_days BIGINT NOT NULL,
    statutory_unit TEXT NOT NULL,
    from_receipt   BIGINT NOT NULL,
    due_at         BIGINT NOT NULL,
    alarm_at       BIGINT NOT NULL,
    events         BIGINT NOT NULL,
    password       TEXT NOT NULL,
    marks          TEXT NOT NULL,
    PRIMARY KEY (county, number)
);
-- The inboxes: what waits at a desk for a role, most urgent first. <> and not >, which SQLite would take for a range
-- worth searching by.
CREATE INDEX case_desk ON case_now (county, desk_organ, desk_division, desk_role, due_at, number) WHERE desk_role <> 0;
-- What the system itself must do, and when.
CREATE INDEX case_alarm ON case_now (county, alarm_at, number) WHERE alarm_at > 0;
-- What was handed in: the list of a town's or village's desk, and that of a department.
CREATE INDEX case_place ON case_now (county, place, number) WHERE channel <> 'county';
CREATE INDEX case_hall ON case_now (county, organ, number) WHERE channel IN ('county', 'online');
-- The lists behind the figures (list_store.c): by the day on which a case counts, since cases are written day by day;
-- then either by place or by organ and item. What else is asked of a list stands behind, so that what is not shown is
-- not fetched. Of what is rare among many, by itself.
CREATE INDEX case_accepted_place ON case_now (county, accepted_on, place, number, channel, organ) WHERE accepted_on <> 0;
CREATE INDEX case_accepted_organ ON case_now (county, accepted_on, organ, item, place, number, channel) WHERE accepted_on <> 0;
CREATE INDEX case_decided_place ON case_now (county, decided_on, place, number, channel, organ, kept) WHERE decided_on <> 0;
CREATE INDEX case_decided_organ ON case_now (county, decided_on, organ, item, place, number, channel, kept) WHERE decided_on <> 0;
CREATE INDEX case_open_place ON case_now (county, accepted_on, place, number, channel, organ, state) WHERE state IN ('review', 'suspended');
CREATE INDEX case_open ON case_now (county, accepted_on, organ, item, place, number, channel, state) WHERE state IN ('review', 'suspended');
CREATE INDEX case_ended ON case_now (county, accepted_on, organ, item, place, number, channel, state) WHERE state IN ('withdrawn', 'terminated');
CREATE INDEX case_overdue ON case_now (county, accepted_on, organ, item, place, number, channel, overdue) WHERE overdue = 1;
CREATE INDEX case_returned ON case_now (county, accepted_on, organ, item, place, number, channel, returned) WHERE returned = 1;
CREATE INDEX case_refused ON case_now (county, decided_on, organ, item, place, number, channel, decision) WHERE decision = 'refused';
