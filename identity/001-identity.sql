-- SPDX-License-Identifier: Apache-2.0
-- Who is who in a county. Days are YYYY-MM-DD, instants milliseconds since 1970 in UTC.

-- Administrative divisions (行政区划) by 12-digit statistics code.
CREATE TABLE division (
    county BIGINT NOT NULL,
    code BIGINT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('county', 'town', 'village')),
    kind TEXT NOT NULL,                -- street, town, zone, community, village …
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,             -- '' where there is none
    parent BIGINT,                     -- null for the county
    centre INTEGER NOT NULL CHECK (centre IN (0, 1)), -- has a service centre or point
    origin TEXT NOT NULL,              -- where the row was taken from, or that it is made up
    PRIMARY KEY (county, code)
);

-- Organs (机构). One that ends stays, and names who goes on with its work.
CREATE TABLE organ (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    short_name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('department', 'centre', 'town_centre', 'village_point')),
    valid_from_day TEXT NOT NULL,      -- its first day
    valid_to_day TEXT,                 -- its last day; null: still there
    successor BIGINT,                  -- null: none
    address TEXT NOT NULL,
    address_en TEXT NOT NULL,
    telephone TEXT NOT NULL,
    hours TEXT NOT NULL,
    hours_en TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (county, number)
);

-- Staff (工作人员). An account is closed, never deleted: the ledger names it for ever.
CREATE TABLE staff (
    county BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,                -- Argon2id; null: cannot sign in
    state TEXT NOT NULL CHECK (state IN ('active', 'closed')),
    changed_at BIGINT NOT NULL,        -- of the password
    PRIMARY KEY (county, id),
    UNIQUE (county, account)
);

-- Posts (岗位): organ × division × roles; the bits of roles are those of enum role.
CREATE TABLE post (
    county BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    organ BIGINT NOT NULL,
    division BIGINT NOT NULL,
    roles BIGINT NOT NULL CHECK (roles > 0),
    PRIMARY KEY (county, staff, organ, division),
    FOREIGN KEY (county, staff) REFERENCES staff (county, id),
    FOREIGN KEY (county, organ) REFERENCES organ (county, number),
    FOREIGN KEY (county, division) REFERENCES division (county, code)
);

-- Parties (当事人): who applies. Hot: found by number, so no index but its keys.
-- large: party
CREATE TABLE party (
    county BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'enterprise')),
    id_number TEXT NOT NULL,
    name TEXT NOT NULL,
    telephone TEXT NOT NULL,
    contact TEXT NOT NULL,
    division BIGINT NOT NULL,          -- where they live; 0 unknown
    PRIMARY KEY (county, id),
    UNIQUE (county, kind, id_number)
);
