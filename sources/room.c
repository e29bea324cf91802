// SPDX-License-Identifier: Apache-2.0
#include "sources/life.h"

const Room sources_room = {
    .name = "sources",
    .routes = source_routes,
    .tabs = (const Tab[]){ { "sources", "/desk/sources", "/desk/sources/", SYSTEM_ADMINISTRATOR | AUDITOR, 66 }, { 0 } },
    .lists = (const ListSpec *const[]){ &source_list, NULL },
    .subjects = (const SubjectKind *const[]){ &source_kind, NULL },
    .listens = sources_hear,
    .shares = sources_shares,
    .asks_papers = sources_asks_papers,
    .forgets = sources_forgets,
};
