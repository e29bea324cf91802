// SPDX-License-Identifier: Apache-2.0
#include "security/inside.h"

const Room security_room = {
    .name = "security",
    .routes = security_routes,
    .tabs = (const Tab[]){ { "security", "/desk/security", "/desk/security?", AUDITOR, 61 },
                           { "keeping", "/desk/security/keeping", "/desk/security/keeping/", SECURITY_ADMINISTRATOR, 62 }, { 0 } },
    .lists = (const ListSpec *const[]){ &security_list, NULL },
    .timers = (const TimerKind[]){ { SECURITY_DAILY_TIMER, security_day }, { 0 } },
    .settle = security_settle,
    .verify = security_verify,
};
