// SPDX-License-Identifier: Apache-2.0
/* The public leaf of an event, and the commitment that binds the rest to it. Pure. */
#pragma once

#include "ledger/ledger.h"
#include "ledger/tree.h"

/* HMAC-SHA-256 with the subject's salt over what is not public of the event (ledger_committed). */
void leaf_commitment(const Salt *salt, const Event *event, Hash *out);

/* SHA-256 over the 32 bytes of the hash of the event before (zeros before the first) and what is kept of this one, in
 * order, as text, each ended by a line feed. None can hold a line feed: codes do not, and canonical JSON writes it as
 * \n. Of an event of a person it binds the commitment and what an erasure leaves of the payload. */
void leaf_chain(const Hash *before, int64_t county, const Event *event, const Hash *commitment, Hash *out);
/* Appends the payload as an erasure leaves it: without facts, unless it is an erasure's own, which says why. */
void leaf_append_kept(GString *out, const Event *event);

/* Canonical JSON of {at, commitment, county, division, item, kind, organ, sequence, subject}, of a person with the day, the town and
 * its "version": no personal data, and none to be guessed from it. Owned by the caller. */
char *leaf_text(int64_t county, const Event *event, const Hash *commitment);
