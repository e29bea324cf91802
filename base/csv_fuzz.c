// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a table: read or refused, every cell clean text. */
#include "base/base.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const columns[] = { "code", "name", NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(CsvTable) table = csv_read((const char *)bytes, length, columns, &error);
    g_assert_true((table == NULL) == (error != NULL));
    for (size_t row = 0; table && row < csv_rows(table); row++) {
        const char *name = csv_cell(table, row, 1);
        g_assert_true(text_is_clean(name, strlen(name)));
        g_assert_cmpuint(csv_line(table, row), >, row);
    }
    return 0;
}
