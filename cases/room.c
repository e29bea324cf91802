// SPDX-License-Identifier: Apache-2.0
#include "cases/answer.h"
#include "cases/archive.h"
#include "cases/code.h"
#include "cases/find.h"
#include "cases/inbox.h"
#include "cases/life.h"
#include "cases/succession.h"

static const Tab tabs[] = {
    { "inbox", "/desk", "/desk/cases/", ANY_ROLE, 10 },
    { "lists", "/desk/cases", "/desk/cases?", CLERK | REVIEWER | APPROVER | HEAD | ISSUER | SUPERVISOR | AUDITOR, 20 },
    { "find", "/desk/find", "/desk/find", FINDS_PERSONS, 15 },
    { "apply", "/desk/apply", "/desk/apply/", CLERK, 30 },
    { "archive", "/desk/archive", "/desk/archive?", ARCHIVISTS, 40 },
    { "calendar", "/desk/calendar", "/desk/calendar/", SYSTEM_ADMINISTRATOR | CATALOGUER, 50 },
    { "erasure", "/desk/erase", "/desk/erase/", SECURITY_ADMINISTRATOR, 60 },
    { 0 },
};

static bool receipt_is_for(const Context *context, const char *subject, bool *is, GError **error)
{
    int64_t number;
    g_auto(Case) found = { 0 };
    const Actor *actor = context->actor;
    *is = subject_named(context->rooms, subject, &number) == &case_kind && (actor->kind == STAFF || identity_holds(actor, number));
    if (!*is)
        return true;
    if (!subject_load(context->db, context->county, &case_kind, number, &found, error))
        return false;
    *is = life_has_receipt(actor, &found, context->county) &&
          !life_own_since(actor, &found); /* it is the former applicant's */
    return code_opens_all(actor, &found) || refuse(error, NOT_ALLOWED, "cases.code_was_shown", NULL);
}

/* By the number and a code of his own, or at the desk that prints it for him. */
static bool decision_is_own(const Context *context, const char *subject, bool *is, GError **error)
{
    int64_t number;
    *is = false;
    if (subject_named(context->rooms, subject, &number) != &case_kind)
        return true;
    if (context->actor->kind == STAFF)
        return case_hands_over(context, number, is, error);
    return context->actor->kind != HOLDER || !identity_holds(context->actor, number) || case_opens_all(context, number, is, error);
}

static bool hear(const Context *context, const SubjectChange *change, GError **error)
{
    return archive_hear(context, change, error) && case_tell_people(context, change, error) && succession_hear(context, change, error);
}

static const DocumentKind documents[] = {
    { "receipt", "收", .is_for = receipt_is_for, .lists = true, .recorded = true }, /* 收件回执: what was handed in, number; of an older program the query password too */
    { "correction", "补", .lists = true },                   /* 补正告知书, art. 32 (4): all that is missing, once */
    { "acceptance", "受" },                                  /* 受理通知书, art. 32: dated, sealed, names the due day */
    { "not_accepted", "不受" },                              /* 不予受理决定书, art. 32 (2) */
    { "not_needed", "告" },                                  /* 不受理告知书, art. 32 (1) */
    { "deemed", "视受" },                                    /* 视为受理告知书, art. 32: five working days of silence */
    { "special", "特" },                                     /* 特别程序告知书, art. 45: the time needed */
    { "extension", "延" },                                   /* 延期告知书, art. 42: the reason */
    { "decision", "许", .is_own = decision_is_own, .table = true },                                   /* 准予行政许可决定书, art. 38 */
    { "refusal", "不许" },                                   /* 不予行政许可决定书, art. 38: reasons and remedies */
    { "delivery", "送", .lists = true, .table = true, .is_certificate = true }, /* 送达回证 */
    { "approval_granted", "批", .is_own = decision_is_own, .table = true }, { "approval_refused", "不批" },         /* the decisions on what is no licence (ItemKind) */
    { "confirmation_granted", "确", .is_own = decision_is_own, .table = true }, { "confirmation_refused", "不确" },
    { "payment_granted", "给", .is_own = decision_is_own, .table = true }, { "payment_refused", "不给" },
    { "reward_granted", "奖", .is_own = decision_is_own, .table = true }, { "reward_refused", "不奖" },
    { "ruling_granted", "裁", .is_own = decision_is_own, .table = true }, { "ruling_refused", "不裁" },
    { "filing_granted", "备", .is_own = decision_is_own, .table = true }, { "filing_refused", "不备" },
    { "service_granted", "服", .is_own = decision_is_own, .table = true }, { "service_refused", "不服" },
    { "other_granted", "办", .is_own = decision_is_own, .table = true }, { "other_refused", "不办" },
    { "lapse", "视撤" },                                     /* 视为撤回申请告知书: never corrected */
    { "new_applicant", "更" },                               /* 变更申请人通知书 */
    { "send_up", "报", .lists = true },                      /* 上报函: opinion and whole file to the organ that decides */
    { "above_result", "转" },                                /* 上级决定转送书: what that organ has decided */
    { "transfer", "移", .lists = true },                     /* 移送函: to the organ that has the power, and to the applicant */
    { "termination", "终" },                                 /* 终止办理告知书 */
    { "unacceptance", "撤受", .lists = true },               /* 撤回受理告知书: what was promised did not come */
    { "decision_revoked", "撤决" },                          /* 撤销决定书, art. 69 */
    { 0 },
};

static const SubjectKind *const subjects[] = { &case_kind, NULL };
static const ListSpec *const lists[] = { &inbox_list, &figure_list, NULL };

static const TimerKind timers[] = { { CASE_LIMIT, subject_timer_rang }, { CASE_DRAFTS, case_end_drafts }, { CALENDAR_BEGINS, calendar_begins, .is_alone = true },
                                    { CASE_SUCCESSION, succession_goes_on }, { 0 } };

const Room cases_room = {
    .name = "cases",
    .routes = case_routes,
    .tabs = tabs,
    .subjects = subjects,
    .lists = lists,
    .documents = documents,
    .messages = case_messages,
    .timers = timers,
    .listens = hear,
    .tells_today = case_tells_today,
    .measures = case_measures,
    .figures = case_figures,
    .forgets = case_forgets,
    .settle = case_settle,
};
