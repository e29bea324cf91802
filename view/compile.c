// SPDX-License-Identifier: Apache-2.0
/* Mustache, the reading half: a page or word compiled into tokens. No lambdas, no other delimiters,
 * no unescaped tag: a page decides nothing and cannot forget to escape. */
#include "view/room.h"

#include <string.h>

enum { SECTIONS_OPEN = 32 }; /* one inside another */

/* ---- names ---- */

static Span trim(Span s)
{
    while (s.length && g_ascii_isspace(*s.at))
        s.at++, s.length--;
    while (s.length && g_ascii_isspace(s.at[s.length - 1]))
        s.length--;
    return s;
}

static bool starts(Span s, const char *with)
{
    return s.length >= strlen(with) && memcmp(s.at, with, strlen(with)) == 0;
}

static bool is_name_byte(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("_-./", c)) || (unsigned char)c >= 0x80;
}

/* Letters, digits, _ - and / in parts that dots separate; or a single dot. */
static bool is_name(Span s)
{
    if (spans_equal(s, span_of(".")))
        return true;
    bool part = false;
    for (size_t i = 0; i < s.length; i++) {
        if (!is_name_byte(s.at[i]) || (s.at[i] == '.' && !part))
            return false;
        part = s.at[i] != '.';
    }
    return part;
}

static size_t split(Span s, Span *parts)
{
    size_t count = 0;
    while (s.length) {
        const char *dot = memchr(s.at, '.', s.length);
        Span part = { s.at, dot ? (size_t)(dot - s.at) : s.length };
        if (parts)
            parts[count] = part;
        count++;
        size_t used = MIN(part.length + 1, s.length);
        s = (Span){ s.at + used, s.length - used };
    }
    return count;
}

/* {{due_day_text}}: what to look for, and how to write it, when there is no such name. */
static void read_stem(Name *name, const View *view)
{
    static const char ending[] = "_text";
    Span last = name->parts[name->count - 1];
    size_t length = strlen(ending);
    if (last.length <= length || memcmp(last.at + last.length - length, ending, length) != 0)
        return;
    name->stem = (Span){ last.at, last.length - length };
    g_autofree char *stem = g_strndup(name->stem.at, name->stem.length);
    g_autofree char *english = g_strconcat(stem, "_en", NULL);
    name->english = span_of(g_string_chunk_insert_const(view->texts, english));
    name->writing = writing_of(name->stem);
    name->codes = g_hash_table_lookup(view->codes, stem);
}

static Name *read_name(Span text, const View *view)
{
    bool here = spans_equal(text, span_of("."));
    size_t count = here ? 0 : split(text, NULL);
    Name *name = g_malloc0(sizeof *name + count * sizeof name->parts[0]);
    name->text = text;
    name->count = count;
    if (here)
        return name;
    split(text, name->parts);
    name->of_page = spans_equal(name->parts[0], span_of("page"));
    name->is_part = name->of_page && count == 3 && spans_equal(name->parts[1], span_of("parts"));
    read_stem(name, view);
    return name;
}

/* ---- reading ---- */

typedef struct Reader {
    Template *template;
    View *view;
    const char *at;  /* read up to here */
    const char *tag; /* the tag being read, for messages */
    GArray *open;    /* sections not yet closed: their tokens */
} Reader;

/* A FAULT that says where in the file; always false. */
static bool wrong(const Reader *r, GError **error, const char *what, Span about)
{
    unsigned line = 1;
    for (const char *c = r->template->source.at; c < r->tag; c++)
        line += *c == '\n';
    return fault(error, "%s, line %u: %s: %.*s", r->template->place, line, what, (int)MIN(about.length, 60), about.at);
}

static char *escape(Span text)
{
    g_autofree char *plain = g_strndup(text.at, text.length);
    return g_markup_escape_text(plain, -1);
}

static void add_text(Reader *r, const char *to)
{
    Token token = { .tag = TEXT, .text = { r->at, (size_t)(to - r->at) } };
    if (!token.text.length)
        return;
    token.html = token.text;
    if (r->template->is_word) {
        g_autofree char *escaped = escape(token.text);
        token.html = span_of(g_string_chunk_insert_const(r->view->texts, escaped));
    }
    g_array_append_val(r->template->tokens, token);
}

static bool add_word(Reader *r, Span name, bool as_template, GError **error)
{
    g_autofree char *key = g_strndup(name.at + 2, name.length - 2);
    Token token = { .tag = WORD, .word = g_hash_table_lookup(r->view->words, key) };
    if (!token.word)
        return wrong(r, error, "no word file has", name);
    if (!as_template && !token.word->plain)
        return wrong(r, error, "the word has tags, so write {{> …}}", name);
    g_array_append_val(r->template->tokens, token);
    return true;
}

static bool add_value(Reader *r, Span name, GError **error)
{
    if (starts(name, "t."))
        return add_word(r, name, false, error);
    Token token = { .tag = VALUE, .name = read_name(name, r->view) };
    g_array_append_val(r->template->tokens, token);
    return true;
}

static bool add_partial(Reader *r, Span name, GError **error)
{
    if (starts(name, "t."))
        return add_word(r, name, true, error);
    g_autofree char *key = g_strndup(name.at, name.length);
    Token token = { .tag = PARTIAL, .partial = g_hash_table_lookup(r->view->pages, key) };
    if (!token.partial)
        return wrong(r, error, "no such partial", name);
    g_array_append_val(r->template->tokens, token);
    return true;
}

static bool open_section(Reader *r, enum tag tag, Span name, GError **error)
{
    if (starts(name, "t."))
        return wrong(r, error, "a word is no section", name);
    if (r->open->len == SECTIONS_OPEN)
        return wrong(r, error, "too many sections inside one another", name);
    unsigned at = r->template->tokens->len;
    Token token = { .tag = tag, .text = name, .name = read_name(name, r->view) };
    g_array_append_val(r->open, at);
    g_array_append_val(r->template->tokens, token);
    return true;
}

static bool close_section(Reader *r, Span name, GError **error)
{
    if (!r->open->len)
        return wrong(r, error, "closes nothing", name);
    unsigned at = g_array_index(r->open, unsigned, r->open->len - 1);
    Token *start = &g_array_index(r->template->tokens, Token, at);
    if (!spans_equal(start->text, name))
        return wrong(r, error, "closes another section", name);
    start->end = r->template->tokens->len;
    g_array_set_size(r->open, r->open->len - 1);
    return true;
}

/* The character that stands first in a tag, and what the tag is. Tags that print nothing take their whole line with them. */
static const struct Mark {
    char mark;
    enum { NAMED, OPENS, INVERTS, CLOSES, INCLUDES, COMMENTS, FORBIDDEN } kind;
} marks[] = {
    { '#', OPENS }, { '^', INVERTS }, { '/', CLOSES }, { '>', INCLUDES }, { '!', COMMENTS }, { '{', FORBIDDEN }, { '&', FORBIDDEN }, { '=', FORBIDDEN },
};
static const struct Mark unmarked = { 0, NAMED };

static bool add_tag(Reader *r, const struct Mark *mark, Span name, GError **error)
{
    bool has_name = mark->kind != COMMENTS && mark->kind != FORBIDDEN;
    if (has_name && !is_name(name))
        return wrong(r, error, "this is no name", name);
    switch (mark->kind) {
    case OPENS: return open_section(r, SECTION, name, error);
    case INVERTS: return open_section(r, INVERTED, name, error);
    case CLOSES: return close_section(r, name, error);
    case INCLUDES: return add_partial(r, name, error);
    case COMMENTS: return true;
    case FORBIDDEN: return wrong(r, error, "unescaped tags and other delimiters are not allowed", name);
    default: return add_value(r, name, error);
    }
}

static const struct Mark *mark_of(Span body)
{
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (body.length && *body.at == marks[i].mark)
            return &marks[i];
    return &unmarked;
}

/* Where the line of `tag` begins when only blanks come before it; NULL when something else does. */
static const char *line_start(const Template *template, const char *tag)
{
    const char *from = tag;
    while (from > template->source.at && (from[-1] == ' ' || from[-1] == '\t'))
        from--;
    return from == template->source.at || from[-1] == '\n' ? from : NULL;
}

/* Where the next line begins when only blanks follow `rest`; NULL when more follows. */
static const char *line_end(const Template *template, const char *rest)
{
    const char *end = template->source.at + template->source.length;
    while (rest < end && (*rest == ' ' || *rest == '\t' || *rest == '\r'))
        rest++;
    if (rest == end)
        return rest;
    return *rest == '\n' ? rest + 1 : NULL;
}

/* One tag with the text before it. The blanks before a partial that stands alone stay, so that its
 * first line is indented; the further ones are not, which HTML does not mind. */
static bool read_tag(Reader *r, const char *close, GError **error)
{
    Span body = trim((Span){ r->tag + 2, (size_t)(close - r->tag - 2) });
    const struct Mark *mark = mark_of(body);
    Span name = mark == &unmarked ? body : trim((Span){ body.at + 1, body.length - 1 });
    const char *start = line_start(r->template, r->tag);
    const char *next = line_end(r->template, close + 2);
    bool word = mark->kind == INCLUDES && starts(name, "t."); /* prints text, so it is no line */
    bool alone = mark->kind != NAMED && mark->kind != FORBIDDEN && !word && start && next;
    add_text(r, alone && mark->kind != INCLUDES ? start : r->tag);
    r->at = alone ? next : close + 2;
    return add_tag(r, mark, name, error);
}

static bool read_all(Reader *r, GError **error)
{
    const char *end = r->template->source.at + r->template->source.length;
    while ((r->tag = memmem(r->at, (size_t)(end - r->at), "{{", 2)) != NULL) {
        const char *close = memmem(r->tag + 2, (size_t)(end - r->tag - 2), "}}", 2);
        if (!close)
            return wrong(r, error, "the tag is not closed", (Span){ r->tag, (size_t)(end - r->tag) });
        if (!read_tag(r, close, error))
            return false;
    }
    add_text(r, end);
    r->tag = end;
    if (!r->open->len)
        return true;
    unsigned open = g_array_index(r->open, unsigned, r->open->len - 1);
    return wrong(r, error, "the section is not closed", token_at(r->template, open)->text);
}

static void clear_token(void *token)
{
    g_free(((Token *)token)->name);
}

bool template_compile(Template *self, View *view, GError **error)
{
    self->tokens = g_array_new(FALSE, FALSE, sizeof(Token));
    g_array_set_clear_func(self->tokens, clear_token);
    if (!text_is_clean(self->source.at, self->source.length))
        return fault(error, "%s is not clean UTF-8 text", self->place);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(unsigned));
    Reader r = { .template = self, .view = view, .at = self->source.at, .open = open };
    return read_all(&r, error);
}

void template_clear(Template *self)
{
    if (self->tokens)
        g_array_unref(self->tokens);
    self->tokens = NULL;
    g_clear_pointer(&self->forms, g_ptr_array_unref);
}
