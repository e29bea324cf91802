// SPDX-License-Identifier: Apache-2.0
#include "portal/ledger.h"

const Room portal_room = {
    .name = "portal",
    .routes = portal_routes,
};
