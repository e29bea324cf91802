-- SPDX-License-Identifier: Apache-2.0
-- The register of parties names somebody as long as one of his cases does.
CREATE INDEX case_party ON case_now (county, party, number);
