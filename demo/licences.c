// SPDX-License-Identifier: Apache-2.0
/* People act on some licences of a small city on its last afternoon, so that there is one in each state. */
#include "demo/room.h"

#include "licences/licences.h"

enum { AFTERNOON = 16 * 60 + 40 };

static const struct {
    enum licence_action action;
    unsigned role;
    const char *reason, *basis, *fields;
} turns[] = {
    { LICENCE_WITHHOLD, HEAD, "现场检查发现与许可条件不符，责令整改", "《行政处罚法》第九条", NULL },
    { LICENCE_REVOKE, HEAD, "申请时提交的材料不真实", "《行政许可法》第六十九条第二款", NULL },
    { LICENCE_RECALL, HEAD, "许可所依据的客观情况发生重大变化", "《行政许可法》第八条第二款", NULL },
    { LICENCE_CHANGE, APPROVER, "持证人申请变更经营范围", NULL, "{\"content\": \"按变更申请书所列范围\"}" },
    { LICENCE_REPLACE, APPROVER, "证照遗失，持证人申请补发", NULL, NULL },
    { LICENCE_ANNUL, APPROVER, "持证人已不能从事这项活动", NULL, "{\"ground\": \"force_majeure\"}" },
    { LICENCE_AMEND, APPROVER, "许可内容登记有误", NULL, "{\"content\": \"按申请书所列范围\"}" },
    { LICENCE_ASK_RENEWAL, CLERK, NULL, NULL, NULL },
};

/* *taken stays as it is where the action does not fit this licence: a renewal needs an end. */
static bool turn(Demo *self, int64_t number, size_t *taken, GError **error)
{
    g_auto(Licence) licence = { 0 }, next = { 0 };
    g_autoptr(json_t) fields = turns[*taken].fields ? json_loads(turns[*taken].fields, 0, NULL) : NULL;
    const SubjectInput input = { .seen = -1, .reason = turns[*taken].reason, .basis = turns[*taken].basis, .fields = fields };
    if (!subject_load(self->context.db, self->context.county, &licence_kind, number, &licence, error))
        return false;
    if (turns[*taken].action == LICENCE_ASK_RENEWAL && !licence.valid_to_day)
        return true;
    self->context.actor = demo_worker(self, licence.organ, division_county(self->context.county), turns[*taken].role);
    if (!self->context.actor)
        return true;
    return subject_act(&self->context, &licence_kind, number, &licence_rules[turns[(*taken)++].action], &input, &next, error);
}

bool demo_licences(Demo *self, GError **error)
{
    size_t taken = 0;
    self->context.now = instant_at(self->settings.today - 1, AFTERNOON);
    for (guint i = 0; i < self->plays->len && taken < G_N_ELEMENTS(turns); i++) {
        int64_t number;
        const Case *present = &((const Play *)self->plays->pdata[i])->present;
        if (present->state < DELIVERED || present->state > CLOSED)
            continue;
        if (!licence_of_case(self->context.db, self->context.county, present->number, &number, error))
            return false;
        if (number && !turn(self, number, &taken, error))
            return false;
    }
    return true;
}
