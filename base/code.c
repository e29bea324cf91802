// SPDX-License-Identifier: Apache-2.0
/* Codes that people copy by hand from paper or a screen. */
#include "base/base.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *code_spell(const unsigned char random[CODE_RANDOM], char out[CODE_TEXT])
{
    enum { LETTERS = 11, LETTER_BITS = 5, GROUP = 4 };
    char *at = out;
    uint64_t bits = 0;
    for (int i = 0; i < CODE_RANDOM; i++)
        bits = bits << 8 | random[i];
    for (int i = 0; i < LETTERS; i++, bits >>= LETTER_BITS) {
        if (i && i % GROUP == 0)
            *at++ = '-';
        *at++ = alphabet[bits % (sizeof alphabet - 1)];
    }
    *at = '\0';
    return out;
}

char *code_plain(const char *typed)
{
    g_autofree char *wide = g_utf8_normalize(typed, -1, G_NORMALIZE_ALL);
    g_autofree char *capital = wide ? g_ascii_strup(wide, -1) : g_strdup("");
    GString *out = g_string_new(NULL);
    for (const char *at = capital; *at; at++)
        if (g_ascii_isalnum(*at))
            g_string_append_c(out, *at == 'O' ? '0' : *at == 'I' || *at == 'L' ? '1' : *at);
    return g_string_free(out, FALSE);
}
