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
static bool wants_password(const StaffLogin *self)
{
    return self->must_change;
}

static const struct {
    const char *path;
    bool (*is_wanted)(const StaffLogin *self);
} steps[] = {
    { "/sign-in/password", wants_password },
};

static const char *next_step(const StaffLogin *self)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i].is_wanted(self))
            return steps[i].path;
    return NULL;
}

json_t *entry_go_on(Request *r, int64_t staff, const char *next, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    if (!identity_login(r->context.db, r->context.county, "", staff, &own, error))
        return NULL;
    const char *step = next_step(&own), *end = is_own_path(next) ? next : "/desk";
    if (!session_begin(r, step ? ENTRANT : STAFF, staff, error))
        return NULL;
    g_autoptr(GString) see = g_string_new(step ? step : end);
    if (step && is_own_path(next))
        link_append(see, "next", next);
    return answer_redirect(r, see->str);
}

/* ---- pages ---- */

const Field entry_page_fields[] = { { .name = "next", .most = NEXT_MOST }, { 0 } };

json_t *entry_show(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:s}", "next", json_text(r->fields, "next"));
}
