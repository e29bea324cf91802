-- SPDX-License-Identifier: Apache-2.0
-- The private part of an event is sealed when the county is opened (db/db.h).
-- sealed: subject_private.content
UPDATE subject_private SET content = '=' || content;
