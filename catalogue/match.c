// SPDX-License-Identifier: Apache-2.0
/* How well an item fits what was typed. Tests in order of worth: the first that holds decides. Pure
 * functions over text that was folded alike on both sides. */
#include "catalogue/room.h"

#include <stddef.h>
#include <string.h>

/* ---- what was typed ---- */

void query_of(const char *text, Query *out)
{
    g_autofree char *blanked = g_strdelimit(g_strdup(text), "|", ' '); /* bars part our own phrases */
    out->open = list_fold(blanked);
    out->closed = list_fold_closed(blanked);
    out->words = g_strsplit(out->open, " ", -1);
}

void query_clear(Query *self)
{
    g_free(self->open);
    g_free(self->closed);
    g_strfreev(self->words);
    *self = (Query){ 0 };
}

/* ---- where it occurs ---- */

/* Chinese anywhere, Latin letters and digits where a word begins: "id" is not in "said". */
static bool occurs(const char *text, const char *typed)
{
    bool latin = g_ascii_isalnum(*typed);
    for (const char *at = strstr(text, typed); at; at = strstr(at + 1, typed))
        if (!latin || at == text || !g_ascii_isalnum(at[-1]))
            return true;
    return false;
}

/* Letter by letter over whole syllables, of which the last may be unfinished; v is how ü is typed. */
static bool spells(const char *syllables, const char *typed)
{
    for (; *typed; typed++, syllables++) {
        if (*syllables == ' ')
            syllables++;
        if (*syllables != (*typed == 'v' ? 'u' : *typed))
            return false;
    }
    return true;
}

/* ---- the tests ---- */

static bool is_it(const char *text, const char *typed)
{
    return g_ascii_strcasecmp(text, typed) == 0;
}

static bool begins(const char *text, const char *typed)
{
    return g_ascii_strncasecmp(text, typed, strlen(typed)) == 0;
}

static bool is_phrase(const char *phrases, const char *typed)
{
    g_autofree char *phrase = g_strconcat("|", typed, "|", NULL);
    return strstr(phrases, phrase) != NULL;
}

static bool is_spelt(const char *phrases, const char *typed)
{
    for (const char *at = phrases; *at; at++)
        if ((*at == ' ' || *at == '|') && spells(at + 1, typed))
            return true;
    return false;
}

/* A single letter is the initial of nearly every item: it only counts where a phrase begins. */
static bool is_initials(const char *phrases, const char *typed)
{
    g_autofree char *begin = g_strconcat("|", typed, NULL);
    return strstr(phrases, typed[1] ? typed : begin) != NULL;
}

#define TEXT(member) offsetof(SearchRow, member)

static const struct {
    unsigned fit;
    bool (*fits)(const char *text, const char *typed);
    size_t text;
    bool closed; /* held against what was typed without its blanks */
} tests[] = {
    { 0, is_it, TEXT(name), true }, { 0, is_it, TEXT(words), false }, { 0, is_it, TEXT(code), true },
    { 0, is_phrase, TEXT(keywords), false },
    { 1, begins, TEXT(name), true }, { 1, begins, TEXT(words), false }, { 1, begins, TEXT(code), true },
    { 2, occurs, TEXT(name), true }, { 2, occurs, TEXT(words), false }, { 3, occurs, TEXT(keywords), false },
    { 4, is_spelt, TEXT(name_pinyin), true }, { 5, is_spelt, TEXT(pinyin), true },
    { 6, is_initials, TEXT(name_initials), true }, { 7, is_initials, TEXT(initials), true },
    { 8, occurs, TEXT(text), false },
};

static unsigned fit_of(const SearchRow *row, const char *open, const char *closed)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        const char *text = *(const char *const *)(const void *)((const char *)row + tests[i].text);
        if (tests[i].fits(text, tests[i].closed ? closed : open))
            return tests[i].fit;
    }
    return NO_FIT;
}

/* The whole as one, or every word of it: then the worst of them tells. */
unsigned query_fit(const Query *self, const SearchRow *row)
{
    if (!*self->closed)
        return 0;
    unsigned whole = fit_of(row, self->open, self->closed), worst = 0;
    if (!self->words[1])
        return whole; /* a single word is the whole */
    for (size_t i = 0; self->words[i]; i++)
        worst = MAX(worst, fit_of(row, self->words[i], self->words[i]));
    return MIN(whole, worst);
}

/* ---- when nothing fits ---- */

/* "新生儿登记" is scattered over "新生儿出生登记": all its characters, in their order. */
static bool is_scattered(const char *name, const char *typed)
{
    for (; *typed; typed = g_utf8_next_char(typed)) {
        name = g_utf8_strchr(name, -1, g_utf8_get_char(typed));
        if (!name)
            return false;
        name = g_utf8_next_char(name);
    }
    return true;
}

/* "我要开饭店" says one of the everyday words. */
static bool says_keyword(const char *keywords, const char *typed)
{
    g_auto(GStrv) list = g_strsplit(keywords, "|", -1);
    for (size_t i = 0; list[i]; i++)
        if (g_utf8_strlen(list[i], -1) > 1 && occurs(typed, list[i]))
            return true;
    return false;
}

bool query_is_near(const Query *self, const SearchRow *row)
{
    bool chinese = !g_ascii_isalnum(*self->closed) && g_utf8_strlen(self->closed, -1) > 1;
    return says_keyword(row->keywords, self->open) || (chinese && is_scattered(row->name, self->closed));
}
