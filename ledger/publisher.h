// SPDX-License-Identifier: Apache-2.0
/* The publisher as the other files of this room use it. */
#pragma once

#include "ledger/key.h"
#include "ledger/published.h"

#include <stdatomic.h>

extern const Route ledger_routes[];

/* The keys it signs with; never changed while it is open. */
const KeyRing *publisher_ring(const Publisher *self);
/* The last checkpoint of a log that was lost (1 is the first); NOT_FOUND "ledger.no_lost". Owned by the caller. */
char *publisher_lost(const Publisher *self, int64_t number, GError **error);

/* ---- for witnesses ---- */

/* The note last made public, without cosignatures. `edition` rises whenever another note is signed. */
typedef struct Edition {
    int64_t edition, size;
    char *text, *note;
} Edition;
void edition_clear(Edition *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edition, edition_clear)

/* Waits until there is another edition than `seen`; false when the publisher closes. */
bool publisher_next(Publisher *self, int64_t seen, Edition *out);
/* Waits that long, or until the publisher closes. */
void publisher_pause(Publisher *self, int seconds);
/* A cosignature line (ended by a line feed) to be served under that edition; one too late is left. */
void publisher_cosigned(Publisher *self, int64_t edition, const char *line);
const atomic_bool *publisher_stop(const Publisher *self); /* true as soon as it closes */

/* A reading connection of the publisher's store, given back at the end of the block; without `nodes.db` where *error is set. */
typedef struct PublisherReader {
    LedgerNodes nodes;
    Store *store;
} PublisherReader;
PublisherReader publisher_reader(const Publisher *self, GError **error);
void publisher_reader_end(PublisherReader *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PublisherReader, publisher_reader_end)
