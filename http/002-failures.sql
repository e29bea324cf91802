-- SPDX-License-Identifier: Apache-2.0
-- Failures are forgotten a day after the last one.
CREATE INDEX http_failure_old ON http_failure (county, last_at);
