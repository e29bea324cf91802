// SPDX-License-Identifier: Apache-2.0
#include "indicators/dashboard.h"

static const Tab tabs[] = { { "figures", "/figures", "/figures/", SUPERVISOR, 70 }, { 0 } };

static bool names_fit(GHashTable *seen, const Room *room, const Measures *of, GError **error)
{
    for (int i = 0; of->names[i]; i++) {
        if (i == MEASURES_MOST)
            return fault(error, "the room %s has too many measures: %s", room->name, of->names[i]);
        if (!g_hash_table_add(seen, (char *)(uintptr_t)of->names[i]))
            return fault(error, "the measure %s of the room %s is there already", of->names[i], room->name);
    }
    return true;
}

static bool measures_fit(const Room *const *rooms, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Room *const *room = rooms; *room; room++)
        for (const Measures *of = (*room)->measures; of && of->names; of++)
            if (!names_fit(seen, *room, of, error))
                return false;
    return true;
}

const Room indicators_room = {
    .name = "indicators",
    .routes = indicator_routes,
    .region_routes = region_routes,
    .tabs = tabs,
    .listens = indicators_follow,
    .recount = &indicators_recount,
    .fits = measures_fit,
    .settle = indicators_settle,
};
