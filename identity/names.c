// SPDX-License-Identifier: Apache-2.0
/* Names of people and enterprises, and short texts that papers repeat. */
#include "identity/identity.h"

/* Hangul fillers count as letters, but show nothing. */
static bool is_seen(gunichar c)
{
    return g_unichar_isalnum(c) && !g_unichar_iszerowidth(c) && c != 0x115f && c != 0x3164 && c != 0xffa0;
}

static glong seen_in(const char *text)
{
    glong seen = 0;
    for (; *text; text = g_utf8_next_char(text))
        seen += is_seen(g_utf8_get_char(text));
    return seen;
}

char *identity_name(const char *text, GError **error)
{
    if (!text_is_visible(text, error))
        return NULL;
    return seen_in(text) >= 2 ? g_strdup(text) : refuse(error, NOT_FITTING, "identity.name_form", NULL);
}

/* Middle dots (间隔号) between the parts of a name, which look alike and have a dozen code points; GB/T 15834 has the first one. */
static bool is_middle_dot(gunichar c)
{
    static const gunichar dots[] = { 0xb7, 0x387, 0x1427, 0x16eb, 0x2022, 0x2027, 0x2219, 0x22c5, 0x2e31, 0x2e33, 0x30fb, 0xa78f, 0xff65, 0x10101 };
    for (size_t i = 0; i < G_N_ELEMENTS(dots); i++)
        if (c == dots[i])
            return true;
    return false;
}

static const struct { glong seen, most; const char *form; } names[] = {
    [PERSON] = { 1, PERSON_NAME_MOST, "identity.person_name_form" }, [ENTERPRISE] = { 2, ENTERPRISE_NAME_MOST, "identity.name_form" },
};

char *identity_party_name(enum party_kind party, const char *text, GError **error)
{
    if (!text_is_visible(text, error))
        return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        g_string_append_unichar(out, is_middle_dot(c) ? 0xb7 : c);
    }
    if (g_utf8_strlen(out->str, -1) > names[party].most)
        return refuse(error, NOT_FITTING, "identity.name_long", "most", DECIMAL(names[party].most), NULL);
    if (seen_in(out->str) < names[party].seen)
        return refuse(error, NOT_FITTING, names[party].form, NULL);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *identity_person_name(const char *text, GError **error)
{
    return identity_party_name(PERSON, text, error);
}
