// SPDX-License-Identifier: Apache-2.0
/* Countries by their codes and names, as ICU has them. */
#include "identity/room.h"

#include <string.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* Codes of passports (ICAO 9303) that ISO 3166-1 does not have: of organisations, of who has no country, and Germany's. */
static const struct { const char *code, *kept; } others[] = {
    { "D", "DEU" }, { "UNO", "UNO" }, { "UNA", "UNA" }, { "UNK", "UNK" }, { "XOM", "XOM" }, { "XXA", "XXA" }, { "XXB", "XXB" },
    { "XXC", "XXC" }, { "RKS", "RKS" }, { "EUE", "EUE" },
};

static char *folded(const char *text)
{
    return g_utf8_casefold(text, -1);
}

/* Is it what the country is called in that language? */
static bool is_called(const char *locale, const char *language, const char *name)
{
    enum { MOST = 128 };
    UChar called[MOST];
    char text[MOST * 3 + 1] = "";
    UErrorCode status = U_ZERO_ERROR;
    uloc_getDisplayCountry(locale, language, called, MOST, &status);
    u_strToUTF8(text, sizeof text, NULL, called, -1, &status);
    g_autofree char *own = folded(text);
    return U_SUCCESS(status) && strcmp(own, name) == 0;
}

char *country_code(const char *text)
{
    g_autofree char *name = folded(text);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (g_ascii_strcasecmp(text, others[i].code) == 0)
            return g_strdup(others[i].kept);
    for (const char *const *each = uloc_getISOCountries(); *each; each++) {
        g_autofree char *locale = g_strconcat("und_", *each, NULL);
        const char *code = uloc_getISO3Country(locale);
        if (g_ascii_strcasecmp(text, *each) == 0 || g_ascii_strcasecmp(text, code) == 0 || is_called(locale, "zh", name) ||
            is_called(locale, "en", name))
            return g_strdup(code);
    }
    return NULL;
}
