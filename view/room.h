// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of this room and seen by nobody else: how pages and words lie in memory. All
 * of it is made while a View opens and never changes afterwards, so threads need no locks. */
#pragma once

#include "view/view.h"

#include <string.h>

/* A piece of a page's or word's text; not ended by NUL. */
typedef struct Span {
    const char *at;
    size_t length;
} Span;

static inline bool spans_equal(Span a, Span b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static inline Span span_of(const char *text)
{
    return (Span){ text, strlen(text) };
}

/* ---- values written out ---- */

/* How the ending of a name says its value is to be written. */
enum writing { BY_KIND, AS_DAY, AS_INSTANT, AS_AMOUNT, AS_SIZE };
enum { WRITTEN = 64 };

/* The writing that the ending of `name` (without _text) asks for. */
enum writing writing_of(Span name);
/* Writes `value` into `out`; false when it is not of the kind that `writing` needs. */
bool written(enum writing writing, enum language language, const json_t *value,
             char out[static WRITTEN]);
/* A whole number, with separators where it `is_grouped`; false for anything else. */
bool written_integer(const json_t *value, bool is_grouped, char out[static WRITTEN]);

/* ---- templates ---- */

typedef struct Word Word;
typedef struct Template Template;

/* A name in a tag, split once. */
typedef struct Name {
    Span text;
    bool of_page; /* begins with "page" */
    bool is_part; /* page.parts.NAME: HTML that was rendered before */
    Span stem;    /* the last part without its _text; empty when it has none */
    Span english; /* stem and _en */
    enum writing writing;
    GHashTable *codes; /* value -> Word, for a stem that stands for codes; else NULL */
    size_t count;      /* 0 for {{.}} */
    Span parts[];
} Name;

enum tag { TEXT, VALUE, SECTION, INVERTED, PARTIAL, WORD };

typedef struct Token {
    enum tag tag;
    Span text;               /* TEXT, as written */
    Span html;               /* TEXT, as it goes into a page */
    Name *name;              /* VALUE, SECTION, INVERTED; owned */
    unsigned end;            /* SECTION, INVERTED: the token after its last */
    const Template *partial; /* PARTIAL */
    const Word *word;        /* WORD */
} Token;

struct Template {
    const char *place; /* for messages: "cases/pages/case.mustache", "cases.title (en)" */
    Span source;
    bool is_word;   /* its text is text, not HTML */
    GPtrArray *forms; /* X of each {{page.forms.X…}} in it or a partial of it, which the page owns; NULL of a word */
    GArray *tokens;   /* of Token */
};

static inline const Token *token_at(const Template *self, unsigned i)
{
    return &g_array_index(self->tokens, Token, i);
}

struct Word {
    const char *key; /* "cases.title" */
    bool plain;      /* no tag in any language */
    Template templates[LANGUAGES];
};

struct View {
    GHashTable *pages;   /* "cases/case" -> Template */
    GHashTable *words;   /* "cases.title" -> Word */
    GHashTable *codes;   /* "state" -> table of "review" -> Word, which belongs to `words` */
    bool tells_holes;    /* in pages; see view_open */
    GHashTable *own;     /* a county's: Word of `words` -> Word said in its place (own.c); NULL: none */
    GStringChunk *texts; /* what the above point to */
};

/* Fills self->tokens; FAULT names place and line. The partials and words it names must be in
 * `view`, compiled or not. */
bool template_compile(Template *self, View *view, GError **error);
void template_clear(Template *self);

/* The state of one rendering. */
typedef struct Pass {
    const json_t *page; /* the object under {{page.…}}, or NULL */
    GHashTable *own;    /* the view's */
    enum language language;
    bool html; /* escape for HTML */
    bool tells_holes; /* of a value that is not in the data */
    GString *out;
    unsigned depth; /* partials and words open */
    unsigned tokens; /* gone through in all, an empty part counted as one */
} Pass;

bool template_render(const Template *self, Pass *pass, const json_t *data, GError **error);

/* ---- words ---- */

/* Reads one file, ROOM/words/zh.json or en.json, into view->words. */
bool words_read(View *view, const Embedded *file, GError **error);
/* After the last file: checks that every key stands in every language, and gathers the codes. */
typedef bool TakeWord(const void *data, const char *path, const json_t *text, GError **error);
/* Every value below `path` ("" at the top), by its path. jansson's reader bounds the nesting, so the recursion is bounded too. */
bool words_each(const char *path, json_t *object, TakeWord *take, const void *data, GError **error);
bool words_complete(View *view, GError **error);
bool words_compile(View *view, GError **error);
void word_free(Word *self);
/* The template to speak in a county that has `own` words (may be NULL). */
const Template *word_spoken(const Word *self, GHashTable *own, enum language language);

/* A view over other files than those in the program, for tests; they must outlive it. */
View *view_open_from(const Embedded *files, size_t count, GError **error);

/* ---- QR codes ---- */

typedef struct Qr {
    size_t width;
    bool dark[]; /* width × width, row by row */
} Qr;

/* How much of a code may be lost: an eighth survives a fold or a stamp; where much is to be said, half of that. */
enum qr_level { QR_STURDY, QR_DENSE };
/* To be freed with g_free. */
Qr *qr_of(const char *text, enum qr_level level, GError **error);
/* How many dark modules follow one another in `row` from the column `from` on. */
size_t qr_run(const Qr *self, size_t row, size_t from);
