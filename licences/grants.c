// SPDX-License-Identifier: Apache-2.0
/* The public register of decisions to grant (行政许可决定公示, Licensing Law art. 40), of all items that are licences, whether or not a
 * licence is issued. It is filled by night, so that no action is slower for it; what is decided today can be read tomorrow. */
#include "licences/life.h"

#include "lists/lists.h"

#include <string.h>

enum { ENTERED_AT_ONCE = 2000, DAYS_AT_ONCE = 60 /* then others may write */, AT_MINUTE = 20 /* after midnight */ };

/* ---- entering ---- */

/* The number of the paper that tells the decision; "" where another system wrote it. */
static char *decision_number(const Context *context, const Case *of, GError **error)
{
    size_t i;
    json_t *one;
    g_autofree char *subject = subject_text(&case_kind, of);
    g_autoptr(json_t) documents = files_documents(context->db, context->county, subject, error);
    json_array_foreach(documents, i, one)
        if (strcmp(json_text(one, "document_kind"), "decision") == 0)
            return g_strdup(json_text(one, "number"));
    return documents ? g_strdup("") : NULL;
}

/* The credit code and the whole name of an enterprise are public (企业信息公示暂行条例); of a person the name in part is. */
static bool enter(const Context *context, const Case *of, const Item *item, int64_t number, GError **error)
{
    bool is_person = strcmp(of->applicant_kind, party_kind_names[ENTERPRISE]) != 0;
    g_autofree char *decision = decision_number(context, of, error), *listed = mask_party_name(is_person, of->applicant);
    if (!decision)
        return false;
    Granted row = { .number = number, .case_number = of->number, .decision = decision, .item = item, .organ = of->organ, .listed = listed,
                    .credit_code = is_person ? "" : of->applicant_id, .name = is_person ? "" : of->applicant, .decided = (Day)of->decided_on };
    return granted_insert(context, &row, error);
}

/* An item that is no licence, an erased case and a restricted one are not public, nor is a decision that was withdrawn. */
static bool enter_case(const Context *context, int64_t case_number, int64_t *last, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!subject_load(context->db, context->county, &case_kind, case_number, &of, error))
        return false;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of.item, of.item_version, error);
    bool is_there;
    if (!item || !granted_has(context, case_number, &is_there, error))
        return false;
    bool is_public = of.decision == GRANTED_IT && of.state != REVOKED && item->kind->is_licence && *of.applicant && !of.restricted_until;
    return !is_public || is_there || enter(context, &of, item, ++*last, error);
}

static bool enter_day(const Context *context, Day day, int64_t *last, GError **error)
{
    g_autoptr(GArray) numbers = case_decided_on(context->db, context->county, day, error);
    for (guint i = 0; numbers && i < numbers->len; i++)
        if (!enter_case(context, g_array_index(numbers, int64_t, i), last, error))
            return false;
    return numbers && granted_put_until(context, day, *last, error);
}

/* Enters the days before today that are not there yet, whole days, until there is enough for one transaction; *more: days are left. */
static bool enter_days(const Context *context, bool *more, GError **error)
{
    Day day, until;
    int64_t first, last, days = 0;
    if (!granted_ends(context, &until, &first, error))
        return false;
    for (last = first, *more = true; *more && last - first < ENTERED_AT_ONCE && days < DAYS_AT_ONCE; until = day, days++) {
        if (!case_next_decided(context->db, context->county, until, &day, error))
            return false;
        *more = day != DAY_NONE && day < day_of(context->now);
        if (*more && !enter_day(context, day, &last, error))
            return false;
    }
    return true;
}

bool granted_night(const Context *context, const char *subject, Instant at, GError **error)
{
    bool more;
    (void)at;
    Instant tomorrow = instant_at(day_of(context->now) + 1, AT_MINUTE);
    return enter_days(context, &more, error) && timer_set(context, subject, GRANTED_TIMER, more ? context->now : tomorrow, error);
}

bool granted_settle(const Context *context, GError **error)
{
    return granted_night(context, "granted/register", 0, error);
}

/* Decisions of another system come long after their day, which is then gone through once more. */
static bool hear_loaded(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *before = change->before, *after = change->after;
    bool is_decided = context->actor->kind == LOADER && after->decision == GRANTED_IT && (!before || before->decision != GRANTED_IT);
    return !is_decided || granted_go_back(context, (Day)after->decided_on, error);
}

bool granted_hear(const Context *context, const SubjectChange *change, GError **error)
{
    if (change->kind == &case_kind && !hear_loaded(context, change, error))
        return false;
    bool is_shut = change->kind == &case_kind && (strcmp(change->event->kind, LEDGER_RESTRICTED) == 0 || strcmp(change->event->kind, LEDGER_ERASED) == 0 ||
                                                   ((const Case *)change->after)->state == REVOKED);
    return !is_shut || granted_remove(context, ((const Case *)change->after)->number, error);
}

/* ---- the register ---- */

const Field granted_fields[] = {
    LIST_FIELDS,
    { .name = "item", .most = 40 },
    { .name = "organ", .kind = FIELD_INTEGER, .most = 99 },
    { .name = "from", .kind = FIELD_DAY },
    { .name = "to", .kind = FIELD_DAY },
    { 0 },
};

static const ListColumn columns[] = {
    { "number", LIST_INTEGER, LIST_UNSHOWN },
    { "decision", LIST_TEXT, .is_head = true },
    { "listed", LIST_TEXT },
    { "credit_code", LIST_TEXT },
    { "item_name", LIST_TEXT },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "item", LIST_TEXT, LIST_EXPORTED },
    { "organ", LIST_ORGAN },
    { "decided_day", LIST_DAY_NUMBER },
    { "valid_from_day", LIST_DAY_NUMBER, LIST_EXPORTED },
    { "valid_to_day", LIST_DAY_NUMBER },
    { "published_day", LIST_DAY_NUMBER, LIST_EXPORTED },
    { "sought", LIST_FOLDED, LIST_UNSHOWN },
    { "decision_sought", LIST_FOLDED, LIST_UNSHOWN },
    { 0 },
};

static const ListFilter filters[] = {
    { "item", "item", LIST_EQUAL, .find = catalogue_ever, .none = "cases.list_no_item" }, { "organ", "organ", LIST_EQUAL },
    { "from", "decided_day", LIST_FROM }, { "to", "decided_day", LIST_UNTIL }, { 0 },
};

static const ListOrder orders[] = {
    { "decided", { "decided_day", "number" }, true },
    { "holder", { "sought", "number" }, .head = "listed" },
    { "decision", { "decision_sought", "number" }, .head = "decision" },
    { 0 },
};

const ListSpec granted_list = {
    .name = "granted", .room = "licences", .path = "/grants", .table = "granted", .key = "number", .columns = columns,
    .fields = granted_fields, .filters = filters, .orders = orders, .bound = 5000, .tabs = (const ListTab[]){ { .orders = 0 }, { 0 } },
    .search = { .begins = { "holder", "decision" } },
};
