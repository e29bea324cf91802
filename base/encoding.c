// SPDX-License-Identifier: Apache-2.0
/* The encodings in which offices save tables. */
#include "base/base.h"

#include <string.h>

/* NULs are let pass here; they are told later with the cell they stand in. */
static bool is_utf8(const char *bytes, size_t length)
{
    const char *end = bytes, *limit = bytes + length;
    while (!g_utf8_validate_len(end, (size_t)(limit - end), &end)) {
        if (*end != '\0')
            return false;
        end++;
    }
    return true;
}

/* A short table in GBK may happen to be UTF-8 as well: then all that is not ASCII is of two bytes, which are those of Chinese characters in
 * GB 2312 and stand side by side, as letters of other languages would not. */
static bool looks_like_gbk(const char *bytes, size_t length)
{
    bool has_word = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char first = (unsigned char)bytes[i], second = i + 1 < length ? (unsigned char)bytes[i + 1] : 0;
        if (first < 0x80)
            continue;
        if (first >= 0xe0 || second < 0xa1)
            return false;
        i++;
        has_word = has_word || (i + 1 < length && (unsigned char)bytes[i + 1] >= 0x80);
    }
    return has_word;
}

static void *refuse_encoding(const char *bytes, size_t read, GError **error)
{
    size_t line = 1;
    for (size_t i = 0; i < read; i++)
        line += bytes[i] == '\n';
    return refuse(error, NOT_FITTING, "base.csv_encoding", "line", DECIMAL(line), "column", "1", NULL);
}

/* A character that was cut off at the end is no error to GLib. */
static bool converted(const char *from, const char **bytes, size_t *length, char **made, size_t *read)
{
    size_t size;
    *made = g_convert(*bytes, (gssize)*length, "UTF-8", from, read, &size, NULL);
    if (!*made || *read < *length) {
        g_clear_pointer(made, g_free);
        return false;
    }
    *bytes = *made;
    *length = size;
    return true;
}

/* Excel on a Chinese machine saves GBK, of which GB 18030 reads all, and "Unicode text" as UTF-16. Bytes that are neither are taken for
 * the encoding that reads on for longer. */
bool text_as_utf8(const char **bytes, size_t *length, char **made, GError **error)
{
    static const char zip[] = "PK\x03\x04", old[] = "\xd0\xcf\x11\xe0"; /* a workbook; one of before 2007, or behind a password */
    size_t read = 0;
    const char *end;
    *made = NULL;
    if (*length >= strlen(old) && memcmp(*bytes, old, strlen(old)) == 0)
        return refuse(error, NOT_FITTING, "base.csv_workbook", "line", "1", NULL);
    if (*length >= strlen(zip) && memcmp(*bytes, zip, strlen(zip)) == 0) {
        *made = workbook_as_text(*bytes, *length, NULL, length, error);
        *bytes = *made;
        return *made != NULL;
    }
    if (*length >= 2 && (memcmp(*bytes, "\xff\xfe", 2) == 0 || memcmp(*bytes, "\xfe\xff", 2) == 0))
        return converted("UTF-16", bytes, length, made, &read) || refuse_encoding(*bytes, MIN(read, *length), error);
    if (is_utf8(*bytes, *length) && !looks_like_gbk(*bytes, *length))
        return true;
    if (converted("GB18030", bytes, length, made, &read))
        return true;
    g_utf8_validate_len(*bytes, *length, &end);
    return refuse_encoding(*bytes, MIN(MAX(read, (size_t)(end - *bytes)), *length), error);
}
