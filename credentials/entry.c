// SPDX-License-Identifier: Apache-2.0
/* The way in: after the first factor a session that may do nothing but take the steps that are wanted, then the session of a member of
 * the staff. */
#include "credentials/rows.h"

/* ---- where it leads ---- */

/* A path that a browser could read as another host (//host, /\host, control characters that it drops) is not our own; one of the way
 * in would lead round in a circle. */
static bool is_own_path(const char *path)
{
    if (path[0] != '/' || path[1] == '/' || g_str_has_prefix(path, "/sign-in"))
        return false;
    for (; *path; path++)
        if (!g_ascii_isgraph(*path) || *path == '\\')
            return false;
    return true;
}

const char *entry_end(const char *next)
{
    return is_own_path(next) ? next : "/desk";
}

/* ---- guesses at passwords ---- */

static const Budget budgets[] = { { "staff", 5, .by_what = true }, { 0 } };

/* Accounts are small letters; a telephone's keyboard begins with a capital. */
bool entry_attempt(const Request *r, const char *account, GError **error)
{
    g_autofree char *name = g_ascii_strdown(account, -1);
    return throttle_attempt(r, budgets, name, error);
}

bool entry_passed(const Request *r, const char *account, GError **error)
{
    g_autofree char *name = g_ascii_strdown(account, -1);
    return throttle_passed(r, budgets, name, error);
}

/* ---- the steps ---- */

/* A first password that somebody else knows gains him nothing but a new one of its own, for the second factor is still to come. */
static bool wants_password(const Standing *self)
{
    return self->must_change;
}

static bool wants_code(const Standing *self)
{
    return self->has_code;
}

static bool wants_enrolment(const Standing *self)
{
    return self->is_demanded && !self->has_code;
}

static const struct {
    const char *path;
    bool (*is_wanted)(const Standing *self);
} steps[] = {
    { "/sign-in/password", wants_password },
    { "/sign-in/code", wants_code },
    { "/sign-in/enrol", wants_enrolment },
};

static const char *next_step(const Standing *self)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i].is_wanted(self))
            return steps[i].path;
    return NULL;
}

json_t *entry_go_on(Request *r, int64_t staff, const char *next, GError **error)
{
    Standing standing;
    if (!standing_read(&r->context, staff, &standing, error))
        return NULL;
    const char *step = next_step(&standing);
    if (!(step ? session_begin(r, ENTRANT, staff, error) : entry_begin(r, staff, "password", error)))
        return NULL;
    g_autoptr(GString) see = g_string_new(step ? step : entry_end(next));
    if (step && is_own_path(next))
        link_append(see, "next", next);
    return answer_redirect(r, see->str);
}

bool entry_is_at(const Request *r, GError **error)
{
    Standing standing;
    const Actor *actor = r->context.actor;
    if (actor->kind != ENTRANT)
        return true;
    if (!standing_read(&r->context, actor->id, &standing, error))
        return false;
    return g_strcmp0(next_step(&standing), r->route) == 0 || refuse(error, CONFLICT, "credentials.other_step", NULL);
}

bool entry_note(const Request *r, enum security_kind kind, enum security_outcome outcome, const char *account, const char *purpose, GError **error)
{
    const SecurityEntry entry = { kind, outcome, outcome == SECURITY_DONE ? SECURITY_EACH : SECURITY_COUNTED, .account = account, .purpose = purpose };
    return http_security(r, &entry, error);
}

bool entry_begin(Request *r, int64_t staff, const char *by, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    bool enters = r->context.actor->kind != STAFF;
    return identity_login(r->context.db, r->context.county, "", staff, &own, error) &&
           (!enters || entry_note(r, SECURITY_SIGN_IN, SECURITY_DONE, own.account, by, error)) && session_begin(r, STAFF, staff, error);
}

/* ---- pages ---- */

const Field entry_page_fields[] = { { .name = "next", .most = NEXT_MOST }, { 0 } };

json_t *entry_show(Request *r, GError **error)
{
    if (!entry_is_at(r, error))
        return NULL;
    return json_pack("{s:s}", "next", json_text(r->fields, "next"));
}
