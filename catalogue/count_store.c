// SPDX-License-Identifier: Apache-2.0
#include "catalogue/catalogue.h"

bool catalogue_count(Db *db, int64_t county, int64_t *published, int64_t *online, GError **error)
{
    bool found;
    return db_integer(db, "SELECT COUNT(*) FROM item WHERE county = :county AND state = 'published'",
                      WITH(db_int("county", county)), published, &found, error) &&
           db_integer(db, "SELECT COUNT(*) FROM item WHERE county = :county AND state = 'published' AND online = 1",
                      WITH(db_int("county", county)), online, &found, error);
}
