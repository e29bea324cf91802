// SPDX-License-Identifier: Apache-2.0
#include "custody/room.h"

#include "lists/lists.h"

static const DocumentKind documents[] = {
    { "custody_receipt", "存", .lists = true, .table = true }, /* 原件收存凭证 */
    { "custody_return", "还", .lists = true, .table = true },  /* 原件返还单, signed by who receives them */
    { 0 },
};

const Room custody_room = {
    .name = "custody",
    .routes = custody_routes,
    .tabs = (const Tab[]){ { "custody", "/desk/custody", "/desk/custody", CLERK, 35 }, { 0 } },
    .lists = (const ListSpec *const[]){ &custody_list, NULL },
    .subjects = (const SubjectKind *const[]){ &custody_kind, NULL },
    .documents = documents,
    .messages = custody_messages,
    .listens = custody_hear,
};
