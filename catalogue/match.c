// SPDX-License-Identifier: Apache-2.0
/* How well an item fits what was typed. Tests in order of worth: the first that holds decides. Pure
 * functions over text that was folded alike on both sides. */
#include "catalogue/room.h"

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

static bool is_phrase(const char *phrases, const char *typed)
{
    g_autofree char *phrase = g_strconcat("|", typed, "|", NULL);
    return strstr(phrases, phrase) != NULL;
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

static bool is_it(const SearchRow *row, const Typed *typed)
{
    return strcmp(row->name, typed->closed) == 0 || strcmp(row->words, typed->open) == 0 ||
           g_ascii_strcasecmp(row->code, typed->closed) == 0 || is_phrase(row->keywords, typed->open);
}

static bool begins_name(const SearchRow *row, const Typed *typed)
{
    return g_str_has_prefix(row->name, typed->closed) || g_str_has_prefix(row->words, typed->open) ||
           g_ascii_strncasecmp(row->code, typed->closed, strlen(typed->closed)) == 0;
}

static bool in_name(const SearchRow *row, const Typed *typed)
{
    return occurs(row->name, typed->closed) || occurs(row->words, typed->open);
}

static bool in_keywords(const SearchRow *row, const Typed *typed)
{
    return occurs(row->keywords, typed->open);
}

/* The first phrase is the name, everyday words follow. */
static const char *end_of_name(const char *phrases)
{
    return *phrases ? strchr(phrases + 1, '|') : phrases;
}

static bool is_spelt(const char *phrases, const char *end, const char *typed)
{
    for (const char *at = phrases; at < end; at++)
        if ((*at == ' ' || *at == '|') && spells(at + 1, typed))
            return true;
    return false;
}

static bool is_pinyin_of_name(const SearchRow *row, const Typed *typed)
{
    return is_spelt(row->pinyin, end_of_name(row->pinyin), typed->closed);
}

static bool is_pinyin(const SearchRow *row, const Typed *typed)
{
    return is_spelt(row->pinyin, row->pinyin + strlen(row->pinyin), typed->closed);
}

/* A single letter is the initial of nearly every item: it only counts where a phrase begins. */
static const char *find_initials(const SearchRow *row, const Typed *typed)
{
    g_autofree char *begin = g_strconcat("|", typed->closed, NULL);
    return strstr(row->initials, typed->closed[1] ? typed->closed : begin);
}

static bool is_initials_of_name(const SearchRow *row, const Typed *typed)
{
    const char *found = find_initials(row, typed);
    return found && found < end_of_name(row->initials);
}

static bool is_initials(const SearchRow *row, const Typed *typed)
{
    return find_initials(row, typed) != NULL;
}

static bool in_summary(const SearchRow *row, const Typed *typed)
{
    return occurs(row->text, typed->open);
}

typedef bool Fits(const SearchRow *row, const Typed *typed);
static Fits *const tests[] = { is_it,     begins_name,         in_name,     in_keywords, is_pinyin_of_name,
                               is_pinyin, is_initials_of_name, is_initials, in_summary };

static unsigned fit_of(const SearchRow *row, const Typed *typed)
{
    unsigned test = 0;
    while (test < G_N_ELEMENTS(tests) && !tests[test](row, typed))
        test++;
    return test < G_N_ELEMENTS(tests) ? test : NO_FIT;
}

/* The whole as one, or every word of it: then the worst of them tells. */
unsigned query_fit(const Query *self, const SearchRow *row)
{
    if (!*self->closed)
        return 0;
    unsigned whole = fit_of(row, &(Typed){ self->open, self->closed }), worst = 0;
    for (size_t i = 0; self->words[i]; i++)
        worst = MAX(worst, fit_of(row, &(Typed){ self->words[i], self->words[i] }));
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
