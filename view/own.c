// SPDX-License-Identifier: Apache-2.0
/* A county's own words: a few that stand in place of the program's. Pages are compiled once for all counties, so each keeps
 * a table from the program's word to its own. */
#include "view/room.h"

#include <string.h>

View *view_own(const View *base)
{
    View *self = g_new0(View, 1);
    *self = (View){ .tells_holes = base->tells_holes, .pages = g_hash_table_ref(base->pages), .words = g_hash_table_ref(base->words), .codes = g_hash_table_ref(base->codes),
                    .own = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)word_free), .texts = g_string_chunk_new(256) };
    return self;
}

/* ---- what it may say ---- */

static bool is_named_in(const Template *template, const Name *name)
{
    for (unsigned i = 0; i < template->tokens->len; i++) {
        const Name *named = token_at(template, i)->name;
        if (named && spans_equal(named->text, name->text))
            return true;
    }
    return false;
}

/* A county's word may name only the data that the program's own word names in the same place. */
static bool names_what_is_there(const Template *own, const Template *word)
{
    for (unsigned i = 0; i < own->tokens->len; i++) {
        const Token *token = token_at(own, i);
        if (token->tag == PARTIAL || (token->name && !is_named_in(word, token->name)))
            return false;
    }
    return true;
}

/* ---- reading ---- */

typedef struct Saying {
    View *view;
    const char *file;
    enum language language;
} Saying;

static bool compile(const Saying *saying, Word *own, const Word *word, const char *text, GError **error)
{
    g_autoptr(GError) why = NULL;
    Template *template = &own->templates[saying->language];
    template_clear(template);
    *template = (Template){ .place = word->key, .is_word = true, .source.length = strlen(text) };
    template->source.at = g_string_chunk_insert_const(saying->view->texts, text);
    if (!template_compile(template, saying->view, &why))
        return refuse(error, BAD_INPUT, "view.own_broken", "file", saying->file, "word", word->key, "why", why->message, NULL);
    return names_what_is_there(template, &word->templates[saying->language]) ||
           refuse(error, BAD_INPUT, "view.own_tag", "file", saying->file, "word", word->key, NULL);
}

static bool say(const void *data, const char *key, const json_t *text, GError **error)
{
    const Saying *saying = data;
    const Word *word = g_hash_table_lookup(saying->view->words, key);
    if (!word || !json_is_string(text))
        return refuse(error, BAD_INPUT, "view.own_unknown", "file", saying->file, "word", key, NULL);
    Word *own = g_hash_table_lookup(saying->view->own, word);
    if (!own) {
        own = g_new0(Word, 1);
        own->key = word->key;
        g_hash_table_insert(saying->view->own, (void *)(uintptr_t)word, own);
    }
    return compile(saying, own, word, json_string_value(text), error);
}

bool view_say(View *self, enum language language, const char *file, const char *bytes, size_t length, GError **error)
{
    json_error_t why;
    const Saying saying = { self, file, language };
    g_autoptr(json_t) words = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(words))
        return refuse(error, BAD_INPUT, "view.own_form", "file", file, "line", DECIMAL(words ? 1 : why.line), NULL);
    return words_each("", words, say, &saying, error);
}

bool view_say_word(View *self, enum language language, const char *key, const char *text, GError **error)
{
    g_autoptr(json_t) value = json_string(text);
    return say(&(Saying){ self, key, language }, key, value, error);
}

/* ---- speaking ---- */

const Template *word_spoken(const Word *self, GHashTable *own, enum language language)
{
    bool any = own && g_hash_table_size(own) > 0; /* most counties say nothing else */
    const Word *instead = any ? g_hash_table_lookup(own, self) : NULL;
    return instead && instead->templates[language].tokens ? &instead->templates[language] : &self->templates[language];
}
