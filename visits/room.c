// SPDX-License-Identifier: Apache-2.0
#include "visits/life.h"

static const DocumentKind documents[] = {
    { "visit_notice", "核通" },                                       /* 现场核查通知书: who comes, when and where */
    { "visit_record", "核录", .table = true, .is_certificate = true }, /* 现场核查记录 */
    { 0 },
};

const Room visits_room = {
    .name = "visits",
    .routes = visit_routes,
    .tabs = (const Tab[]){ { "visits", "/desk/visits", "/desk/visits/", CLERK | REVIEWER | APPROVER | HEAD | ISSUER, 25 }, { 0 } },
    .lists = (const struct ListSpec *const[]){ &visit_list, NULL },
    .subjects = (const SubjectKind *const[]){ &visit_kind, NULL },
    .documents = documents,
    .messages = visit_messages,
    .timers = (const TimerKind[]){ { VISIT_TIMER, subject_timer_rang }, { 0 } },
    .listens = visit_hear,
};
