// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.h"

#include <string.h>

/* The algorithm's number in a key. */
enum { ED25519 = 1, COSIGNATURE = 4 };

static const char SECRET_MARK[] = "PRIVATE+KEY+";
static const char SIGNATURE_MARK[] = "\xe2\x80\x94 "; /* an em dash and a blank begin a signature line */

/* ---- keys ---- */

void note_verifier_clear(NoteVerifier *self)
{
    g_clear_pointer(&self->name, g_free);
}

void note_signer_clear(NoteSigner *self)
{
    note_verifier_clear(&self->verifier);
    sodium_memzero(self->secret, sizeof self->secret);
}

static bool name_fits(const char *name, size_t length)
{
    if (length == 0 || length > NOTE_NAME_MOST)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isgraph(name[i]) || name[i] == '+')
            return false;
    return true;
}

/* The first four bytes of SHA-256(name, line feed, algorithm, public key). */
static void set_id(NoteVerifier *self, char algorithm)
{
    Hash hash;
    const HashPart parts[] = {
        { self->name, strlen(self->name) }, { "\n", 1 }, { &algorithm, 1 }, { self->key, sizeof self->key }
    };
    hash_parts(parts, G_N_ELEMENTS(parts), &hash);
    memcpy(self->id, hash.bytes, sizeof self->id);
}

bool note_signer_of(const char *name, const unsigned char *seed, NoteSigner *out, GError **error)
{
    *out = (NoteSigner){ 0 };
    if (!name_fits(name, strlen(name)))
        return refuse(error, BAD_INPUT, "ledger.key_name", "name", name, NULL);
    out->verifier.name = g_strdup(name);
    crypto_sign_seed_keypair(out->verifier.key, out->secret, seed);
    set_id(&out->verifier, ED25519);
    return true;
}

/* Cuts "name+id+key" and reads the 32 bytes that follow the algorithm's number in its last part. */
static bool cut_key(const char *text, int algorithm, char **name, char **id, unsigned char bytes[static 32])
{
    gsize length = 0;
    g_auto(GStrv) parts = g_strsplit(text, "+", 3);
    if (g_strv_length(parts) != 3 || !name_fits(parts[0], strlen(parts[0])))
        return false;
    g_strchomp(parts[2]);
    g_autofree guchar *key = g_base64_decode(parts[2], &length);
    if (length != 33 || key[0] != algorithm)
        return false;
    memcpy(bytes, key + 1, 32);
    sodium_memzero(key, length);
    *name = g_strdup(parts[0]);
    *id = g_strdup(parts[1]);
    return true;
}

static bool id_is(const NoteVerifier *self, const char *id)
{
    g_autofree char *hex = text_hex(self->id, sizeof self->id);
    return g_ascii_strcasecmp(hex, id) == 0;
}

static bool read_verifier(const char *text, char algorithm, NoteVerifier *out, GError **error)
{
    g_autofree char *id = NULL;
    *out = (NoteVerifier){ 0 };
    bool read = cut_key(text, algorithm, &out->name, &id, out->key);
    if (read)
        set_id(out, algorithm);
    return (read && id_is(out, id)) || refuse(error, BAD_INPUT, "ledger.key_form", NULL);
}

bool note_verifier_read(const char *text, NoteVerifier *out, GError **error)
{
    return read_verifier(text, ED25519, out, error);
}

bool cosigner_read(const char *text, NoteVerifier *out, GError **error)
{
    return read_verifier(text, COSIGNATURE, out, error);
}

bool note_signer_read(const char *text, NoteSigner *out, GError **error)
{
    unsigned char seed[32];
    g_autofree char *name = NULL, *id = NULL;
    *out = (NoteSigner){ 0 };
    if (!g_str_has_prefix(text, SECRET_MARK) || !cut_key(text + strlen(SECRET_MARK), ED25519, &name, &id, seed))
        return refuse(error, BAD_INPUT, "ledger.key_form", NULL);
    bool made = note_signer_of(name, seed, out, error);
    sodium_memzero(seed, sizeof seed);
    return made && (id_is(&out->verifier, id) || refuse(error, BAD_INPUT, "ledger.key_form", NULL));
}

static char *key_text(const char *mark, const NoteVerifier *verifier, const unsigned char *bytes)
{
    unsigned char key[33] = { ED25519 };
    memcpy(key + 1, bytes, 32);
    g_autofree char *id = text_hex(verifier->id, sizeof verifier->id), *coded = g_base64_encode(key, sizeof key);
    sodium_memzero(key, sizeof key);
    return g_strconcat(mark, verifier->name, "+", id, "+", coded, NULL);
}

char *note_verifier_text(const NoteVerifier *self)
{
    return key_text("", self, self->key);
}

char *note_signer_text(const NoteSigner *self)
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    crypto_sign_ed25519_sk_to_seed(seed, self->secret);
    char *text = key_text(SECRET_MARK, &self->verifier, seed);
    sodium_memzero(seed, sizeof seed);
    return text;
}

/* ---- notes ---- */

typedef struct Signature {
    unsigned char id[4], bytes[crypto_sign_BYTES];
} Signature;

char *note_signature(const NoteSigner *self, const char *text)
{
    Signature signature;
    memcpy(signature.id, self->verifier.id, sizeof signature.id);
    crypto_sign_detached(signature.bytes, NULL, (const unsigned char *)text, strlen(text), self->secret);
    g_autofree char *coded = g_base64_encode((const guchar *)&signature, sizeof signature);
    return g_strconcat(SIGNATURE_MARK, self->verifier.name, " ", coded, "\n", NULL);
}

/* The bytes after the key's id in a line that claims to be this key's; NULL when it does not, or not so many are there. */
static guchar *claimed(const NoteVerifier *self, const char *line, gsize count)
{
    gsize length = 0;
    g_autofree char *start = g_strconcat(SIGNATURE_MARK, self->name, " ", NULL);
    if (!g_str_has_prefix(line, start))
        return NULL;
    g_autofree guchar *bytes = g_base64_decode(line + strlen(start), &length);
    if (length != sizeof self->id + count || memcmp(bytes, self->id, sizeof self->id) != 0)
        return NULL;
    return g_memdup2(bytes + sizeof self->id, count);
}

static bool line_fits(const NoteVerifier *self, const char *line, const char *text)
{
    g_autofree guchar *bytes = claimed(self, line, crypto_sign_BYTES);
    return bytes && crypto_sign_verify_detached(bytes, (const unsigned char *)text, strlen(text), self->key) == 0;
}

char *note_open(const NoteVerifier *self, const char *note)
{
    const char *cut = g_strrstr(note, "\n\n");
    if (!cut || !g_utf8_validate(note, -1, NULL))
        return NULL;
    g_autofree char *text = g_strndup(note, (gsize)(cut - note) + 1);
    g_auto(GStrv) lines = g_strsplit(cut + 2, "\n", -1);
    for (char **line = lines; *line; line++)
        if (line_fits(self, *line, text))
            return g_steal_pointer(&text);
    return NULL;
}

/* ---- cosignatures ---- */

/* An instant in seconds, big-endian, stands before the signature and is signed with the text. */
static bool cosigns(const NoteVerifier *self, const char *line, const char *text)
{
    guint64 seconds;
    g_autofree guchar *bytes = claimed(self, line, sizeof seconds + crypto_sign_BYTES);
    if (!bytes)
        return false;
    memcpy(&seconds, bytes, sizeof seconds);
    seconds = GUINT64_FROM_BE(seconds);
    g_autofree char *signed_text = g_strdup_printf("cosignature/v1\ntime %" PRIu64 "\n%s", seconds, text);
    return seconds > 0 && seconds <= INT64_MAX &&
           crypto_sign_verify_detached(bytes + sizeof seconds, (const unsigned char *)signed_text, strlen(signed_text), self->key) == 0;
}

char *cosignature_of(const NoteVerifier *self, const char *lines, const char *text)
{
    g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
    for (char **line = all; *line; line++)
        if (g_utf8_validate(*line, -1, NULL) && cosigns(self, *line, text))
            return g_strconcat(*line, "\n", NULL);
    return NULL;
}

/* ---- checkpoints ---- */

char *checkpoint_text(const char *origin, int64_t size, const Hash *root)
{
    g_autofree char *coded = g_base64_encode(root->bytes, HASH_BYTES);
    return g_strdup_printf("%s\n%" PRId64 "\n%s\n", origin, size, coded);
}

bool note_number(const char *text, int64_t *number)
{
    enum { DIGITS = 18 };
    size_t length = strlen(text);
    *number = g_ascii_strtoll(text, NULL, 10);
    return length > 0 && length <= DIGITS && strspn(text, "0123456789") == length && (text[0] != '0' || length == 1);
}

bool checkpoint_read(const char *text, const char *origin, int64_t *size, Hash *root)
{
    gsize length = 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (g_strv_length(lines) < 4 || strcmp(lines[0], origin) != 0 || !note_number(lines[1], size))
        return false;
    g_autofree guchar *bytes = g_base64_decode(lines[2], &length);
    if (length != HASH_BYTES)
        return false;
    memcpy(root->bytes, bytes, HASH_BYTES);
    return true;
}

void checkpoint_clear(Checkpoint *self)
{
    g_clear_pointer(&self->note, g_free);
    g_clear_pointer(&self->origin, g_free);
}

bool checkpoint_of(const char *note, Checkpoint *out)
{
    *out = (Checkpoint){ .note = g_strdup(note), .origin = g_strndup(note, strcspn(note, "\n")), .day = DAY_NONE };
    return strstr(note, "\n\n") && checkpoint_read(note, out->origin, &out->size, &out->root);
}
