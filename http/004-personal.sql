-- SPDX-License-Identifier: Apache-2.0
-- A kept answer may tell of a person: it is sealed when the county is opened (db/db.h).
-- sealed: http_done.answer
UPDATE http_done SET answer = '=' || answer WHERE answer <> '';
