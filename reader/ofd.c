// SPDX-License-Identifier: Apache-2.0
/* OFD (GB/T 33190) is a ZIP package with OFD.xml at its top. No library of Debian draws it, so that it is only judged. */
#include "reader/reader.h"

#include <string.h>

enum { END_SIZE = 22, COMMENT_MOST = 65535, ENTRY_SIZE = 46, NO_END = -1 };

static uint32_t little_endian(const unsigned char *at, int count)
{
    uint32_t number = 0;
    while (count--)
        number = number << 8 | at[count];
    return number;
}

/* Where the record at the end of the package stands; NO_END where the package was cut off. */
static int64_t find_end(const Reading *self)
{
    int64_t last = (int64_t)self->length - END_SIZE, first = MAX(last - COMMENT_MOST, 0);
    for (int64_t at = last; at >= first; at--)
        if (memcmp(self->bytes + at, "PK\5\6", 4) == 0)
            return at;
    return NO_END;
}

/* Is it named among the entries of the directory, which stands before `end`? */
static bool has_entry(const Reading *self, int64_t at, int64_t end, const char *name)
{
    size_t wanted = strlen(name);
    while (at + ENTRY_SIZE <= end && memcmp(self->bytes + at, "PK\1\2", 4) == 0) {
        const unsigned char *entry = self->bytes + at;
        size_t length = little_endian(entry + 28, 2);
        int64_t next = at + ENTRY_SIZE + (int64_t)length + little_endian(entry + 30, 2) + little_endian(entry + 32, 2);
        if (next <= end && length == wanted && memcmp(entry + ENTRY_SIZE, name, wanted) == 0)
            return true;
        at = next;
    }
    return false;
}

enum paper_finding read_ofd(Reading *self)
{
    enum { DIRECTORY_AT = 16 };
    int64_t end = find_end(self);
    if (end == NO_END)
        return PAPER_TRUNCATED;
    if (!has_entry(self, little_endian(self->bytes + end + DIRECTORY_AT, 4), end, "OFD.xml"))
        return PAPER_NOT_OFD;
    return self->page > 0 ? PAPER_NO_PAGE : PAPER_WELL;
}
