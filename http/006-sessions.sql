-- SPDX-License-Identifier: Apache-2.0
-- Sessions are removed a day after they began, which is longer than any of them lasts.
CREATE INDEX http_session_old ON http_session (county, made_at);
