// SPDX-License-Identifier: Apache-2.0
/* How pages show who is signed in, and the entries of the navigation that are open to him. */
#include "identity/store.h"

#include <string.h>

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
            if ((tab->roles & WITHOUT_POST) || identity_has_role(context->actor, tab->roles))
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
    return json_pack("{s:s, s:b, s:b}", "name", actor->name, "signed_in", actor->kind == STAFF || actor->kind == HOLDER,
                     "is_staff", actor->kind == STAFF);
}
