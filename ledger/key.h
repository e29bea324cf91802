// SPDX-License-Identifier: Apache-2.0
/* The keys in the centre's key file: a line each, the one that signs first, after it the one it takes over from. */
#pragma once

#include "ledger/ledger.h"
#include "ledger/note.h"

enum { RING_MOST = 2 };

typedef struct KeyRing {
    size_t count;
    NoteSigner keys[RING_MOST]; /* all of one name, which is the log's origin */
} KeyRing;
void key_ring_clear(KeyRing *self); /* wipes the secrets */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KeyRing, key_ring_clear)

/* Empty when there is no such file. Refuses as ledger_key_read. */
bool key_ring_read(const char *file, KeyRing *out, GError **error);
/* Replaces what the file holds. */
bool key_ring_write(const char *file, const KeyRing *self, GError **error);
/* The note over a text, a signature line of each. Owned by the caller. */
char *key_ring_sign(const KeyRing *self, const char *text);
/* How many of the keys have signed the note. */
size_t key_ring_signatures(const KeyRing *self, const char *note);
/* Is it a checkpoint of their log, signed by one of them? */
bool key_ring_vouches(const KeyRing *self, const Checkpoint *checkpoint);

/* Draws a new key of that name. */
bool key_draw(const char *name, NoteSigner *out, GError **error);
