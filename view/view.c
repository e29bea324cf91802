// SPDX-License-Identifier: Apache-2.0
/* Opening all pages and words at once, and rendering them. */
#include "view/view.h"

#include "view/room.h"

#include <string.h>

enum { PAGE_EXPECTED = 32 * 1024 }; /* bytes set aside for a page, so that it seldom grows */

/* ---- opening ---- */

static void template_free(void *self)
{
    template_clear(self);
    g_free(self);
}

void view_close(View *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->pages);
    g_hash_table_unref(self->codes);
    g_hash_table_unref(self->words);
    g_clear_pointer(&self->own, g_hash_table_unref);
    g_string_chunk_free(self->texts);
    g_free(self);
}

static View *view_new(void)
{
    View *self = g_new0(View, 1);
    self->pages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, template_free);
    self->words = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)word_free);
    self->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    self->texts = g_string_chunk_new(4096);
    return self;
}

/* "cases/pages/case.mustache" is the page "cases/case". */
static void add_page(View *self, const Embedded *file)
{
    g_autoptr(GString) name = g_string_new(file->name);
    g_string_replace(name, "/pages/", "/", 1);
    g_string_truncate(name, name->len - strlen(".mustache"));
    Template *template = g_new0(Template, 1);
    template->place = file->name;
    template->source = (Span){ file->bytes, file->size };
    g_hash_table_insert(self->pages, g_string_chunk_insert_const(self->texts, name->str), template);
}

static bool take(View *self, const Embedded *file, GError **error)
{
    if (strstr(file->name, "/pages/") && g_str_has_suffix(file->name, ".mustache"))
        add_page(self, file);
    if (strstr(file->name, "/words/") && g_str_has_suffix(file->name, ".json"))
        return words_read(self, file, error);
    return true;
}

static bool compile_pages(View *self, GError **error)
{
    GHashTableIter each;
    void *template;
    g_hash_table_iter_init(&each, self->pages);
    while (g_hash_table_iter_next(&each, NULL, &template))
        if (!template_compile(template, self, error))
            return false;
    return true;
}

static bool names_form(const Name *name)
{
    return name && name->of_page && name->count > 2 && spans_equal(name->parts[1], span_of("forms"));
}

/* Each template is looked at once, since partials may go round in a circle. */
static void add_forms(GPtrArray *forms, const Template *self, GHashTable *seen)
{
    if (!g_hash_table_add(seen, (void *)(uintptr_t)self))
        return;
    for (unsigned i = 0; i < self->tokens->len; i++) {
        const Token *token = token_at(self, i);
        if (names_form(token->name))
            g_ptr_array_add(forms, g_strndup(token->name->parts[2].at, token->name->parts[2].length));
        if (token->tag == PARTIAL)
            add_forms(forms, token->partial, seen);
    }
}

static void find_forms(View *self)
{
    GHashTableIter each;
    void *page;
    g_hash_table_iter_init(&each, self->pages);
    while (g_hash_table_iter_next(&each, NULL, &page)) {
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GPtrArray *forms = ((Template *)page)->forms = g_ptr_array_new_with_free_func(g_free);
        add_forms(forms, page, seen);
    }
}

View *view_open_from(const Embedded *files, size_t count, GError **error)
{
    g_autoptr(View) self = view_new();
    for (size_t i = 0; i < count; i++)
        if (!take(self, &files[i], error))
            return NULL;
    if (!words_complete(self, error) || !words_compile(self, error) || !compile_pages(self, error))
        return NULL;
    find_forms(self);
    return g_steal_pointer(&self);
}

View *view_open(GError **error)
{
    View *self = view_open_from(embedded, embedded_count, error);
    if (self)
        self->tells_holes = STATEMENTS_CHECKED;
    return self;
}

/* ---- rendering ---- */

char *view_page(const View *self, const char *name, enum language language, const json_t *answer,
                const json_t *page, size_t *length, GError **error)
{
    const Template *template = g_hash_table_lookup(self->pages, name);
    if (!template)
        return fault(error, "there is no page %s", name);
    g_autoptr(GString) out = g_string_sized_new(PAGE_EXPECTED);
    Pass pass = { .page = page, .own = self->own, .language = language, .html = true, .tells_holes = self->tells_holes, .out = out };
    if (!template_render(template, &pass, answer, error))
        return NULL;
    if (length)
        *length = out->len;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

bool view_has_page(const View *self, const char *name)
{
    return g_hash_table_contains(self->pages, name);
}

bool view_has_word(const View *self, const char *key)
{
    return g_hash_table_contains(self->words, key);
}

const GPtrArray *view_forms(const View *self, const char *name)
{
    const Template *template = g_hash_table_lookup(self->pages, name);
    return template ? template->forms : NULL;
}

char *view_sentence(const View *self, enum language language, const char *key, const json_t *data)
{
    const Word *word = g_hash_table_lookup(self->words, key);
    g_autoptr(GString) out = g_string_new(NULL);
    Pass pass = { .own = self->own, .language = language, .out = out };
    if (!word || !template_render(word_spoken(word, self->own, language), &pass, data, NULL))
        return g_strdup(key);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

const char *view_name(enum language language, const json_t *object)
{
    const char *english = language == ENGLISH ? json_text(object, "name_en") : "";
    return *english ? english : json_text(object, "name");
}

char *view_code(const View *self, enum language language, const char *of, const char *code)
{
    GHashTable *values = g_hash_table_lookup(self->codes, of);
    const Word *word = values ? g_hash_table_lookup(values, code) : NULL;
    return word ? view_sentence(self, language, word->key, NULL) : g_strdup(code);
}

static const char *plain_text(const View *self, enum language language, const Word *word)
{
    return word && word->plain ? word_spoken(word, self->own, language)->source.at : NULL;
}

const char *view_word(const View *self, enum language language, const char *key)
{
    return plain_text(self, language, g_hash_table_lookup(self->words, key));
}

const char *view_code_word(const View *self, enum language language, const char *codes, const char *value)
{
    GHashTable *values = g_hash_table_lookup(self->codes, codes);
    return values ? plain_text(self, language, g_hash_table_lookup(values, value)) : NULL;
}
