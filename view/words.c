// SPDX-License-Identifier: Apache-2.0
/* The words of all rooms, in every language: read from nested JSON objects, kept flat by their
 * path, each one a small template. */
#include "view/room.h"

#include <string.h>

void word_free(Word *self)
{
    for (int language = 0; language < LANGUAGES; language++)
        template_clear(&self->templates[language]);
    g_free(self);
}

/* ---- reading ---- */

typedef struct Reader {
    View *view;
    const char *file;
    enum language language;
} Reader;

static Word *word_at(View *view, const char *path)
{
    Word *word = g_hash_table_lookup(view->words, path);
    if (word)
        return word;
    word = g_new0(Word, 1);
    word->key = g_string_chunk_insert_const(view->texts, path);
    word->plain = true;
    g_hash_table_insert(view->words, (void *)word->key, word);
    return word;
}

static bool keep(const void *data, const char *path, const json_t *text, GError **error)
{
    const Reader *r = data;
    Word *word = word_at(r->view, path);
    Template *template = &word->templates[r->language];
    if (!json_is_string(text))
        return fault(error, "%s: %s is neither text nor an object", r->file, path);
    if (template->place)
        return fault(error, "%s: %s stands there twice", r->file, path);
    g_autofree char *place = g_strdup_printf("%s: %s", r->file, path);
    template->place = g_string_chunk_insert_const(r->view->texts, place);
    template->source.at = g_string_chunk_insert_const(r->view->texts, json_string_value(text));
    template->source.length = json_string_length(text);
    template->is_word = true;
    word->plain = word->plain && !strstr(template->source.at, "{{");
    return true;
}

bool words_each(const char *path, json_t *object, TakeWord *take, const void *data, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        g_autofree char *inner = g_strconcat(path, *path ? "." : "", key, NULL);
        bool well = json_is_object(value) ? words_each(inner, value, take, data, error) : take(data, inner, value, error);
        if (!well)
            return false;
    }
    return true;
}

static bool language_of(const char *file, enum language *language)
{
    for (int i = 0; i < LANGUAGES; i++) {
        g_autofree char *name = g_strdup_printf("/words/%s.json", language_tags[i]);
        *language = (enum language)i;
        if (g_str_has_suffix(file, name))
            return true;
    }
    return false;
}

bool words_read(View *view, const Embedded *file, GError **error)
{
    Reader r = { .view = view, .file = file->name };
    json_error_t trouble;
    g_autoptr(json_t) words = json_loadb(file->bytes, file->size, JSON_REJECT_DUPLICATES, &trouble);
    if (!language_of(file->name, &r.language))
        return fault(error, "%s: no language of ours", file->name);
    if (!json_is_object(words))
        return fault(error, "%s, line %d: %s", file->name, trouble.line, words ? "no object" : trouble.text);
    g_autofree char *room = g_strndup(file->name, strcspn(file->name, "/"));
    return words_each(room, words, keep, &r, error);
}

/* ---- checking ---- */

static bool stands_in_all(const Word *word, GError **error)
{
    for (int language = 0; language < LANGUAGES; language++)
        if (!word->templates[language].place)
            return fault(error, "%s: missing in %s.json", word->templates[!language].place, language_tags[language]);
    return true;
}

static bool same_text(const Word *a, const Word *b)
{
    for (int language = 0; language < LANGUAGES; language++)
        if (strcmp(a->templates[language].source.at, b->templates[language].source.at) != 0)
            return false;
    return true;
}

/* "cases.codes.state.review": the code "review" of "state". Rooms may say the same of a code, but
 * not different things, for a page does not know whose code it shows. */
static bool gather_code(View *view, Word *word, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(word->key, ".", 4);
    if (g_strv_length(parts) < 4 || strcmp(parts[1], "codes") != 0)
        return true;
    GHashTable *values = g_hash_table_lookup(view->codes, parts[2]);
    if (!values) {
        values = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(view->codes, g_strdup(parts[2]), values);
    }
    const char *value = word->key + strlen(parts[0]) + strlen(parts[1]) + strlen(parts[2]) + 3;
    const Word *other = g_hash_table_lookup(values, value);
    if (other && !same_text(other, word))
        return fault(error, "%s and %s say different things", other->key, word->key);
    g_hash_table_insert(values, (void *)value, word);
    return true;
}

bool words_complete(View *view, GError **error)
{
    GHashTableIter each;
    void *word;
    g_hash_table_iter_init(&each, view->words);
    while (g_hash_table_iter_next(&each, NULL, &word))
        if (!stands_in_all(word, error) || !gather_code(view, word, error))
            return false;
    return true;
}

bool words_compile(View *view, GError **error)
{
    GHashTableIter each;
    void *word;
    g_hash_table_iter_init(&each, view->words);
    while (g_hash_table_iter_next(&each, NULL, &word))
        for (int language = 0; language < LANGUAGES; language++)
            if (!template_compile(&((Word *)word)->templates[language], view, error))
                return false;
    return true;
}
