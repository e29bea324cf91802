-- SPDX-License-Identifier: Apache-2.0
-- A view may ask for a person by name: it is sealed when the county is opened (db/db.h).
-- sealed: list_view.query
UPDATE list_view SET query = '=' || query WHERE query <> '';
