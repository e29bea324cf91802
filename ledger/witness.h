// SPDX-License-Identifier: Apache-2.0
/* Witnesses (见证): others who hold each checkpoint against the one they saw before and cosign it (C2SP tlog-witness). */
#pragma once

#include "ledger/note.h"

enum { WITNESSES_MOST = 32 };

typedef struct Witness {
    char *name;       /* of our own choice */
    NoteVerifier key; /* of its cosignatures */
    char *url;        /* where checkpoints are sent to */
} Witness;
void witness_free(Witness *self);

/* Lines "witness <name> <key> <url>", empty lines and comments after # (C2SP tlog-policy); each name and key once. An
 * array of Witness, owned by the caller. BAD_INPUT "ledger.witness_line" with the "line" for anything else. */
GPtrArray *witness_list_read(const char *text, GError **error);

/* The body sent to add-checkpoint: the size the witness knows, the proof from there on, and the note. Owned by the caller. */
char *witness_question(int64_t old, const TreeProof *proof, const char *note);
/* The size in the answer of a witness that knows another one: false when it is no size. */
bool witness_size(const char *body, int64_t *size);

/* Starts a thread for every witness of the file, so that one that is slow or away delays no other; none when there is no such
 * file. NULL when it is refused. To be unreferenced once the publisher stops, which takes a second at the most. */
GPtrArray *witnesses_open(Publisher *publisher, const char *file, GError **error);
