-- SPDX-License-Identifier: Apache-2.0
-- What each licence is now. Everything here but events, listed and sought follows from the ledger's events and can be rebuilt
-- from them.
-- large: licence
CREATE TABLE licence (
    county           BIGINT NOT NULL,
    number           BIGINT NOT NULL,  -- county, day and serial of the day: licences of a day lie together
    identifier       TEXT NOT NULL,    -- GB/T 36904
    former           TEXT NOT NULL,    -- number on a paper that another system printed
    item             TEXT NOT NULL,
    item_name        TEXT NOT NULL,
    item_name_en     TEXT NOT NULL,
    result_name      TEXT NOT NULL,
    result_name_en   TEXT NOT NULL,
    content          TEXT NOT NULL,
    organ            BIGINT NOT NULL,
    party            BIGINT NOT NULL,
    is_person        BIGINT NOT NULL,
    holder           TEXT NOT NULL,
    id_number        TEXT NOT NULL,
    listed           TEXT NOT NULL,    -- the holder as the public register names him
    sought           TEXT NOT NULL,    -- the holder's name folded, for searching
    case_number      BIGINT NOT NULL,  -- 0: issued elsewhere
    issued_day       BIGINT NOT NULL,  -- days since 1970-01-01
    valid_from_day   BIGINT NOT NULL,
    valid_to_day     BIGINT NOT NULL,  -- the last day; 0: without end
    renewal_day      BIGINT NOT NULL,
    state            TEXT NOT NULL,
    since_day        BIGINT NOT NULL,
    ground           TEXT NOT NULL,
    replaces         BIGINT NOT NULL,
    replaced_by      BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    events           BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
-- The register by number, by item, by the holder's name and by the number on an old paper.
CREATE INDEX licence_item ON licence (county, item_name, number);
CREATE INDEX licence_sought ON licence (county, sought, number);
CREATE INDEX licence_former ON licence (county, former, number);
-- What a party holds, which need not be handed in again.
CREATE INDEX licence_party ON licence (county, party, number);
CREATE INDEX licence_case ON licence (county, case_number, number) WHERE case_number <> 0;
-- The counties whose cases, as far as they were issued before there was this register, have been entered in it.
CREATE TABLE licence_late (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);
