-- SPDX-License-Identifier: Apache-2.0
-- What an event says of a person (PIPL art. 4): the event in the ledger holds the hash of the text alone. A row that is
-- erased (art. 47) leaves the hash, which tells nobody anything.
-- large: subject_private
CREATE TABLE subject_private (
    county   BIGINT NOT NULL,
    subject  TEXT NOT NULL,
    sequence BIGINT NOT NULL,  -- of the subject's event
    content  TEXT NOT NULL,    -- canonical JSON: {"change", "nonce"}
    PRIMARY KEY (county, subject, sequence)
);
