// SPDX-License-Identifier: Apache-2.0
/* Any mapping over any answer: what is taken as a mapping can be sent and read, and what is read can stand on a paper. */
#include "sources/life.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { PARTS = 4 }; /* request, answer and condition, one behind another with a form feed between, then the answer that came */

static void check_lines(const json_t *lines)
{
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)(uintptr_t)lines, i, line) {
        const char *value = json_string_value(json_array_get(line, 1));
        g_assert_true(text_is_clean(value, strlen(value)) && text_is_visible(value, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *why;
    json_t *lines = NULL;
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_auto(GStrv) parts = g_strsplit(text, "\f", PARTS);
    g_autoptr(json_t) facts = source_facts("330482199001010012", "张三", "person", "", "{\"street\":\"新仓镇\"}");
    if (g_strv_length(parts) < PARTS || !g_utf8_validate(text, -1, NULL))
        return 0;
    if (mapping_request_fits(parts[0], NULL))
        json_decref(mapping_request(parts[0], facts));
    const Source source = { .answer = parts[1], .found = parts[2] };
    if (!mapping_answer_fits(parts[1], NULL) || !mapping_found_fits(parts[2], NULL))
        return 0;
    enum reading reading = mapping_read(&source, facts, parts[3], strlen(parts[3]), &lines, &why);
    g_assert_true((lines != NULL) == (reading == READ_FOUND));
    check_lines(lines);
    json_decref(lines);
    return 0;
}
