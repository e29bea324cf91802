// SPDX-License-Identifier: Apache-2.0
/* Text as searching compares it: folded as people's typing is, and the pinyin of Chinese text, by
 * ICU, which takes the commonest reading of each character. */
#include "lists/letters.h"

#include <string.h>
#include <unicode/ustring.h>

/* Takes over `text`; blanks become one, or none. */
static char *squeeze(char *text, const char *blank)
{
    g_autofree char *owned = text;
    g_autoptr(GString) out = g_string_new(NULL);
    bool gap = false;
    for (const char *at = owned; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (g_unichar_isspace(letter)) {
            gap = out->len > 0;
            continue;
        }
        if (gap)
            g_string_append(out, blank);
        gap = false;
        g_string_append_unichar(out, letter);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *fold(const char *text, const char *blank)
{
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return squeeze(g_utf8_casefold(composed ? composed : "", -1), blank);
}

char *list_fold(const char *text)
{
    return fold(text, " ");
}

char *list_fold_closed(const char *text)
{
    return fold(text, "");
}

char *list_hash(Db *db, int64_t county, const char *purpose, const char *folded, GError **error)
{
    enum { DIGITS = 8 };
    g_autoptr(GString) out = g_string_new(*folded ? "~" : "");
    for (const char *at = folded; *at;) {
        at = g_utf8_next_char(at);
        g_autofree char *begins = g_strndup(folded, (size_t)(at - folded)), *hash = personal_hash(db, county, purpose, begins, error);
        if (!hash)
            return NULL;
        g_string_append_len(out, hash, DIGITS);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

UTransliterator *transliterator_open(const char *rules, GError **error)
{
    enum { MOST = 64 };
    UChar id[MOST];
    UErrorCode code = U_ZERO_ERROR;
    u_charsToUChars(rules, id, (int32_t)strlen(rules) + 1);
    UTransliterator *icu = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    if (U_FAILURE(code))
        return fault(error, "ICU does not open %s: %s", rules, u_errorName(code));
    return icu;
}

Pinyin *pinyin_open(GError **error)
{
    return (Pinyin *)transliterator_open("Han-Latin; Latin-ASCII; Lower", error);
}

void pinyin_close(Pinyin *self)
{
    if (self)
        utrans_close((UTransliterator *)self);
}

/* A character that is no Latin letter or digit only ends a syllable. */
static char *syllables_of(char *text)
{
    for (char *at = text; *at; at++)
        if (!g_ascii_isalnum(*at))
            *at = ' ';
    return squeeze(text, " ");
}

/* A transliteration never has more than MOST UTF-16 units per unit of the text: "zhuang ". */
char *pinyin_of(const Pinyin *self, const char *text)
{
    enum { MOST = 8 };
    UErrorCode code = U_ZERO_ERROR;
    int32_t room = MOST * (int32_t)strlen(text) + MOST, length = 0, limit, size = 0;
    g_autofree UChar *wide = g_new0(UChar, (size_t)room);
    g_autofree char *latin = g_malloc0(4 * (size_t)room);
    u_strFromUTF8(wide, room, &length, text, -1, &code);
    limit = length;
    utrans_transUChars((const UTransliterator *)self, wide, &length, room, 0, &limit, &code);
    u_strToUTF8(latin, 4 * room, &size, wide, length, &code);
    return U_FAILURE(code) ? g_strdup("") : syllables_of(g_steal_pointer(&latin));
}

char *pinyin_initials(const char *syllables)
{
    GString *out = g_string_new(NULL);
    for (const char *at = syllables; *at; at++)
        if (at == syllables || at[-1] == ' ')
            g_string_append_c(out, *at);
    return g_string_free(out, FALSE);
}

char *list_search_text(const Pinyin *pinyin, const char *text)
{
    g_autofree char *folded = list_fold(text), *syllables = pinyin_of(pinyin, text), *initials = pinyin_initials(syllables);
    g_autofree char *closed = list_fold_closed(syllables);
    return g_strjoin(" ", folded, closed, initials, NULL);
}
