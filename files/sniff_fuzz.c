// SPDX-License-Identifier: Apache-2.0
/* A name, a NUL and the first bytes: a type, whose ending the name is given once, or none. The name as a verification
 * code: read into its alphabet, and again into the same. */
#include "files/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_code(const char *text)
{
    char code[17], again[17];
    if (!document_code_read(text, code))
        return;
    g_autofree char *grouped = document_code_grouped(code);
    g_assert_true(document_code_read(grouped, again));
    g_assert_cmpstr(code, ==, again);
    g_assert_cmpuint(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), ==, 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree char *name = g_strndup((const char *)bytes, length);
    size_t head = MIN(strlen(name) + 1, length);
    g_autofree unsigned char *copy = g_memdup2(bytes + head, length - head); /* so that a byte too far is noticed */
    const char *type = files_sniff(copy, length - head);
    g_autofree char *ending = type ? files_name(name, type) : NULL, *same = type ? files_name(ending, type) : NULL;
    g_assert_true(!type || (length - head >= 3 && (g_str_has_prefix(type, "image/") || g_str_has_prefix(type, "application/"))));
    g_assert_cmpstr(ending, ==, same);
    read_code(name);
    return 0;
}
