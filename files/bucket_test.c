// SPDX-License-Identifier: Apache-2.0
/* Addresses at which a store of papers may be. Its questions and answers are tested in tests/stories/store.test.mjs. */
#include "files/bucket.h"

#include <glib/gstdio.h>
#include <string.h>

static void addresses_of_stores_are_taken(void)
{
    static const char *const fit[] = { "https://s3.example/papers", "https://s3.example:9000/papers/county/", "http://127.0.0.1:9000/papers",
                                       "http://localhost/papers", "http://[::1]:9000/papers/a" };
    for (size_t i = 0; i < G_N_ELEMENTS(fit); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Bucket) bucket = bucket_open(fit[i], "key", "secret", NULL, &error);
        g_assert_no_error(error);
        g_assert_nonnull(bucket);
    }
}

static void others_are_refused(void)
{
    static const char *const wrong[][4] = {
        { "http://s3.example/papers", "key", "secret", "files.store_address" },
        { "http://localhost.example/papers", "key", "secret", "files.store_address" },
        { "https://s3.example", "key", "secret", "files.store_address" },
        { "https://s3.example/", "key", "secret", "files.store_address" },
        { "https:///papers", "key", "secret", "files.store_address" },
        { "https://user@s3.example/papers", "key", "secret", "files.store_address" },
        { "https://s3.example/papers?x", "key", "secret", "files.store_address" },
        { "s3://papers", "key", "secret", "files.store_address" },
        { "", "key", "secret", "files.store_address" },
        { "https://s3.example/papers", NULL, "secret", "files.store_keys" },
        { "https://s3.example/papers", "", "secret", "files.store_keys" },
        { "https://s3.example/papers", "a:b", "secret", "files.store_keys" },
        { "https://s3.example/papers", "key", "", "files.store_keys" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(bucket_open(wrong[i][0], wrong[i][1], wrong[i][2], NULL, &error));
        g_assert_error(error, TROUBLE, BAD_INPUT);
        g_assert_nonnull(strstr(error->message, wrong[i][3]));
    }
}

static void who_does_not_answer_is_away(void)
{
    static const char hash[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    g_autoptr(GError) put = NULL, got = NULL;
    g_autoptr(Bucket) bucket = bucket_open("http://127.0.0.1:1/papers", "key", "secret", NULL, NULL); /* nobody listens at port 1 */
    g_assert_false(bucket_put(bucket, 330482, hash, "/proc/self/exe", &put));
    g_assert_error(put, TROUBLE, BUSY);
    g_assert_false(bucket_get(bucket, 330482, hash, -1, &got));
    g_assert_error(got, TROUBLE, BUSY);
    g_assert_nonnull(strstr(got->message, "files.store_away"));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/files/bucket/addresses of stores are taken", addresses_of_stores_are_taken);
    g_test_add_func("/files/bucket/others are refused", others_are_refused);
    g_test_add_func("/files/bucket/who does not answer is away", who_does_not_answer_is_away);
    return g_test_run();
}
