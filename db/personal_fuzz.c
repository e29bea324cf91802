// SPDX-License-Identifier: Apache-2.0
/* Any text as a file of keys, and as a sealed value: refused, or keys that prove themselves. */
#include "db/personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree char *text = g_strndup((const char *)bytes, length), *keys_text = g_strdup(text);
    g_autoptr(PersonalKeys) keys = personal_keys_parse(keys_text);
    g_assert_cmpint(personal_sealed_by(text), >=, 0);
    for (size_t id = 1; keys && id <= keys->count; id++) {
        g_autofree char *proof = personal_keys_proof(keys, (int64_t)id);
        g_assert_cmpuint(strlen(proof), ==, 64);
    }
    return 0;
}
