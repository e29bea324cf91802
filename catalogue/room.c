// SPDX-License-Identifier: Apache-2.0
#include "catalogue/room.h"

static const Tab tabs[] = { { "catalogue", "/desk/items", "/desk/items/", CATALOGUER, 40 }, { 0 } };

static const ListSpec *const lists[] = { &desk_items, NULL };

const Room catalogue_room = {
    .name = "catalogue",
    .routes = catalogue_routes,
    .tabs = tabs,
    .lists = lists,
    .figures = catalogue_figures,
    .numbers = catalogue_numbers,
};
