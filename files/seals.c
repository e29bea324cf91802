// SPDX-License-Identifier: Apache-2.0
/* The seals of organs (印章): made and ended by the security administrator, one in force for each organ. */
#include "files/room.h"

#include "ledger/ledger.h"

#include <sodium.h>
#include <string.h>

enum { PICTURE_MOST = 256 * 1024 };

/* ---- rules ---- */

static bool end(const Context *context, const char *key, int64_t organ, const char *reason, GError **error)
{
    const Event event = { .subject = SEALS_SUBJECT, .kind = SEAL_ENDED, .organ = organ };
    return organ_seal_end(context, key, reason, error) &&
           ledger_record(context, event, json_pack("{s:s, s:s}", "key", key, "reason", reason), error);
}

static bool make(const Context *context, int64_t organ, const char *picture, GError **error)
{
    unsigned char secret[SEAL_SECRET];
    const Event event = { .subject = SEALS_SUBJECT, .kind = SEAL_MADE, .organ = organ };
    g_autoptr(Seal) seal = NULL;
    while (!seal) {
        context_random(context, secret, sizeof secret);
        seal = seal_of_secret(secret);
    }
    g_autofree char *text = text_hex(secret, sizeof secret), *public = seal_public(seal), *hash = hash_text(picture);
    bool made = organ_seal_insert(context, seal_key(seal), organ, public, text, picture, error) &&
                ledger_record(context, event, json_pack("{s:s, s:s, s:s}", "key", seal_key(seal), "picture", *picture ? hash : "", "public", public), error);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(text, strlen(text));
    return made;
}

bool files_seal_organ(const Context *context, int64_t organ, const char *picture, const char *reason, GError **error)
{
    g_autoptr(json_t) known = identity_organ(context->db, context->county, organ, error);
    g_autofree char *former = NULL;
    if (!known || !organ_seal_in_force(context->db, context->county, organ, &former, error))
        return false;
    if (former && !*reason)
        return refuse_field(error, "reason", "files.seal_reason", NULL);
    return (!former || end(context, former, organ, reason, error)) && make(context, organ, picture ? picture : "", error) &&
           db_reference_changed(context->db, context->county, error);
}

json_t *files_organs_without_seal(const Context *context, GError **error)
{
    size_t i;
    json_t *organ;
    g_autoptr(json_t) organs = identity_organs(context->db, context->county, error);
    json_t *lacking = organs ? json_array() : NULL;
    json_array_foreach(organs, i, organ) {
        g_autofree char *key = NULL;
        if (!json_is_null(json_object_get(organ, "valid_to_day")))
            continue;
        if (!organ_seal_in_force(context->db, context->county, json_number(organ, "number"), &key, error))
            return json_decref(lacking), NULL;
        if (!key)
            json_array_append(lacking, organ);
    }
    return lacking;
}

json_t *files_seals(const Context *context, GError **error)
{
    json_t *all = organ_seals(context->db, context->county, error);
    g_autofree char *own = context->seal ? seal_public(context->seal) : NULL;
    if (all && own)
        json_array_insert_new(all, 0, json_pack("{s:s, s:s}", "key", seal_key(context->seal), "public", own));
    return all;
}

/* ---- the page ---- */

const Field seal_make_fields[] = {
    { .name = "organ", .kind = FIELD_INTEGER, .most = 999999, .required = true, .options = "organs.number" },
    { .name = "picture", .kind = FIELD_FILES, .most = 1, .bytes = PICTURE_MOST, .accept = ".png,image/png" },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .least = 5, .most = 500, .hint = "files.seals.reason_hint" },
    { 0 },
};

const Field seal_make_all_fields[] = { { 0 } };

const Field seal_end_fields[] = {
    { .name = "key", .least = SEAL_KEY_TEXT - 1, .most = SEAL_KEY_TEXT - 1, .required = true, .options = "sealing.key" },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .least = 5, .most = 500, .required = true, .id = "reason-end" },
    { 0 },
};

static bool name_organ(const Context *context, json_t *row, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, json_number(row, "organ"), error);
    json_object_set(row, "name", json_object_get(organ, "full_name"));
    json_object_set(row, "name_en", json_object_get(organ, "full_name_en"));
    json_object_del(row, "public");
    return organ;
}

json_t *seals_show(Request *r, GError **error)
{
    size_t i;
    json_t *row;
    const Context *context = &r->context;
    g_autoptr(json_t) rows = organ_seals(context->db, context->county, error);
    g_autoptr(json_t) organs = rows ? identity_organs(context->db, context->county, error) : NULL;
    g_autoptr(json_t) sealing = json_array(), ended = json_array();
    g_autoptr(json_t) lacking = organs ? files_organs_without_seal(context, error) : NULL;
    if (!lacking)
        return NULL;
    json_array_foreach(rows, i, row) {
        if (!name_organ(context, row, error))
            return NULL;
        json_array_append(json_number(row, "ended_at") ? ended : sealing, row);
    }
    json_t *answer = json_pack("{s:O, s:O, s:b, s:b, s:b}", "sealing", sealing, "ended", ended, "has_sealing", json_array_size(sealing) > 0,
                               "has_ended", json_array_size(ended) > 0, "may_keep", identity_has_role(context->actor, SECURITY_ADMINISTRATOR));
    json_object_set(answer, "lacking", lacking);
    json_object_set_new(answer, "has_lacking", json_boolean(json_array_size(lacking)));
    if (answer_is_page(r))
        json_object_set(answer, "organs", organs);
    return answer;
}

/* The picture that came along, in base64; "" where none did. NULL with an error. Owned by the caller. */
static char *picture_of(const Request *r, GError **error)
{
    size_t length;
    g_autofree char *bytes = NULL;
    if (!r->upload_count)
        return g_strdup("");
    if (r->uploads[0].size > PICTURE_MOST)
        return refuse_field(error, "picture", "files.picture_form", NULL);
    if (!g_file_get_contents(r->uploads[0].path, &bytes, &length, error))
        return NULL;
    return view_seal_picture_fits(bytes, length) ? g_base64_encode((const guchar *)bytes, length)
                                                 : refuse_field(error, "picture", "files.picture_form", NULL);
}

static bool organ_stands(const Context *context, int64_t organ, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) known = identity_organ(context->db, context->county, organ, &none);
    if (none && !trouble_is(&none, NOT_FOUND, error))
        return false;
    return (known && json_is_null(json_object_get(known, "valid_to_day"))) || refuse_field(error, "organ", "files.seal_organ", NULL);
}

json_t *seals_make(Request *r, GError **error)
{
    int64_t organ = json_number(r->fields, "organ");
    const SecurityEntry entry = { SECURITY_KEY, .purpose = "seal_made", .subject = SEALS_SUBJECT, .organ = organ };
    g_autofree char *picture = organ_stands(&r->context, organ, error) ? picture_of(r, error) : NULL;
    return picture && files_seal_organ(&r->context, organ, picture, json_text(r->fields, "reason"), error) && http_security(r, &entry, error) ? json_pack("{s:I}", "organ", (json_int_t)organ) : NULL;
}

/* For the organs that have none; pressed twice, it makes no second one. */
json_t *seals_make_all(Request *r, GError **error)
{
    size_t i;
    json_t *organ;
    g_autoptr(json_t) lacking = files_organs_without_seal(&r->context, error);
    json_array_foreach(lacking, i, organ) {
        const SecurityEntry entry = { SECURITY_KEY, .purpose = "seal_made", .subject = SEALS_SUBJECT, .organ = json_number(organ, "number") };
        if (!files_seal_organ(&r->context, json_number(organ, "number"), NULL, "", error) || !http_security(r, &entry, error))
            return NULL;
    }
    return lacking ? json_pack("{s:I}", "made", (json_int_t)json_array_size(lacking)) : NULL;
}

json_t *seals_end(Request *r, GError **error)
{
    json_t *found;
    const Context *context = &r->context;
    const char *key = json_text(r->fields, "key");
    if (!organ_seal_row(context->db, context->county, key, &found, error))
        return NULL;
    g_autoptr(json_t) row = found;
    if (!row || json_number(row, "ended_at"))
        return refuse_field(error, "key", "files.seal_not_in_force", NULL);
    const SecurityEntry entry = { SECURITY_KEY, .purpose = "seal_ended", .subject = SEALS_SUBJECT, .organ = json_number(row, "organ") };
    return end(context, key, json_number(row, "organ"), json_text(r->fields, "reason"), error) && db_reference_changed(context->db, context->county, error) &&
           http_security(r, &entry, error) ? json_pack("{s:s}", "key", key) : NULL;
}
