// SPDX-License-Identifier: Apache-2.0
/* What the files of this room ask of the store. */
#pragma once

#include "ledger/ledger.h"
#include "ledger/tree.h"

/* The right edge as it is kept; empty before the first event. */
bool ledger_edge(Db *db, int64_t county, TreeEdge *out, GError **error);
/* `count` nodes of a level from number `first` on; level 0 are the leaves. FAULT when one is missing. */
bool ledger_nodes(Db *db, int64_t county, int level, int64_t first, size_t count, Hash *out, GError **error);
/* `count` public leaves from leaf `first` on, each after its length in two bytes, the higher first. */
GBytes *ledger_entries(Db *db, int64_t county, int64_t first, int count, GError **error);
