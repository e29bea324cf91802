// SPDX-License-Identifier: Apache-2.0
/* Mustache, the rendering half: tokens over JSON, with a stack of frames for the sections. */
#include "view/room.h"

#include <string.h>

enum {
    TEMPLATES_OPEN = 32,   /* partials and words, one inside another */
    TOKENS_MOST = 1000000, /* gone through in one rendering: 10,000 rows of 100 */
    BYTES_MOST = 64 << 20, /* written by one rendering, but for its last part */
};

/* ---- finding what a name means ---- */

typedef struct Frame {
    const json_t *value;
    const struct Frame *up;
} Frame;

typedef struct Found {
    const json_t *value;
    const json_t *beside; /* the object that holds it, when found by its stem; else NULL */
} Found;

static const json_t *member(const json_t *object, Span key)
{
    return json_object_getn(object, key.at, key.length);
}

/* The last part of the name in `object`, or else its stem. */
static bool find_in(const json_t *object, const Name *name, Found *found)
{
    *found = (Found){ .value = member(object, name->parts[name->count - 1]) };
    if (!found->value && name->stem.length)
        *found = (Found){ .value = member(object, name->stem), .beside = object };
    return found->value != NULL;
}

static const json_t *find_first(const Pass *pass, const Name *name, const Frame *top)
{
    const json_t *found = name->of_page ? pass->page : NULL;
    for (const Frame *frame = top; frame && !found; frame = frame->up)
        found = member(frame->value, name->parts[0]);
    return found;
}

static Found find(const Pass *pass, const Name *name, const Frame *top)
{
    Found found = { .value = top->value };
    if (name->count == 0)
        return found;
    if (name->count == 1 && name->of_page)
        return (Found){ .value = find_first(pass, name, top) };
    if (name->count == 1) {
        for (const Frame *frame = top; frame && !find_in(frame->value, name, &found);)
            frame = frame->up;
        return found;
    }
    const json_t *object = find_first(pass, name, top);
    for (size_t i = 1; object && i + 1 < name->count; i++)
        object = member(object, name->parts[i]);
    find_in(object, name, &found);
    return found;
}

/* 0 says no as well: flags come from the database as 0 and 1. */
static bool says_no(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
    case JSON_FALSE: return true;
    case JSON_ARRAY: return json_array_size(value) == 0;
    case JSON_STRING: return json_string_length(value) == 0;
    case JSON_INTEGER: return json_integer_value(value) == 0;
    default: return false;
    }
}

/* ---- writing ---- */

static const char *const entities[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
};

/* g_string_append_len without its detour, since most pieces fit. */
static inline void append(GString *out, const char *text, size_t length)
{
    if (length >= out->allocated_len - out->len) {
        g_string_append_len(out, text, (gssize)length);
        return;
    }
    memcpy(out->str + out->len, text, length);
    out->len += length;
    out->str[out->len] = '\0';
}

static void put(const Pass *pass, const char *text, size_t length)
{
    const char *end = text + length, *from = text;
    for (const char *c = text; pass->html && c < end; c++) {
        const char *entity = entities[(unsigned char)*c];
        if (!entity)
            continue;
        append(pass->out, from, (size_t)(c - from));
        append(pass->out, entity, strlen(entity));
        from = c + 1;
    }
    append(pass->out, from, (size_t)(end - from));
}

static void put_plain(const Pass *pass, const json_t *value)
{
    char number[MAX(WRITTEN, G_ASCII_DTOSTR_BUF_SIZE)];
    if (json_is_string(value))
        put(pass, json_string_value(value), json_string_length(value));
    else if (written_integer(value, false, number))
        g_string_append(pass->out, number);
    else if (json_is_real(value))
        g_string_append(pass->out, g_ascii_formatd(number, sizeof number, "%.15g", json_real_value(value)));
    else if (json_is_boolean(value))
        g_string_append(pass->out, json_is_true(value) ? "true" : "false");
}

static const Word *word_of_code(const Name *name, const json_t *value)
{
    char number[WRITTEN];
    const char *code = json_string_value(value);
    if (!name->codes)
        return NULL;
    if (json_is_boolean(value))
        code = json_is_true(value) ? "true" : "false";
    if (written_integer(value, false, number))
        code = number;
    return code ? g_hash_table_lookup(name->codes, code) : NULL;
}

static bool render_template(const Template *template, Pass *pass, const Frame *top, GError **error);

/* The rules of {{X_text}}, in the order of view.h. */
static bool put_text(Pass *pass, const Name *name, Found found, const Frame *top, GError **error)
{
    char out[WRITTEN];
    if (written(name->writing, pass->language, found.value, out))
        return put(pass, out, strlen(out)), true;
    const json_t *english = pass->language == ENGLISH ? member(found.beside, name->english) : NULL;
    if (json_string_length(english))
        return put_plain(pass, english), true;
    const Word *word = word_of_code(name, found.value);
    if (word)
        return render_template(word_spoken(word, pass->own, pass->language), pass, top, error);
    if (written_integer(found.value, true, out))
        return put(pass, out, strlen(out)), true;
    put_plain(pass, found.value);
    return true;
}

static void tell_hole(const Template *template, const Name *name)
{
    g_message("%s: no data fills {{%.*s}}", template->place, (int)name->text.length, name->text.at);
}

static bool render_value(const Template *template, Pass *pass, const Name *name, const Frame *top, GError **error)
{
    Found found = find(pass, name, top);
    if (!found.value && name->count && pass->tells_holes)
        tell_hole(template, name);
    if (name->is_part && pass->html && json_is_string(found.value))
        return append(pass->out, json_string_value(found.value), json_string_length(found.value)), true;
    if (found.beside)
        return put_text(pass, name, found, top, error);
    put_plain(pass, found.value);
    return true;
}

static bool render_range(const Template *template, Pass *pass, unsigned from, unsigned to, const Frame *top, GError **error);

static bool render_section(const Template *template, Pass *pass, unsigned at, const Frame *top, GError **error)
{
    const Token *token = token_at(template, at);
    const json_t *value = find(pass, token->name, top).value;
    if (says_no(value) != (token->tag == INVERTED))
        return true;
    if (token->tag == INVERTED)
        return render_range(template, pass, at + 1, token->end, top, error);
    if (!json_is_array(value)) {
        Frame inner = { value, top };
        return render_range(template, pass, at + 1, token->end, &inner, error);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        Frame inner = { json_array_get(value, i), top };
        if (!render_range(template, pass, at + 1, token->end, &inner, error))
            return false;
    }
    return true;
}

static bool render_range(const Template *template, Pass *pass, unsigned from, unsigned to, const Frame *top, GError **error)
{
    pass->tokens += 1 + to - from;
    bool ok = (pass->tokens <= TOKENS_MOST && pass->out->len <= BYTES_MOST) ||
              fault(error, "%s goes on without end", template->place);
    for (unsigned i = from; ok && i < to; i++) {
        const Token *token = token_at(template, i);
        const Span *text = pass->html ? &token->html : &token->text;
        switch (token->tag) {
        case TEXT: append(pass->out, text->at, text->length); break;
        case VALUE: ok = render_value(template, pass, token->name, top, error); break;
        case PARTIAL: ok = render_template(token->partial, pass, top, error); break;
        case WORD: ok = render_template(word_spoken(token->word, pass->own, pass->language), pass, top, error); break;
        case SECTION:
        case INVERTED:
            ok = render_section(template, pass, i, top, error);
            i = token->end - 1;
            break;
        }
    }
    return ok;
}

static bool render_template(const Template *template, Pass *pass, const Frame *top, GError **error)
{
    if (pass->depth == TEMPLATES_OPEN)
        return fault(error, "%s calls itself without end", template->place);
    pass->depth++;
    bool ok = render_range(template, pass, 0, template->tokens->len, top, error);
    pass->depth--;
    return ok;
}

bool template_render(const Template *self, Pass *pass, const json_t *data, GError **error)
{
    Frame top = { data, NULL };
    return render_template(self, pass, &top, error);
}
