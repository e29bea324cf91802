// SPDX-License-Identifier: Apache-2.0
#include "calendar/calendar.h"

const Room calendar_room = {
    .name = "calendar",
    .settle = calendar_settle,
};
