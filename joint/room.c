// SPDX-License-Identifier: Apache-2.0
#include "joint/life.h"

static const DocumentKind documents[] = {
    { "joint_acceptance", "联受", .lists = true }, /* 联合办理受理通知书: which items, by when all */
    { "joint_stage", "联阶", .lists = true },      /* 阶段办结告知书: upon which the next stage starts */
    { "joint_extension", "联延", .lists = true },  /* 联合办理延期告知书, art. 42 §2 */
    { 0 },
};

const Room joint_room = {
    .name = "joint",
    .routes = joint_routes,
    .tabs = (const Tab[]){ { "joint", "/desk/joint", "/desk/joint/",
                             CLERK | REVIEWER | APPROVER | HEAD | ISSUER | SUPERVISOR, 28 },
                           { 0 } },
    .lists = (const struct ListSpec *const[]){ &joint_list, NULL },
    .subjects = (const SubjectKind *const[]){ &joint_kind, &part_kind, NULL },
    .documents = documents,
    .messages = joint_messages,
    .timers = (const TimerKind[]){ { JOINT_TIMER, subject_timer_rang }, { 0 } },
    .listens = joint_hear,
    .offers_papers = joint_offers_papers,
    .finds = bundles_find,
};
