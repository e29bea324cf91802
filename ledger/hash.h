// SPDX-License-Identifier: Apache-2.0
/* SHA-256. Pure. */
#pragma once

#include "base/base.h"

enum { HASH_BYTES = 32 };

typedef struct Hash {
    unsigned char bytes[HASH_BYTES];
} Hash;

typedef struct HashPart {
    const void *data;
    size_t length;
} HashPart;

bool hash_equal(const Hash *a, const Hash *b);
/* Hashes the parts as if they were one text. */
void hash_parts(const HashPart *parts, size_t count, Hash *out);
/* HMAC-SHA-256; the key has 64 bytes at the most. */
void hash_keyed(const void *key, size_t key_length, const void *data, size_t length, Hash *out);
