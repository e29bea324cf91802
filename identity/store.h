// SPDX-License-Identifier: Apache-2.0
/* Shared by this room's files: rows on their way into and out of the store. */
#pragma once

#include "identity/identity.h"

/* In a write, once for a county: the numbers of parties that an older program kept in clear become their keyed hashes. */
bool identity_hash_parties(const Context *context, GError **error);

bool division_exists(Db *db, int64_t county, int64_t division, bool *exists, GError **error);
/* Adds or renews a row, given as the statement's parameters. */
bool division_put(const Context *context, const DbArg *row, GError **error);
bool organ_put(const Context *context, const DbArg *row, GError **error);
/* 0 when it has none. */
bool organ_successor(Db *db, int64_t county, int64_t organ, int64_t *successor, bool *exists,
                     GError **error);
