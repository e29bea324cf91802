// SPDX-License-Identifier: Apache-2.0
#include "licences/life.h"

#include "lists/lists.h"

static const DocumentKind documents[] = {
    { "licence", "证", .table = true, .recorded = true }, /* 证照, art. 39 */
    { "renewal_receipt", "续收" },                        /* 延续申请回执, art. 50: by when it is decided */
    { "renewal_refusal", "不续" },                        /* 不予延续决定书, art. 50: reasons and remedies */
    { "withholding", "扣" },                              /* 暂扣许可证件决定书 */
    { "giving_back", "解" },                              /* 解除暂扣通知书 */
    { "revocation", "撤" },                               /* 撤销行政许可决定书, art. 69 */
    { "annulment", "注" },                                /* 注销行政许可决定书, art. 70 */
    { 0 },
};

const Room licences_room = {
    .name = "licences",
    .routes = licence_routes,
    .tabs = (const Tab[]){ { "licences", "/licences", "/desk/licences/", ANY_ROLE, 40 }, { 0 } },
    .lists = (const ListSpec *const[]){ &licence_list, NULL },
    .subjects = (const SubjectKind *const[]){ &licence_kind, NULL },
    .documents = documents,
    .timers = (const TimerKind[]){ { "licence.term", subject_timer_rang }, { 0 } },
    .listens = licence_hear,
    .offers_papers = licence_offers_papers,
    .tells_today = licence_tells_today,
    .settle = licence_enter_late,
    .measures = licence_measures,
    .figures = licence_figures,
};
