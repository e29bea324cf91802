// SPDX-License-Identifier: Apache-2.0
#include "identity/store.h"

#include "timers/timers.h"

static bool settle(const Context *context, GError **error)
{
    return identity_hash_parties(context, error) && plan_adopt(context, error);
}

static const TimerKind timers[] = { { REFORM_TIMER, plan_comes }, { 0 } };

const Room identity_room = {
    .name = "identity",
    .timers = timers,
    .settle = settle,
};
