// SPDX-License-Identifier: Apache-2.0
/* The centre's signing key in its file. */
#include "ledger/note.h"
#include "ledger/ledger.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Never over a file that is there, and never readable by others, not even for a moment. */
static bool write_new(const char *file, const char *text, GError **error)
{
    int out = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0 && errno == EEXIST)
        return refuse(error, CONFLICT, "ledger.key_there", "file", file, NULL);
    if (out < 0)
        return fault(error, "%s: %s", file, g_strerror(errno));
    size_t length = strlen(text);
    bool kept = write(out, text, length) == (ssize_t)length && fsync(out) == 0;
    close(out);
    return kept || fault(error, "%s cannot be written: %s", file, g_strerror(errno));
}

bool ledger_key_make(const char *file, const char *name, GError **error)
{
    g_auto(NoteSigner) signer = { 0 };
    unsigned char seed[crypto_sign_SEEDBYTES];
    random_secure(NULL, seed, sizeof seed);
    bool made = note_signer_of(name, seed, &signer, error);
    sodium_memzero(seed, sizeof seed);
    if (!made)
        return false;
    g_autofree char *text = note_signer_text(&signer);
    bool kept = write_new(file, text, error);
    sodium_memzero(text, strlen(text));
    return kept;
}

bool ledger_key_read(const char *file, NoteSigner **out, GError **error)
{
    struct stat about;
    g_autofree char *text = NULL;
    *out = NULL;
    if (stat(file, &about) != 0)
        return errno == ENOENT || fault(error, "%s: %s", file, g_strerror(errno));
    if (about.st_mode & (S_IRWXG | S_IRWXO))
        return refuse(error, CONFLICT, "ledger.key_open", "file", file, NULL);
    if (!g_file_get_contents(file, &text, NULL, error))
        return false;
    *out = g_new0(NoteSigner, 1);
    bool read = note_signer_read(text, *out, error);
    sodium_memzero(text, strlen(text));
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
