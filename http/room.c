// SPDX-License-Identifier: Apache-2.0
#include "http/state.h"

static bool forget(const Context *context, const char *subject, GError **error)
{
    return idempotency_forget(context, subject, error) && kept_forget(context, subject, error);
}

const Room http_room = {
    .name = "http",
    .routes = http_routes,
    .region_routes = http_routes,
    .fits = routes_fit,
    .forgets = forget,
};
