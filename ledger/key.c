// SPDX-License-Identifier: Apache-2.0
/* The centre's signing key in its file. */
#include "ledger/note.h"
#include "ledger/ledger.h"

bool ledger_key_make(const char *file, const char *name, GError **error)
{
    g_auto(NoteSigner) signer = { 0 };
    unsigned char seed[crypto_sign_SEEDBYTES];
    random_secure(NULL, seed, sizeof seed);
    bool made = note_signer_of(name, seed, &signer, error);
    sodium_memzero(seed, sizeof seed);
    if (!made)
        return false;
    char *text = note_signer_text(&signer);
    bool kept = secret_write(file, text, error);
    secret_free(text);
    return kept;
}

bool ledger_key_read(const char *file, NoteSigner **out, GError **error)
{
    char *text;
    *out = NULL;
    if (!secret_read(file, &text, error))
        return false;
    if (!text)
        return true;
    *out = g_new0(NoteSigner, 1);
    bool read = note_signer_read(text, *out, error);
    secret_free(text);
    if (!read)
        g_clear_pointer(out, ledger_key_free);
    return read;
}

void ledger_key_free(NoteSigner *self)
{
    if (self)
        note_signer_clear(self);
    g_free(self);
}

char *ledger_key_public(const NoteSigner *self)
{
    return note_verifier_text(&self->verifier);
}
