// SPDX-License-Identifier: Apache-2.0
/* Masking of personal data (个人信息脱敏): shown is the least that tells one case from another
 * (Personal Information Protection Law art. 6). The pattern is common practice, not law. */
#include "identity/room.h"

char *text_starred(const char *text, long first, long last)
{
    long length = g_utf8_strlen(text, -1);
    GString *out = g_string_new(NULL);
    for (long i = 0; i < length; i++, text = g_utf8_next_char(text))
        if (i < first || i >= length - last)
            g_string_append_unichar(out, g_utf8_get_char(text));
        else
            g_string_append_c(out, '*');
    return g_string_free(out, false);
}

/* 张三 -> 张*, 张小三 -> 张*三 */
char *mask_name(const char *name)
{
    long length = g_utf8_strlen(name, -1);
    return text_starred(name, length > 1, length > 2);
}

char *mask_party_name(bool is_person, const char *name)
{
    return is_person ? mask_name(name) : g_strdup(name);
}

char *mask_party_id(bool is_person, const char *id)
{
    return is_person ? mask_id(id) : g_strdup(id);
}

/* 13812341234 -> 138****1234, 0573-85012345 -> 0573-****2345 */
char *mask_telephone(const char *telephone)
{
    enum { HIDDEN = 4, LAST = 4 };
    long length = g_utf8_strlen(telephone, -1);
    return text_starred(telephone, MAX(length - HIDDEN - LAST, 0), length > LAST ? LAST : 0);
}
