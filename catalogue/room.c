// SPDX-License-Identifier: Apache-2.0
#include "catalogue/room.h"
#include "timers/timers.h"

static const Tab tabs[] = { { "catalogue", "/desk/items", "/desk/items/", CATALOGUE_READERS, 40 }, { 0 } };

static const TimerKind timers[] = { { ITEM_BEGINS, item_begins }, { 0 } };

static const ListSpec *const lists[] = { &desk_items, NULL };

const Room catalogue_room = {
    .name = "catalogue",
    .routes = catalogue_routes,
    .tabs = tabs,
    .lists = lists,
    .messages = catalogue_messages,
    .listens = catalogue_hear,
    .timers = timers,
    .figures = catalogue_figures,
    .numbers = catalogue_numbers,
};
