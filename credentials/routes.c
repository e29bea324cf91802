// SPDX-License-Identifier: Apache-2.0
/* Signing in and out, and the table of all routes of this room. */
#include "credentials/passkeys.h"
#include "credentials/room.h"

enum { ACCOUNT_MOST = 64 };

static bool look_up(const Request *r, StaffLogin *out, GError **error)
{
    g_autofree char *name = g_ascii_strdown(json_text(r->fields, "account"), -1);
    return identity_login(r->context.db, r->context.county, name, 0, out, error);
}

/* Prepares sign_in: {id, hash}, which are 0 and "" where nobody is known by that account. */
static json_t *check_sign_in(Request *r, GError **error)
{
    g_auto(StaffLogin) known = { 0 };
    if (!look_up(r, &known, error) || !entry_attempt(r, json_text(r->fields, "account"), &known, error))
        return NULL;
    return json_pack("{s:s, s:I, s:s}", "account", known.account ? known.account : "", "id", (json_int_t)known.id, "hash", known.hash ? known.hash : "");
}

/* {id, hash, renewed}. What is told never says which of the two was wrong. */
static json_t *judge_password(Request *r, GError **error)
{
    const StaffLogin known = { .id = json_number(r->prepared, "id"), .hash = (char *)(uintptr_t)json_text(r->prepared, "hash") };
    if (!password_fits_login(&known, json_text(r->fields, "password"))) {
        bool noted = entry_note(r, SECURITY_SIGN_IN, SECURITY_FAILED, json_text(r->prepared, "account"), "password", error);
        return noted ? refuse(error, NOT_FITTING, "credentials.sign_in_wrong", NULL) : NULL;
    }
    g_autofree char *renewed = password_is_old(known.hash) ? credentials_hash(json_text(r->fields, "password"), false) : NULL;
    return json_pack("{s:I, s:s, s:s*}", "id", (json_int_t)known.id, "hash", known.hash, "renewed", renewed);
}

static bool renew(const Context *context, const json_t *judged, GError **error)
{
    bool is_still;
    int64_t id = json_number(judged, "id");
    const char *renewed = json_text(judged, "renewed");
    if (!password_is_still(context, id, json_text(judged, "hash"), &is_still, error))
        return false;
    if (!is_still)
        return refuse(error, NOT_FITTING, "credentials.sign_in_wrong", NULL);
    return !*renewed || identity_renew_hash(context, id, renewed, error);
}

static json_t *sign_in(Request *r, GError **error)
{
    return renew(&r->context, r->prepared, error) && entry_passed(r, json_text(r->fields, "account"), json_number(r->prepared, "id"), error)
               ? entry_go_on(r, json_number(r->prepared, "id"), "password", false, error) : NULL;
}

static json_t *sign_out(Request *r, GError **error)
{
    bool leaves = r->context.actor->kind != STAFF || entry_note(r, SECURITY_SIGN_OUT, SECURITY_DONE, NULL, NULL, error);
    return leaves && session_end(r, error) ? answer_redirect(r, "/") : NULL;
}

/* ---- with both factors at once ---- */

/* While strangers have to wait, a code of the owner's telephone lets him in from any browser. Prepares sign_in_with_both as check_sign_in
 * does. Each guess is counted before the code is judged, and without a code that fits it is an attempt like any other besides. */
static json_t *check_both(Request *r, GError **error)
{
    bool fits = false;
    g_auto(StaffLogin) known = { 0 };
    const char *typed = json_text(r->fields, "account");
    if (!look_up(r, &known, error) || !code_attempt_both(r, known.id, typed, error) ||
        (known.id && !code_matches(&r->context, known.id, json_text(r->fields, "code"), &fits, error)) ||
        (!fits && !entry_attempt(r, typed, &known, error)))
        return NULL;
    const char *account = known.account ? known.account : "", *hash = fits ? known.hash : "";
    return json_pack("{s:s, s:I, s:s}", "account", account, "id", (json_int_t)(fits ? known.id : 0), "hash", hash);
}

static json_t *sign_in_with_both(Request *r, GError **error)
{
    const char *by;
    int64_t id = json_number(r->prepared, "id");
    if (!renew(&r->context, r->prepared, error) || !code_use(&r->context, id, json_text(r->fields, "code"), &by, error))
        return NULL;
    if (!by)
        return refuse(error, NOT_FITTING, "credentials.sign_in_wrong", NULL);
    return code_passed_both(r, id, error) ? entry_go_on(r, id, by, true, error) : NULL;
}

static json_t *show_sign_in(Request *r, GError **error)
{
    json_t *answer = entry_show(r, error);
    passkey_offer(r, answer);
    return answer;
}

/* ---- routes ---- */

#define SIGN_IN_FIELDS \
    { .name = "account", .most = ACCOUNT_MOST, .required = true, .look = LOOK_EXACT, .autocomplete = "username" },                                         \
    { .name = "password", .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = "current-password" }
static const Field sign_in_fields[] = { SIGN_IN_FIELDS, ENTRY_NEXT, { 0 } };
static const Field both_fields[] = { SIGN_IN_FIELDS, CODE_OR_RECOVERY, ENTRY_NEXT, { 0 } };

const Route credentials_routes[] = {
    { "GET", "/sign-in", ANYONE, show_sign_in, "credentials/sign-in", entry_page_fields, NULL, NULL, "Show the form to sign in" },
    { "POST", "/sign-in", ANYONE, sign_in, "credentials/sign-in", sign_in_fields, NULL, "/sign-in", "Sign in as a member of staff",
      check_sign_in, .compute = judge_password },
    { "GET", "/sign-in/both", ANYONE, entry_show, "credentials/both", entry_page_fields, NULL, NULL, "Show the form to sign in with both factors at once" },
    { "POST", "/sign-in/both", ANYONE, sign_in_with_both, "credentials/both", both_fields, NULL, "/sign-in/both",
      "Sign in with password and code at once, which needs not wait for failures of others", check_both, .compute = judge_password },
    { "POST", "/sign-out", ANYONE, sign_out, .does = "Sign out" },
    { "GET", "/sign-in/password", ENTRANTS, entry_show, "credentials/first", entry_page_fields, NULL, NULL,
      "Show the form to choose a password in place of the first one" },
    { "POST", "/sign-in/password", ENTRANTS, own_change_first, "credentials/first", own_first_fields, NULL, "/sign-in/password",
      "Choose a password in place of the first one", own_check_first, .compute = own_hash },
    { "GET", "/sign-in/code", ENTRANTS, entry_show, "credentials/code", entry_page_fields, NULL, NULL, "Show the form that asks for a one-time or recovery code" },
    { "POST", "/sign-in/code", ENTRANTS, code_enter, "credentials/code", code_enter_fields, NULL, "/sign-in/code",
      "Sign in by a one-time or recovery code, after the password", code_attempt },
    { "GET", "/sign-in/enrol", ENTRANTS, code_show_enrolment, "credentials/enrol", entry_page_fields, NULL, NULL,
      "Show the secret for the one-time codes of a telephone, where they are demanded" },
    { "GET", "/sign-in/enrol-passkey", ENTRANTS, passkey_show_enrolment, "credentials/enrol-passkey", entry_page_fields, NULL, NULL,
      "Ask for a new passkey, where a second factor is demanded: what navigator.credentials.create is to be called with" },
    { "POST", "/sign-in/enrol-passkey", ENTRANTS, passkey_enrol_entering, "credentials/recovery", passkey_entering_fields, NULL,
      "/sign-in/enrol-passkey", "Add the passkey, sign in, and be told recovery codes", passkey_check_entering },
    { "POST", "/sign-in/enrol", ENTRANTS, code_enrol_entering, "credentials/recovery", code_enrol_fields, NULL, "/sign-in/enrol",
      "Confirm the secret by a first code, sign in, and be told recovery codes" },
    { "POST", "/sign-in/by-passkey", ANYONE, passkey_begin, "credentials/sign-in", passkey_next_fields, NULL, "/sign-in",
      "Begin to sign in with a passkey alone", passkey_check_begin },
    { "GET", "/sign-in/passkey", ARRIVALS, passkey_show, "credentials/passkey", entry_page_fields, NULL, NULL,
      "Ask for a passkey: what navigator.credentials.get (W3C Web Authentication) is to be called with" },
    { "POST", "/sign-in/passkey", ARRIVALS, passkey_enter, "credentials/passkey", passkey_answer_fields, NULL, "/sign-in/passkey",
      "Sign in with a passkey", passkey_check_use },
    { "GET", "/desk/code", ANY_STAFF, code_show_enrolment, "credentials/own-code", NULL, NULL, NULL, "Show a new secret for one's one-time codes" },
    { "POST", "/desk/code", ANY_STAFF, code_enrol_own, "credentials/recovery", code_own_fields, NULL, "/desk/code",
      "Confirm one's new secret by a first code, and be told recovery codes", own_ask, .compute = own_judge },
    { "GET", "/desk/recovery", ANY_STAFF, code_show_recovery, "credentials/own-recovery", NULL, NULL, NULL, "Show how many recovery codes are left" },
    { "POST", "/desk/recovery", ANY_STAFF, code_renew_recovery, "credentials/recovery", code_recovery_fields, NULL, "/desk/recovery",
      "Be told new recovery codes in place of the old ones", own_ask, .compute = own_judge },
    { "GET", "/desk/factors", SECURITY_ADMINISTRATOR, rules_show, "credentials/factors", NULL, NULL, NULL, "Show of which roles a second factor is demanded" },
    { "POST", "/desk/factors", SECURITY_ADMINISTRATOR, rules_set, "credentials/factors", rules_fields, "/desk/factors", "/desk/factors",
      "Set of which roles a second factor is demanded" },
    { "GET", "/desk/me", ANY_STAFF, own_show_all, "credentials/me", .does = "Show who is signed in, the posts held, factors, devices and sessions" },
    { "POST", "/desk/me/devices/{device}/forget", ANY_STAFF, own_forget_device, .redirect = "/desk/me",
      .does = "Forget a browser in which one has signed in" },
    { "POST", "/desk/me/sessions/{session}/end", ANY_STAFF, own_end_session, .redirect = "/desk/me", .does = "End one of one's sessions" },
    { "POST", "/desk/me/passkeys", ANY_STAFF, passkey_enrol, "credentials/recovery", passkey_new_fields, NULL, "/desk/me",
      "Add a passkey, and be told recovery codes by who has none", passkey_check_new, .compute = own_judge },
    { "GET", "/desk/me/passkeys/{number}", ANY_STAFF, passkey_show_own, "credentials/own-passkey", .does = "Show one of one's passkeys, to remove it" },
    { "POST", "/desk/me/passkeys/{number}/remove", ANY_STAFF, passkey_drop, "credentials/own-passkey", passkey_drop_fields, "/desk/me",
      "/desk/me/passkeys/{number}", "Remove one of one's passkeys", passkey_check_drop, .compute = own_judge },
    { "GET", "/desk/password", ANY_STAFF, own_show, "credentials/password", .does = "Show the form to change one's password" },
    { "POST", "/desk/password", ANY_STAFF, own_change_password, "credentials/password", own_password_fields, NULL, "/desk/password",
      "Change one's password and end all other sessions", own_check_passwords, .compute = own_hash },
    { 0 },
};
