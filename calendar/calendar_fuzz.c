// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a calendar: read or refused, never worse. */
#include "calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) made = calendar_read((const char *)data, size, 2, &error);
    if (made)
        calendar_add(made, day_parse("2014-01-01"), 100);
    return 0;
}
