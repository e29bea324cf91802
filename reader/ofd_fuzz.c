// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a ZIP package: judged alike twice, and well only where they have the name that is looked for. */
#include "reader/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree unsigned char *copy = g_memdup2(bytes, length); /* so that a byte too far is noticed */
    Reading one = { .bytes = copy, .length = length }, again = { .bytes = copy, .length = length };
    enum paper_finding finding = read_ofd(&one);
    g_assert_cmpint(finding, ==, read_ofd(&again));
    g_assert_true(finding != PAPER_WELL || memmem(copy, length, "OFD.xml", 7));
    return 0;
}
