// SPDX-License-Identifier: Apache-2.0
/* The centre's signing keys in their file, and how one takes over from the other. */
#include "ledger/key.h"
#include "ledger/publisher.h"

#include <string.h>

/* ---- the file ---- */

void key_ring_clear(KeyRing *self)
{
    for (size_t i = 0; i < RING_MOST; i++)
        note_signer_clear(&self->keys[i]);
    self->count = 0;
}

bool key_draw(const char *name, NoteSigner *out, GError **error)
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    random_secure(NULL, seed, sizeof seed);
    bool made = note_signer_of(name, seed, out, error);
    sodium_memzero(seed, sizeof seed);
    return made;
}

bool ledger_key_make(const char *file, const char *name, GError **error)
{
    g_auto(NoteSigner) signer = { 0 };
    if (!key_draw(name, &signer, error))
        return false;
    char *text = note_signer_text(&signer);
    bool kept = secret_write(file, text, error);
    secret_free(text);
    return kept;
}

static bool read_lines(const char *file, char *text, KeyRing *out, GError **error)
{
    bool fits = true;
    for (char *line = text, *next; fits && *line; line = next) {
        size_t length = strcspn(line, "\n");
        next = line + length + (line[length] == '\n');
        line[length] = '\0';
        fits = out->count < RING_MOST && note_signer_read(line, &out->keys[out->count++], NULL) &&
               strcmp(out->keys[out->count - 1].verifier.name, out->keys[0].verifier.name) == 0;
    }
    return (fits && out->count > 0) || refuse(error, BAD_INPUT, "ledger.key_damaged", "file", file, NULL);
}

bool key_ring_read(const char *file, KeyRing *out, GError **error)
{
    char *text;
    *out = (KeyRing){ 0 };
    if (!secret_read(file, &text, error))
        return false;
    size_t length = text ? strlen(text) : 0;
    bool read = !text || read_lines(file, text, out, error);
    if (text)
        sodium_memzero(text, length); /* the lines' ends are NULs by now */
    g_free(text);
    return read;
}

bool key_ring_write(const char *file, const KeyRing *self, GError **error)
{
    char *first = note_signer_text(&self->keys[0]), *second = self->count > 1 ? note_signer_text(&self->keys[1]) : NULL;
    char *text = g_strconcat(first, "\n", second, second ? "\n" : NULL, NULL);
    bool written = file_replace(file, text, 0600, error);
    secret_free(first);
    secret_free(second);
    secret_free(text);
    return written;
}

bool ledger_key_read(const char *file, char **public, GError **error)
{
    g_auto(KeyRing) ring = { 0 };
    bool read = key_ring_read(file, &ring, error);
    *public = read && ring.count > 0 ? note_verifier_text(&ring.keys[0].verifier) : NULL;
    return read;
}

/* ---- signing ---- */

char *key_ring_sign(const KeyRing *self, const char *text)
{
    GString *note = g_string_new(text);
    g_string_append_c(note, '\n');
    for (size_t i = 0; i < self->count; i++) {
        g_autofree char *line = note_signature(&self->keys[i], text);
        g_string_append(note, line);
    }
    return g_string_free(note, FALSE);
}

size_t key_ring_signatures(const KeyRing *self, const char *note)
{
    size_t signatures = 0;
    for (size_t i = 0; i < self->count; i++) {
        g_autofree char *text = note_open(&self->keys[i].verifier, note);
        signatures += text != NULL;
    }
    return signatures;
}

bool key_ring_vouches(const KeyRing *self, const Checkpoint *checkpoint)
{
    return key_ring_signatures(self, checkpoint->note) > 0 && strcmp(checkpoint->origin, self->keys[0].verifier.name) == 0;
}

/* ---- taking over ---- */

bool ledger_key_add(const char *file, GError **error)
{
    g_auto(KeyRing) ring = { 0 };
    if (!key_ring_read(file, &ring, error))
        return false;
    if (ring.count == 0)
        return refuse(error, NOT_FOUND, "ledger.no_key", NULL);
    if (ring.count == RING_MOST)
        return refuse(error, CONFLICT, "ledger.key_two", NULL);
    ring.keys[ring.count++] = ring.keys[0];
    return key_draw(ring.keys[1].verifier.name, &ring.keys[0], error) && key_ring_write(file, &ring, error);
}

bool ledger_key_drop(const char *file, GError **error)
{
    g_auto(KeyRing) ring = { 0 };
    if (!key_ring_read(file, &ring, error))
        return false;
    if (ring.count < RING_MOST)
        return refuse(error, CONFLICT, "ledger.key_one", NULL);
    note_signer_clear(&ring.keys[1]);
    ring.count = 1;
    return key_ring_write(file, &ring, error);
}

/* ---- what the ledger says of keys ---- */

/* The public leaf holds the subject: it announces the key by itself. */
static char *subject_of(const NoteSigner *key)
{
    g_autofree char *public = note_verifier_text(&key->verifier);
    return g_strconcat("key/", public, NULL);
}

bool ledger_keys_record(const Context *context, int64_t *count, GError **error)
{
    const KeyRing *ring = publisher_ring(context->publisher);
    *count = 0;
    for (size_t i = ring->count; i-- > 0;) { /* the older first */
        bool appended, takes_over = i + 1 < ring->count;
        g_autofree char *subject = subject_of(&ring->keys[i]);
        if (!ledger_append_once(context, subject, takes_over ? "key.rotated" : "key.made", true, "{}", &appended, error))
            return false;
        *count += appended;
    }
    return true;
}

bool ledger_key_retire(const Context *context, GError **error)
{
    const KeyRing *ring = publisher_ring(context->publisher);
    if (ring->count < RING_MOST)
        return refuse(error, CONFLICT, "ledger.key_one", NULL);
    g_autofree char *subject = subject_of(&ring->keys[1]);
    return ledger_append_once(context, subject, "key.retired", false, "{}", NULL, error);
}

bool ledger_personal_key(const Context *context, int64_t id, bool *appended, GError **error)
{
    g_autofree char *subject = g_strdup_printf("personal_key/%" PRId64, id);
    return ledger_append_once(context, subject, "personal_key.renewed", true, "{}", appended, error);
}
