// SPDX-License-Identifier: Apache-2.0
/* Whether a word can be said with the data that it will be given: a tag that nothing fills leaves a hole in a sentence. */
#include "view/room.h"

#include <string.h>

enum { WORDS_OPEN = 8 }; /* one inside another */

static bool is_given(const Name *name, const char *const *names)
{
    for (; *names; names++)
        if (spans_equal(name->parts[0], span_of(*names)) || (name->count == 1 && spans_equal(name->stem, span_of(*names))))
            return true;
    return false;
}

static bool template_fits(const Template *self, enum language language, const char *const *names, unsigned depth, GError **error)
{
    if (self->source.length == 0)
        return fault(error, "%s says nothing", self->place);
    for (unsigned i = 0; i < self->tokens->len; i++) {
        const Token *token = token_at(self, i);
        const Name *name = token->name;
        if (name && name->count > 0 && !is_given(name, names))
            return fault(error, "%s: nothing fills {{%.*s}}", self->place, (int)name->parts[0].length, name->parts[0].at);
        if (token->tag == PARTIAL || depth > WORDS_OPEN)
            return fault(error, "%s asks for a page", self->place);
        if (token->tag == WORD && !template_fits(&token->word->templates[language], language, names, depth + 1, error))
            return false;
    }
    return true;
}

bool view_word_fits(const View *self, const char *key, const char *const *names, GError **error)
{
    const Word *word = g_hash_table_lookup(self->words, key);
    if (!word)
        return fault(error, "no word file has %s", key);
    for (enum language language = CHINESE; language < LANGUAGES; language++)
        if (!template_fits(&word->templates[language], language, names, 0, error))
            return false;
    return true;
}
