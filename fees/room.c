// SPDX-License-Identifier: Apache-2.0
#include "fees/life.h"

#include "lists/lists.h"

static const DocumentKind documents[] = { { "payment_notice", "缴", .table = true }, /* 缴费通知书 */ { 0 } };

const Room fees_room = {
    .name = "fees",
    .routes = fee_routes,
    .tabs = (const Tab[]){ { "fees", "/desk/fees", "/desk/fees/", CLERK | REVIEWER | HEAD | SUPERVISOR | AUDITOR, 44 }, { 0 } },
    .lists = (const ListSpec *const[]){ &fee_list, NULL },
    .subjects = (const SubjectKind *const[]){ &fee_kind, NULL },
    .documents = documents,
    .listens = fee_hear,
};
