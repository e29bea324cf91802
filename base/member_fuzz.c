// SPDX-License-Identifier: Apache-2.0
/* Any text is looked into without leaving it; in canonical JSON each member is found as a parser finds it. */
#include "base/base.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void find_each(const json_t *object)
{
    const char *name;
    json_t *value;
    g_autofree char *text = json_canonical(object);
    json_object_foreach((json_t *)object, name, value) {
        size_t found_length;
        g_autofree char *wanted = json_canonical(value);
        const char *found = json_member(text, name, &found_length);
        if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")]) /* keys are plain words */
            continue;
        g_assert_true(found && found_length == strlen(wanted) && strncmp(found, wanted, found_length) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    size_t found_length;
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_autoptr(json_t) parsed = json_loads(text, 0, NULL);
    const char *found = json_member(text, "facts", &found_length);
    g_assert_true(!found || found + found_length < text + strlen(text));
    if (json_is_object(parsed))
        find_each(parsed);
    return 0;
}
