// SPDX-License-Identifier: Apache-2.0
/* The texts by which an item is searched: its names and everyday words, as text and as pinyin. */
#include "catalogue/room.h"

#include <string.h>

static void append_phrase(GString *list, const char *phrase)
{
    if (!list->len)
        g_string_append_c(list, '|');
    g_string_append_printf(list, "%s|", phrase);
}

typedef struct Phrases {
    GString *keywords, *pinyin, *initials;
} Phrases;

static void add_phrase(Phrases *self, const Pinyin *pinyin, const char *text)
{
    g_autofree char *syllables = pinyin_of(pinyin, text);
    g_autofree char *initials = pinyin_initials(syllables);
    append_phrase(self->pinyin, syllables);
    append_phrase(self->initials, initials);
}

static void add_keywords(Phrases *self, const Pinyin *pinyin, const char *keywords)
{
    g_auto(GStrv) list = g_strsplit(keywords, "|", -1);
    for (size_t i = 0; list[i]; i++) {
        g_autofree char *folded = list_fold(list[i]);
        if (!*folded)
            continue;
        append_phrase(self->keywords, folded);
        add_phrase(self, pinyin, folded);
    }
}

void search_text_of(const Pinyin *pinyin, const json_t *fields, SearchText *out)
{
    Phrases phrases = { g_string_new(NULL), g_string_new(NULL), g_string_new(NULL) };
    g_autofree char *summaries = g_strconcat(json_text(fields, "summary"), " ", json_text(fields, "summary_en"), NULL);
    out->name = list_fold_closed(json_text(fields, "name"));
    out->words = list_fold(json_text(fields, "name_en"));
    out->text = list_fold(summaries);
    add_phrase(&phrases, pinyin, out->name);
    add_keywords(&phrases, pinyin, json_text(fields, "keywords"));
    out->keywords = g_string_free(phrases.keywords, FALSE);
    out->pinyin = g_string_free(phrases.pinyin, FALSE);
    out->initials = g_string_free(phrases.initials, FALSE);
}

void search_text_clear(SearchText *self)
{
    g_free(self->name);
    g_free(self->words);
    g_free(self->keywords);
    g_free(self->pinyin);
    g_free(self->initials);
    g_free(self->text);
    *self = (SearchText){ 0 };
}
