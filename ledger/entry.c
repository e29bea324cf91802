// SPDX-License-Identifier: Apache-2.0
#include "ledger/entry.h"
#include "ledger/leaf.h"

#include <sodium.h>
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

void entry_clear(Entry *self)
{
    const char *const texts[] = { self->event.subject, self->event.kind, self->event.item };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)(uintptr_t)texts[i]);
    *self = (Entry){ 0 };
}

static char *text_of(const char *object, const char *key)
{
    size_t length = 0;
    const char *value = json_member(object, key, &length);
    g_autofree char *inner = value && *value == '"' ? g_strndup(value + 1, length - 2) : g_strdup("");
    return g_strcompress(inner);
}

static int64_t number_of(const char *object, const char *key)
{
    size_t length;
    const char *value = json_member(object, key, &length);
    return value ? g_ascii_strtoll(value, NULL, 10) : -1;
}

static Instant instant_of(const char *text)
{
    Day day = day_parse(text);
    if (day != DAY_NONE)
        return instant_at(day, 0);
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(text, NULL);
    return at ? g_date_time_to_unix(at) * 1000 + (g_date_time_get_microsecond(at) + 500) / 1000 : 0;
}

/* Reads loosely, without building a tree, and takes what is written the same again. */
bool entry_read(Span text, Entry *out)
{
    g_autofree char *object = g_strndup(text.bytes, text.length);
    g_autofree char *at = text_of(object, "at"), *coded = text_of(object, "commitment");
    int64_t version = number_of(object, "version");
    *out = (Entry){ .county = number_of(object, "county"),
                    .event = { .at = instant_of(at), .division = number_of(object, "division"), .item = text_of(object, "item"),
                               .kind = text_of(object, "kind"), .organ = number_of(object, "organ"),
                               .sequence = number_of(object, "sequence"), .subject = text_of(object, "subject"),
                               .version = version > EVENT_PLAIN ? version : EVENT_PLAIN } };
    sodium_hex2bin(out->commitment.bytes, HASH_BYTES, coded, strlen(coded), NULL, NULL, NULL);
    g_autofree char *again = leaf_text(out->county, &out->event, &out->commitment);
    return (out->county | out->event.division | out->event.organ | out->event.sequence) >= 0 && strlen(again) == text.length &&
           memcmp(again, text.bytes, text.length) == 0;
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

static gpointer key_of(const char *subject)
{
    Hash hash;
    uintptr_t key;
    hash_parts(&(const HashPart){ subject, strlen(subject) }, 1, &hash);
    memcpy(&key, hash.bytes, sizeof key);
    return (gpointer)key;
}

static bool refuse_entry(GError **error, const char *reason, int64_t number, int64_t found, int64_t wanted)
{
    return refuse(error, CONFLICT, reason, "entry", DECIMAL(number), "found", DECIMAL(found), "wanted", DECIMAL(wanted), NULL);
}

bool entry_follows(EntryCourse *self, int64_t number, const Entry *entry, GError **error)
{
    gpointer key = key_of(entry->event.subject);
    int64_t wanted = (int64_t)(intptr_t)g_hash_table_lookup(self->last, key) + 1;
    self->county = self->county ? self->county : entry->county;
    g_hash_table_insert(self->last, key, (gpointer)(intptr_t)entry->event.sequence);
    if (entry->county != self->county)
        return refuse_entry(error, "ledger.entry_county", number, entry->county, self->county);
    return entry->event.sequence == wanted || refuse_entry(error, "ledger.entry_gap", number, entry->event.sequence, wanted);
}
