-- SPDX-License-Identifier: Apache-2.0
-- The web hook is told the telephone of the case that the message is about, which is looked up when it is sent.
ALTER TABLE message DROP COLUMN party;
