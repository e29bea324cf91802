// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a tile of entries: cut without gap; a leaf that is read is its own canonical JSON. */
#include "ledger/entry.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(const Span *entry, const Entry *leaf)
{
    g_autoptr(json_t) value = json_loadb(entry->bytes, entry->length, JSON_REJECT_DUPLICATES, NULL);
    g_assert_nonnull(value);
    g_autofree char *canonical = json_canonical(value);
    g_assert_cmpuint(strlen(canonical), ==, entry->length);
    g_assert_cmpint(memcmp(canonical, entry->bytes, entry->length), ==, 0);
    g_assert_cmpuint(json_object_size(value), ==, 9);
    g_assert_cmpint(json_number(value, "sequence"), ==, leaf->event.sequence);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    Span rest = { (const char *)bytes, length }, entry;
    g_autoptr(EntryCourse) course = entry_course(0);
    for (int64_t number = 1; entry_cut(&rest, &entry); number++) {
        g_auto(Entry) leaf = { 0 };
        g_autoptr(GError) error = NULL;
        g_assert_true(entry.bytes + entry.length == rest.bytes && entry.length <= ENTRY_MOST);
        if (!entry_read(entry, &leaf))
            continue;
        check(&entry, &leaf);
        g_assert_true(entry_follows(course, number, &leaf, &error) == (error == NULL));
    }
    return 0;
}
