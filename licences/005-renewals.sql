-- SPDX-License-Identifier: Apache-2.0
-- The renewals that wait to be decided, by the organ that decides them.
CREATE INDEX licence_renewal ON licence (county, organ) WHERE renewal_day <> 0;
