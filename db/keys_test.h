// SPDX-License-Identifier: Apache-2.0
/* Keys of personal data for tests: always the same, so that a file that is opened again is read. */
#pragma once

#include "db/db.h"

#define TEST_KEYS                                                                         \
    "pinghu personal keys 1\n"                                                            \
    "search 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"           \
    "1 ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"

/* A text as it stands sealed in its row. Owned by the caller. */
static inline char *sealed_text(Store *store, int64_t county, const char *place, const char *of, const char *text)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(store, &error);
    char *sealed = db ? personal_seal(db, county, place, of, text, &error) : NULL;
    g_assert_no_error(error);
    store_return(store, db);
    return sealed;
}
