// SPDX-License-Identifier: Apache-2.0
#include "ledger/entry.h"
#include "ledger/hash.h"

#include <stddef.h>
#include <string.h>

bool entry_cut(Span *tile, Span *entry)
{
    const unsigned char *head = (const unsigned char *)tile->bytes;
    if (tile->length < 2)
        return false;
    size_t length = (size_t)(head[0] << 8 | head[1]);
    if (length > ENTRY_MOST || length + 2 > tile->length)
        return false;
    *entry = (Span){ tile->bytes + 2, length };
    *tile = (Span){ tile->bytes + 2 + length, tile->length - 2 - length };
    return true;
}

/* ---- a leaf ---- */

static void skip(Span *rest, size_t length)
{
    rest->bytes += length;
    rest->length -= length;
}

static bool take(Span *rest, const char *text)
{
    size_t length = strlen(text);
    if (rest->length < length || memcmp(rest->bytes, text, length) != 0)
        return false;
    skip(rest, length);
    return true;
}

/* Reads up to the closing quotation mark; a control character has no place in a code or a subject. */
static bool read_text(Span *rest, void *out)
{
    size_t length = 0;
    if (!take(rest, "\""))
        return false;
    for (; length < rest->length && rest->bytes[length] != '"'; length++) {
        if ((unsigned char)rest->bytes[length] < ' ')
            return false;
        if (rest->bytes[length] != '\\')
            continue;
        length++; /* only these two are escaped */
        if (length == rest->length || (rest->bytes[length] != '"' && rest->bytes[length] != '\\'))
            return false;
    }
    *(Span *)out = (Span){ rest->bytes, length };
    skip(rest, length);
    return g_utf8_validate_len(rest->bytes - length, length, NULL) && take(rest, "\"");
}

/* Does it look like the shape, in which 0 stands for any decimal and x for any hexadecimal digit? */
static bool is_shaped(const Span *text, const char *shape)
{
    if (text->length != strlen(shape))
        return false;
    for (size_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];
        bool digit = c >= '0' && c <= '9', low = c >= 'a' && c <= 'f';
        bool fits = shape[i] == '0' ? digit : shape[i] == 'x' ? digit || low : c == shape[i];
        if (!fits)
            return false;
    }
    return true;
}

static bool read_instant(Span *rest, void *out)
{
    return read_text(rest, out) && is_shaped(out, "0000-00-00T00:00:00.000Z");
}

static bool read_commitment(Span *rest, void *out)
{
    return read_text(rest, out) && is_shaped(out, "xxxxxxxxxxxxxxxx" "xxxxxxxxxxxxxxxx" "xxxxxxxxxxxxxxxx" "xxxxxxxxxxxxxxxx");
}

static bool read_integer(Span *rest, void *out)
{
    enum { DIGITS = 18 };
    size_t length = 0;
    int64_t value = 0;
    for (; length < rest->length && length < DIGITS && g_ascii_isdigit(rest->bytes[length]); length++)
        value = value * 10 + (rest->bytes[length] - '0');
    if (length == 0 || (length > 1 && rest->bytes[0] == '0'))
        return false;
    *(int64_t *)out = value;
    skip(rest, length);
    return true;
}

static const struct {
    const char *before;
    bool (*read)(Span *rest, void *out);
    size_t place;
} fields[] = {
    { "{\"at\":", read_instant, offsetof(Entry, at) },
    { ",\"commitment\":", read_commitment, offsetof(Entry, commitment) },
    { ",\"county\":", read_integer, offsetof(Entry, county) },
    { ",\"division\":", read_integer, offsetof(Entry, division) },
    { ",\"item\":", read_text, offsetof(Entry, item) },
    { ",\"kind\":", read_text, offsetof(Entry, kind) },
    { ",\"organ\":", read_integer, offsetof(Entry, organ) },
    { ",\"sequence\":", read_integer, offsetof(Entry, sequence) },
    { ",\"subject\":", read_text, offsetof(Entry, subject) },
};

bool entry_read(Span text, Entry *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (!take(&text, fields[i].before) || !fields[i].read(&text, (char *)out + fields[i].place))
            return false;
    return take(&text, "}") && text.length == 0;
}

/* ---- what may follow ---- */

struct EntryCourse {
    int64_t county;
    GHashTable *last; /* of a subject, told by eight bytes of its hash: its last sequence */
};

EntryCourse *entry_course(int64_t county)
{
    EntryCourse *self = g_new0(EntryCourse, 1);
    *self = (EntryCourse){ county, g_hash_table_new(NULL, NULL) };
    return self;
}

void entry_course_free(EntryCourse *self)
{
    if (self)
        g_hash_table_unref(self->last);
    g_free(self);
}

static gpointer key_of(const Span *subject)
{
    Hash hash;
    uintptr_t key;
    hash_parts(&(const HashPart){ subject->bytes, subject->length }, 1, &hash);
    memcpy(&key, hash.bytes, sizeof key);
    return (gpointer)key;
}

static bool refuse_entry(GError **error, const char *reason, int64_t number, int64_t found, int64_t wanted)
{
    g_autofree char *entry = g_strdup_printf("%" PRId64, number), *is = g_strdup_printf("%" PRId64, found),
                    *should = g_strdup_printf("%" PRId64, wanted);
    return refuse(error, CONFLICT, reason, "entry", entry, "found", is, "wanted", should, NULL);
}

bool entry_follows(EntryCourse *self, int64_t number, const Entry *entry, GError **error)
{
    gpointer key = key_of(&entry->subject);
    int64_t wanted = (int64_t)(intptr_t)g_hash_table_lookup(self->last, key) + 1;
    self->county = self->county ? self->county : entry->county;
    g_hash_table_insert(self->last, key, (gpointer)(intptr_t)entry->sequence);
    if (entry->county != self->county)
        return refuse_entry(error, "ledger.entry_county", number, entry->county, self->county);
    return entry->sequence == wanted || refuse_entry(error, "ledger.entry_gap", number, entry->sequence, wanted);
}
