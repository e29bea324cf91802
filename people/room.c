// SPDX-License-Identifier: Apache-2.0
#include "people/room.h"

#include "timers/timers.h"

static const Tab tabs[] = {
    { "people", "/desk/people", "/desk/people/", THE_ADMINISTRATORS, 55 },
    { "duties", "/desk/duties", "/desk/rights", THE_ADMINISTRATORS, 56 },
    { "reforms", "/desk/reforms", "/desk/reforms/", THE_ADMINISTRATORS, 74 },
    { "opening", "/desk/opening", "/desk/opening/", THE_ADMINISTRATORS | CATALOGUER, 75 },
    { 0 },
};

static bool hear(const Context *context, const SubjectChange *change, GError **error)
{
    return reset_tell(context, change, error) && reform_follow(context, change, error);
}

const Room people_room = {
    .name = "people",
    .routes = people_routes,
    .tabs = tabs,
    .lists = (const ListSpec *const[]){ &member_list, &duty_list, NULL },
    .subjects = (const SubjectKind *const[]){ &member_kind, NULL },
    .messages = people_messages,
    .timers = (const TimerKind[]){ { "member.reset", subject_timer_rang }, { 0 } },
    .listens = hear,
    .tells_own = reset_tell_own,
    .settle = people_enter_late,
    .verify = people_verify,
};
