// SPDX-License-Identifier: Apache-2.0
#include "timers/store.h"

const Room timers_room = {
    .name = "timers",
    .fits = timers_fit,
    .settle = timers_check,
};
