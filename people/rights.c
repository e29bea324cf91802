// SPDX-License-Identifier: Apache-2.0
/* The table of rights (权限表): each route and each action with those who may use it, read from what the rooms declare. */
#include "people/room.h"

#include <string.h>

static json_t *route_json(const Route *route)
{
    bool all = (route->demand & ANY_ROLE) == ANY_ROLE;
    return json_pack("{s:s, s:s, s:s?, s:b, s:b, s:b, s:b, s:o}", "method", route->method, "path", route->path, "does", route->does, "is_public",
                     route->demand == ANYONE, "for_holders", route->demand == HOLDERS, "for_entrants", (route->demand & ENTRANTS) != 0, "for_all", all,
                     "roles", roles_json(all ? 0 : route->demand & ANY_ROLE, "role"));
}

static json_t *relations_of(const SubjectKind *kind, const SubjectRule *rule)
{
    json_t *list = json_array();
    for (unsigned i = 0; kind->relations && kind->relations[i]; i++)
        if (rule->relations & (unsigned)BY_OWN << i)
            json_array_append_new(list, json_pack("{s:s}", "relation", kind->relations[i]));
    return list;
}

static json_t *states_of(const SubjectKind *kind, const SubjectRule *rule)
{
    json_t *list = json_array();
    for (unsigned i = 0; kind->states[i]; i++)
        if (rule->from >> i & 1)
            json_array_append_new(list, json_pack("{s:s}", "state", kind->states[i]));
    return list;
}

static json_t *action_json(const SubjectKind *kind, const SubjectRule *rule)
{
    return json_pack("{s:s, s:s, s:s?, s:b, s:b, s:b, s:o, s:o, s:o}", "about", kind->name, "action", rule->name, "law", rule->law, "by_holder",
                     (rule->relations & BY_HOLDER) != 0, "by_system", (rule->relations & BY_SYSTEM) != 0, "by_keeper", (rule->relations & BY_KEEPER) != 0,
                     "relations", relations_of(kind, rule), "states", states_of(kind, rule), "roles", roles_json(rule->roles, "role"));
}

json_t *rights_show(Request *r, GError **error)
{
    json_t *routes = json_array(), *actions = json_array();
    (void)error;
    for (const Room *const *room = r->context.rooms; *room; room++) {
        for (const Route *route = (*room)->routes; route && route->method; route++)
            json_array_append_new(routes, route_json(route));
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++)
            for (size_t i = 0; i < (*kind)->rule_count; i++)
                json_array_append_new(actions, action_json(*kind, subject_rule(*kind, i)));
    }
    return json_pack("{s:o, s:o, s:s}", "routes", routes, "actions", actions, "printed_day", DAY_WRITTEN(day_of(r->context.now)));
}
