// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a workbook, and any text as the parts of one, which a zero byte parts: styles, shared texts and a sheet. What is read of it
 * is a table of clean lines, or refused. */
#include "base/bench_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_book(const char *bytes, size_t length)
{
    size_t size;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = workbook_as_text(bytes, length, NULL, &size, &error);
    g_assert_true((text == NULL) == (error != NULL));
    if (text)
        g_assert_true(g_utf8_validate_len(text, size, NULL));
    if (error)
        g_assert_cmpuint(trouble_status(error), ==, NOT_FITTING);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_auto(GStrv) parts = NULL;
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(bytes[i] ? bytes[i] : '\f'); /* which XML does not allow */
    parts = g_strsplit(text, "\f", 3);
    guint given = g_strv_length(parts);
    const char *styles = given > 0 ? parts[0] : "", *shared = given > 1 ? parts[1] : "", *sheet = given > 2 ? parts[2] : "";
    g_autoptr(GBytes) made = packed((const char *const[]){ SHEET_PARTS(sheet), "xl/styles.xml", styles, "xl/sharedStrings.xml", shared, NULL });
    read_book(g_bytes_get_data(made, NULL), g_bytes_get_size(made));
    read_book((const char *)bytes, length);
    return 0;
}
