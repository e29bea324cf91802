// SPDX-License-Identifier: Apache-2.0
/* Signed notes against the example that is published with the format. */
#include "ledger/key.h"

#include <string.h>

static const char secret[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
static const char verifier[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char text[] = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
static const char signature[] = "\xe2\x80\x94 PeterNeumann "
                                "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

static void the_published_example_is_signed_so(void)
{
    g_auto(NoteSigner) signer = { 0 };
    g_auto(NoteVerifier) public = { 0 };
    g_assert_true(note_signer_read(secret, &signer, NULL));
    g_assert_true(note_verifier_read(verifier, &public, NULL));
    g_autofree char *note = key_ring_sign(&(KeyRing){ 1, { signer } }, text), *wanted = g_strconcat(text, "\n", signature, NULL);
    g_assert_cmpstr(note, ==, wanted);
    g_autofree char *opened = note_open(&public, note);
    g_assert_cmpstr(opened, ==, text);
    g_autofree char *secret_again = note_signer_text(&signer), *public_again = note_verifier_text(&signer.verifier);
    g_assert_cmpstr(secret_again, ==, secret);
    g_assert_cmpstr(public_again, ==, verifier);
}

static void what_is_bent_does_not_open(void)
{
    g_auto(NoteSigner) signer = { 0 };
    g_auto(NoteVerifier) public = { 0 };
    g_assert_true(note_signer_read(secret, &signer, NULL));
    g_assert_true(note_verifier_read(verifier, &public, NULL));
    g_autofree char *note = key_ring_sign(&(KeyRing){ 1, { signer } }, text);
    for (size_t i = 0; i < strlen(note); i++) {
        g_autofree char *bent = g_strdup(note);
        bent[i] = bent[i] == 'x' ? 'y' : 'x';
        g_autofree char *opened = note_open(&public, bent);
        if (opened && i + 2 < strlen(note)) /* the last letters of base64 hold bits that mean nothing */
            g_error("bent at %zu it still opens", i);
    }
}

static void keys_that_are_none_are_refused(void)
{
    static const char *const bad[] = {
        "", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc", "++",
        "PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(NoteVerifier) public = { 0 };
        g_auto(NoteSigner) signer = { 0 };
        g_assert_false(note_verifier_read(bad[i], &public, NULL));
        g_assert_false(note_signer_read(bad[i], &signer, NULL));
    }
    static const char *const names[] = { "", "a b", "a+b", "a\nb", "平湖" };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(NoteSigner) signer = { 0 };
        g_assert_false(note_signer_of(names[i], (const unsigned char *)text, &signer, NULL));
    }
}

static void a_checkpoint_is_read_as_it_was_written(void)
{
    static const char *const bad[] = {
        "a\n1\nAAAA\n", "b\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "a\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "a\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "a\n\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "a\n9999999999999999999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "a\n1",
    };
    Hash root = { { 1, 2, 3 } }, back;
    int64_t size = 0;
    g_autofree char *written = checkpoint_text("a", 20852163, &root);
    g_assert_true(checkpoint_read(written, "a", &size, &back));
    g_assert_cmpint(size, ==, 20852163);
    g_assert_true(memcmp(&root, &back, sizeof root) == 0);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(checkpoint_read(bad[i], "a", &size, &back));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/note/the published example is signed so", the_published_example_is_signed_so);
    g_test_add_func("/note/what is bent does not open", what_is_bent_does_not_open);
    g_test_add_func("/note/keys that are none are refused", keys_that_are_none_are_refused);
    g_test_add_func("/note/a checkpoint is read as it was written", a_checkpoint_is_read_as_it_was_written);
    return g_test_run();
}
