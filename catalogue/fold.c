// SPDX-License-Identifier: Apache-2.0
/* The texts by which an item is searched: its names and everyday words, as text and as pinyin. */
#include "catalogue/room.h"

static void append_phrase(GString *list, const char *phrase)
{
    g_string_append_printf(list, list->len ? "%s|" : "|%s|", phrase);
}

static void append_pinyin(const Pinyin *pinyin, const char *text, GString *spelt, GString *initials)
{
    g_autofree char *syllables = pinyin_of(pinyin, text), *first = pinyin_initials(syllables);
    append_phrase(spelt, syllables);
    append_phrase(initials, first);
}

json_t *search_text_of(const Pinyin *pinyin, const json_t *fields)
{
    g_autoptr(GString) keywords = g_string_new(NULL), spelt = g_string_new(NULL), initials = g_string_new(NULL);
    g_autofree char *summaries = g_strconcat(json_text(fields, "summary"), " ", json_text(fields, "summary_en"), NULL);
    g_autofree char *name = list_fold_closed(json_text(fields, "name")), *words = list_fold(json_text(fields, "name_en"));
    g_autofree char *text = list_fold(summaries);
    g_auto(GStrv) everyday = g_strsplit(json_text(fields, "keywords"), "|", -1);
    append_pinyin(pinyin, name, spelt, initials);
    for (size_t i = 0; everyday[i]; i++) {
        g_autofree char *folded = list_fold(everyday[i]);
        if (!*folded)
            continue;
        append_phrase(keywords, folded);
        append_pinyin(pinyin, folded, spelt, initials);
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "search_name", name, "search_words", words, "search_keywords",
                     keywords->str, "search_pinyin", spelt->str, "search_initials", initials->str, "search_text", text);
}
