// SPDX-License-Identifier: Apache-2.0
/* The public ledger as people see it: what it is, and what it says of one event and of the paper in their hand. */
#include "portal/ledger.h"

#include "catalogue/catalogue.h"
#include "identity/identity.h"
#include "ledger/ledger.h"

#include <string.h>

/* ---- the page that explains it ---- */

json_t *ledger_about(Request *r, GError **error)
{
    g_autoptr(json_t) now = ledger_now(&r->context, error);
    g_autofree char *base = g_strdup_printf("%s/ledger/%" PRId64, r->context.public_url, r->context.county);
    if (!now)
        return NULL;
    json_object_set_new(now, "is_signed", json_boolean(json_object_size(now)));
    json_object_set_new(now, "base", json_string(base));
    json_object_set_new(now, "checkpoint_path", json_string(base + strlen(r->context.public_url)));
    return g_steal_pointer(&now);
}

const Field ledger_find_fields[] = { { .name = "event", .kind = FIELD_INTEGER, .least = 1, .most = INT64_MAX, .required = true }, { 0 } };

json_t *ledger_find(Request *r, GError **error)
{
    (void)error;
    g_autofree char *path = g_strdup_printf("/ledger/%" PRId64 "/event/%" PRId64, r->context.county, json_number(r->fields, "event"));
    return answer_redirect(r, path);
}

/* ---- one event in plain words ---- */

/* A name that is not there any more, or never was, is left out: the record stands without it. Takes over `named` and *none. */
static bool put_name(json_t *event, const char *prefix, json_t *named, GError **none, GError **error)
{
    g_autoptr(json_t) owned = named;
    g_autoptr(GError) why = g_steal_pointer(none);
    if (why && !trouble_is(&why, NOT_FOUND, error))
        return false;
    g_autofree char *name = g_strconcat(prefix, "_name", NULL), *english = g_strconcat(prefix, "_name_en", NULL);
    json_object_set(event, name, json_object_get(owned, "name"));
    json_object_set(event, english, json_object_get(owned, "name_en"));
    return true;
}

static bool put_names(json_t *event, const Context *context, GError **error)
{
    GError *none = NULL;
    Db *db = context->db;
    int64_t county = context->county;
    return put_name(event, "organ", identity_organ(db, county, json_number(event, "organ"), &none), &none, error) &&
           put_name(event, "division", identity_division(db, county, json_number(event, "division"), &none), &none, error) &&
           put_name(event, "item", catalogue_ever(db, county, json_text(event, "item"), &none), &none, error);
}

/* An event of a kind with numbers goes by its short name ("accepted"), since the page names the subject; any other in full
 * ("item_published"). */
static bool put_subject(json_t *event, const Context *context, GError **error)
{
    g_autoptr(json_t) about = subject_about(context, json_text(event, "subject"), error);
    bool is_numbered = json_object_get(about, "subject_number") != NULL;
    const char *kind = json_text(event, "kind"), *dot = strchr(kind, '.');
    g_autofree char *whole = g_strdelimit(g_strdup(kind), ".", '_');
    json_object_set_new(event, "event", json_string(is_numbered && dot ? dot + 1 : whole));
    return about && json_object_update(event, about) == 0;
}

/* ---- the paper in hand ---- */

enum { HASH_SIZE = 32 };

/* As the code on the paper has it (base64url), or as people copy it (hexadecimal); in lower-case hexadecimal. */
static char *hash_read(const char *text)
{
    gsize length;
    size_t digits = strlen(text);
    if (digits == 2 * HASH_SIZE && strspn(text, "0123456789abcdefABCDEF") == digits)
        return g_ascii_strdown(text, -1);
    g_autoptr(GBytes) coded = bytes_of_base64url(text);
    const void *bytes = g_bytes_get_data(coded, &length);
    return length == HASH_SIZE ? text_hex(bytes, length) : NULL;
}

const Field ledger_event_fields[] = { { "leaf", FIELD_TEXT, 0, 100, false, NULL, NULL }, { 0 } };

/* `is_other`: the paper says something else than the ledger. */
static void put_paper(json_t *event, const char *leaf)
{
    g_autofree char *hash = *leaf ? hash_read(leaf) : NULL;
    bool same = hash && strcmp(hash, json_text(event, "hash")) == 0;
    json_object_set_new(event, "is_same", json_boolean(same));
    json_object_set_new(event, "is_other", json_boolean(*leaf && !same));
    json_object_set_new(event, "is_good", json_boolean(json_flag(event, "is_proven") && (same || !*leaf)));
    json_object_set_new(event, "is_altered", json_boolean(json_flag(event, "is_signed") && !json_flag(event, "is_proven")));
}

static json_t *event_of(const Request *r, GError **error)
{
    char *end = NULL;
    g_autofree char *county = g_strdup_printf("%" PRId64, r->context.county);
    int64_t number = g_ascii_strtoll(r->path[1], &end, 10);
    if (*end || strcmp(county, r->path[0]) != 0)
        return refuse(error, NOT_FOUND, "ledger.no_event", NULL);
    g_autoptr(json_t) event = ledger_event(&r->context, number, error);
    if (!event || !put_names(event, &r->context, error) || !put_subject(event, &r->context, error))
        return NULL;
    return g_steal_pointer(&event);
}

json_t *ledger_event_show(Request *r, GError **error)
{
    json_t *event = event_of(r, error);
    if (event)
        put_paper(event, json_text(r->fields, "leaf"));
    return event;
}

/* ---- what its commitment binds ---- */

const Field ledger_commitment_fields[] = {
    { .name = "salt", .least = 1, .most = 100, .required = true, .look = LOOK_EXACT },
    { .name = "text", .kind = FIELD_LONG_TEXT, .least = 1, .most = 50000, .required = true, .look = LOOK_EXACT },
    { 0 },
};

/* Nothing of it is kept: the salt belongs to who has it. */
json_t *ledger_commitment_check(Request *r, GError **error)
{
    g_autofree char *made = ledger_commitment_of(json_text(r->fields, "salt"), json_text(r->fields, "text"));
    if (!made)
        return refuse_field(error, "salt", "portal.salt_form", NULL);
    json_t *event = event_of(r, error);
    if (!event)
        return NULL;
    put_paper(event, "");
    bool fits = strcmp(made, json_text(event, "commitment")) == 0;
    json_object_set_new(event, "checked", json_pack("{s:b, s:s}", "fits", fits, "made", made));
    return event;
}
