// SPDX-License-Identifier: Apache-2.0
#include "indicators/dashboard.h"

static const Tab tabs[] = { { "figures", "/figures", "/figures/", SUPERVISOR, 70 }, { 0 } };

const Room indicators_room = {
    .name = "indicators",
    .routes = indicator_routes,
    .region_routes = region_routes,
    .tabs = tabs,
    .listens = indicators_follow,
    .verify = indicators_verify,
};
