// SPDX-License-Identifier: Apache-2.0
#include "consultations/life.h"

static const DocumentKind documents[] = { { "consultation_letter", "征函", .lists = true }, { 0 } }; /* 征求意见函 */

const Room consultations_room = {
    .name = "consultations",
    .routes = consultation_routes,
    .tabs = (const Tab[]){ { "consultations", "/desk/consultations", "/desk/consultations/", CLERK | REVIEWER | APPROVER | HEAD | ISSUER, 27 }, { 0 } },
    .lists = (const struct ListSpec *const[]){ &consultation_list, NULL },
    .subjects = (const SubjectKind *const[]){ &consultation_kind, NULL },
    .documents = documents,
    .messages = consultation_messages,
    .timers = (const TimerKind[]){ { CONSULTATION_TIMER, subject_timer_rang }, { 0 } },
    .listens = consultation_hear,
};
