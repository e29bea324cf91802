// SPDX-License-Identifier: Apache-2.0
/* One's own password, and what a member of the staff may read of himself. */
#include "credentials/passkeys.h"
#include "credentials/room.h"

json_t *own_show(Request *r, GError **error)
{
    (void)error;
    return identity_describe_actor(r);
}

/* Factors, devices, sessions and what is asked of a new passkey, beside what identity_describe_actor tells. */
json_t *own_show_all(Request *r, GError **error)
{
    int64_t id = r->context.actor->id;
    g_autofree char *here = http_device(r);
    g_autoptr(json_t) shown = identity_describe_actor(r), devices = device_list(&r->context, id, here, error);
    g_autoptr(json_t) sessions = devices ? session_list(r, id, error) : NULL, factors = sessions ? credentials_factors(&r->context, id, error) : NULL;
    if (!factors)
        return NULL;
    json_object_update(shown, factors);
    json_object_set_new(shown, "has_recovery", json_boolean(json_flag(factors, "has_code") || json_number(factors, "passkeys")));
    json_object_set(shown, "devices", devices);
    json_object_set(shown, "sessions", sessions);
    for (const Room *const *room = r->context.rooms; *room; room++)
        if ((*room)->tells_own && !(*room)->tells_own(&r->context, shown, error))
            return NULL;
    return passkey_ask(r, id, true, shown, error) ? g_steal_pointer(&shown) : NULL;
}

json_t *own_forget_device(Request *r, GError **error)
{
    bool known;
    if (!device_forget(&r->context, r->context.actor->id, r->path[0], &known, error))
        return NULL;
    if (!known)
        return refuse(error, NOT_FOUND, "credentials.no_device", NULL);
    return entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "device_forgotten", error) ? json_object() : NULL;
}

json_t *own_end_session(Request *r, GError **error)
{
    bool known;
    if (!session_end_one(&r->context, r->context.actor->id, r->path[0], &known, error))
        return NULL;
    if (!known)
        return refuse(error, NOT_FOUND, "credentials.no_session", NULL);
    return entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "session_ended", error) ? json_object() : NULL;
}

/* ---- the password once more ---- */

json_t *own_ask(Request *r, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    if (!identity_login(r->context.db, r->context.county, "", r->context.actor->id, &own, error) ||
        !entry_attempt_own(r, error))
        return NULL;
    return json_pack("{s:s}", "hash", own.hash ? own.hash : "");
}

json_t *own_judge(Request *r, GError **error)
{
    bool fits = password_fits(json_text(r->prepared, "hash"), json_text(r->fields, "password"));
    return fits ? json_incref((json_t *)(uintptr_t)r->prepared) : refuse_field(error, "password", "credentials.password_wrong", NULL);
}

static bool is_still(const Request *r, const char *judged, GError **error)
{
    bool still;
    return password_is_still(&r->context, r->context.actor->id, judged, &still, error) && (still || refuse(error, NOT_SIGNED_IN, "http.sign_in", NULL));
}

bool own_passed(const Request *r, GError **error)
{
    return is_still(r, json_text(r->prepared, "hash"), error) && entry_passed_own(r, error);
}

/* ---- a new password ---- */

static bool new_fits(const json_t *fields, const char *account, GError **error)
{
    const char *password = json_text(fields, "new");
    const char *reason = password_fault(password, account);
    if (reason)
        return refuse_field(error, "new", reason, NULL);
    if (g_str_equal(password, json_text(fields, "old")))
        return refuse_field(error, "new", "credentials.password_same", NULL);
    if (!g_str_equal(password, json_text(fields, "again")))
        return refuse_field(error, "again", "credentials.password_again", NULL);
    return true;
}

/* Prepares a change: {hashes} of the present password and those before it. The new one is judged first: a slip there is no attempt on the old one. */
static json_t *check(Request *r, bool attempts, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    if (!entry_is_at(r, error) || !identity_login(r->context.db, r->context.county, "", r->context.actor->id, &own, error))
        return NULL;
    const char *account = own.account ? own.account : "";
    if (!new_fits(r->fields, account, error) || (attempts && !entry_attempt_own(r, error)))
        return NULL;
    json_t *hashes = old_passwords(&r->context, own.id, PASSWORDS_KEPT - 1, error);
    if (hashes && own.hash)
        json_array_insert_new(hashes, 0, json_string(own.hash));
    return hashes ? json_pack("{s:o}", "hashes", hashes) : NULL;
}

json_t *own_check_passwords(Request *r, GError **error)
{
    return check(r, true, error);
}

json_t *own_check_first(Request *r, GError **error)
{
    return check(r, false, error);
}

static const char *hash_at(const json_t *hashes, size_t place)
{
    const char *hash = json_string_value(json_array_get(hashes, place));
    return hash ? hash : "";
}

/* {hash} of the new one, and {judged} of the present one. */
json_t *own_hash(Request *r, GError **error)
{
    const json_t *hashes = json_object_get(r->prepared, "hashes");
    const char *old = json_text(r->fields, "old"), *fresh = json_text(r->fields, "new");
    if (*old && !password_fits(hash_at(hashes, 0), old))
        return refuse_field(error, "old", "credentials.password_wrong", NULL);
    for (size_t i = 0; i < json_array_size(hashes); i++)
        if (password_fits(hash_at(hashes, i), fresh))
            return refuse_field(error, "new", i ? "credentials.password_reused" : "credentials.password_same", NULL);
    g_autofree char *hash = credentials_hash(fresh, false);
    return json_pack("{s:s, s:s}", "hash", hash, "judged", hash_at(hashes, 0));
}

/* All sessions end and all browsers but `device` are strangers, because somebody may have learnt the old password. */
static bool replace(const Context *context, int64_t staff, const char *hash, bool must_change, const char *device, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    if (!identity_login(context->db, context->county, "", staff, &own, error) ||
        (own.hash && !old_password_keep(context, staff, own.hash, error)))
        return false;
    return identity_set_password(context, staff, hash, must_change, error) && device_forget_all(context, staff, device, error) &&
           session_end_all(context, STAFF, staff, error);
}

bool credentials_give(const Context *context, int64_t staff, const char *hash, GError **error)
{
    return replace(context, staff, hash, true, "", error);
}

static bool replace_own(Request *r, GError **error)
{
    g_autofree char *device = http_device(r);
    return replace(&r->context, r->context.actor->id, json_text(r->prepared, "hash"), false, device, error) &&
           entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "password_changed", error);
}

/* This browser stays signed in. */
json_t *own_change_password(Request *r, GError **error)
{
    int64_t id = r->context.actor->id;
    if (!is_still(r, json_text(r->prepared, "judged"), error) || !entry_passed_own(r, error) || !replace_own(r, error) ||
        !session_begin(r, STAFF, id, error))
        return NULL;
    return answer_redirect(r, "/desk/me");
}

json_t *own_change_first(Request *r, GError **error)
{
    return is_still(r, json_text(r->prepared, "judged"), error) && entry_is_at(r, error) && replace_own(r, error)
               ? entry_go_on(r, r->context.actor->id, "password", r->context.actor->is_proven, error) : NULL;
}

/* ---- fields ---- */

#define SECRET(its_name, fills) { .name = (its_name), .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = (fills) }

const Field own_password_fields[] = {
    SECRET("old", "current-password"), SECRET("new", "new-password"), SECRET("again", "new-password"), { 0 },
};
const Field own_first_fields[] = { SECRET("new", "new-password"), SECRET("again", "new-password"), ENTRY_NEXT, { 0 } };
