// SPDX-License-Identifier: Apache-2.0
/* Any text as a list of witnesses: refused, or each has a name, a key and an address of its own. */
#include "ledger/witness.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_autoptr(GPtrArray) list = witness_list_read(text, &error);
    g_assert_true((list != NULL) == (error == NULL));
    for (guint i = 0; list && i < list->len; i++) {
        const Witness *one = g_ptr_array_index(list, i);
        g_assert_true(*one->name && *one->key.name && g_str_has_prefix(one->url, "http"));
        g_assert_true(!strpbrk(one->name, " \t\n") && !strpbrk(one->url, " \t\n"));
    }
    g_assert_true(!list || list->len <= WITNESSES_MOST);
    return 0;
}
