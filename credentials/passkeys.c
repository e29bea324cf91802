// SPDX-License-Identifier: Apache-2.0
/* Passkeys between the page and the store: what is asked, and whether the answer is one to it. */
#include "credentials/passkeys.h"
#include "credentials/room.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_MOST = 16000, NAME_MOST = 40, KEYS_MOST = 20, ANSWERED_WITHIN = 5 * MINUTE_MS };

static char *text_of(GBytes *bytes)
{
    return text_base64url(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static GBytes *bytes_of(const json_t *object, const char *name)
{
    return bytes_of_base64url(json_text(object, name));
}

/* ---- what is asked ---- */

/* The number of a member of the staff, which tells nothing of him outside. */
static char *handle_of(const Context *context, int64_t staff)
{
    g_autofree char *text = g_strdup_printf("%" PRId64 "/%" PRId64, context->county, staff);
    return text_base64url(text, strlen(text));
}

/* The challenge is not kept, and is still answered once: the session of which it is made ends when a passkey signs in, and the id of a
 * new passkey is never taken again. */
static bool challenge_of(const Request *r, Instant asked, unsigned char out[SESSION_DERIVED])
{
    g_autofree char *purpose = g_strdup_printf("pinghu: passkey asked for at %" PRId64, asked);
    return session_derive(r, purpose, out);
}

static json_t *algorithms(void)
{
    json_t *all = json_array();
    for (size_t i = 0; cose_algorithms[i]; i++)
        json_array_append_new(all, json_integer(cose_algorithms[i]));
    return all;
}

/* The person for whom a new one is made. */
static bool put_person(const Context *context, int64_t staff, json_t *asked, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    g_autoptr(json_t) name = identity_staff_name(context->db, context->county, staff, error);
    return name && identity_login(context->db, context->county, "", staff, &own, error) &&
           json_object_update_new(asked, json_pack("{s:s, s:O}", "account", own.account ? own.account : "", "person", name)) == 0;
}

bool passkey_ask(const Request *r, int64_t staff, bool is_new, json_t *into, GError **error)
{
    unsigned char bytes[SESSION_DERIVED];
    const Context *context = &r->context;
    if (!challenge_of(r, context->now, bytes))
        return refuse(error, NOT_SIGNED_IN, "credentials.passkey_late", NULL);
    g_autoptr(json_t) known = passkeys_of(context->db, context->county, staff, error);
    g_autofree char *challenge = text_base64url(bytes, sizeof bytes), *host = address_host(context->public_url), *user = handle_of(context, staff);
    if (!known)
        return false;
    json_t *asked = json_pack("{s:I, s:s, s:s, s:o, s:O, s:s}", "asked", context->now, "challenge", challenge, "host", host, "algorithms",
                              algorithms(), "known", known, "user", user);
    json_object_set_new(asked, "is_address", json_boolean(*host == '[' || g_hostname_is_ip_address(host))); /* of which browsers make no passkey */
    json_object_set_new(into, "passkey", asked);
    return !is_new || put_person(context, staff, asked, error);
}

/* ---- what came back ---- */

static json_t *answer_of(const Request *r, unsigned char challenge[SESSION_DERIVED], GError **error)
{
    g_autoptr(json_t) answer = json_loads(json_text(r->fields, "answer"), JSON_REJECT_DUPLICATES, NULL);
    Instant asked = json_number(answer, "asked"), now = r->context.now;
    if (!json_is_object(answer))
        return refuse(error, NOT_FITTING, "credentials.passkey_broken", NULL);
    if (asked > now || now - asked > ANSWERED_WITHIN || !challenge_of(r, asked, challenge))
        return refuse(error, NOT_FITTING, "credentials.passkey_late", NULL);
    return g_steal_pointer(&answer);
}

/* ---- a new one ---- */

/* {credential, public_key, algorithm, count}. */
json_t *passkey_check_entering(Request *r, GError **error)
{
    g_auto(Passkey) made = { 0 };
    unsigned char challenge[SESSION_DERIVED];
    g_autoptr(json_t) answer = entry_is_at(r, error) ? answer_of(r, challenge, error) : NULL;
    g_autoptr(GBytes) client = bytes_of(answer, "client"), attestation = bytes_of(answer, "attestation");
    const PasskeyAsked asked = { r->context.public_url, { challenge, sizeof challenge } };
    if (!answer || !passkey_created(&asked, span_of(client), span_of(attestation), &made, error))
        return NULL;
    g_autofree char *credential = text_of(made.id), *key = text_of(made.key);
    return json_pack("{s:s, s:s, s:I, s:I}", "credential", credential, "public_key", key, "algorithm", made.algorithm, "count", made.count);
}

/* The same, and the hash of the password, which is asked for once more. */
json_t *passkey_check_new(Request *r, GError **error)
{
    g_autoptr(json_t) made = passkey_check_entering(r, error);
    json_t *prepared = made ? own_ask(r, error) : NULL;
    if (prepared)
        json_object_update(prepared, made);
    return prepared;
}

static bool add(const Request *r, GError **error)
{
    const Context *context = &r->context;
    g_autoptr(json_t) all = passkeys_of(context->db, context->county, context->actor->id, error);
    if (!all)
        return false;
    if (json_array_size(all) >= KEYS_MOST)
        return refuse(error, CONFLICT, "credentials.passkeys_full", NULL);
    return entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "passkey_added", error) &&
           passkey_add(context, context->actor->id, json_text(r->fields, "name"), r->prepared, error);
}

/* Recovery codes, where there are none, are told with the first passkey. */
json_t *passkey_enrol(Request *r, GError **error)
{
    int64_t left;
    if (!own_passed(r, error) || !add(r, error) || !recovery_left(&r->context, r->context.actor->id, &left, error))
        return NULL;
    return left ? answer_redirect(r, "/desk/me") : code_begin_anew(r, "passkey", "/desk/me", error);
}

/* ---- the first one, on the way in ---- */

json_t *passkey_show_enrolment(Request *r, GError **error)
{
    g_autoptr(json_t) answer = entry_show(r, error);
    g_autofree char *link = entry_link("/sign-in/enrol", json_text(answer, "next"));
    if (!answer || !passkey_ask(r, r->context.actor->id, true, answer, error))
        return NULL;
    json_object_set_new(answer, "code_link", json_string(link));
    return g_steal_pointer(&answer);
}

json_t *passkey_enrol_entering(Request *r, GError **error)
{
    return entry_is_at(r, error) && add(r, error) ? code_begin_anew(r, "passkey", entry_end(json_text(r->fields, "next")), error) : NULL;
}

/* ---- removing one ---- */

/* {number, name, …} of one's own. */
json_t *passkey_show_own(Request *r, GError **error)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) all = passkeys_of(r->context.db, r->context.county, r->context.actor->id, error);
    json_array_foreach(all, i, one)
        if (g_str_equal(DECIMAL(json_number(one, "number")), r->path[0]))
            return json_incref(one);
    return all ? refuse(error, NOT_FOUND, "credentials.no_passkey", NULL) : NULL;
}

/* The last second factor stays where one is demanded. */
static bool may_drop(const Context *context, GError **error)
{
    Standing standing;
    if (!standing_read(context, context->actor->id, &standing, error))
        return false;
    bool is_last = standing.is_demanded && !standing.has_code && standing.passkeys == 1;
    return !is_last || refuse(error, CONFLICT, "credentials.last_factor", NULL);
}

json_t *passkey_check_drop(Request *r, GError **error)
{
    g_autoptr(json_t) own = passkey_show_own(r, error);
    return own && may_drop(&r->context, error) ? own_ask(r, error) : NULL;
}

json_t *passkey_drop(Request *r, GError **error)
{
    bool well = own_passed(r, error) && may_drop(&r->context, error) &&
                passkey_remove(&r->context, r->context.actor->id, strtoll(r->path[0], NULL, 10), error) &&
                entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "passkey_removed", error);
    return well ? answer_redirect(r, "/desk/me") : NULL;
}

/* ---- a way in ---- */

/* Each beginning keeps a session for some minutes: nobody fills the table with them. */
static const Budget budgets[] = { { "passkey", 60, .by_address = true, .waits = true }, { 0 } };

void passkey_offer(const Request *r, json_t *into)
{
    form_put(r, &(Form){ .action = "/sign-in/by-passkey", .name = "by-passkey", .button = view_word(r->view, r->language, "credentials.buttons.by_passkey"),
                         .second = true, .fields = passkey_next_fields }, into, into);
}

json_t *passkey_check_begin(Request *r, GError **error)
{
    return throttle_attempt(r, budgets, "", error) ? json_object() : NULL;
}

json_t *passkey_begin(Request *r, GError **error)
{
    g_autofree char *see = entry_link("/sign-in/passkey", json_text(r->fields, "next"));
    return entry_arrive(r, error) ? answer_redirect(r, see) : NULL;
}

/* {passkey, next, code_link: where a code will do as well}. */
json_t *passkey_show(Request *r, GError **error)
{
    Standing standing;
    int64_t staff = r->context.actor->id;
    g_autoptr(json_t) answer = entry_show(r, error);
    g_autofree char *link = entry_link("/sign-in/code", json_text(answer, "next"));
    if (!answer || !standing_read(&r->context, staff, &standing, error) || !passkey_ask(r, staff, false, answer, error))
        return NULL;
    json_object_set_new(answer, "code_link", standing.has_code || standing.recovery ? json_string(link) : json_null());
    return g_steal_pointer(&answer);
}

/* A passkey is found by the account that was shown, or the account by the passkey: then the authenticator has to name it too. */
static bool is_of(const Request *r, const json_t *found, const json_t *answer)
{
    const char *user = json_text(answer, "user");
    int64_t staff = r->context.actor->id;
    g_autofree char *handle = handle_of(&r->context, json_number(found, "staff"));
    return staff ? json_number(found, "staff") == staff && (!*user || g_str_equal(user, handle)) : g_str_equal(user, handle);
}

static bool judge(const Request *r, const json_t *found, const json_t *answer, const unsigned char *challenge, int64_t *count, GError **error)
{
    g_autoptr(GBytes) client = bytes_of(answer, "client"), authenticator = bytes_of(answer, "authenticator"), signature = bytes_of(answer, "signature");
    g_auto(Passkey) key = { .key = bytes_of(found, "public_key"), .algorithm = json_number(found, "algorithm"), .count = json_number(found, "count") };
    const PasskeyAsked asked = { r->context.public_url, { challenge, SESSION_DERIVED } };
    const PasskeyAnswer given = { span_of(client), span_of(authenticator), span_of(signature) };
    return passkey_used(&asked, &key, &given, count, error);
}

/* The log tells of a copy each time, for it is the owner's only warning. */
static bool tell(const Request *r, const char *account, const GError *why, GError **error)
{
    g_autoptr(json_t) details = trouble_details(why);
    if (!g_str_equal(json_text(details, "reason"), "credentials.passkey_copied"))
        return entry_note(r, SECURITY_SIGN_IN, SECURITY_FAILED, account, "passkey", error);
    return http_security(r, &(SecurityEntry){ SECURITY_SIGN_IN, SECURITY_REFUSED, .account = account, .purpose = "passkey_copied" }, error);
}

/* {number, staff, before, count}. */
static json_t *judged(const Request *r, const json_t *found, const json_t *answer, const unsigned char *challenge, GError **error)
{
    int64_t count;
    GError *why = NULL;
    g_auto(StaffLogin) owner = { 0 };
    if (!identity_login(r->context.db, r->context.county, "", json_number(found, "staff"), &owner, error))
        return NULL;
    if (!owner.id || !is_of(r, found, answer))
        return refuse(error, NOT_FITTING, "credentials.passkey_unknown", NULL);
    if (judge(r, found, answer, challenge, &count, &why))
        return json_pack("{s:O, s:I, s:O, s:I}", "number", json_object_get(found, "number"), "staff", owner.id, "before",
                         json_object_get(found, "count"), "count", count);
    if (tell(r, owner.account, why, error))
        g_propagate_error(error, g_steal_pointer(&why));
    g_clear_error(&why);
    return NULL;
}

json_t *passkey_check_use(Request *r, GError **error)
{
    unsigned char challenge[SESSION_DERIVED];
    g_autoptr(json_t) answer = entry_is_at(r, error) ? answer_of(r, challenge, error) : NULL;
    g_autoptr(json_t) found = answer ? passkey_find(r->context.db, r->context.county, json_text(answer, "id"), error) : NULL;
    return found ? judged(r, found, answer, challenge, error) : NULL;
}

/* It is two factors by itself, since it has checked who holds it. */
json_t *passkey_enter(Request *r, GError **error)
{
    return entry_is_at(r, error) && throttle_passed(r, budgets, "", error) && passkey_note_use(&r->context, r->prepared, error)
               ? entry_go_on(r, json_number(r->prepared, "staff"), "passkey", true, error) : NULL;
}

/* ---- fields ---- */

#define ANSWER { .name = "answer", .most = ANSWER_MOST, .required = true, .look = LOOK_HIDDEN, .missing = "credentials.passkey_missing" }
const Field passkey_next_fields[] = { ENTRY_NEXT, { 0 } };
const Field passkey_answer_fields[] = { ANSWER, ENTRY_NEXT, { 0 } };
#define NAME { .name = "name", .most = NAME_MOST, .required = true, .check = identity_name }
const Field passkey_new_fields[] = { NAME, OWN_PASSWORD, ANSWER, { 0 } };
const Field passkey_entering_fields[] = { NAME, ANSWER, ENTRY_NEXT, { 0 } };
const Field passkey_drop_fields[] = { OWN_PASSWORD, { 0 } };
