// SPDX-License-Identifier: Apache-2.0
/* An outsider keeps one thing between two looks at a ledger: the checkpoint that he last found sound, as it was signed. */
#pragma once

#include "ledger/hash.h"

typedef struct Seen {
    char *note; /* NULL: none yet */
    int64_t size;
    Hash root;
} Seen;
void seen_clear(Seen *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

/* Reads a note as a checkpoint of that origin, whoever signed it; takes a copy of the note. */
bool seen_of(const char *note, const char *origin, Seen *out);
/* The names on a note's signature lines, unchecked: "name+id, name+id", "" for none. Owned by the caller. */
char *seen_signers(const char *note);

/* The default file, in the user's folder for what programs remember. Owned by the caller. */
char *seen_usual_file(const char *name);
/* CONFLICT "ledger.seen_damaged" when the file holds something else. */
bool seen_read(const char *file, const char *origin, Seen *out, GError **error);
/* Replaces the note kept before, at once or not at all. */
bool seen_keep(const char *file, const char *note, GError **error);
/* Keeps a note for good beside the file and tells where: "<file>.<size>.<hash>". NULL when it cannot. Owned by the caller. */
char *seen_evidence(const char *file, const Seen *seen, GError **error);
