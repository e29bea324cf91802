// SPDX-License-Identifier: Apache-2.0
/* The checkpoint that was last made public, as it is kept in "<address>.checkpoint": outside the database on purpose, so
 * that a database brought back from a backup cannot bring it back with it. */
#pragma once

#include "ledger/key.h"
#include "ledger/store.h"

typedef struct Published {
    char *note;    /* as it was signed; NULL: nothing was made public yet */
    char *origin;
    int64_t size;
    Hash root;
    Day day;       /* on which it was written */
} Published;
void published_clear(Published *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Published, published_clear)

/* The files beside the database; owned by the caller. Lost logs are numbered from 1. */
char *published_file(const char *address);
char *published_lost_file(const char *address, int64_t number);

/* CONFLICT "ledger.checkpoint_form" when the file is not what was written; it is not judged who signed it. */
bool published_read(const char *file, Published *out, GError **error);
/* Is the ledger what was made public, and perhaps more? CONFLICT "ledger.went_back" or "ledger.other_past". */
bool published_holds(const Published *self, Db *db, int64_t county, GError **error);
/* Is it signed by one of the keys, for the log of their name? CONFLICT "ledger.other_key". */
bool published_vouched(const Published *self, const KeyRing *ring, const char *file, GError **error);
