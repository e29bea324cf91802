// SPDX-License-Identifier: Apache-2.0
#include "indicators/dashboard.h"

static const Tab tabs[] = { { "figures", "/figures", "/figures/", SUPERVISOR, 70 }, { 0 } };

static bool is_new(GHashTable *seen, const Room *room, const char *what, const char *name, GError **error)
{
    return g_hash_table_add(seen, (char *)(uintptr_t)name) || fault(error, "the %s %s of the room %s is there already", what, name, room->name);
}

static size_t names_of(const Measures *of)
{
    return g_strv_length((char **)(uintptr_t)of->names);
}

static bool measures_fit(GHashTable *seen, const Room *room, GError **error)
{
    for (const Measures *of = room->measures; of && of->names; of++) {
        if (names_of(of) > MEASURES_MOST)
            return fault(error, "the room %s has too many measures: %s", room->name, of->names[MEASURES_MOST]);
        for (int i = 0; of->names[i]; i++)
            if (!is_new(seen, room, "measure", of->names[i], error))
                return false;
    }
    return true;
}

static bool figures_fit(GHashTable *seen, const Room *room, GError **error)
{
    for (const Figure *each = room->figures; each && each->key; each++) {
        int places = each->of ? (int)names_of(each->of) : room->numbers ? NUMBERS_MOST : 0;
        if (each->top >= places || each->bottom >= places || each->path_day >= NUMBERS_MOST)
            return fault(error, "the figure %s of the room %s is of nothing that is counted", each->key, room->name);
        if (!is_new(seen, room, "figure", each->key, error))
            return false;
    }
    return true;
}

static bool fits(const Room *const *rooms, GError **error)
{
    g_autoptr(GHashTable) measures = g_hash_table_new(g_str_hash, g_str_equal), figures = g_hash_table_new(g_str_hash, g_str_equal);
    for (; *rooms; rooms++)
        if (!measures_fit(measures, *rooms, error) || !figures_fit(figures, *rooms, error))
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
    .fits = fits,
    .settle = indicators_settle,
};
