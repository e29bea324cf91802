// SPDX-License-Identifier: Apache-2.0
#include "rooms.h"

const Room *const rooms[] = { ROOMS(ROOM_LISTED) NULL };
