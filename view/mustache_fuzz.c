// SPDX-License-Identifier: Apache-2.0
/* A page and, after a NUL, the data for it: whatever they are, the view opens or refuses, and what
 * comes from data and words is no mark-up. */
#include "view/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void render_both(const View *view, const char *page, const json_t *data)
{
    for (int language = 0; language < LANGUAGES; language++) {
        g_autofree char *got =
            view_page(view, "a/page", (enum language)language, data, data, NULL, NULL);
        g_assert_true(!got || strchr(page, '<') || !strchr(got, '<'));
        g_autofree char *sentence = view_sentence(view, (enum language)language, "a.word", data);
        g_assert_nonnull(sentence);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static const char word[] =
        "{\"word\": \"<{{name}}>\", \"codes\": {\"state\": {\"a\": \"A\", \"1\": \"B\"}}}";
    g_autofree char *text = g_strndup((const char *)input, size);
    size_t length = strlen(text);
    const Embedded files[] = {
        { "a/pages/page.mustache", text, length },
        { "a/words/zh.json", word, strlen(word) },
        { "a/words/en.json", word, strlen(word) },
    };
    base_start();
    g_autoptr(View) view = view_open_from(files, G_N_ELEMENTS(files), NULL);
    const char *rest = (const char *)input + MIN(length + 1, size);
    g_autoptr(json_t) data = json_loadb(rest, size - MIN(length + 1, size), JSON_DECODE_ANY, NULL);
    if (view)
        render_both(view, text, data);
    return 0;
}
