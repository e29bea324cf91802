// SPDX-License-Identifier: Apache-2.0
/* Any text as a note and as a checkpoint: what a key opens, it has signed; what is read, is written the same again. */
#include "ledger/note.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char verifier[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char signed_text[] = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

static void read_checkpoint(const char *text)
{
    Hash root;
    int64_t size;
    g_autofree char *origin = g_strndup(text, strcspn(text, "\n"));
    if (!checkpoint_read(text, origin, &size, &root))
        return;
    Hash again;
    int64_t same = -1;
    g_autofree char *written = checkpoint_text(origin, size, &root);
    g_assert_true(size >= 0 && checkpoint_read(written, origin, &same, &again));
    g_assert_true(same == size && memcmp(&root, &again, sizeof root) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_auto(NoteVerifier) key = { 0 }, other = { 0 };
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_assert_true(note_verifier_read(verifier, &key, NULL));
    g_autofree char *opened = note_open(&key, text);
    g_assert_true(!opened || strcmp(opened, signed_text) == 0);
    read_checkpoint(text);
    if (note_verifier_read(text, &other, NULL)) {
        g_autofree char *told = note_verifier_text(&other);
        g_auto(NoteVerifier) again = { 0 };
        g_assert_true(note_verifier_read(told, &again, NULL) && memcmp(again.key, other.key, sizeof other.key) == 0);
    }
    return 0;
}
