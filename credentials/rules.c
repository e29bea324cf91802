// SPDX-License-Identifier: Apache-2.0
/* The roles of which a second factor is demanded, which the security administrator sets; and what is taken away from somebody who has lost
 * it. */
#include "credentials/passkeys.h"
#include "credentials/room.h"

#include "ledger/ledger.h"
#include "versioned/versioned.h"

#include <string.h>

/* ---- of whom it is demanded ---- */

json_t *rules_show(Request *r, GError **error)
{
    unsigned roles;
    return demand_read(&r->context, &roles, error) ? json_pack("{s:o, s:b, s:s}", "roles", roles_json(roles, NULL), "is_off", roles == 0, "shown", DECIMAL(roles)) : NULL;
}

static bool roles_of(const json_t *names, unsigned *roles, GError **error)
{
    *roles = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        unsigned role = role_named(json_string_value(json_array_get(names, i)));
        if (!role)
            return refuse_field(error, "roles", "http.not_a_choice", NULL);
        *roles |= role;
    }
    return true;
}

/* Sessions that began without a second factor end where one is demanded from now on. */
static bool end_without(const Context *context, GError **error)
{
    size_t i;
    json_t *person;
    g_autoptr(json_t) staff = identity_register(context->db, context->county, error);
    json_array_foreach(staff, i, person) {
        Standing standing;
        int64_t id = json_number(person, "id");
        if (!standing_read(context, id, &standing, error))
            return false;
        bool lacks = standing.is_demanded && !standing.has_code && !standing.passkeys;
        if (lacks && !session_end_all(context, STAFF, id, error))
            return false;
    }
    return staff != NULL;
}

json_t *rules_set(Request *r, GError **error)
{
    unsigned before, roles;
    if (!roles_of(json_object_get(r->fields, "roles"), &roles, error) || !demand_read(&r->context, &before, error) ||
        !setting_is_fresh(r, DECIMAL(before), error) || !demand_set(&r->context, roles, error) ||
        ((roles & ~before) && !end_without(&r->context, error)) ||
        !entry_note(r, SECURITY_SETTING, SECURITY_DONE, NULL, "second_factor", error))
        return NULL;
    json_t *change = json_pack("{s:o, s:o}", "before", roles_json(before, NULL), "roles", roles_json(roles, NULL));
    const Event event = { .subject = "setting/second_factor", .kind = "setting.second_factor" };
    return ledger_record(&r->context, event, change, error) ? json_pack("{s:o}", "roles", roles_json(roles, NULL)) : NULL;
}

bool credentials_demand(const Context *context, unsigned roles, GError **error)
{
    return demand_set(context, roles, error);
}

/* ---- what somebody has lost ---- */

json_t *credentials_factors(const Context *context, int64_t staff, GError **error)
{
    int64_t left, passkeys;
    g_auto(CodeRow) code = { 0 };
    if (!code_read(context, staff, &code, error) || !recovery_left(context, staff, &left, error) ||
        !passkeys_count(context->db, context->county, staff, &passkeys, error))
        return NULL;
    json_t *shown = json_pack("{s:b, s:I, s:I}", "has_code", code.enrolled_at != 0, "recovery", (json_int_t)left, "passkeys", (json_int_t)passkeys);
    if (code.enrolled_at)
        json_object_set_new(shown, "enrolled_at", json_integer(code.enrolled_at));
    return shown;
}

bool credentials_forget(const Context *context, int64_t staff, GError **error)
{
    return code_forget(context, staff, error) && recovery_forget(context, staff, error) && passkeys_forget(context, staff, error) &&
           device_forget_all(context, staff, "", error) && session_end_all(context, STAFF, staff, error);
}

/* ---- fields ---- */

const Field rules_fields[] = { { .name = "roles", .kind = FIELD_LIST, .choices = role_names, .codes = "role", .value = "roles" }, SETTING_SEEN("shown"), { 0 } };
