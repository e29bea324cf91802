// SPDX-License-Identifier: Apache-2.0
/* The checks of W3C Web Authentication level 2, sections 7.1 (a new passkey) and 7.2 (one in use). */
#include "credentials/passkey.h"

#include <openssl/sha.h>
#include <string.h>

void passkey_clear(Passkey *self)
{
    g_clear_pointer(&self->id, g_bytes_unref);
    g_clear_pointer(&self->key, g_bytes_unref);
}

/* Most of what can be wrong is no fault of the person, who can only begin again. */
static bool is_broken(GError **error)
{
    return refuse(error, NOT_FITTING, "credentials.passkey_broken", NULL);
}

/* ---- what the browser says ---- */

static bool has_challenge(const PasskeyAsked *asked, const json_t *client)
{
    g_autofree char *text = text_base64url(asked->challenge.at, asked->challenge.length);
    g_assert(asked->challenge.length);
    return secret_equals(text, json_text(client, "challenge"));
}

static bool client_fits(const PasskeyAsked *asked, Span bytes, const char *type, GError **error)
{
    g_autoptr(json_t) client = json_loadb((const char *)bytes.at, bytes.length, JSON_REJECT_DUPLICATES, NULL);
    if (!g_str_equal(json_text(client, "type"), type) || !has_challenge(asked, client) || json_flag(client, "crossOrigin"))
        return is_broken(error);
    return g_str_equal(json_text(client, "origin"), asked->origin) ||
           refuse(error, NOT_FITTING, "credentials.passkey_origin", "address", asked->origin, NULL);
}

/* ---- what the authenticator says (6.1) ---- */

enum { FLAGS = SHA256_DIGEST_LENGTH, COUNT, COUNT_LENGTH = 4, BEHIND_HEAD = COUNT + COUNT_LENGTH, AAGUID = 16 };
enum { USER_PRESENT = 1 << 0, USER_VERIFIED = 1 << 2, HAS_KEY = 1 << 6, HAS_EXTENSIONS = 1 << 7 };

static bool is_for_us(const PasskeyAsked *asked, Span data)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    g_autofree char *host = address_host(asked->origin);
    SHA256((const unsigned char *)host, strlen(host), hash);
    return memcmp(data.at, hash, sizeof hash) == 0;
}

/* *rest becomes what stands behind the head. */
static bool head_fits(const PasskeyAsked *asked, Span data, unsigned has_key, Span *rest, GError **error)
{
    if (data.length < BEHIND_HEAD || !is_for_us(asked, data) || (data.at[FLAGS] & HAS_KEY) != has_key || !(data.at[FLAGS] & USER_PRESENT))
        return is_broken(error);
    *rest = (Span){ data.at + BEHIND_HEAD, data.length - BEHIND_HEAD };
    return (data.at[FLAGS] & USER_VERIFIED) || refuse(error, NOT_FITTING, "credentials.passkey_unverified", NULL);
}

static int64_t number_at(const unsigned char *at, size_t bytes)
{
    int64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | at[i];
    return number;
}

/* Extensions, which nobody asked for, are passed over; behind them stands nothing. */
static bool ends(Span data, Span *rest)
{
    bool has_map = rest->length && rest->at[0] >> 5 == 5; /* CBOR's major type */
    return (!(data.at[FLAGS] & HAS_EXTENSIONS) || (has_map && item_pass(rest))) && !rest->length;
}

/* ---- a new passkey ---- */

static bool authenticator_data(Span attestation, Span *out)
{
    static const ItemKey data = { .text = "authData" };
    Item found;
    bool well = map_read(&attestation, &data, 1, &found) && found.kind == ITEM_BYTES && !attestation.length;
    *out = found.span;
    return well;
}

static bool id_read(Span *rest, Passkey *out)
{
    enum { LENGTH = 2, BEFORE = AAGUID + LENGTH };
    size_t length = rest->length >= BEFORE ? (size_t)number_at(rest->at + AAGUID, LENGTH) : 0;
    if (!length || length > PASSKEY_ID_MOST || length > rest->length - BEFORE)
        return false;
    out->id = g_bytes_new(rest->at + BEFORE, length);
    *rest = (Span){ rest->at + BEFORE + length, rest->length - BEFORE - length };
    return true;
}

bool passkey_created(const PasskeyAsked *asked, Span client, Span attestation, Passkey *out, GError **error)
{
    Span data = { 0 }, rest = { 0 };
    *out = (Passkey){ 0 };
    if (!client_fits(asked, client, "webauthn.create", error))
        return false;
    if (!authenticator_data(attestation, &data))
        return is_broken(error);
    if (!head_fits(asked, data, HAS_KEY, &rest, error))
        return false;
    if (!id_read(&rest, out))
        return is_broken(error);
    out->key = cose_key(&rest, &out->algorithm);
    out->count = number_at(data.at + COUNT, COUNT_LENGTH);
    if (!out->key)
        return refuse(error, NOT_FITTING, "credentials.passkey_algorithm", NULL);
    return ends(data, &rest) || is_broken(error);
}

/* ---- one in use ---- */

static bool is_signed(const Passkey *key, const PasskeyAnswer *answer)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256(answer->client.at, answer->client.length, hash);
    g_autoptr(GByteArray) message = g_byte_array_new();
    g_byte_array_append(message, answer->authenticator.at, (guint)answer->authenticator.length);
    g_byte_array_append(message, hash, sizeof hash);
    return cose_signed(span_of(key->key), key->algorithm, (Span){ message->data, message->len }, answer->signature);
}

bool passkey_used(const PasskeyAsked *asked, const Passkey *key, const PasskeyAnswer *answer, int64_t *count, GError **error)
{
    Span rest = { 0 };
    if (!client_fits(asked, answer->client, "webauthn.get", error) || !head_fits(asked, answer->authenticator, 0, &rest, error))
        return false;
    if (!ends(answer->authenticator, &rest) || !is_signed(key, answer))
        return is_broken(error);
    *count = number_at(answer->authenticator.at + COUNT, COUNT_LENGTH);
    return !key->count || *count > key->count || refuse(error, NOT_FITTING, "credentials.passkey_copied", NULL);
}
