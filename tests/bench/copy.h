// SPDX-License-Identifier: Apache-2.0
/* The benches of many cases share a store with the keys beside it, and a row of a case under another number, sealed for that and found by
 * the same hashes. */
#pragma once

#include "cases/cases.h"

static inline Store *open_with_keys(const char *file, unsigned readers, int64_t county, GError **error)
{
    g_autofree char *keys = g_strconcat(file, ".personal", NULL);
    Store *store = store_open(file, readers, error);
    return store && store_read_personal(store, keys, county, error) ? store : NULL;
}

static inline bool copy_case(Db *db, int64_t county, int64_t of, int64_t number, GError **error)
{
    bool found;
    g_auto(Case) copy = { 0 };
    if (!record_load(db, county, case_kind.record, of, &copy, &found, error))
        return false;
    copy.number = number;
    return found && record_insert(db, county, case_kind.record, &copy, error) &&
           db_run(db, "INSERT INTO case_hash (county, number, hash) SELECT county, :number, hash FROM case_hash"
                  " WHERE county = :county AND number = :of", WITH(db_int("county", county), db_int("number", number), db_int("of", of)), error);
}
