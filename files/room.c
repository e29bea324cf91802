// SPDX-License-Identifier: Apache-2.0
#include "files/room.h"

const Room files_room = {
    .name = "files",
    .routes = files_routes,
    .fits = documents_fit,
    .forgets = files_forget,
};
