// SPDX-License-Identifier: Apache-2.0
/* CBOR is read by libcbor item by item: the tree that it could make of the whole takes as much memory as a sender claims to need. */
#include "credentials/passkey.h"

#include <cbor.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIGNUM, BN_free)

Span span_of(GBytes *bytes)
{
    Span span = { 0 };
    if (bytes)
        span.at = g_bytes_get_data(bytes, &span.length);
    return span;
}

/* ---- items ---- */

static void take_number(Item *item, uint64_t value, bool is_negative)
{
    if (value <= INT64_MAX)
        *item = (Item){ .kind = ITEM_NUMBER, .number = is_negative ? -1 - (int64_t)value : (int64_t)value };
}

/* libcbor has a word of its own for each width of a number. */
#define TAKES_NUMBERS(bits)                                       \
    static void take_uint##bits(void *to, uint##bits##_t value)   \
    {                                                             \
        take_number(to, value, false);                            \
    }                                                             \
    static void take_negint##bits(void *to, uint##bits##_t value) \
    {                                                             \
        take_number(to, value, true);                             \
    }
TAKES_NUMBERS(8)
TAKES_NUMBERS(16)
TAKES_NUMBERS(32)
TAKES_NUMBERS(64)

static void take_bytes(void *to, cbor_data bytes, size_t length)
{
    *(Item *)to = (Item){ .kind = ITEM_BYTES, .span = { bytes, length } };
}

static void take_text(void *to, cbor_data text, size_t length)
{
    *(Item *)to = (Item){ .kind = ITEM_TEXT, .span = { text, length } };
}

static void take_list(void *to, size_t count)
{
    *(Item *)to = (Item){ .kind = ITEM_LIST, .number = (int64_t)MIN(count, INT64_MAX) };
}

static void take_map(void *to, size_t count)
{
    *(Item *)to = (Item){ .kind = ITEM_MAP, .number = (int64_t)MIN(count, INT64_MAX) };
}

static void take_flag(void *to, bool value)
{
    *(Item *)to = (Item){ .kind = ITEM_WORD, .number = value };
}

static void take_null(void *to)
{
    *(Item *)to = (Item){ .kind = ITEM_WORD };
}

/* A list or map of more items than bytes are left is broken at once. */
static Item item_read(Span *rest)
{
    Item item = { 0 };
    struct cbor_callbacks takes = cbor_empty_callbacks; /* what is not named below stays broken */
    takes.uint8 = take_uint8, takes.uint16 = take_uint16, takes.uint32 = take_uint32, takes.uint64 = take_uint64;
    takes.negint8 = take_negint8, takes.negint16 = take_negint16, takes.negint32 = take_negint32, takes.negint64 = take_negint64;
    takes.byte_string = take_bytes, takes.string = take_text, takes.array_start = take_list, takes.map_start = take_map;
    takes.boolean = take_flag, takes.null = take_null;
    struct cbor_decoder_result read = cbor_stream_decode(rest->at, rest->length, &takes, &item);
    if (read.status != CBOR_DECODER_FINISHED)
        return (Item){ 0 };
    *rest = (Span){ rest->at + read.read, rest->length - read.read };
    bool holds = item.kind == ITEM_LIST || item.kind == ITEM_MAP;
    return holds && item.number > (int64_t)rest->length ? (Item){ 0 } : item;
}

static bool pass(Span *rest, unsigned depth)
{
    Item item = item_read(rest);
    int64_t within = item.kind == ITEM_LIST ? item.number : item.kind == ITEM_MAP ? 2 * item.number : 0;
    if (item.kind == ITEM_BROKEN || (within && !depth))
        return false;
    for (int64_t i = 0; i < within; i++)
        if (!pass(rest, depth - 1))
            return false;
    return true;
}

bool item_pass(Span *rest)
{
    enum { DEPTH_MOST = 4 };
    return pass(rest, DEPTH_MOST);
}

static bool is_key(const Item *item, const ItemKey *key)
{
    if (!key->text)
        return item->kind == ITEM_NUMBER && item->number == key->number;
    return item->kind == ITEM_TEXT && item->span.length == strlen(key->text) && memcmp(item->span.at, key->text, item->span.length) == 0;
}

static Item *place_of(const Item *name, const ItemKey *keys, size_t count, Item *out)
{
    for (size_t i = 0; i < count; i++)
        if (is_key(name, &keys[i]))
            return &out[i];
    return NULL;
}

/* Canonical keys are numbers or text. */
static bool pair_read(Span *rest, const ItemKey *keys, size_t count, Item *out)
{
    Item name = item_read(rest);
    if (name.kind != ITEM_NUMBER && name.kind != ITEM_TEXT)
        return false;
    Item *place = place_of(&name, keys, count, out);
    if (!place)
        return item_pass(rest);
    if (place->kind != ITEM_BROKEN)
        return false;
    *place = item_read(rest);
    return place->kind == ITEM_NUMBER || place->kind == ITEM_BYTES || place->kind == ITEM_TEXT;
}

bool map_read(Span *rest, const ItemKey *keys, size_t count, Item *out)
{
    memset(out, 0, count * sizeof *out);
    Item map = item_read(rest);
    if (map.kind != ITEM_MAP)
        return false;
    for (int64_t i = 0; i < map.number; i++)
        if (!pair_read(rest, keys, count, out))
            return false;
    return true;
}

/* ---- keys ---- */

enum { KTY, ALG, FIRST, SECOND, THIRD, PARTS }; /* the last three mean what the type of key says */
static const ItemKey parts_of_key[PARTS] = { [KTY] = { .number = 1 }, [ALG] = { .number = 3 }, [FIRST] = { .number = -1 },
                                             [SECOND] = { .number = -2 }, [THIRD] = { .number = -3 } };
enum { KEY_OKP = 1, KEY_EC2 = 2, KEY_RSA = 3, P_256 = 1, ED25519 = 6 };
enum { COORDINATE = 32 };

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    g_autoptr(OSSL_PARAM) params = OSSL_PARAM_BLD_to_param(build);
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    bool well = params && context && EVP_PKEY_fromdata_init(context) > 0 && EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) > 0;
    return well ? key : NULL;
}

static bool is_bytes(const Item *item, size_t length)
{
    return item->kind == ITEM_BYTES && item->span.length == length;
}

static EVP_PKEY *make_es256(const Item *part)
{
    unsigned char point[1 + 2 * COORDINATE] = { POINT_CONVERSION_UNCOMPRESSED };
    if (part[FIRST].number != P_256 || !is_bytes(&part[SECOND], COORDINATE) || !is_bytes(&part[THIRD], COORDINATE))
        return NULL;
    memcpy(point + 1, part[SECOND].span.at, COORDINATE);
    memcpy(point + 1 + COORDINATE, part[THIRD].span.at, COORDINATE);
    g_autoptr(OSSL_PARAM_BLD) build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
    return key_from("EC", build);
}

static EVP_PKEY *make_eddsa(const Item *part)
{
    bool fits = part[FIRST].number == ED25519 && is_bytes(&part[SECOND], COORDINATE);
    return fits ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, part[SECOND].span.at, COORDINATE) : NULL;
}

/* The upper bound keeps a sender from having us calculate with numbers as long as he likes. */
static EVP_PKEY *make_rs256(const Item *part)
{
    enum { BITS_LEAST = 2048, BITS_MOST = 4096, EXPONENT_MOST = 4 };
    if (part[FIRST].kind != ITEM_BYTES || part[FIRST].span.length > BITS_MOST / 8 || part[SECOND].kind != ITEM_BYTES ||
        part[SECOND].span.length > EXPONENT_MOST)
        return NULL;
    g_autoptr(BIGNUM) n = BN_bin2bn(part[FIRST].span.at, (int)part[FIRST].span.length, NULL);
    g_autoptr(BIGNUM) e = BN_bin2bn(part[SECOND].span.at, (int)part[SECOND].span.length, NULL);
    g_autoptr(OSSL_PARAM_BLD) build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
    return BN_num_bits(n) >= BITS_LEAST ? key_from("RSA", build) : NULL;
}

static const struct Algorithm {
    int64_t number, type;
    EVP_PKEY *(*make)(const Item *part);
    const EVP_MD *(*digest)(void); /* NULL: the signature brings its own */
} algorithms[] = {
    { -7, KEY_EC2, make_es256, EVP_sha256 },
    { -8, KEY_OKP, make_eddsa, NULL },
    { -257, KEY_RSA, make_rs256, EVP_sha256 },
};
const int64_t cose_algorithms[] = { -7, -8, -257, 0 };
G_STATIC_ASSERT(G_N_ELEMENTS(cose_algorithms) == G_N_ELEMENTS(algorithms) + 1);

static const struct Algorithm *algorithm_of(int64_t number)
{
    for (size_t i = 0; i < G_N_ELEMENTS(algorithms); i++)
        if (algorithms[i].number == number)
            return &algorithms[i];
    return NULL;
}

static GBytes *der_of(EVP_PKEY *key)
{
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key, &der);
    GBytes *bytes = length > 0 ? g_bytes_new(der, (gsize)length) : NULL;
    OPENSSL_free(der);
    return bytes;
}

GBytes *cose_key(Span *rest, int64_t *algorithm)
{
    Item part[PARTS];
    if (!map_read(rest, parts_of_key, PARTS, part))
        return NULL;
    const struct Algorithm *known = algorithm_of(part[ALG].number);
    g_autoptr(EVP_PKEY) key = known && known->type == part[KTY].number ? known->make(part) : NULL;
    g_autoptr(EVP_PKEY_CTX) check = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    *algorithm = part[ALG].number;
    return check && EVP_PKEY_public_check(check) == 1 ? der_of(key) : NULL;
}

bool cose_signed(Span key, int64_t algorithm, Span message, Span signature)
{
    const unsigned char *der = key.at;
    const struct Algorithm *known = algorithm_of(algorithm);
    g_autoptr(EVP_PKEY) public = d2i_PUBKEY(NULL, &der, (long)key.length);
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    return known && public && EVP_DigestVerifyInit(context, NULL, known->digest ? known->digest() : NULL, NULL, public) > 0 &&
           EVP_DigestVerify(context, signature.at, signature.length, message.at, message.length) == 1;
}
