// SPDX-License-Identifier: Apache-2.0
#include "outbox/room.h"
#include "outbox/store.h"

static const Tab tabs[] = { { "outbox", "/desk/outbox", "/desk/outbox/", SYSTEM_ADMINISTRATOR, 65 }, { 0 } };

static const ListSpec *const lists[] = { &outbox_list, NULL };

const Room outbox_room = {
    .name = "outbox",
    .routes = outbox_routes,
    .tabs = tabs,
    .lists = lists,
    .forgets = messages_forget,
};
