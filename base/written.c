// SPDX-License-Identifier: Apache-2.0
/* Canonical JSON, and numbers, written down directly. */
#include "base/base.h"

#include <string.h>

/* Escapes what JSON demands and no more, as jansson does. */
static void put_escaped(GString *out, unsigned char c)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *form = short_forms; *form; form += 2) {
        if (*form == (char)c) {
            g_string_append_c(g_string_append_c(out, '\\'), form[1]);
            return;
        }
    }
    g_string_append_printf(out, "\\u%04X", c);
}

void json_write_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *from = text, *at = text;; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        g_string_append_len(out, from, at - from);
        if (!c)
            break;
        put_escaped(out, c);
        from = at + 1;
    }
    g_string_append_c(out, '"');
}

void json_write_key(GString *out, const char *key)
{
    if (out->str[out->len - 1] != '{')
        g_string_append_c(out, ',');
    json_write_text(out, key);
    g_string_append_c(out, ':');
}

char *decimal_text(int64_t number, char out[static DECIMAL_TEXT])
{
    char *first = out + DECIMAL_TEXT - 1;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    *first = '\0';
    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *--first = '-';
    return first;
}

void json_write_number(GString *out, int64_t number)
{
    char digits[DECIMAL_TEXT], *first = decimal_text(number, digits);
    g_string_append_len(out, first, digits + DECIMAL_TEXT - 1 - first);
}
