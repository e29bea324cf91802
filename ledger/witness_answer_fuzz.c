// SPDX-License-Identifier: Apache-2.0
/* Any text as a witness's answer: no cosignature but the one that is known, no size but one that is written so. */
#include "ledger/witness.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char key[] = "witness.example/w1+0ad7d35e+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
static const char text[] = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int64_t size;
    g_auto(NoteVerifier) witness = { 0 };
    g_autofree char *answer = g_strndup((const char *)bytes, length);
    g_assert_true(cosigner_read(key, &witness, NULL));
    g_autofree char *line = cosignature_of(&witness, answer, text);
    g_assert_true(!line || (g_str_has_suffix(line, "\n") && strstr(line, witness.name)));
    if (witness_size(answer, &size)) {
        g_autofree char *written = g_strdup_printf("%" PRId64 "\n", size);
        g_assert_cmpstr(written, ==, answer);
    }
    return 0;
}
