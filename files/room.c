// SPDX-License-Identifier: Apache-2.0
#include "files/room.h"

const Room files_room = {
    .name = "files",
    .routes = files_routes,
    .tabs = (const Tab[]){ { "seals", "/desk/seals", "/desk/seals/", SECURITY_ADMINISTRATOR, 63 }, { 0 } },
    .fits = documents_fit,
    .forgets = files_forget,
    .verify = seals_verify,
};
