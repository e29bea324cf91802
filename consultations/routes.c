// SPDX-License-Identifier: Apache-2.0
/* The lists of consultations of an organ, the page of one, and the papers that go with the letter. */
#include "consultations/life.h"

#include "lists/lists.h"

#include <stdlib.h>
#include <string.h>

enum { WORKS_ON_CASES = CLERK | REVIEWER | APPROVER | HEAD | ISSUER };

/* ---- the lists ---- */

static const Field list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = consultation_state_names }, { 0 } };

static const ListColumn list_columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "item_name", LIST_TEXT },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "case_number", LIST_NUMBER },
    { "organ", LIST_ORGAN },
    { "asked", LIST_ORGAN },
    { "due_day", LIST_DAY_NUMBER },
    { "state", LIST_WORD },
    { "late", LIST_FLAG },
    { 0 },
};

static const ListFilter list_filters[] = { { "state", "state", LIST_EQUAL }, { 0 } };

enum { BY_DUE, BY_NUMBER };
static const ListOrder list_orders[] = { [BY_DUE] = { "due", { "due_day", "number" } }, [BY_NUMBER] = { "number", { "number" }, true }, { 0 } };

static const ListTab list_tabs[] = {
    { "opinions_waiting", 0, { { { "asked" }, "state = 'awaited'" } }, list_sees_own_organs, 1 << BY_DUE, true },
    { "opinions_asked", 0, { { { "asked" } } }, list_sees_own_organs, 1 << BY_NUMBER, false },
    { "opinions_own", 0, { { { "organ" } } }, list_sees_own_organs, 1 << BY_NUMBER, false },
    { 0 },
};

const ListSpec consultation_list = {
    .name = "consultations", .room = "consultations", .path = "/desk/consultations", .table = "consultation", .key = "number", .columns = list_columns,
    .fields = list_fields, .filters = list_filters, .orders = list_orders, .tabs = list_tabs, .bound = 2000, .search.number = subject_number_read,
    .link = "/desk/consultations/{number}",
};

/* ---- one ---- */

/* Question and answer may tell of the applicant: a look of the staff at them is one at him. */
static json_t *show(Request *r, GError **error)
{
    g_autoptr(json_t) answer = subject_page(r, error);
    g_autofree char *of = g_strconcat("case/", json_text(answer, "case_number"), NULL);
    const SecurityEntry entry = { SECURITY_OPENED, .often = SECURITY_DAILY, .subject = of };
    bool tells = *json_text(answer, "question") || *json_text(answer, "answer");
    return answer && (!tells || http_security(r, &entry, error)) ? g_steal_pointer(&answer) : NULL;
}

static bool is_shared(const Context *context, const Consultation *self, const char *subject, int64_t paper, bool *is, GError **error)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) papers = files_papers(context->db, context->county, subject, error);
    *is = false;
    json_array_foreach(papers, i, one)
        *is |= json_number(one, "paper") == paper && consultation_names(self, json_text(one, "material"));
    return papers != NULL;
}

static json_t *paper(Request *r, GError **error)
{
    bool is;
    g_auto(Consultation) found = { 0 };
    int64_t number = strtoll(r->path[1], NULL, 10);
    if (!subject_load_asked(r, &consultation_kind, &found, error))
        return NULL;
    g_autofree char *of = g_strdup_printf("case/%" PRId64, found.case_number);
    const SecurityEntry entry = { SECURITY_SCAN, .often = SECURITY_EACH, .subject = of };
    if (!is_shared(&r->context, &found, of, number, &is, error))
        return NULL;
    if (!is || !consultation_opens(r->context.actor, &found))
        return refuse(error, NOT_FOUND, "consultations.no_paper", NULL);
    return http_security(r, &entry, error) ? files_answer(r, of, number, error) : NULL;
}

/* ---- asking ---- */

static bool case_to_ask(const Request *r, Case *out, GError **error)
{
    return subject_load_asked(r, &case_kind, out, error) &&
           (consultation_kind.may_begin(&r->context, out) || refuse(error, NOT_ALLOWED, "consultations.not_yours_to_begin", NULL));
}

static json_t *departments_but(const Context *context, int64_t own, GError **error)
{
    size_t i;
    json_t *one, *list = json_array();
    g_autoptr(json_t) organs = identity_organs(context->db, context->county, error);
    json_array_foreach(organs, i, one)
        if (strcmp(json_text(one, "kind"), "department") == 0 && json_number(one, "number") != own && !*json_text(one, "valid_to_day"))
            json_array_append_new(list, json_pack("{s:s, s:O, s:O}", "id", DECIMAL(json_number(one, "number")), "name", json_object_get(one, "name"),
                                                  "name_en", json_object_get(one, "name_en")));
    return organs ? list : (json_decref(list), NULL);
}

static json_t *form(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    const Context *context = &r->context;
    if (!case_to_ask(r, &of, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number);
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of.item, of.item_version, error);
    json_t *organs = item ? departments_but(context, of.organ, error) : NULL;
    if (!organs)
        return NULL;
    return json_pack("{s:o, s:s, s:s, s:s, s:o, s:O}", "case_number", json_sprintf("%" PRId64, of.number), "case_number_grouped", grouped, "item_name",
                     of.item_name, "item_name_en", of.item_name_en, "organs", organs, "materials", json_object_get(item->details, "materials"));
}

static json_t *begin(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Consultation) made = { 0 };
    SubjectInput input = subject_input(r);
    input.seen = -1;
    return case_to_ask(r, &of, error) && consultation_ask(&r->context, &of, &input, &made, error) ? subject_summary(&consultation_kind, &made) : NULL;
}

/* ---- the routes ---- */

const Field consultation_fields[] = {
    { .name = "asked", .kind = FIELD_INTEGER, .most = 99, .required = true, .options = "organs.id" },
    { .name = "question", .kind = FIELD_LONG_TEXT, .most = 2000, .required = true },
    { .name = "day", .kind = FIELD_DAY, .required = true, .label = "consultations.fields.due_day" },
    { .name = "shared", .kind = FIELD_LIST, .most = 100, .options = "materials.name" },
    { 0 },
};

const Field consultation_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "agreement", .kind = FIELD_CHOICE, .choices = consultation_agreements, .look = LOOK_RADIOS, .codes = "state", .need = NEED_ANSWER },
    { .name = "answer", .kind = FIELD_LONG_TEXT, .most = 2000, .need = TAKES_ANSWER },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

const Route consultation_routes[] = {
    { "GET", "/desk/consultations", WORKS_ON_CASES, list_page, "consultations/list", list_fields, NULL, NULL,
      "The opinions that one's organ is asked for, those that wait by their day, and those that it has asked for" },
    { "GET", "/desk/consultations/of/{number}", REVIEWER | HEAD, form, "consultations/ask", NULL, NULL, NULL,
      "The form to ask another organ for its opinion on a case in review" },
    { "POST", "/desk/consultations/of/{number}", REVIEWER | HEAD, begin, "consultations/ask", consultation_fields, "/desk/consultations/{number}",
      "/desk/consultations/of/{number}", "Ask another organ for its opinion on a case in review" },
    { "GET", "/desk/consultations/{number}", ANY_ROLE, show, "consultations/desk", NULL, NULL, NULL,
      "A consultation with its letter, the papers that go with it, its answer and the actions open to who asks" },
    { "POST", "/desk/consultations/{number}/{action}", ANY_ROLE, subject_page_act, "consultations/desk", consultation_act_fields,
      "/desk/consultations/{number}", "/desk/consultations/{number}", "Take an action on a consultation" },
    { "GET", "/desk/consultations/{number}/papers/{paper}", ANY_ROLE, paper, NULL, NULL, NULL, NULL, "A scanned paper that goes with the letter" },
    { "GET", "/desk/consultations/{number}/papers/{paper}/pages/{page}", ANY_ROLE, paper, "files/page", NULL, NULL, NULL, "One page of it as a picture",
      .slow = true },
    { 0 },
};
