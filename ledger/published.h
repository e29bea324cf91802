// SPDX-License-Identifier: Apache-2.0
/* The checkpoint that was last made public, as it is kept in "<address>.checkpoint": outside the database on purpose, so
 * that a database brought back from a backup cannot bring it back with it. */
#pragma once

#include "ledger/key.h"
#include "ledger/store.h"

/* The files beside the database; owned by the caller. Lost logs are numbered from 1. */
char *published_file(const char *address);
char *published_lost_file(const char *address, int64_t number);

/* Reads the file that the centre keeps or, with an origin, the one that an outsider keeps of a log; *out is empty where there
 * is none. CONFLICT "ledger.checkpoint_form" or "ledger.seen_damaged" when it is none of theirs, "base.no_text" when it
 * is no text; it is not judged who signed it. */
bool checkpoint_load(const char *file, const char *origin, Checkpoint *out, GError **error);
/* Is the ledger what was made public, and perhaps more? CONFLICT "ledger.went_back" or "ledger.other_past". */
bool published_holds(const Checkpoint *self, Db *db, int64_t county, GError **error);
/* Is it signed by one of the keys, for the log of their name? CONFLICT "ledger.other_key". */
bool published_vouched(const Checkpoint *self, const KeyRing *ring, const char *file, GError **error);
