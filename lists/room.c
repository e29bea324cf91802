// SPDX-License-Identifier: Apache-2.0
#include "lists/room.h"

#include <string.h>

/* A view of a list is open to whoever its page is open to. */
static bool has_page(const Room *room, const ListSpec *list)
{
    const Route *route = room->routes;
    while (route && route->method && (strcmp(route->method, "GET") != 0 || strcmp(route->path, list->path) != 0))
        route++;
    return route && route->method;
}

/* Every list has its indexes, a page and a name of its own. */
static bool lists_fit(const Room *const *rooms, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (; *rooms; rooms++)
        for (const ListSpec *const *list = (*rooms)->lists; list && *list; list++) {
            if (!list_check(*list, error))
                return false;
            if (!g_hash_table_add(names, (void *)(uintptr_t)(*list)->name))
                return fault(error, "list %s: the name is another's too", (*list)->name);
            if (!has_page(*rooms, *list))
                return fault(error, "list %s: its room has no page %s", (*list)->name, (*list)->path);
        }
    return true;
}

const Room lists_room = {
    .name = "lists",
    .routes = list_routes,
    .fits = lists_fit,
};
