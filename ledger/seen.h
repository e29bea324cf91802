// SPDX-License-Identifier: Apache-2.0
/* An outsider keeps one thing between two looks at a ledger: the checkpoint that he last found sound, as it was signed. */
#pragma once

#include "ledger/note.h"

/* The names on a note's signature lines, unchecked: "name+id, name+id", "" for none. Owned by the caller. */
char *seen_signers(const char *note);

/* The default file, in the user's folder for what programs remember. Owned by the caller. */
char *seen_usual_file(const char *name);
/* Replaces the note kept before, at once or not at all. */
bool seen_keep(const char *file, const char *note, GError **error);
/* Keeps a note for good beside the file and tells where: "<file>.<size>.<hash>". NULL when it cannot. Owned by the caller. */
char *seen_evidence(const char *file, const Checkpoint *seen, GError **error);
