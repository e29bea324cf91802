// SPDX-License-Identifier: Apache-2.0
#include "licences/life.h"

#include "lists/lists.h"

static const DocumentKind documents[] = {
    { "licence", "证", .stays = licence_paper_stays, .is_own = licence_paper_is_own, .table = true, .is_certificate = true, .recorded = true }, /* 证照, art. 39 */
    { "renewal_receipt", "续收" },                        /* 延续申请回执, art. 50: by when it is decided */
    { "renewal_refusal", "不续" },                        /* 不予延续决定书, art. 50: reasons and remedies */
    { "withholding", "扣" },                              /* 暂扣许可证件决定书 */
    { "giving_back", "解" },                              /* 解除暂扣通知书 */
    { "revocation", "撤" },                               /* 撤销行政许可决定书, art. 69 */
    { "annulment", "注" },                                /* 注销行政许可决定书, art. 70 */
    { "change", "变" },                                   /* 准予变更行政许可决定书, art. 49 */
    { "renewal", "续" },                                  /* 准予延续行政许可决定书, art. 50 */
    { "withdrawal", "回" },                               /* 撤回行政许可决定书, art. 8: what it costs the holder is made good */
    { 0 },
};

static const char *const names[] = { "licences.issued", "licences.renewed", "licences.valid", "licences.withheld", "licences.expired",
                                     "licences.revoked", "licences.annulled", "licences.replaced", "licences.withdrawn", NULL };
G_STATIC_ASSERT(G_N_ELEMENTS(names) == LICENCE_MEASURES + 1);

static size_t counts(const SubjectChange *change, Count *out)
{
    enum { OF_STATE, OF_ISSUE, OF_TERM, COUNTS };
    const Licence *before = change->before, *after = change->after;
    const int64_t days[COUNTS] = { after->since_day, after->issued_day, day_of(change->event->at) };
    for (size_t i = 0; i < COUNTS; i++)
        out[i] = (Count){ .day = (Day)days[i], .division = division_county(after->number / 1000000000000), .organ = after->organ, .item = after->item };
    out[OF_STATE].by[LICENCES_VALID] = (after->state == LICENCE_VALID) - (before && before->state == LICENCE_VALID);
    if (after->state != LICENCE_VALID && (!before || before->state != after->state))
        out[OF_STATE].by[LICENCES_ENDED - 1 + after->state] = 1;
    out[OF_ISSUE].by[LICENCES_ISSUED] = !before && !after->replaces;
    out[OF_TERM].by[LICENCES_RENEWED] = before && after->valid_from_day != before->valid_from_day;
    return COUNTS;
}

const Measures licence_measures[] = { { &licence_kind, names, counts }, { 0 } };

const Figure licence_figures[] = {
    { "licences.valid", "licences", STANDING_OF, licence_measures, LICENCES_VALID, .path = "/licences?state=valid" },
    { "licences.issued", "licences", COUNT_OF, licence_measures, LICENCES_ISSUED },
    { "licences.renewed", "licences", COUNT_OF, licence_measures, LICENCES_RENEWED },
    { "licences.revoked", "licences", COUNT_OF, licence_measures, LICENCES_ENDED - 1 + LICENCE_REVOKED },
    { 0 },
};

static bool put_right(const Context *context, GError **error)
{
    return licence_enter_late(context, error) && licence_settle_sought(context, error) && granted_settle(context, error);
}

static bool shares(const Context *context, json_t *sources, GError **error)
{
    (void)context, (void)error;
    json_array_append_new(sources, json_pack("{s:s, s:s}", "code", "licences", "register", "licences"));
    return true;
}

const Room licences_room = {
    .name = "licences",
    .routes = licence_routes,
    .tabs = (const Tab[]){ { "licences", "/licences", "/desk/licences/", ANY_ROLE, 40 }, { 0 } },
    .lists = (const ListSpec *const[]){ &licence_list, &granted_list, NULL },
    .subjects = (const SubjectKind *const[]){ &licence_kind, NULL },
    .documents = documents,
    .timers = (const TimerKind[]){ { "licence.term", subject_timer_rang }, { LICENCE_FORGET, licence_forget_rang }, { GRANTED_TIMER, granted_night, .is_alone = true }, { 0 } },
    .listens = licence_hear,
    .offers_papers = licence_offers_papers,
    .shares = shares,
    .tells_today = licence_tells_today,
    .forgets = licence_forgets,
    .settle = put_right,
    .measures = licence_measures,
    .figures = licence_figures,
};
