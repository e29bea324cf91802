// SPDX-License-Identifier: Apache-2.0
/* A passkey is made and used with each algorithm; then each check of W3C Web Authentication level 2 is broken by itself. */
#include "credentials/authenticator_test.h"

static void assert_refused(GError *error, const char *reason)
{
    g_assert_nonnull(error);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpuint(trouble_status(error), ==, NOT_FITTING);
    g_error_free(error);
}

static bool create(const Authenticator *with, const Answered *answered, Passkey *out, GError **error)
{
    g_autofree char *client = client_json("webauthn.create", answered);
    g_autoptr(GByteArray) cose = authenticator_cose(with);
    g_autoptr(GByteArray) data = authenticator_data(answered, cose), attestation = attestation_of(answered, data);
    return passkey_created(&asked, span_of_text(client), span_of_array(attestation), out, error);
}

static bool use(const Authenticator *with, const Passkey *key, const Answered *answered, int64_t *count, GError **error)
{
    g_autofree char *client = client_json("webauthn.get", answered);
    g_autoptr(GByteArray) data = authenticator_data(answered, NULL), signature = authenticator_sign(with, data, client);
    const PasskeyAnswer answer = { span_of_text(client), span_of_array(data), span_of_array(signature) };
    return passkey_used(&asked, key, &answer, count, error);
}

/* ---- as it should be ---- */

static void enrolled_and_used(const void *algorithm)
{
    int64_t count = 0;
    g_auto(Passkey) key = { 0 };
    g_autoptr(GError) error = NULL;
    g_auto(Authenticator) own = authenticator_new(*(const int64_t *)algorithm);
    g_assert_true(create(&own, &(Answered){ .count = 0x01020304 }, &key, &error));
    g_assert_cmpint(key.algorithm, ==, own.algorithm);
    g_assert_cmpint(key.count, ==, 0x01020304);
    g_autoptr(GBytes) id = g_bytes_new("an id\0\0\0\0\0\0\0\0\0\0\0", 16);
    g_assert_true(g_bytes_equal(key.id, id));
    g_assert_true(use(&own, &key, &(Answered){ .count = 0x01020305 }, &count, &error));
    g_assert_cmpint(count, ==, 0x01020305);
    g_auto(Authenticator) other = authenticator_new(own.algorithm);
    g_assert_false(use(&other, &key, &(Answered){ .count = 0x01020306 }, &count, &error));
    assert_refused(g_steal_pointer(&error), "credentials.passkey_broken");
}

static void longest_id(void)
{
    g_auto(Passkey) key = { 0 };
    g_auto(Authenticator) own = authenticator_new(EDDSA);
    g_assert_true(create(&own, &(Answered){ .id_length = PASSKEY_ID_MOST }, &key, NULL));
    g_assert_cmpuint(g_bytes_get_size(key.id), ==, PASSKEY_ID_MOST);
}

static void extensions_pass(void)
{
    int64_t count;
    g_auto(Passkey) key = { 0 };
    g_auto(Authenticator) own = authenticator_new(ES256);
    const Answered extended = { .adds = ED, .behind_data = "a1 61 61 f5" }; /* {"a": true} */
    g_assert_true(create(&own, &extended, &key, NULL));
    g_assert_true(use(&own, &key, &extended, &count, NULL));
}

/* ---- each check broken by itself ---- */

typedef struct Wrong {
    const char *what;
    Answered answered;
    const char *reason;
} Wrong;
static const Wrong both_wrong[] = {
    { "the other ceremony", { .type = "webauthn.other" }, "passkey_broken" },
    { "another challenge", { .other_challenge = true }, "passkey_broken" },
    { "another origin", { .origin = "https://pinghu.example.evil" }, "passkey_origin" },
    { "an origin without TLS", { .origin = "http://pinghu.example" }, "passkey_origin" },
    { "an origin with another port", { .origin = "https://pinghu.example:444" }, "passkey_origin" },
    { "within a page of another", { .json = ",\"crossOrigin\":true" }, "passkey_broken" },
    { "a member twice", { .json = ",\"origin\":\"https://pinghu.example\"" }, "passkey_broken" },
    { "no JSON", { .json = "," }, "passkey_broken" },
    { "another party's hash", { .host = "pinghu.example.evil" }, "passkey_broken" },
    { "nobody present", { .lacks = UP }, "passkey_broken" },
    { "nobody verified", { .lacks = UV }, "passkey_unverified" },
    { "extensions promised", { .adds = ED }, "passkey_broken" },
    { "extensions not promised", { .behind_data = "a0" }, "passkey_broken" },
    { "extensions that are no map", { .adds = ED, .behind_data = "80" }, "passkey_broken" },
    { "extensions cut short", { .adds = ED, .behind_data = "a1 61 61" }, "passkey_broken" },
    { "bytes behind extensions", { .adds = ED, .behind_data = "a0 00" }, "passkey_broken" },
};
static const Wrong creation_wrong[] = {
    { "a use", { .type = "webauthn.get" }, "passkey_broken" },
    { "no key promised", { .lacks = AT }, "passkey_broken" },
    { "bytes behind all", { .behind_all = "00" }, "passkey_broken" },
    { "an empty id", { .id_length = -1 }, "passkey_broken" },
    { "too long an id", { .id_length = PASSKEY_ID_MOST + 1 }, "passkey_broken" },
};
static const Wrong use_wrong[] = {
    { "a creation", { .type = "webauthn.create" }, "passkey_broken" },
    { "a key promised", { .adds = AT }, "passkey_broken" },
};

typedef bool Try(const Authenticator *own, const Passkey *key, const Answered *answered, GError **error);

static bool try_create(const Authenticator *own, const Passkey *key, const Answered *answered, GError **error)
{
    (void)key;
    g_auto(Passkey) made = { 0 };
    return create(own, answered, &made, error);
}

static bool try_use(const Authenticator *own, const Passkey *key, const Answered *answered, GError **error)
{
    int64_t count;
    return use(own, key, answered, &count, error);
}

static void assert_each_refused(Try *one, const Wrong *wrong, size_t count)
{
    g_auto(Passkey) key = { 0 };
    g_auto(Authenticator) own = authenticator_new(ES256);
    g_assert_true(create(&own, &(Answered){ 0 }, &key, NULL));
    g_assert_true(one(&own, &key, &(Answered){ 0 }, NULL));
    for (size_t i = 0; i < count; i++) {
        GError *error = NULL;
        g_autofree char *reason = g_strconcat("credentials.", wrong[i].reason, NULL);
        g_test_message("%s", wrong[i].what);
        g_assert_false(one(&own, &key, &wrong[i].answered, &error));
        assert_refused(error, reason);
    }
}

static void creation_faults(void)
{
    assert_each_refused(try_create, both_wrong, G_N_ELEMENTS(both_wrong));
    assert_each_refused(try_create, creation_wrong, G_N_ELEMENTS(creation_wrong));
}

static void use_faults(void)
{
    assert_each_refused(try_use, both_wrong, G_N_ELEMENTS(both_wrong));
    assert_each_refused(try_use, use_wrong, G_N_ELEMENTS(use_wrong));
}

/* Signed bytes that differ in one bit, and data that were signed with another challenge. */
static void altered(void)
{
    int64_t count;
    g_auto(Passkey) key = { 0 };
    const Answered well = { 0 };
    g_autofree char *client = client_json("webauthn.get", &well);
    g_auto(Authenticator) own = authenticator_new(ES256);
    g_assert_true(create(&own, &well, &key, NULL));
    g_autoptr(GByteArray) data = authenticator_data(&well, NULL), signature = authenticator_sign(&own, data, client);
    const PasskeyAnswer answer = { span_of_text(client), span_of_array(data), span_of_array(signature) };
    g_assert_true(passkey_used(&asked, &key, &answer, &count, NULL));
    for (guint i = 0; i < signature->len; i++) {
        signature->data[i] ^= 1;
        g_assert_false(passkey_used(&asked, &key, &answer, &count, NULL));
        signature->data[i] ^= 1;
    }
    data->data[36]++;
    g_assert_false(passkey_used(&asked, &key, &answer, &count, NULL));
}

static void counts(void)
{
    static const struct {
        int64_t before, now;
        bool grows;
    } all[] = { { 0, 0, true }, { 0, 1, true }, { 1, 0, false }, { 5, 5, false }, { 5, 4, false }, { 5, 6, true }, { 0x7fffffff, 0xffffffff, true } };
    g_auto(Passkey) key = { 0 };
    g_auto(Authenticator) own = authenticator_new(EDDSA);
    g_assert_true(create(&own, &(Answered){ 0 }, &key, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        int64_t count;
        GError *error = NULL;
        key.count = all[i].before;
        g_assert_true(use(&own, &key, &(Answered){ .count = all[i].now }, &count, &error) == all[i].grows);
        if (!all[i].grows)
            assert_refused(error, "credentials.passkey_copied");
        else
            g_assert_cmpint(count, ==, all[i].now);
    }
}

/* Cut anywhere, an answer is refused and read no further than it goes. */
static void cut(void)
{
    const Answered well = { 0 };
    g_autofree char *client = client_json("webauthn.create", &well);
    g_auto(Authenticator) own = authenticator_new(RS256);
    g_autoptr(GByteArray) cose = authenticator_cose(&own), data = authenticator_data(&well, cose);
    for (guint length = data->len; length; length--) {
        g_auto(Passkey) key = { 0 };
        g_byte_array_set_size(data, length);
        g_autoptr(GByteArray) attestation = attestation_of(&well, data);
        g_autofree unsigned char *exact = g_memdup2(attestation->data, attestation->len);
        g_assert_true(passkey_created(&asked, span_of_text(client), (Span){ exact, attestation->len }, &key, NULL) == (length == 37 + 18 + 16 + cose->len));
    }
}

int main(int count, char **words)
{
    base_start();
    g_test_init(&count, &words, NULL);
    g_test_add_data_func("/passkey/es256", &cose_algorithms[0], enrolled_and_used);
    g_test_add_data_func("/passkey/eddsa", &cose_algorithms[1], enrolled_and_used);
    g_test_add_data_func("/passkey/rs256", &cose_algorithms[2], enrolled_and_used);
    g_test_add_func("/passkey/longest-id", longest_id);
    g_test_add_func("/passkey/extensions-pass", extensions_pass);
    g_test_add_func("/passkey/creation-faults", creation_faults);
    g_test_add_func("/passkey/use-faults", use_faults);
    g_test_add_func("/passkey/altered", altered);
    g_test_add_func("/passkey/counts", counts);
    g_test_add_func("/passkey/cut", cut);
    return g_test_run();
}
