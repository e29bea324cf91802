// SPDX-License-Identifier: Apache-2.0
/* The proof that one event is in the ledger, as text that stands for itself (C2SP tlog-proof): the public leaf, its place, the
 * hashes beside its way up the tree, and the signed checkpoint they lead to. Pure. */
#pragma once

#include "ledger/note.h"

typedef struct LedgerProof {
    char *extra;      /* the public leaf itself, so that nothing else is needed to check; NULL: not told */
    int64_t index;    /* of the leaf, from 0: event N is leaf N - 1 */
    TreeProof tree;
    char *checkpoint; /* a signed note */
} LedgerProof;
void ledger_proof_clear(LedgerProof *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerProof, ledger_proof_clear)

/* Owned by the caller. */
char *ledger_proof_text(const LedgerProof *self);
/* False for whatever is not written just so; what it reads, ledger_proof_text writes byte for byte the same. */
bool ledger_proof_read(const char *text, LedgerProof *out);

/* Cuts the last signatures off until the text has `most` bytes at the most: those of witnesses, which come last. The
 * first signature, the centre's own, stays. */
void ledger_proof_shorten(char *text, size_t most);

/* Does it prove that the leaf is in the tree whose checkpoint this key has signed, for a log of this origin? *size is
 * that of the tree. The extra text is not looked at: a leaf is what the caller says it is. */
bool ledger_proof_holds(const LedgerProof *self, const NoteVerifier *key, const char *origin, const Hash *leaf, int64_t *size);
