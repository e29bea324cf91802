// SPDX-License-Identifier: Apache-2.0
/* The organ's visits, the page of one for the staff and for the applicant, and its photographs. */
#include "visits/life.h"

#include "lists/lists.h"

#include <stdlib.h>
#include <string.h>

/* ---- the list ---- */

static const Field list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = visit_state_names }, { 0 } };

static const ListColumn list_columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "item_name", LIST_TEXT },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "case_number", LIST_NUMBER },
    { "state", LIST_WORD },
    { "appoint_day", LIST_DAY_NUMBER },
    { "late", LIST_FLAG },
    { "day", LIST_DAY_NUMBER },
    { "organ", LIST_ORGAN, LIST_UNSHOWN },
    { 0 },
};

static const ListFilter list_filters[] = { { "state", "state", LIST_EQUAL }, { 0 } };

enum { BY_DUE, BY_NUMBER };
static const ListOrder list_orders[] = { [BY_DUE] = { "due", { "appoint_day", "number" } }, [BY_NUMBER] = { "number", { "number" }, true }, { 0 } };

#define WAITING "state IN ('to_appoint', 'to_make', 'to_sign', 'to_mend')"
static const ListTab list_tabs[] = {
    { "visits_waiting", 0, { { { "organ" }, WAITING } }, list_sees_own_organs, 1 << BY_DUE, true },
    { "visits_all", 0, { { { "organ" } } }, list_sees_own_organs, 1 << BY_NUMBER, false },
    { 0 },
};

const ListSpec visit_list = {
    .name = "visits", .room = "visits", .path = "/desk/visits", .table = "visit", .key = "number", .columns = list_columns, .fields = list_fields,
    .filters = list_filters, .orders = list_orders, .tabs = list_tabs, .bound = 2000, .search.number = subject_number_read, .link = "/desk/visits/{number}",
};

/* ---- one ---- */

/* The place, and what was found there, may tell of a person: a look of the staff at them is one at the case's applicant. */
static json_t *show(Request *r, GError **error)
{
    g_autoptr(json_t) answer = subject_page(r, error);
    bool tells = *json_text(answer, "place") || *json_text(answer, "found") || *json_text(answer, "place_first");
    g_autofree char *of = g_strconcat("case/", json_text(answer, "case_number"), NULL);
    const SecurityEntry entry = { SECURITY_OPENED, .often = SECURITY_DAILY, .subject = of };
    if (!answer || (tells && r->context.actor->kind == STAFF && !http_security(r, &entry, error)))
        return NULL;
    return g_steal_pointer(&answer);
}

static json_t *photo(Request *r, GError **error)
{
    g_auto(Visit) found = { 0 };
    if (!subject_load_asked(r, &visit_kind, &found, error))
        return NULL;
    if (!visit_kind.may_see(r->context.actor, &found) || found.is_restricted)
        return refuse(error, NOT_FOUND, visit_kind.none, NULL);
    g_autofree char *subject = subject_text(&visit_kind, &found), *of = g_strdup_printf("case/%" PRId64, found.case_number);
    const SecurityEntry entry = { SECURITY_SCAN, .often = SECURITY_EACH, .subject = of };
    return http_security(r, &entry, error) ? files_answer(r, subject, strtoll(r->path[1], NULL, 10), error) : NULL;
}

/* ---- by the organ's own choice ---- */

/* The case that the path names, where the actor may begin a visit and none waits. */
static bool case_to_visit(const Request *r, Case *out, GError **error)
{
    Visited found;
    const Context *context = &r->context;
    if (!subject_load_asked(r, &case_kind, out, error))
        return false;
    if (!visit_kind.may_begin(context, out))
        return refuse(error, NOT_ALLOWED, "visits.not_yours_to_begin", NULL);
    if (!visit_look(context->db, context->county, out->number, &found, error))
        return false;
    return !found.number || found.state > VISIT_TO_MEND || refuse(error, CONFLICT, "visits.waits_already", NULL);
}

static json_t *ask(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!case_to_visit(r, &of, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number);
    return json_pack("{s:o, s:s, s:s, s:s}", "case_number", json_sprintf("%" PRId64, of.number), "case_number_grouped", grouped, "item_name", of.item_name,
                     "item_name_en", of.item_name_en);
}

static json_t *begin(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Visit) made = { 0 };
    return case_to_visit(r, &of, error) && visit_begin(&r->context, &of, "", json_text(r->fields, "reason"), &made, error) ? subject_summary(&visit_kind, &made) : NULL;
}

/* ---- the routes ---- */

static const Field begin_fields[] = { { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true }, { 0 } };

const Field visit_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "officer", .kind = FIELD_INTEGER, .most = INT32_MAX, .options = "staff.id", .need = NEED_PLAN },
    { .name = "companion", .kind = FIELD_INTEGER, .most = INT32_MAX, .options = "staff.id", .need = NEED_PLAN },
    { .name = "day", .kind = FIELD_DAY, .need = NEED_DAY },
    { .name = "half", .kind = FIELD_CHOICE, .choices = &visit_halves[1], .look = LOOK_RADIOS, .need = NEED_PLAN },
    { .name = "place", .most = 100, .value = "place_first", .check = identity_name, .need = NEED_PLAN },
    { .name = "finding", .kind = FIELD_CHOICE, .choices = &visit_findings[1], .look = LOOK_RADIOS, .need = NEED_FINDING },
    { .name = "mend_day", .kind = FIELD_DAY, .shown_when = "finding=mend", .need = TAKES_FINDING },
    { .name = "found", .kind = FIELD_LONG_TEXT, .most = 2000, .need = NEED_FINDING },
    { .name = "signature", .kind = FIELD_CHOICE, .choices = &visit_signatures[1], .look = LOOK_RADIOS, .need = NEED_FINDING },
    { .name = "signature_note", .most = 200, .need = TAKES_FINDING },
    { .name = "papers", .kind = FIELD_FILES, .most = 20, .bytes = PAPER_MOST, .accept = "image/*,application/pdf", .need = NEED_PAPERS },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

const Route visit_routes[] = {
    { "GET", "/desk/visits", CLERK | REVIEWER | APPROVER | HEAD | ISSUER, list_page, "visits/list", list_fields, NULL, NULL,
      "The site checks of one's organ: those that wait, by the day by which officers are to be appointed, and all" },
    { "GET", "/desk/visits/of/{number}", REVIEWER | HEAD, ask, "visits/begin", NULL, NULL, NULL, "The form to begin a site check of a case in review" },
    { "POST", "/desk/visits/of/{number}", REVIEWER | HEAD, begin, "visits/begin", begin_fields, "/desk/visits/{number}", "/desk/visits/of/{number}",
      "Begin a site check of a case in review, by the organ's own choice" },
    { "GET", "/desk/visits/{number}", ANY_ROLE, show, "visits/desk", NULL, NULL, NULL,
      "A site check with its record, photographs, papers, history and the actions open to who asks" },
    { "POST", "/desk/visits/{number}/{action}", ANY_ROLE, subject_page_act, "visits/desk", visit_act_fields, "/desk/visits/{number}",
      "/desk/visits/{number}", "Take an action on a site check", NULL, files_put },
    { "GET", "/desk/visits/{number}/papers/{paper}", ANY_ROLE, photo, NULL, NULL, NULL, NULL, "A photograph of a site check" },
    { "GET", "/desk/visits/{number}/papers/{paper}/pages/{page}", ANY_ROLE, photo, "files/page", NULL, NULL, NULL, "One page of it as a picture", .slow = true },
    { "GET", "/visits/{number}", HOLDERS, show, "visits/visit", NULL, NULL, NULL, "A site check as the applicant sees it" },
    { 0 },
};
