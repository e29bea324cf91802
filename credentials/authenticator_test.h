// SPDX-License-Identifier: Apache-2.0
/* An authenticator of the tests: keys of OpenSSL, answers as a browser would hand them on, and all that can be wrong with them. */
#pragma once

#include "credentials/passkey.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

enum { UP = 1, UV = 4, AT = 0x40, ED = 0x80 };
enum { ES256 = -7, EDDSA = -8, RS256 = -257 };

/* ---- CBOR, written by hand, so that reading is not held against itself ---- */

static inline void put_head(GByteArray *out, unsigned major, uint64_t number)
{
    enum { HEAD_MOST = 9 };
    unsigned width = number < 24 ? 0 : number < 256 ? 1 : number < 65536 ? 2 : 8;
    unsigned char head[HEAD_MOST] = { (unsigned char)(major << 5 | (width ? width == 8 ? 27 : 23 + width : number)) };
    for (unsigned i = 0; i < width; i++)
        head[1 + i] = (unsigned char)(number >> 8 * (width - 1 - i));
    g_byte_array_append(out, head, 1 + width);
}

static inline void put_number(GByteArray *out, int64_t number)
{
    put_head(out, number < 0 ? 1 : 0, (uint64_t)(number < 0 ? -1 - number : number));
}

static inline void put_bytes(GByteArray *out, const void *bytes, size_t length)
{
    put_head(out, 2, length);
    g_byte_array_append(out, bytes, (guint)length);
}

static inline void put_text(GByteArray *out, const char *text)
{
    put_head(out, 3, strlen(text));
    g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

static inline GBytes *bytes_of_hex(const char *hex)
{
    size_t length = 0;
    g_autofree unsigned char *bytes = g_malloc(strlen(hex) + 1);
    g_assert_cmpint(sodium_hex2bin(bytes, strlen(hex) + 1, hex, strlen(hex), " ", &length, NULL), ==, 0);
    return g_bytes_new(bytes, length);
}

static inline void put_hex(GByteArray *out, const char *hex)
{
    g_autoptr(GBytes) bytes = bytes_of_hex(hex ? hex : "");
    g_byte_array_append(out, g_bytes_get_data(bytes, NULL), (guint)g_bytes_get_size(bytes));
}

/* ---- keys ---- */

typedef struct Authenticator {
    EVP_PKEY *pair;
    int64_t algorithm;
} Authenticator;

static inline Authenticator authenticator_of_bits(int64_t algorithm, unsigned bits)
{
    EVP_PKEY *pair = algorithm == ES256 ? EVP_EC_gen("P-256") : algorithm == EDDSA ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") : EVP_RSA_gen(bits);
    g_assert_nonnull(pair);
    return (Authenticator){ pair, algorithm };
}

static inline Authenticator authenticator_new(int64_t algorithm)
{
    return authenticator_of_bits(algorithm, 2048);
}

static inline void authenticator_clear(Authenticator *self)
{
    EVP_PKEY_free(self->pair);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Authenticator, authenticator_clear)

static inline void put_part(GByteArray *out, int64_t label, EVP_PKEY *pair, const char *name)
{
    BIGNUM *number = NULL;
    unsigned char bytes[1024];
    g_assert_cmpint(EVP_PKEY_get_bn_param(pair, name, &number), ==, 1);
    put_number(out, label);
    bool is_coordinate = label != -1 && EVP_PKEY_get_base_id(pair) == EVP_PKEY_EC;
    int length = is_coordinate ? BN_bn2binpad(number, bytes, 32) : BN_bn2bin(number, bytes);
    put_bytes(out, bytes, (size_t)length);
    BN_free(number);
}

static inline void put_pair(GByteArray *out, int64_t label, int64_t number)
{
    put_number(out, label);
    put_number(out, number);
}

static inline void put_ed25519(GByteArray *out, EVP_PKEY *pair)
{
    unsigned char bytes[32];
    size_t length = sizeof bytes;
    g_assert_cmpint(EVP_PKEY_get_raw_public_key(pair, bytes, &length), ==, 1);
    put_number(out, -2);
    put_bytes(out, bytes, length);
}

/* The public key as a COSE_Key; owned by the caller. */
static inline GByteArray *authenticator_cose(const Authenticator *self)
{
    GByteArray *out = g_byte_array_new();
    bool is_rsa = self->algorithm == RS256, is_ec = self->algorithm == ES256;
    put_head(out, 5, is_ec ? 5 : 4);
    put_pair(out, 1, is_rsa ? 3 : is_ec ? 2 : 1);
    put_pair(out, 3, self->algorithm);
    if (!is_rsa)
        put_pair(out, -1, is_ec ? 1 : 6);
    if (is_rsa)
        put_part(out, -1, self->pair, OSSL_PKEY_PARAM_RSA_N), put_part(out, -2, self->pair, OSSL_PKEY_PARAM_RSA_E);
    else if (is_ec)
        put_part(out, -2, self->pair, OSSL_PKEY_PARAM_EC_PUB_X), put_part(out, -3, self->pair, OSSL_PKEY_PARAM_EC_PUB_Y);
    else
        put_ed25519(out, self->pair);
    return out;
}

/* ---- answers ---- */

/* An answer, right or wrong: what is NULL or 0 is as it should be. */
typedef struct Answered {
    const char *type, *origin, *host;
    const char *json;                       /* more members of clientDataJSON: ",\"crossOrigin\":true" */
    unsigned lacks, adds;                   /* flags */
    int64_t count, id_length;               /* a negative length: 0 */
    const char *behind_data, *behind_all;   /* hexadecimal */
    bool other_challenge;
} Answered;

static const unsigned char challenge[32] = "asked once, and by nobody else!";
static const PasskeyAsked asked = { "https://pinghu.example", { challenge, sizeof challenge } };

static inline char *client_json(const char *type, const Answered *answered)
{
    unsigned char given[sizeof challenge];
    memcpy(given, challenge, sizeof given);
    given[0] ^= answered->other_challenge;
    g_autofree char *text = text_base64url(given, sizeof given);
    return g_strdup_printf("{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", answered->type ? answered->type : type, text,
                           answered->origin ? answered->origin : asked.origin, answered->json ? answered->json : ",\"crossOrigin\":false");
}

/* authenticatorData, for a new passkey with its key, else without (NULL). Owned by the caller. */
static inline GByteArray *authenticator_data(const Answered *answered, const GByteArray *cose)
{
    unsigned char head[37] = { 0 }, id[2000] = "an id";
    GByteArray *out = g_byte_array_new();
    const char *host = answered->host ? answered->host : "pinghu.example";
    size_t length = answered->id_length < 0 ? 0 : answered->id_length ? (size_t)answered->id_length : 16;
    SHA256((const unsigned char *)host, strlen(host), head);
    head[32] = (unsigned char)(((UP | UV | (cose ? AT : 0)) & ~answered->lacks) | answered->adds);
    for (unsigned i = 0; i < 4; i++)
        head[33 + i] = (unsigned char)(answered->count >> 8 * (3 - i));
    g_byte_array_append(out, head, sizeof head);
    if (cose) {
        const unsigned char before[18] = { [16] = (unsigned char)(length >> 8), [17] = (unsigned char)length };
        g_byte_array_append(out, before, sizeof before);
        g_byte_array_append(out, id, (guint)length);
        g_byte_array_append(out, cose->data, cose->len);
    }
    put_hex(out, answered->behind_data);
    return out;
}

static inline GByteArray *attestation_of(const Answered *answered, const GByteArray *data)
{
    GByteArray *out = g_byte_array_new();
    put_head(out, 5, 3);
    put_text(out, "fmt");
    put_text(out, "none");
    put_text(out, "attStmt");
    put_head(out, 5, 0);
    put_text(out, "authData");
    put_bytes(out, data->data, data->len);
    put_hex(out, answered->behind_all);
    return out;
}

/* The signature over authenticatorData and the hash of clientDataJSON; owned by the caller. */
static inline GByteArray *authenticator_sign(const Authenticator *self, const GByteArray *data, const char *client)
{
    unsigned char hash[SHA256_DIGEST_LENGTH], signature[1024];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    GByteArray *message = g_byte_array_new(), *out = g_byte_array_new();
    SHA256((const unsigned char *)client, strlen(client), hash);
    g_byte_array_append(message, data->data, data->len);
    g_byte_array_append(message, hash, sizeof hash);
    g_assert_cmpint(EVP_DigestSignInit(context, NULL, self->algorithm == EDDSA ? NULL : EVP_sha256(), NULL, self->pair), ==, 1);
    g_assert_cmpint(EVP_DigestSign(context, signature, &length, message->data, message->len), ==, 1);
    EVP_MD_CTX_free(context);
    g_byte_array_unref(message);
    return g_byte_array_append(out, signature, (guint)length);
}

static inline Span span_of_array(const GByteArray *array)
{
    return (Span){ array->data, array->len };
}

static inline Span span_of_text(const char *text)
{
    return (Span){ (const unsigned char *)text, strlen(text) };
}
