// SPDX-License-Identifier: Apache-2.0
/* Every event passes here, so the texts are written without printf and JSON trees. */
#include "ledger/leaf.h"

#include <string.h>

static void add_number_line(GString *text, int64_t number)
{
    json_write_number(text, number);
    g_string_append_c(text, '\n');
}

static void add_line(GString *text, const char *line)
{
    g_string_append(text, line);
    g_string_append_c(text, '\n');
}

static bool is_personal(const Event *event)
{
    return event->version > EVENT_PLAIN;
}

static GString *committed(const Event *event)
{
    GString *text = g_string_sized_new(1024);
    add_number_line(text, event->sequence);
    add_number_line(text, event->actor_kind);
    add_number_line(text, event->actor);
    if (is_personal(event)) {
        add_line(text, instant_text(event->at, (char[INSTANT_TEXT]){ 0 }));
        add_number_line(text, event->division);
    }
    add_line(text, event->payload);
    return text;
}

char *ledger_committed(const Event *event)
{
    return g_string_free(committed(event), FALSE);
}

void leaf_commitment(const Salt *salt, const Event *event, Hash *out)
{
    g_autoptr(GString) text = committed(event);
    hash_keyed(salt->bytes, SALT_BYTES, text->str, text->len, out);
}

void leaf_append_kept(GString *out, const Event *event)
{
    size_t length = 0;
    bool says_why = strcmp(event->kind, LEDGER_ERASED) == 0 || strcmp(event->kind, LEDGER_RESTRICTED) == 0;
    const char *facts = says_why ? NULL : json_member(event->payload, "facts", &length);
    if (!facts) {
        g_string_append(out, event->payload);
        return;
    }
    g_string_append_len(out, event->payload, facts - event->payload);
    text_append_all(out, (const char *const[]){ "{}", facts + length, NULL });
}

static void add_payload(GString *text, const Event *e, const Hash *commitment)
{
    if (is_personal(e)) {
        g_autofree char *hex = text_hex(commitment->bytes, HASH_BYTES);
        add_line(text, hex);
        leaf_append_kept(text, e);
        g_string_append_c(text, '\n');
    } else
        add_line(text, e->payload);
}

void leaf_chain(const Hash *before, int64_t county, const Event *e, const Hash *commitment, Hash *out)
{
    g_autoptr(GString) text = g_string_sized_new(1024);
    g_string_append_len(text, (const char *)before->bytes, HASH_BYTES);
    if (is_personal(e))
        add_number_line(text, e->version);
    add_number_line(text, county);
    add_number_line(text, e->number);
    add_line(text, e->subject);
    add_number_line(text, e->sequence);
    add_line(text, e->kind);
    add_line(text, e->item);
    add_number_line(text, e->organ);
    add_number_line(text, e->division);
    add_number_line(text, e->actor_kind);
    add_number_line(text, e->actor);
    add_number_line(text, e->at);
    add_payload(text, e, commitment);
    hash_parts(&(const HashPart){ text->str, text->len }, 1, out);
}

/* ---- canonical JSON ---- */

/* A row whose bits were flipped may hold what is no text; made one, it hashes unlike what was recorded. */
static void add_text(GString *json, const char *key, const char *text)
{
    g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    json_write_key(json, key);
    json_write_text(json, valid ? valid : text);
}

static void add_number(GString *json, const char *key, int64_t value)
{
    json_write_key(json, key);
    json_write_number(json, value);
}

char *leaf_text(int64_t county, const Event *event, const Hash *commitment)
{
    char at[INSTANT_TEXT];
    g_autofree char *hex = text_hex(commitment->bytes, HASH_BYTES);
    GString *json = g_string_append_c(g_string_sized_new(512), '{');
    add_text(json, "at", is_personal(event) ? day_text(day_of(event->at), at) : instant_text(event->at, at));
    add_text(json, "commitment", hex);
    add_number(json, "county", county);
    add_number(json, "division", is_personal(event) ? division_town(event->division) : event->division);
    add_text(json, "item", event->item);
    add_text(json, "kind", event->kind);
    add_number(json, "organ", event->organ);
    add_number(json, "sequence", event->sequence);
    add_text(json, "subject", event->subject);
    if (is_personal(event))
        add_number(json, "version", event->version);
    g_string_append_c(json, '}');
    return g_string_free(json, FALSE);
}
