// SPDX-License-Identifier: Apache-2.0
/* The inside of the keys of personal data (personal.c), for what keeps them (personal_store.c). */
#pragma once

#include "db/engine.h"

enum { PERSONAL_KEY = 32, PERSONAL_KEYS_MOST = 100 };

/* The keys of one county, as their file has them. Immutable. */
typedef struct PersonalKeys {
    unsigned char search[PERSONAL_KEY]; /* of the keyed hashes; stays when the others are renewed */
    unsigned char seals[PERSONAL_KEYS_MOST][PERSONAL_KEY]; /* number 1 first; the last one seals */
    size_t count;
} PersonalKeys;

/* Reads a file of keys; *keys is NULL where there is none. BAD_INPUT "db.personal_form"; else as secret_read. */
bool personal_keys_read(const char *file, PersonalKeys **keys, GError **error);
/* The keys that such a file's text tells, which is destroyed; NULL where it is none. Owned by the caller. */
PersonalKeys *personal_keys_parse(char *text);
void personal_keys_free(PersonalKeys *self); /* and wipes them */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonalKeys, personal_keys_free)
/* Proves which key has this number, without telling it. Owned by the caller. */
char *personal_keys_proof(const PersonalKeys *self, int64_t id);

/* The keys of all counties of a store. */
typedef struct PersonalCounties PersonalCounties;
PersonalCounties *personal_counties_new(void);
void personal_counties_free(PersonalCounties *self);
/* Takes over the keys; a county gets them once. */
void personal_counties_add(PersonalCounties *self, int64_t county, PersonalKeys *keys);

/* The ciphers of a connection, made when they are first used; does nothing for NULL. */
void personal_ciphers_free(struct PersonalCiphers *self);
/* Number of the key that sealed the text; 0: it is none that personal_seal has written. */
int64_t personal_sealed_by(const char *text);
