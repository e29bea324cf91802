// SPDX-License-Identifier: Apache-2.0
#include "load/load.h"

const Room load_room = { .name = "load" };
