// SPDX-License-Identifier: Apache-2.0
/* Any bytes as what a browser hands on from an authenticator: refused with a reason, or a passkey that is one. */
#include "credentials/passkey.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { CHALLENGE = 32 };
static const unsigned char challenge[CHALLENGE];
static const PasskeyAsked asked = { "https://pinghu.example", { challenge, sizeof challenge } };

static char *client_of(const char *type)
{
    g_autofree char *text = text_base64url(challenge, sizeof challenge);
    return g_strdup_printf("{\"type\":\"webauthn.%s\",\"challenge\":\"%s\",\"origin\":\"%s\"}", type, text, asked.origin);
}

static void create(Span client, Span attestation)
{
    g_auto(Passkey) key = { 0 };
    g_autoptr(GError) error = NULL;
    bool well = passkey_created(&asked, client, attestation, &key, &error);
    g_assert_true(well == (error == NULL));
    if (!well)
        return;
    g_assert_true(g_bytes_get_size(key.id) && g_bytes_get_size(key.id) <= PASSKEY_ID_MOST);
    g_assert_false(cose_signed(span_of(key.key), key.algorithm, client, attestation));
}

static void use(Span client, Span authenticator)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(authenticator.at, authenticator.length);
    const Passkey key = { .key = bytes, .algorithm = cose_algorithms[0] };
    const PasskeyAnswer answer = { client, authenticator, authenticator };
    g_assert_false(passkey_used(&asked, &key, &answer, &count, &error));
    g_assert_nonnull(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int64_t algorithm;
    Span given = { bytes, length }, item = given, key = given;
    g_autofree char *creation = client_of("create"), *usage = client_of("get");
    create((Span){ (const unsigned char *)creation, strlen(creation) }, given);
    use((Span){ (const unsigned char *)usage, strlen(usage) }, given);
    create(given, given);
    g_assert_true(!item_pass(&item) || item.length < length);
    g_autoptr(GBytes) made = cose_key(&key, &algorithm);
    g_assert_true(!made || key.length < length);
    return 0;
}
