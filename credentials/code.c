// SPDX-License-Identifier: Apache-2.0
/* One-time codes and recovery codes: enrolling a telephone, and the step of the way in that asks for a code. */
#include "credentials/room.h"

#include <string.h>

/* ---- enrolling ---- */

/* Until it is confirmed the secret follows from the session and from what was enrolled before, so that nothing keeps it. */
static bool offered_secret(const Request *r, const CodeRow *before, unsigned char out[TOTP_SECRET])
{
    unsigned char derived[SESSION_DERIVED];
    g_autofree char *purpose = g_strdup_printf("one-time codes after %" PRId64, before->enrolled_at);
    bool made = session_derive(r, purpose, derived);
    memcpy(out, derived, TOTP_SECRET);
    return made;
}

static char *in_fours(const char *text)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; text[i]; i++)
        g_string_append_printf(out, "%s%c", i && i % 4 == 0 ? " " : "", text[i]);
    return g_string_free(out, FALSE);
}

/* {secret, link, picture, account, next, passkey_link, is_enrolled, enrolled_at, recovery (codes left)}. */
json_t *code_show_enrolment(Request *r, GError **error)
{
    g_auto(CodeRow) before = { 0 };
    g_auto(StaffLogin) own = { 0 };
    unsigned char secret[TOTP_SECRET];
    int64_t left, id = r->context.actor->id;
    if (!entry_is_at(r, error) || !code_read(&r->context, id, &before, error) || !recovery_left(&r->context, id, &left, error) ||
        !identity_login(r->context.db, r->context.county, "", id, &own, error))
        return NULL;
    if (!offered_secret(r, &before, secret))
        return refuse(error, NOT_SIGNED_IN, "http.sign_in", NULL);
    g_autofree char *text = totp_text(secret), *grouped = in_fours(text), *issuer = view_sentence(r->view, r->language, "view.name", NULL);
    g_autofree char *link = totp_link(text, issuer, own.account ? own.account : ""), *picture = view_qr_picture(link, error);
    if (!picture)
        return NULL;
    const char *next = json_text(r->fields, "next");
    g_autofree char *passkey = entry_link("/sign-in/enrol-passkey", next);
    json_t *shown = json_pack("{s:s, s:s, s:s, s:s*, s:s, s:s, s:b, s:I}", "secret", grouped, "link", link, "picture", picture, "account", own.account,
                              "next", next, "passkey_link", passkey, "is_enrolled", before.enrolled_at != 0, "recovery", (json_int_t)left);
    if (before.enrolled_at)
        json_object_set_new(shown, "enrolled_at", json_integer(before.enrolled_at));
    return shown;
}

/* Draws new recovery codes in place of all others: {codes: [{code}], next}. They are told here and never again. */
static json_t *draw_codes(Request *r, int64_t staff, const char *next, GError **error)
{
    enum { CODES = 10 };
    g_autoptr(json_t) codes = json_array();
    if (!recovery_forget(&r->context, staff, error))
        return NULL;
    for (int i = 0; i < CODES; i++) {
        unsigned char random[CODE_RANDOM];
        char code[CODE_TEXT];
        context_random(&r->context, random, sizeof random);
        if (!recovery_add(&r->context, staff, code_spell(random, code), error))
            return NULL;
        json_array_append_new(codes, json_pack("{s:s}", "code", code));
    }
    return json_pack("{s:O, s:s, s:I}", "codes", codes, "next", next, "at", (json_int_t)r->context.now);
}

/* Begins a session anew, as after every change of what somebody proves himself by: no answer that begins one is kept, and so no code. */
json_t *code_begin_anew(Request *r, const char *by, const char *next, GError **error)
{
    int64_t id = r->context.actor->id;
    return session_end_all(&r->context, STAFF, id, error) && entry_begin(r, id, by, error) ? draw_codes(r, id, next, error) : NULL;
}

/* Keeps the secret, confirmed by a first code of it. */
static json_t *enrol(Request *r, const char *next, GError **error)
{
    g_auto(CodeRow) before = { 0 };
    unsigned char secret[TOTP_SECRET];
    int64_t id = r->context.actor->id;
    if (!code_read(&r->context, id, &before, error) || !offered_secret(r, &before, secret))
        return *error ? NULL : refuse(error, NOT_SIGNED_IN, "http.sign_in", NULL);
    int64_t step = totp_step(secret, r->context.now, 0, json_text(r->fields, "code"));
    if (!step)
        return refuse_field(error, "code", "credentials.code_not_confirmed", NULL);
    g_autofree char *text = text_hex(secret, sizeof secret);
    return code_keep(&r->context, id, &(CodeRow){ text, r->context.now, step }, error) &&
                   entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "code_enrolled", error) ? code_begin_anew(r, "code", next, error) : NULL;
}

json_t *code_enrol_entering(Request *r, GError **error)
{
    return entry_is_at(r, error) ? enrol(r, entry_end(json_text(r->fields, "next")), error) : NULL;
}

json_t *code_enrol_own(Request *r, GError **error)
{
    return own_passed(r, error) ? enrol(r, "/desk/me", error) : NULL;
}

json_t *code_show_recovery(Request *r, GError **error)
{
    int64_t left;
    return recovery_left(&r->context, r->context.actor->id, &left, error) ? json_pack("{s:I}", "recovery", (json_int_t)left) : NULL;
}

json_t *code_renew_recovery(Request *r, GError **error)
{
    return own_passed(r, error) && entry_note(r, SECURITY_ACCOUNT, SECURITY_DONE, NULL, "recovery", error)
               ? code_begin_anew(r, "recovery", "/desk/me", error) : NULL;
}

/* ---- the step of the way in ---- */

static const Budget budgets[] = {
    { "code-from", 5, .by_what = true, .by_address = true, .waits = true, .grows = true },
    { "code", 20, .by_what = true, .waits = true, .grows = true },
    { 0 },
};

static char *budget_key(const Request *r)
{
    return g_strdup_printf("%" PRId64, r->context.actor->id);
}

/* The step of time whose code it is; 0: of none. */
static bool find_step(const Context *context, int64_t staff, const char *plain, int64_t *step, GError **error)
{
    g_auto(CodeRow) row = { 0 };
    unsigned char secret[TOTP_SECRET];
    if (!code_read(context, staff, &row, error))
        return false;
    *step = row.secret && code_secret(&row, secret) ? totp_step(secret, context->now, row.used, plain) : 0;
    return true;
}

bool code_matches(const Context *context, int64_t staff, const char *typed, bool *fits, GError **error)
{
    int64_t step;
    g_autofree char *plain = code_plain(typed);
    if (!find_step(context, staff, plain, &step, error))
        return false;
    *fits = step != 0;
    return *fits || recovery_is(context, staff, plain, fits, error);
}

/* A code is used up when it lets somebody in, whether by its step of time or, of recovery, for ever. */
bool code_use(const Context *context, int64_t staff, const char *typed, const char **by, GError **error)
{
    bool fits;
    int64_t step;
    g_autofree char *plain = code_plain(typed);
    if (!find_step(context, staff, plain, &step, error))
        return false;
    bool well = step ? code_take(context, staff, step, &fits, error) : recovery_take(context, staff, plain, &fits, error);
    *by = !well || !fits ? NULL : step ? "code" : "recovery";
    return well;
}

/* Anybody may guess beside a password, so that it is counted apart: it makes nobody wait who has shown the password. An account that
 * there is not is counted as one that there is. */
static char *both_key(int64_t staff, const char *account)
{
    g_autofree char *name = g_ascii_strdown(account, -1);
    return staff ? g_strdup_printf("both/%" PRId64, staff) : g_strdup_printf("both/?%s", name);
}

bool code_attempt_both(const Request *r, int64_t staff, const char *account, GError **error)
{
    g_autofree char *key = both_key(staff, account);
    return throttle_attempt(r, budgets, key, error);
}

bool code_passed_both(const Request *r, int64_t staff, GError **error)
{
    g_autofree char *key = both_key(staff, "");
    return throttle_passed(r, budgets, key, error);
}

static bool refuse_code(const Request *r, const StaffLogin *own, GError **error)
{
    return entry_note(r, SECURITY_SIGN_IN, SECURITY_FAILED, own->account, "code", error) && refuse_field(error, "code", "credentials.code_wrong", NULL);
}

json_t *code_attempt(Request *r, GError **error)
{
    bool fits;
    g_auto(StaffLogin) own = { 0 };
    g_autofree char *key = budget_key(r);
    int64_t id = r->context.actor->id;
    if (!entry_is_at(r, error) || !identity_login(r->context.db, r->context.county, "", id, &own, error) || !throttle_attempt(r, budgets, key, error) ||
        !code_matches(&r->context, id, json_text(r->fields, "code"), &fits, error) || (!fits && !refuse_code(r, &own, error)))
        return NULL;
    return json_object();
}

/* Two requests at once with the same code let one of them in. */
json_t *code_enter(Request *r, GError **error)
{
    const char *by;
    g_autofree char *key = budget_key(r);
    int64_t id = r->context.actor->id;
    if (!entry_is_at(r, error) || !code_use(&r->context, id, json_text(r->fields, "code"), &by, error))
        return NULL;
    if (!by)
        return refuse_field(error, "code", "credentials.code_wrong", NULL);
    return throttle_passed(r, budgets, key, error) ? entry_go_on(r, id, by, true, error) : NULL;
}

/* ---- fields ---- */

#define ONE_TIME_CODE { .name = "code", .most = CODE_MOST, .required = true, .look = LOOK_DIGITS, .autocomplete = "one-time-code" }

const Field code_enter_fields[] = { CODE_OR_RECOVERY, ENTRY_NEXT, { 0 } };
const Field code_enrol_fields[] = { ONE_TIME_CODE, ENTRY_NEXT, { 0 } };
const Field code_own_fields[] = { ONE_TIME_CODE, OWN_PASSWORD, { 0 } };
const Field code_recovery_fields[] = { OWN_PASSWORD, { 0 } };
