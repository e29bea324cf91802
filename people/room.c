// SPDX-License-Identifier: Apache-2.0
#include "people/member.h"



static const Tab tabs[] = {
    { "people", "/desk/people", "/desk/people/", SECURITY_ADMINISTRATOR | AUDITOR, 55 },
    { "duties", "/desk/duties", "/desk/rights", SECURITY_ADMINISTRATOR | AUDITOR | SYSTEM_ADMINISTRATOR, 56 },
    { "opening", "/desk/opening", "/desk/opening/", SECURITY_ADMINISTRATOR | AUDITOR | SYSTEM_ADMINISTRATOR | CATALOGUER, 75 },
    { 0 },
};

const Room people_room = {
    .name = "people",
    .routes = people_routes,
    .tabs = tabs,
    .lists = (const ListSpec *const[]){ &member_list, &duty_list, NULL },
    .subjects = (const SubjectKind *const[]){ &member_kind, NULL },
    .settle = people_enter_late,
    .verify = people_verify,
};
