// SPDX-License-Identifier: Apache-2.0
/* The way from an empty county to its first case (开办步骤). Each step is done when the database says so, by whatever way it was done; so
 * the way can be left and gone on with at any time. */
#include "people/room.h"

#include "catalogue/catalogue.h"
#include "cases/cases.h"
#include "files/files.h"

enum { TABLE_MOST = 8 * 1024 * 1024 };

/* ---- what is done ---- */

static bool has_changed(const Context *context, int64_t number, bool *done, GError **error)
{
    g_auto(Member) self = { 0 };
    g_auto(StaffLogin) login = { 0 };
    if (!subject_load(context->db, context->county, &member_kind, number, &self, error) ||
        !identity_login(context->db, context->county, "", self.staff, &login, error))
        return false;
    *done = *done && !login.must_change;
    return true;
}

static bool passwords_done(const Context *context, bool *done, GError **error)
{
    static const char *const roles[] = { "system_administrator", "security_administrator", "auditor" };
    *done = true;
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        g_autoptr(GArray) holders = members_with_role(context, roles[i], error);
        for (guint j = 0; holders && j < holders->len; j++)
            if (!has_changed(context, g_array_index(holders, int64_t, j), done, error))
                return false;
        if (!holders)
            return false;
    }
    return true;
}

static bool divisions_done(const Context *context, bool *done, GError **error)
{
    g_autoptr(json_t) all = identity_divisions(context->db, context->county, error);
    *done = json_array_size(all) > 1;
    return all != NULL;
}

static bool organs_done(const Context *context, bool *done, GError **error)
{
    g_autoptr(json_t) all = identity_organs(context->db, context->county, error);
    *done = json_array_size(all) > 1;
    return all != NULL;
}

static bool staff_done(const Context *context, bool *done, GError **error)
{
    static const char *const roles[] = { "clerk", "reviewer", "approver", "issuer", "cataloguer" };
    *done = true;
    for (size_t i = 0; i < G_N_ELEMENTS(roles) && *done; i++)
        if (!role_is_held(context, roles[i], done, error))
            return false;
    return true;
}

static bool seals_done(const Context *context, bool *done, GError **error)
{
    g_autoptr(json_t) lacking = files_organs_without_seal(context, error);
    *done = json_array_size(lacking) == 0;
    return lacking != NULL;
}

static bool items_done(const Context *context, bool *done, GError **error)
{
    g_autoptr(json_t) found = catalogue_search(context->db, context->county, day_of(context->now), "", 1, error);
    *done = json_array_size(json_object_get(found, "items")) > 0;
    return found != NULL;
}

static bool calendar_done(const Context *context, bool *done, GError **error)
{
    (void)error;
    *done = calendar_knows(context->calendar, day_of(context->now));
    return true;
}

static bool case_done(const Context *context, bool *done, GError **error)
{
    enum { AMONG = 20000 };
    g_autoptr(json_t) found = ledger_latest(context->db, context->county, "case.accepted", "case.decided", AMONG, 1, error);
    *done = json_array_size(found) > 0;
    return found != NULL;
}

static const struct {
    const char *step, *path; /* NULL: the form is on the page */
    unsigned roles;          /* whose holders do it */
    bool (*is_done)(const Context *context, bool *done, GError **error);
} steps[] = {
    { "passwords", "/desk/me", SYSTEM_ADMINISTRATOR | SECURITY_ADMINISTRATOR | AUDITOR, passwords_done },
    { "divisions", NULL, SYSTEM_ADMINISTRATOR, divisions_done },
    { "organs", NULL, SYSTEM_ADMINISTRATOR, organs_done },
    { "staff", "/desk/people", SECURITY_ADMINISTRATOR, staff_done },
    { "seals", "/desk/seals", SECURITY_ADMINISTRATOR, seals_done },
    { "items", "/desk/items", CATALOGUER, items_done },
    { "calendar", "/desk/calendar", SYSTEM_ADMINISTRATOR | CATALOGUER, calendar_done },
    { "case", "/desk/apply", CLERK, case_done },
};

/* ---- the page ---- */

static json_t *step_json(const Request *r, size_t i, bool done, bool is_next)
{
    bool mine = identity_has_role(r->context.actor, steps[i].roles);
    json_t *step = json_pack("{s:s, s:s, s:s, s:b, s:b, s:o, s:b, s:s*}", "step", steps[i].step, "opening_step", steps[i].step, "opening_about", steps[i].step, "done", done, "is_next", is_next, "roles",
                             roles_json(steps[i].roles, "role"), "mine", mine, "path", mine ? steps[i].path : NULL);
    char name[32];
    g_snprintf(name, sizeof name, "is_%s", steps[i].step);
    json_object_set_new(step, name, json_boolean(mine));
    return step;
}

json_t *opening_show(Request *r, GError **error)
{
    bool done, all = true;
    g_autoptr(json_t) list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!steps[i].is_done(&r->context, &done, error))
            return NULL;
        json_array_append_new(list, step_json(r, i, done, all && !done));
        all = all && done;
    }
    return json_pack("{s:O, s:b, s:s, s:s}", "steps", list, "is_complete", all, "county", DECIMAL(r->context.county), "today",
                     DAY_WRITTEN(day_of(r->context.now)));
}

/* ---- tables ---- */

/* One page has both forms, whose fields are told apart by their names. */
#define TABLE_FIELD(of) \
    { .name = (of), .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .required = true, .label = "people.fields.table", .accept = TABLE_TYPES }
const Field opening_divisions_fields[] = { TABLE_FIELD("divisions"), { 0 } }, opening_organs_fields[] = { TABLE_FIELD("organs"), { 0 } };

static bool record(const Request *r, const char *what, GError **error)
{
    const Context *context = &r->context;
    g_autofree char *subject = g_strdup_printf("county/%" PRId64, context->county), *kind = g_strdup_printf("county.%s", what);
    json_t *facts = json_pack("{s:s, s:I}", "sha256", r->uploads[0].sha256, "size", (json_int_t)r->uploads[0].size);
    actor_put_absent(context->actor, SYSTEM_ADMINISTRATOR, facts);
    const Event event = { .subject = subject, .kind = kind, .organ = CENTRE_ORGAN, .division = division_county(context->county) };
    return ledger_record(context, event, facts, error);
}

typedef bool Import(const Context *context, const char *csv, size_t length, GError **error);

static json_t *take_table(Request *r, Import *import, const char *what, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length;
    if (r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, what, "people.table_large", NULL);
    if (!identity_may(r->context.actor, SYSTEM_ADMINISTRATOR, CENTRE_ORGAN, division_county(r->context.county)))
        return refuse(error, NOT_ALLOWED, "people.not_your_table", NULL);
    if (!g_file_get_contents(r->uploads[0].path, &bytes, &length, error) || !import(&r->context, bytes, length, error) || !record(r, what, error) ||
        !http_security(r, &(SecurityEntry){ .kind = SECURITY_SETTING, .purpose = what }, error))
        return NULL;
    return json_pack("{s:s}", "imported", what);
}

json_t *opening_divisions(Request *r, GError **error)
{
    return take_table(r, identity_import_divisions, "divisions", error);
}

json_t *opening_organs(Request *r, GError **error)
{
    return take_table(r, identity_import_organs, "organs", error);
}
