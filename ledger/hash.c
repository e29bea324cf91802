// SPDX-License-Identifier: Apache-2.0
/* SHA-256 by OpenSSL's own functions rather than by its general ones, which look their code up anew each time: that
 * takes longer than hashing two nodes of the tree. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "ledger/hash.h"

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

/* RFC 2104, for keys that are not longer than a block. */
void hash_keyed(const void *key, size_t key_length, const void *data, size_t length, Hash *out)
{
    enum { INNER = 0x36, OUTER = 0x5c };
    unsigned char inner[SHA256_CBLOCK] = { 0 }, outer[SHA256_CBLOCK] = { 0 };
    g_assert(key_length <= SHA256_CBLOCK);
    memcpy(inner, key, key_length);
    memcpy(outer, key, key_length);
    for (size_t i = 0; i < SHA256_CBLOCK; i++) {
        inner[i] ^= INNER;
        outer[i] ^= OUTER;
    }
    hash_parts((const HashPart[]){ { inner, sizeof inner }, { data, length } }, 2, out);
    hash_parts((const HashPart[]){ { outer, sizeof outer }, { out, sizeof *out } }, 2, out);
}
