// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a calendar: read or refused, never worse; and what is written of it is read as the same. */
#include "calendar/calendar.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) made = calendar_read((const char *)data, size, 2, &error);
    if (!made)
        return 0;
    g_autofree char *rows = calendar_write(made);
    g_autoptr(Calendar) again = calendar_read(rows, strlen(rows), 2, &error);
    g_autoptr(GArray) days = again ? calendar_differences(made, again) : NULL;
    if (!days || days->len || calendar_add(made, day_parse("2014-01-01"), 100) <= 0)
        g_error("what is written is not read as the same: %s", rows);
    return 0;
}
