// SPDX-License-Identifier: Apache-2.0
/* The way in: after the first factor a session that may do nothing but take the steps that are wanted, then the session of a member of
 * the staff. */
#include "credentials/room.h"

/* ---- where it leads ---- */

/* One of the way in would lead round in a circle. */
static bool is_own_path(const char *path)
{
    return link_is_own(path) && !g_str_has_prefix(path, "/sign-in");
}

const char *entry_end(const char *next)
{
    return is_own_path(next) ? next : "/desk";
}

char *entry_link(const char *path, const char *next)
{
    GString *link = g_string_new(path);
    if (is_own_path(next))
        link_append(link, "next", next);
    return g_string_free(link, FALSE);
}

/* ---- guesses at passwords ---- */

/* Nobody keeps others out by failing on purpose: beyond the budget a browser in which the account's owner has not signed in before has to
 * wait, longer each time, and one in which he has is judged by a budget of its own. A code of his telephone lets him in at once. */
static const Budget of_strangers[] = {
    { "staff", 5, .by_what = true, .waits = true, .grows = true },
    { "staff-from", 50, .by_address = true, .waits = true, .grows = true },
    { 0 },
};
static const Budget of_device[] = { { "device", 5, .by_what = true }, { 0 } };
/* Guesses at a desk that was left open; they lock nobody out of anything but of this. */
static const Budget of_own[] = { { "own", 5, .by_what = true }, { 0 } };

/* Accounts are small letters; a telephone's keyboard begins with a capital. */
static char *name_of(const char *account)
{
    return g_ascii_strdown(account, -1);
}

static char *device_key(const Request *r, const char *name)
{
    g_autofree char *device = http_device(r);
    return g_strdup_printf("%s/%s", name, device);
}

static bool note_slowed(const Request *r, const StaffLogin *known, GError **error)
{
    g_autoptr(GError) failed = NULL;
    if (trouble_status(*error) == TOO_MANY && !entry_note(r, SECURITY_SIGN_IN, SECURITY_SLOWED, known->account ? known->account : "", "password", &failed))
        trouble_warn(failed, "the security log");
    return false;
}

/* A device whose budget is used up is a stranger's from then on. */
bool entry_attempt(const Request *r, const char *account, const StaffLogin *known, GError **error)
{
    bool is_known = false;
    g_autoptr(GError) used_up = NULL;
    g_autofree char *name = name_of(account), *device = http_device(r), *key = device_key(r, name);
    if (known->id && *device && !device_is_known(&r->context, known->id, device, &is_known, error))
        return false;
    if (is_known && throttle_attempt(r, of_device, key, &used_up))
        return true;
    if (is_known && !trouble_is(&used_up, TOO_MANY, error))
        return false;
    return throttle_attempt(r, of_strangers, name, error) || note_slowed(r, known, error);
}

/* The owner's coming by a known device gives strangers no new guesses. */
bool entry_passed(const Request *r, const char *account, int64_t staff, GError **error)
{
    bool is_known = false;
    g_autofree char *name = name_of(account), *device = http_device(r), *key = device_key(r, name);
    if (*device && !device_is_known(&r->context, staff, device, &is_known, error))
        return false;
    return is_known ? throttle_passed(r, of_device, key, error) : throttle_passed(r, of_strangers, name, error);
}

bool entry_attempt_own(const Request *r, GError **error)
{
    return throttle_attempt(r, of_own, DECIMAL(r->context.actor->id), error);
}

bool entry_passed_own(const Request *r, GError **error)
{
    return throttle_passed(r, of_own, DECIMAL(r->context.actor->id), error);
}

/* ---- the steps ---- */

static bool wants_passkey(const Standing *self)
{
    return !self->is_proven && self->passkeys;
}

/* Recovery codes stand in for a passkey too. */
static bool wants_code(const Standing *self)
{
    return !self->is_proven && (self->has_code || (self->passkeys && self->recovery));
}

static bool wants_password(const Standing *self)
{
    return self->must_change;
}

static bool wants_enrolment(const Standing *self)
{
    return self->is_demanded && !self->has_code && !self->passkeys;
}

/* A first password, which somebody else knows, is changed by a person who has shown the second factor, if there is one. */
static const struct Step {
    const char *path;
    bool (*is_wanted)(const Standing *self);
    bool is_either; /* one of two neighbours, any of which will do */
} steps[] = {
    { "/sign-in/passkey", wants_passkey, .is_either = true },
    { "/sign-in/code", wants_code, .is_either = true },
    { "/sign-in/password", wants_password },
    { "/sign-in/enrol", wants_enrolment, .is_either = true },
    { "/sign-in/enrol-passkey", wants_enrolment, .is_either = true },
};

static const struct Step *next_step(const Standing *self)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i].is_wanted(self))
            return &steps[i];
    return NULL;
}

static bool is_step(const Standing *self, const char *route)
{
    const struct Step *next = next_step(self);
    for (size_t i = 0; next && i < G_N_ELEMENTS(steps); i++)
        if (g_str_equal(steps[i].path, route))
            return &steps[i] == next || (steps[i].is_either && next->is_either && steps[i].is_wanted(self));
    return false;
}

/* A session of another, over which somebody signs in, ends by it. */
static bool leave_other(const Request *r, int64_t staff, GError **error)
{
    const Actor *actor = r->context.actor;
    return actor->kind != STAFF || actor->id == staff || entry_note(r, SECURITY_SIGN_OUT, SECURITY_DONE, NULL, NULL, error);
}

static bool arrive(Request *r, int64_t staff, enum actor_kind as, GError **error)
{
    return leave_other(r, staff, error) && session_begin(r, as, staff, error);
}

bool entry_arrive(Request *r, GError **error)
{
    return arrive(r, 0, ENTRANT, error);
}

json_t *entry_go_on(Request *r, int64_t staff, const char *by, bool is_proven, GError **error)
{
    Standing standing;
    const char *next = json_text(r->fields, "next");
    if (!standing_read(&r->context, staff, &standing, error))
        return NULL;
    standing.is_proven = is_proven;
    const struct Step *step = next_step(&standing);
    if (!(step ? arrive(r, staff, is_proven ? PROVEN : ENTRANT, error) : entry_begin(r, staff, by, error)))
        return NULL;
    g_autofree char *see = step ? entry_link(step->path, next) : g_strdup(entry_end(next));
    return answer_redirect(r, see);
}

bool entry_is_at(const Request *r, GError **error)
{
    Standing standing;
    const Actor *actor = r->context.actor;
    if (actor->kind != ENTRANT || !actor->id)
        return true;
    if (!standing_read(&r->context, actor->id, &standing, error))
        return false;
    standing.is_proven = actor->is_proven;
    return is_step(&standing, r->route) || refuse(error, CONFLICT, "credentials.other_step", "sign_in", "/sign-in", NULL);
}

bool entry_note(const Request *r, enum security_kind kind, enum security_outcome outcome, const char *account, const char *purpose, GError **error)
{
    const Actor *actor = r->context.actor;
    g_auto(StaffLogin) own = { 0 };
    if (!account && actor->kind == ENTRANT && actor->id && !identity_login(r->context.db, r->context.county, "", actor->id, &own, error))
        return false;
    const SecurityEntry entry = { kind, outcome, outcome == SECURITY_DONE ? SECURITY_EACH : SECURITY_COUNTED,
                                  .account = own.account ? own.account : account, .purpose = purpose };
    return http_security(r, &entry, error);
}

static bool remember_device(Request *r, int64_t staff, GError **error)
{
    g_autofree char *before = http_device(r), *hash = http_device_mark(r), *name = http_browser(r);
    return device_rename(&r->context, before, hash, error) && device_remember(&r->context, staff, hash, name, error);
}

bool entry_begin(Request *r, int64_t staff, const char *by, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    bool enters = r->context.actor->kind != STAFF || r->context.actor->id != staff;
    return leave_other(r, staff, error) && identity_login(r->context.db, r->context.county, "", staff, &own, error) &&
           (!enters || (entry_note(r, SECURITY_SIGN_IN, SECURITY_DONE, own.account, by, error) && remember_device(r, staff, error))) &&
           session_begin(r, STAFF, staff, error);
}

/* ---- pages ---- */

const Field entry_page_fields[] = { { .name = "next", .most = NEXT_MOST }, { 0 } };

json_t *entry_show(Request *r, GError **error)
{
    if (!entry_is_at(r, error))
        return NULL;
    return json_pack("{s:s}", "next", json_text(r->fields, "next"));
}
