// SPDX-License-Identifier: Apache-2.0
/* Words in Chinese and, after a NUL, in English: the view opens or says what is wrong, and every sentence
 * can be written over any data. */
#include "view/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void say(const View *view, const char *key, const json_t *data)
{
    for (int language = 0; language < LANGUAGES; language++) {
        g_autofree char *sentence = view_sentence(view, (enum language)language, key, data);
        g_assert_nonnull(sentence);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static const char page[] = "{{t.a.b}}{{state_text}}";
    g_autofree char *zh = g_strndup((const char *)input, size);
    size_t length = strlen(zh), rest = MIN(length + 1, size);
    g_autofree char *en = g_strndup((const char *)input + rest, size - rest);
    const char *english = *en ? en : zh;
    const Embedded files[] = {
        { "a/pages/page.mustache", page, strlen(page) },
        { "a/words/zh.json", zh, length },
        { "a/words/en.json", english, strlen(english) },
    };
    base_start();
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open_from(files, G_N_ELEMENTS(files), &error);
    g_assert_true((view == NULL) == (error != NULL));
    if (!view)
        return 0;
    g_autoptr(json_t) data = json_pack("{s:s, s:[i, i], s:{s:s}}", "state", "a", "list", 1, 2, "inner", "day", "2014-09-03");
    GHashTableIter each;
    void *key;
    g_hash_table_iter_init(&each, view->words);
    while (g_hash_table_iter_next(&each, &key, NULL))
        say(view, key, data);
    return 0;
}
