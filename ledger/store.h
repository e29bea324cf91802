// SPDX-License-Identifier: Apache-2.0
/* What the files of this room ask of the store. */
#pragma once

#include "ledger/leaf.h"

/* The right edge as it is kept; empty before the first event. */
bool ledger_edge(Db *db, int64_t county, TreeEdge *out, GError **error);
/* `count` nodes of a level from number `first` on; level 0 are the leaves. FAULT when one is missing. */
bool ledger_nodes(Db *db, int64_t county, int level, int64_t first, size_t count, Hash *out, GError **error);
/* `count` public leaves from leaf `first` on, each after its length in two bytes, the higher first. */
GBytes *ledger_entries(Db *db, int64_t county, int64_t first, int count, GError **error);

/* An event as its row says it is now. */
typedef struct Recorded {
    int64_t number;
    Instant at;
    char *leaf;        /* the public leaf, made anew */
    Hash hash;         /* of it */
    char *salt;        /* hexadecimal in groups; NULL: erased */
    bool is_bound;     /* what is not public fits the commitment; true when the salt was erased */
} Recorded;
void recorded_clear(Recorded *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recorded, recorded_clear)
/* NOT_FOUND "ledger.no_event". */
bool recorded_load(Db *db, int64_t county, int64_t number, Recorded *out, GError **error);
/* The number of a subject's event; 0 when there is none. */
bool recorded_number(Db *db, int64_t county, const char *subject, int64_t sequence, int64_t *number, GError **error);
