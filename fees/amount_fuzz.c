// SPDX-License-Identifier: Apache-2.0
/* Any text as an amount: none, or one that is written back as the same number. */
#include "fees/life.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int64_t fen, again;
    if (!text_is_clean((const char *)bytes, length))
        return 0;
    g_autofree char *text = g_strndup((const char *)bytes, length);
    if (!fee_amount_read(text, &fen))
        return 0;
    g_assert_true(fen > 0 && fen <= FEE_MOST);
    g_autofree char *written = g_strdup_printf("%" PRId64 ".%02d", fen / 100, (int)(fen % 100));
    g_assert_true(fee_amount_read(written, &again) && again == fen);
    return 0;
}
