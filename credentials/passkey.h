// SPDX-License-Identifier: Apache-2.0
/* Passkeys (通行密钥) as W3C Web Authentication level 2 has them: pure functions of what was asked and what came back. */
#pragma once

#include "base/base.h"

/* Bytes of somebody else, borrowed. */
typedef struct Span {
    const unsigned char *at;
    size_t length;
} Span;
Span span_of(GBytes *bytes);

/* ---- cose.c: CBOR as authenticators write it, and keys in COSE (RFC 9052, RFC 9053) ---- */

enum item_kind { ITEM_BROKEN, ITEM_NUMBER, ITEM_BYTES, ITEM_TEXT, ITEM_LIST, ITEM_MAP, ITEM_WORD };
typedef struct Item {
    enum item_kind kind;
    int64_t number; /* of a list or a map, how many items or pairs stand behind it */
    Span span;      /* of BYTES and TEXT */
} Item;
/* A key of a map that is looked for: by its text or, where that is NULL, by its number. */
typedef struct ItemKey {
    const char *text;
    int64_t number;
} ItemKey;
/* Passes over an item of `rest` with all that is in it, as CTAP2 allows: nested four deep at most, every length told in advance,
 * neither tags nor floats. False when it is something else. */
bool item_pass(Span *rest);
/* Reads a map: the value of keys[i], a number, bytes or text, becomes out[i], BROKEN where it is not there; the rest is passed over. False
 * for anything else, and for a key that stands there twice. */
bool map_read(Span *rest, const ItemKey *keys, size_t count, Item *out);

/* Algorithms of signatures by their COSE numbers, the best first; 0 ended. */
extern const int64_t cose_algorithms[]; /* ES256, EdDSA (Ed25519), RS256 */
/* Reads a public key for one of them and makes a SubjectPublicKeyInfo (DER) of it, owned by the caller; NULL when the
 * key is none, is of another algorithm or not on its curve, or of RSA with less than 2048 or more than 4096 bits. */
GBytes *cose_key(Span *rest, int64_t *algorithm);
/* Is the signature over `message` by that key? */
bool cose_signed(Span key, int64_t algorithm, Span message, Span signature);

/* ---- passkey.c: what is checked of an answer ---- */

/* The question that the centre put to the browser. */
typedef struct PasskeyAsked {
    const char *origin; /* the county's public address, "https://pinghu.example"; its host name is the relying party's id */
    Span challenge;
} PasskeyAsked;

typedef struct Passkey {
    GBytes *id;         /* as the authenticator calls it */
    GBytes *key;        /* DER */
    int64_t algorithm;
    int64_t count;      /* of its uses, as it says; 0: it does not count */
} Passkey;
void passkey_clear(Passkey *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Passkey, passkey_clear)

enum { PASSKEY_ID_MOST = 1023 };

/* An answer to navigator.credentials.create (7.1): `client` is its clientDataJSON, `attestation` its attestationObject. The
 * statement in it is not judged, because none was asked for: the centre trusts the member of staff who enrols, not the maker of
 * the authenticator. NOT_FITTING "credentials.passkey_…"; *out is cleared by the caller. */
bool passkey_created(const PasskeyAsked *asked, Span client, Span attestation, Passkey *out, GError **error);

typedef struct PasskeyAnswer {
    Span client;        /* clientDataJSON */
    Span authenticator; /* authenticatorData */
    Span signature;
} PasskeyAnswer;
/* An answer to navigator.credentials.get (7.2), signed with `key`. *count becomes what the authenticator counts now; one that does
 * not grow though it counts belongs to a copy: NOT_FITTING "credentials.passkey_copied". */
bool passkey_used(const PasskeyAsked *asked, const Passkey *key, const PasskeyAnswer *answer, int64_t *count, GError **error);
