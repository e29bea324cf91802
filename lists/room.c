// SPDX-License-Identifier: Apache-2.0
#include "lists/inside.h"

/* Every list has its indexes, and a name of its own. */
static bool lists_fit(const Room *const *rooms, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (; *rooms; rooms++)
        for (const ListSpec *const *list = (*rooms)->lists; list && *list; list++) {
            if (!list_check(*list, error))
                return false;
            if (!g_hash_table_add(names, (void *)(uintptr_t)(*list)->name))
                return fault(error, "list %s: the name is another's too", (*list)->name);
        }
    return true;
}

const Room lists_room = {
    .name = "lists",
    .routes = list_routes,
    .fits = lists_fit,
};
