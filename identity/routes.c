// SPDX-License-Identifier: Apache-2.0
/* Signing in and out, changing one's password, and what a member of staff may read of himself. */
#include "identity/rows.h"

#include <string.h>

enum { ACCOUNT_MOST = 64, PASSWORD_MOST = 200, NEXT_MOST = 500 };

/* ---- signing in ---- */

/* A path that a browser could read as another host (//host, /\host, control characters that it drops) is not our own. */
static bool is_own_path(const char *path)
{
    if (path[0] != '/' || path[1] == '/')
        return false;
    for (; *path; path++)
        if (!g_ascii_isgraph(*path) || *path == '\\')
            return false;
    return true;
}

static json_t *show_sign_in(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:s}", "next", json_text(r->fields, "next"));
}

static const Budget budgets[] = { { "staff", 5, .by_what = true }, { 0 } };

/* Accounts are small letters; a telephone's keyboard begins with a capital. */
static bool attempts(const Request *r, const char *account, GError **error)
{
    g_autofree char *name = g_ascii_strdown(account, -1);
    return throttle_attempt(r, budgets, name, error);
}

static bool passed(const Request *r, const char *account, GError **error)
{
    g_autofree char *name = g_ascii_strdown(account, -1);
    return throttle_passed(r, budgets, name, error);
}

/* Takes the same time whether the account is known or not, so that the answer does not tell. */
static bool fits(const Credentials *known, const char *password)
{
    if (known->id)
        return identity_password_fits(known->hash, password);
    g_free(identity_hash_password(password, false));
    return false;
}

static bool look_up(const Request *r, const char *account, Credentials *out, GError **error)
{
    g_autofree char *name = g_ascii_strdown(account, -1);
    return credentials_find(r->context.db, r->context.county, name, 0, out, error);
}

/* Prepares sign_in: {id}. What is told never says which of the two was wrong. */
static json_t *check_sign_in(Request *r, GError **error)
{
    const char *account = json_text(r->fields, "account");
    g_auto(Credentials) known = { 0 };
    if (!attempts(r, account, error) || !look_up(r, account, &known, error))
        return NULL;
    if (!fits(&known, json_text(r->fields, "password")))
        return refuse(error, NOT_FITTING, "identity.sign_in_wrong", NULL);
    return json_pack("{s:I}", "id", (json_int_t)known.id);
}

static json_t *sign_in(Request *r, GError **error)
{
    const char *next = json_text(r->fields, "next");
    if (!passed(r, json_text(r->fields, "account"), error) || !session_begin(r, STAFF, json_number(r->prepared, "id"), error))
        return NULL;
    return answer_redirect(r, is_own_path(next) ? next : "/desk");
}

static json_t *sign_out(Request *r, GError **error)
{
    return session_end(r, error) ? answer_redirect(r, "/") : NULL;
}

/* ---- one's own password ---- */

static bool old_fits(Request *r, const Credentials *own, GError **error)
{
    if (!attempts(r, own->account ? own->account : "", error))
        return false;
    return fits(own, json_text(r->fields, "old")) || refuse_field(error, "old", "identity.password_wrong", NULL);
}

static bool new_fits(const json_t *fields, const char *account, GError **error)
{
    const char *password = json_text(fields, "new");
    const char *reason = password_fault(password, account);
    if (reason)
        return refuse_field(error, "new", reason, NULL);
    if (g_str_equal(password, json_text(fields, "old")))
        return refuse_field(error, "new", "identity.password_same", NULL);
    if (!g_str_equal(password, json_text(fields, "again")))
        return refuse_field(error, "again", "identity.password_again", NULL);
    return true;
}

/* Prepares change_password: {hash}. The new one first: a slip there is no attempt on the old one. */
static json_t *check_passwords(Request *r, GError **error)
{
    const Actor *actor = r->context.actor;
    g_auto(Credentials) own = { 0 };
    if (!credentials_find(r->context.db, r->context.county, "", actor->id, &own, error) ||
        !new_fits(r->fields, own.account, error) || !old_fits(r, &own, error))
        return NULL;
    g_autofree char *hash = identity_hash_password(json_text(r->fields, "new"), false);
    return json_pack("{s:s}", "hash", hash);
}

/* All other sessions end, because somebody may have learnt the old password; this browser stays signed in. */
static json_t *change_password(Request *r, GError **error)
{
    int64_t id = r->context.actor->id;
    if (!passed(r, json_text(r->context.actor->shown, "account"), error) ||
        !staff_set_password(&r->context, id, json_text(r->prepared, "hash"), error) ||
        !session_end_all(&r->context, STAFF, id, error) || !session_begin(r, STAFF, id, error))
        return NULL;
    return answer_redirect(r, "/desk/me");
}

/* ---- who am I ---- */

static json_t *show_me(Request *r, GError **error)
{
    (void)error;
    return identity_describe_actor(r);
}

static int by_place(const void *a, const void *b)
{
    return (*(const Tab *const *)a)->place - (*(const Tab *const *)b)->place;
}

/* From left to right. Owned by the caller. */
static GPtrArray *tabs_of(const Context *context)
{
    GPtrArray *tabs = g_ptr_array_new();
    for (const Room *const *room = context->rooms; *room; room++)
        for (const Tab *tab = (*room)->tabs; tab && tab->name; tab++)
            if (identity_has_role(context->actor, tab->roles))
                g_ptr_array_add(tabs, (void *)(uintptr_t)tab);
    g_ptr_array_sort(tabs, by_place);
    return tabs;
}

static json_t *tabs_json(const Request *r)
{
    json_t *made = json_array();
    const char *route = r->route ? r->route : "";
    g_autoptr(GPtrArray) tabs = tabs_of(&r->context);
    for (guint i = 0; i < tabs->len; i++) {
        const Tab *tab = tabs->pdata[i];
        bool is_here = strcmp(route, tab->path) == 0 || g_str_has_prefix(route, tab->within);
        json_array_append_new(made, json_pack("{s:s, s:s, s:o*}", "room", tab->name, "path", tab->path, "is_here",
                                              is_here ? json_true() : NULL));
    }
    return made;
}

json_t *identity_describe_actor(const Request *r)
{
    const Actor *actor = r->context.actor;
    if (actor->shown) {
        json_t *shown = json_copy((json_t *)(uintptr_t)actor->shown); /* which is shared and stays as it is */
        json_object_set_new(shown, "rooms", tabs_json(r));
        return shown;
    }
    return json_pack("{s:s, s:b, s:b}", "name", actor->name, "signed_in", actor->kind != VISITOR,
                     "is_staff", actor->kind == STAFF);
}

/* ---- routes ---- */

static const Field sign_in_page_fields[] = { { .name = "next", .most = NEXT_MOST }, { 0 } };
static const Field sign_in_fields[] = {
    { .name = "account", .most = ACCOUNT_MOST, .required = true, .look = LOOK_EXACT, .autocomplete = "username" },
    { .name = "password", .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = "current-password" },
    { .name = "next", .most = NEXT_MOST, .look = LOOK_HIDDEN, .value = "next" },
    { 0 },
};
static const Field password_fields[] = {
    { .name = "old", .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = "current-password" },
    { .name = "new", .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = "new-password" },
    { .name = "again", .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = "new-password" },
    { 0 },
};

const Route identity_routes[] = {
    { "GET", "/sign-in", ANYONE, show_sign_in, "identity/sign-in", sign_in_page_fields, NULL, NULL, "Show the form to sign in" },
    { "POST", "/sign-in", ANYONE, sign_in, "identity/sign-in", sign_in_fields, NULL, "/sign-in", "Sign in as a member of staff",
      check_sign_in },
    { "POST", "/sign-out", ANYONE, sign_out, .does = "Sign out" },
    { "GET", "/desk/me", ANY_ROLE, show_me, "identity/me", .does = "Show who is signed in and the posts held" },
    { "GET", "/desk/password", ANY_ROLE, show_me, "identity/password", .does = "Show the form to change one's password" },
    { "POST", "/desk/password", ANY_ROLE, change_password, "identity/password", password_fields, NULL, "/desk/password",
      "Change one's password and end all other sessions", check_passwords },
    { 0 },
};
