// SPDX-License-Identifier: Apache-2.0
#include "credentials/room.h"

static const Tab tabs[] = { { "me", "/desk/me", "/desk/password", ANY_STAFF, 80 },
                           { "factors", "/desk/factors", "/desk/factors/", SECURITY_ADMINISTRATOR, 61 }, { 0 } };

const Room credentials_room = {
    .name = "credentials",
    .routes = credentials_routes,
    .tabs = tabs,
};
