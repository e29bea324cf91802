// SPDX-License-Identifier: Apache-2.0
/* Giving a promise, its page, and the list of those that wait. */
#include "promises/life.h"

#include "lists/lists.h"

/* ---- the list ---- */

static const Field list_fields[] = {
    LIST_FIELDS,
    { .name = "state", .kind = FIELD_CHOICE, .choices = promise_state_names },
    { .name = "promise", .kind = FIELD_CHOICE, .choices = promise_kind_names },
    { 0 },
};

#define WAITS "state IN ('given', 'checking')"
enum { BY_DUE, BY_NUMBER };

const ListSpec promise_list = {
    .name = "promises", .room = "promises", .path = "/desk/promises", .table = "promise", .key = "number", .fields = list_fields,
    .columns = (const ListColumn[]){
        { "number", LIST_NUMBER, .is_head = true }, { "item_name", LIST_TEXT }, { "item_name_en", LIST_TEXT, LIST_EXPORTED },
        { "item", LIST_TEXT, LIST_EXPORTED }, { "promise", LIST_WORD }, { "organ", LIST_ORGAN }, { "due_day", LIST_DAY_NUMBER },
        { "state", LIST_WORD }, { "case_number", LIST_NUMBER, LIST_EXPORTED }, { 0 } },
    .filters = (const ListFilter[]){ { "state", "state", LIST_EQUAL }, { "promise", "promise", LIST_EQUAL }, { 0 } },
    .orders = (const ListOrder[]){ { "due", { "due_day", "number" }, .head = "due_day" }, { "number", { "number" }, true }, { 0 } },
    .tabs = (const ListTab[]){
        { "promises_due", .scopes = { { { "organ" }, WAITS }, { { NULL }, WAITS } }, .sees = list_sees_own_organs_or_all, .orders = 1 << BY_DUE, .counted = true },
        { "promises_all", .scopes = { { { "organ" } }, { .only = NULL } }, .sees = list_sees_own_organs_or_all, .orders = 1 << BY_NUMBER }, { 0 } },
    .search = { subject_number_read }, .bound = 5000, .link = "/desk/promises/{number}",
};

/* ---- giving one ---- */

static const Field give_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .value = "seen" },
    { .name = "materials", .kind = FIELD_LIST, .most = 100, .required = true, .options = "papers.name", .option_label = "promises.choice" },
    { .name = "consent", .kind = FIELD_FLAG },
    { 0 },
};

static json_t *ask(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    const Context *context = &r->context;
    if (!case_load_asked(r, &of, error))
        return NULL;
    if (!case_may_promise(context, &of))
        return refuse(error, CONFLICT, "promises.nothing_to_promise", NULL);
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of.item, of.item_version, error);
    json_t *papers = item ? case_promisable(context, &of, error) : NULL;
    g_autofree char *grouped = subject_number_grouped(of.number), *path = subject_path(&case_kind, of.number, context->actor->kind);
    if (!papers)
        return NULL;
    json_t *answer = json_pack("{s:s, s:s, s:s, s:s, s:o, s:I}", "number_grouped", grouped, "case_path", path, "item_name", of.item_name,
                               "item_name_en", of.item_name_en, "papers", papers, "seen", subject_seen(&case_kind, &of));
    json_put_day(answer, "due_day", calendar_add(context->calendar, day_of(context->now), promise_days(context, &of, item)));
    json_object_set_new(answer, "at_desk", json_boolean(context->actor->kind == STAFF));
    return answer;
}

static json_t *give(Request *r, GError **error)
{
    int64_t number;
    g_auto(Case) after = { 0 };
    SubjectInput input = subject_input(r);
    if (!subject_number_asked(r, &case_kind, &number, error) ||
        !promise_give(&r->context, number, &input, json_flag(r->fields, "consent"), &after, error))
        return NULL;
    return subject_summary(&case_kind, &after);
}

const Field promise_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "basis", .most = 200, .need = NEED_BASIS },
    { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_OPINION },
    { .name = "papers_seen", .kind = FIELD_FLAG, .need = TAKES_OWN },
    { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .need = TAKES_OPINION },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

#define READERS (CLERK | REVIEWER | APPROVER | HEAD | ISSUER | SUPERVISOR | AUDITOR)

const Route promise_routes[] = {
    { "GET", "/promises/of/{number}", HOLDERS, ask, "promises/give", NULL, NULL, NULL,
      "The papers of one's case that a written promise may stand for, and what it means" },
    { "POST", "/promises/of/{number}", HOLDERS, give, "promises/give", give_fields, "/track/{number}", "/promises/of/{number}",
      "Promise papers of one's own case in writing" },
    { "GET", "/promises/{number}", HOLDERS, subject_page, "promises/promise", NULL, NULL, NULL, "A promise that one has given" },
    { "GET", "/desk/promises", READERS, list_page, "promises/list", list_fields, NULL, NULL,
      "Promises: those that wait for papers or to be checked, by their day; format=csv, xlsx or json for files" },
    { "GET", "/desk/promises/of/{number}", READERS, ask, "promises/desk_give", NULL, NULL, NULL,
      "The papers of a case that a written promise may stand for" },
    { "POST", "/desk/promises/of/{number}", READERS, give, "promises/desk_give", give_fields, "/desk/cases/{number}",
      "/desk/promises/of/{number}", "Take down the promise that an applicant signs" },
    { "GET", "/desk/promises/{number}", ANY_ROLE, subject_page, "promises/desk", NULL, NULL, NULL,
      "A promise with its history and the actions open to who asks" },
    { "POST", "/desk/promises/{number}/{action}", ANY_ROLE, subject_page_act, "promises/desk", promise_act_fields, "/desk/promises/{number}",
      "/desk/promises/{number}", "Take an action on a promise" },
    { 0 },
};
