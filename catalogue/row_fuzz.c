// SPDX-License-Identifier: Apache-2.0
/* Any text as the cells of a row: fields come out, or at least one fault is told. */
#include "catalogue/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void count_fault(void *data, size_t column, GError *why)
{
    g_assert_cmpuint(column, <, ITEM_COLUMNS);
    g_error_free(why);
    ++*(unsigned *)data;
}

/* A line of the input for each column, in order. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *cells[ITEM_COLUMNS];
    unsigned faults = 0;
    if (!text_is_clean((const char *)bytes, length))
        return 0;
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", ITEM_COLUMNS + 1);
    size_t count = g_strv_length(lines);
    for (size_t i = 0; i < ITEM_COLUMNS; i++)
        cells[i] = i < count ? lines[i] : "";
    json_t *fields = item_read_row(cells, count_fault, &faults);
    g_assert_true((fields == NULL) == (faults > 0));
    if (fields)
        catalogue_item_free(item_of(fields, 1));
    return 0;
}
