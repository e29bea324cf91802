// SPDX-License-Identifier: Apache-2.0
#include "identity/rows.h"

static const Tab tabs[] = { { "me", "/desk/me", "/desk/password", ANY_ROLE, 80 }, { 0 } };

const Room identity_room = {
    .name = "identity",
    .routes = identity_routes,
    .tabs = tabs,
};
