// SPDX-License-Identifier: Apache-2.0
#include "http/state.h"

const Room http_room = {
    .name = "http",
    .routes = http_routes,
    .region_routes = http_routes,
    .fits = routes_fit,
    .forgets = idempotency_forget,
};
