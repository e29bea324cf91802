// SPDX-License-Identifier: Apache-2.0
/* Signed notes (C2SP signed-note) with Ed25519, and the checkpoint (C2SP tlog-checkpoint) that is one: the
 * centre's statement of its ledger, which tools that exist already can check. */
#pragma once

#include "ledger/tree.h"

#include <sodium.h>

enum { NOTE_NAME_MOST = 200 };

/* A signer's public half: a name such as "pinghu.example/330482" and the key; `id` is four bytes of the hash of both. */
typedef struct NoteVerifier {
    char *name;
    unsigned char id[4];
    unsigned char key[crypto_sign_PUBLICKEYBYTES];
} NoteVerifier;
void note_verifier_clear(NoteVerifier *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NoteVerifier, note_verifier_clear)

struct NoteSigner {
    NoteVerifier verifier;
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
};
void note_signer_clear(NoteSigner *self); /* wipes the secret */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NoteSigner, note_signer_clear)

/* Makes a signer of a name without blanks and plus signs and a seed of 32 bytes. BAD_INPUT "ledger.key_name". */
bool note_signer_of(const char *name, const unsigned char *seed, NoteSigner *out, GError **error);
/* Reads "PRIVATE+KEY+name+id+key" and "name+id+key"; BAD_INPUT "ledger.key_form" for anything else. */
bool note_signer_read(const char *text, NoteSigner *out, GError **error);
bool note_verifier_read(const char *text, NoteVerifier *out, GError **error);
/* The same texts; owned by the caller. */
char *note_signer_text(const NoteSigner *self);
char *note_verifier_text(const NoteVerifier *self);

/* The signature line, ended by a line feed, for a note of that text, which a line feed ends. Owned by the caller. */
char *note_signature(const NoteSigner *self, const char *text);
/* The text that stands over the signatures when one of them is this key's and fits; NULL when none is.
 * Owned by the caller. */
char *note_open(const NoteVerifier *self, const char *note);

/* The key of a witness (C2SP tlog-cosignature, Ed25519), "name+id+key"; BAD_INPUT "ledger.key_form". */
bool cosigner_read(const char *text, NoteVerifier *out, GError **error);
/* The first of the lines that is this witness's cosignature of the text, ended by a line feed; NULL when none is. Owned
 * by the caller. */
char *cosignature_of(const NoteVerifier *self, const char *lines, const char *text);

/* Reads a number as C2SP's formats write it: at most 18 digits, without an idle zero. */
bool note_number(const char *text, int64_t *number);
/* "origin\nsize\nroot in base64\n", owned by the caller; reads it back, false when it is not that. */
char *checkpoint_text(const char *origin, int64_t size, const Hash *root);
bool checkpoint_read(const char *text, const char *origin, int64_t *size, Hash *root);

/* A checkpoint as it is kept in a file. */
typedef struct Checkpoint {
    char *note;    /* as it was signed; NULL: there is none */
    char *origin;
    int64_t size;
    Hash root;
    Day day;       /* on which the file was written */
} Checkpoint;
void checkpoint_clear(Checkpoint *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Checkpoint, checkpoint_clear)
/* Reads a note, whoever signed it; takes a copy of it. */
bool checkpoint_of(const char *note, Checkpoint *out);
