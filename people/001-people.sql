-- SPDX-License-Identifier: Apache-2.0
-- The present of every member of the staff, as his events make it; posts and names as other rooms read them follow from it.
CREATE TABLE member (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    staff BIGINT NOT NULL,             -- the same person in the table staff
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    sought TEXT NOT NULL,              -- the name, folded
    posts TEXT NOT NULL,               -- JSON: [{division, from_day, organ, roles, to_day}]
    state TEXT NOT NULL CHECK (state IN ('active', 'locked', 'ended')),
    deputy BIGINT NOT NULL,            -- the member who stands in while this one is on leave; 0: nobody
    leave_from_day BIGINT NOT NULL,    -- days since 1970-01-01; 0: none
    leave_to_day BIGINT NOT NULL,
    successor BIGINT NOT NULL,         -- the member who took posts of this one over last; 0: nobody
    predecessor BIGINT NOT NULL,       -- the member whose posts this one took over last
    password_at BIGINT NOT NULL,       -- when somebody else gave the present or an earlier password
    slip TEXT NOT NULL,                -- SHA-256 of that password, 80 random bits
    events BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE UNIQUE INDEX member_staff ON member (county, staff);
CREATE INDEX member_account ON member (county, account, number);
CREATE INDEX member_name ON member (county, sought, number);
CREATE INDEX member_deputy ON member (county, deputy) WHERE deputy <> 0;
CREATE INDEX member_password ON member (county, password_at);

-- The counties whose older accounts have been entered.
CREATE TABLE people_late (
    county BIGINT NOT NULL,
    PRIMARY KEY (county)
);

-- Who may do what where (人员权限): a row for each role of each post that has not ended.
CREATE TABLE duty (
    county BIGINT NOT NULL,
    number BIGINT NOT NULL,
    member BIGINT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    sought TEXT NOT NULL,
    role TEXT NOT NULL,
    organ BIGINT NOT NULL,
    division BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    for_account TEXT NOT NULL,         -- of the member on leave whose post it is; '': his own
    PRIMARY KEY (county, number)
);
CREATE INDEX duty_account ON duty (county, account, number);
CREATE INDEX duty_name ON duty (county, sought, number);
CREATE INDEX duty_organ ON duty (county, organ, division, number);
CREATE INDEX duty_role ON duty (county, role, number);
CREATE INDEX duty_member ON duty (county, member, number);

-- A county that pinghu init has opened, and what it is called.
CREATE TABLE opening (
    county BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    public_url TEXT NOT NULL,          -- where people find it; '': where the server listens
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (county)
);
