// SPDX-License-Identifier: Apache-2.0
/* SHA-256 by OpenSSL's own functions, which use the processor's: its general ones look their code up anew each time, which takes
 * longer than hashing two nodes of the ledger's tree, and GLib's take several times as long. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/base.h"

#include <openssl/sha.h>
#include <string.h>

bool hash_equal(const Hash *a, const Hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

void hash_parts(const HashPart *parts, size_t count, Hash *out)
{
    SHA256_CTX state;
    SHA256_Init(&state);
    for (size_t i = 0; i < count; i++)
        SHA256_Update(&state, parts[i].data, parts[i].length);
    SHA256_Final(out->bytes, &state);
}

void hash_keyed(const void *key, size_t key_length, const void *data, size_t length, Hash *out)
{
    enum { INNER = 0x36, OUTER = 0x5c };
    unsigned char inner[SHA256_CBLOCK] = { 0 }, outer[SHA256_CBLOCK] = { 0 };
    Hash short_key;
    if (key_length > SHA256_CBLOCK) {
        hash_parts(&(const HashPart){ key, key_length }, 1, &short_key);
        key = &short_key;
        key_length = sizeof short_key;
    }
    memcpy(inner, key, key_length);
    memcpy(outer, key, key_length);
    for (size_t i = 0; i < SHA256_CBLOCK; i++) {
        inner[i] ^= INNER;
        outer[i] ^= OUTER;
    }
    hash_parts((const HashPart[]){ { inner, sizeof inner }, { data, length } }, 2, out);
    hash_parts((const HashPart[]){ { outer, sizeof outer }, { out, sizeof *out } }, 2, out);
}

char *hash_text(const char *text)
{
    Hash hash;
    hash_parts(&(const HashPart){ text, strlen(text) }, 1, &hash);
    return text_hex(&hash, sizeof hash);
}
