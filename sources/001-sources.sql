-- SPDX-License-Identifier: Apache-2.0
-- Whom the centre asks for papers (数据共享). Everything here but secret and events follows from the ledger's events and can be rebuilt from them.
-- sealed: source.secret
CREATE TABLE source (
    county        BIGINT NOT NULL,
    number        BIGINT NOT NULL,  -- county, day and serial of the day
    code          TEXT NOT NULL,    -- by which papers of items name it
    name          TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    organ_name    TEXT NOT NULL,    -- that answers
    organ_name_en TEXT NOT NULL,
    purpose       TEXT NOT NULL,    -- for which it is asked
    purpose_en    TEXT NOT NULL,
    basis         TEXT NOT NULL,
    address       TEXT NOT NULL,
    request       TEXT NOT NULL,    -- which facts of the case it is told, line by line
    answer        TEXT NOT NULL,    -- which values of its answer the paper has, line by line
    found         TEXT NOT NULL,    -- how an answer says that there is such a paper; ''
    seconds       BIGINT NOT NULL,  -- for which an answer is waited for
    tries         BIGINT NOT NULL,  -- after which the applicant is asked
    secret        TEXT NOT NULL,    -- which signs what is sent
    state         TEXT NOT NULL,
    events        BIGINT NOT NULL,
    PRIMARY KEY (county, number)
);
CREATE INDEX source_code ON source (county, code, number);

-- What each source is asked, from the hand-in of a case on. Instants are milliseconds since 1970 in UTC; 0: never.
-- large: source_asking
CREATE TABLE source_asking (
    county      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    case_number BIGINT NOT NULL,
    source      BIGINT NOT NULL,  -- number
    material    TEXT NOT NULL,
    sharing     TEXT NOT NULL,    -- a word of codes.sharing
    tries       BIGINT NOT NULL,
    next_try    BIGINT NOT NULL,  -- time of the next try, or end of the claim of who asks just now
    made_at     BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    trouble     TEXT NOT NULL,    -- of the last try
    PRIMARY KEY (county, id)
);
CREATE INDEX source_asking_case ON source_asking (county, case_number, id);
CREATE INDEX source_asking_source ON source_asking (county, source, id);
CREATE INDEX source_asking_due ON source_asking (county, source, next_try, id) WHERE next_try > 0;
